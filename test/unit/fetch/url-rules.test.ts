import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { AppError } from '../../../backbone/errors.ts';
import type { FetchPurpose } from '../../../backbone/fetch/fetcher.ts';
import type { UrlRuleSettings } from '../../../backbone/fetch/url-rules.ts';
import {
  checkTarget,
  checkUrl,
  isListedHost,
  MAX_URL_LENGTH,
  parseUrlRules,
  portOf,
} from '../../../backbone/fetch/url-rules.ts';

const DEFAULTS: UrlRuleSettings = {
  allowPrivate: [],
  callbackAllow: [],
  allowedPorts: [80, 443, 8080, 8443],
};

function outcome(url: string, purpose: FetchPurpose, settings: Partial<UrlRuleSettings> = {}): string {
  try {
    return checkUrl(url, purpose, parseUrlRules({ ...DEFAULTS, ...settings })).href;
  } catch (error) {
    return error instanceof AppError ? `${error.code}: ${error.message}` : String(error);
  }
}

function targetOutcome(
  target: { host: string; port?: number; addresses: readonly string[] },
  purpose: FetchPurpose,
  settings: Partial<UrlRuleSettings> = {},
): string | readonly string[] {
  try {
    return checkTarget({ port: 80, ...target }, purpose, parseUrlRules({ ...DEFAULTS, ...settings }));
  } catch (error) {
    return error instanceof AppError ? error.code : String(error);
  }
}

describe('addresses of content', () => {
  test.each([
    'http://example.org/',
    'https://example.org:8443/a?b=c#d',
    'http://example.org:8080/',
    'http://8.8.8.8/',
    'http://[2606:4700:4700::1111]/',
    'http://134744072/',
    'https://bücher.example.org/',
    'http://1e100.net./',
  ])('%s may be fetched', (url) => {
    expect(outcome(url, 'content')).toBe(new URL(url).href);
  });

  test.each([
    ['', 'url_invalid'],
    ['example.org', 'url_invalid'],
    ['http://', 'url_invalid'],
    ['http://./', 'url_invalid'],
    ['http://[fe80::1%25eth0]/', 'url_invalid'],
    ['http://exa mple.org/', 'url_invalid'],
    ['http://example.org:99999/', 'url_invalid'],
    [`http://example.org/${'a'.repeat(MAX_URL_LENGTH)}`, 'url_invalid'],
    ['ftp://example.org/a', 'url_scheme'],
    ['file:///etc/passwd', 'url_scheme'],
    ['javascript:alert(1)', 'url_scheme'],
    ['data:text/html,a', 'url_scheme'],
    ['gopher://example.org', 'url_scheme'],
    ['http://user@example.org/', 'url_forbidden'],
    ['http://user:secret@example.org/', 'url_forbidden'],
    ['http://example.org:22/', 'url_forbidden'],
    ['https://8.8.8.8:6379/', 'url_forbidden'],
    ['http://localhost/', 'url_forbidden'],
    ['http://a.LOCALHOST./', 'url_forbidden'],
    ['http://printer.local/', 'url_forbidden'],
    ['http://metadata.google.internal/', 'url_forbidden'],
    ['http://router.lan/', 'url_forbidden'],
    ['http://minio/', 'url_forbidden'],
    ['http://host.home.arpa/', 'url_forbidden'],
    ['http://hidden.onion/', 'url_forbidden'],
    ['http://127.0.0.1/', 'url_forbidden'],
    ['http://2130706433/', 'url_forbidden'],
  ])('%s is refused as %s', (url, code) => {
    expect(outcome(url, 'content').split(':')[0]).toBe(code);
  });

  test('the reasons are sentences for a person', () => {
    expect(outcome('http://10.0.0.1/', 'content')).toBe(
      'url_forbidden: The address leads to a place that must not be reached: it is in a private network.',
    );
    expect(outcome('http://example.org:22/', 'content')).toContain(
      'its port 22 is not one that web sites use',
    );
    expect(outcome('http://u:p@example.org/', 'content')).toContain('it carries a user name or a password');
    expect(outcome('mailto:a@example.org', 'content')).toContain('Addresses that begin with mailto: cannot');
  });

  test('an unusable address says why beside its field', () => {
    const refuse = (): URL => checkUrl('x'.repeat(3_000), 'content', parseUrlRules(DEFAULTS));
    expect(refuse).toThrow(
      expect.objectContaining({ fields: [{ field: 'url', message: 'it is longer than 2048 characters' }] }),
    );
  });

  const allowPrivate = ['127.0.0.0/8', '10.0.0.0/8'];

  test.each([
    'http://127.0.0.1:9000/',
    'http://localhost:9000/',
    'http://10.1.2.3/',
    'http://minio:9000/',
    'http://printer.local/',
    'http://example.org:9000/',
  ])('%s passes until DNS has spoken when private networks are listed', (url) => {
    expect(outcome(url, 'content', { allowPrivate })).toBe(url);
  });

  test.each(['http://192.168.0.1/', 'http://169.254.169.254/', 'http://8.8.8.8:9000/', 'http://[::1]/'])(
    '%s is refused also when other private networks are listed',
    (url) => {
      expect(outcome(url, 'content', { allowPrivate })).toContain('url_forbidden');
    },
  );

  test('localhost needs a listed network of this machine', () => {
    expect(outcome('http://localhost/', 'content', { allowPrivate: ['10.0.0.0/8'] })).toContain(
      'url_forbidden',
    );
  });

  test('a metadata service is refused even inside a listed network', () => {
    expect(outcome('http://169.254.169.254/', 'content', { allowPrivate: ['169.254.0.0/16'] })).toContain(
      'url_forbidden',
    );
  });

  test('no spelling of a host makes the check throw anything but an AppError, and what passes is http without credentials', () => {
    const hosts = fc.oneof(
      fc.ipV4Extended(),
      fc.ipV6().map((address) => `[${address}]`),
      fc.domain(),
      fc.string(),
      fc.stringMatching(/^[0-9a-fx.:%@\[\]]{1,20}$/),
    );
    fc.assert(
      fc.property(hosts, fc.constantFrom('http', 'https', 'ftp', 'HTTP'), (host, scheme) => {
        const result = outcome(`${scheme}://${host}/`, 'content');
        if (/^(url_invalid|url_scheme|url_forbidden): /.test(result)) return;
        const url = new URL(result);
        expect([url.username, url.password, /^https?:$/.test(url.protocol)]).toEqual(['', '', true]);
        expect(outcome(result, 'content')).toBe(result);
      }),
      { numRuns: 500 },
    );
  });
});

describe('addresses of callbacks', () => {
  test.each([
    ['http://example.org/', []],
    ['http://127.0.0.1:5678/', []],
    ['http://n8n:5678/', ['other', 'public']],
    ['http://8.8.8.8/', ['10.0.0.0/8']],
    ['http://localhost/', ['10.0.0.0/8']],
    ['http://hooks.example.org/', ['127.0.0.0/8', '::1/128', 'localhost']],
    ['http://127.0.0.1/', ['public']],
    ['http://example.org:22/', ['public']],
    ['http://169.254.169.254/', ['169.254.169.254']],
    ['ftp://n8n/', ['n8n']],
    ['http://user@n8n/', ['n8n']],
    ['nonsense', ['n8n']],
  ])('%s is refused when %j is listed', (url, callbackAllow) => {
    expect(outcome(url, 'callback', { callbackAllow, allowPrivate: ['127.0.0.0/8'] })).toMatch(
      /^callback_forbidden: /,
    );
  });

  test.each([
    ['http://n8n:5678/webhook/1', ['n8n']],
    ['http://N8N.:5678/webhook/1', ['n8n']],
    ['http://127.0.0.1:5678/', ['127.0.0.0/8', '::1']],
    ['http://localhost:5678/', ['127.0.0.0/8']],
    ['https://hooks.example.org/', ['public']],
    ['http://n8n.example.org:5678/', ['127.0.0.0/8', '10.0.0.0/8']],
    ['http://n8n.example.org:5678/', ['::/0']],
    ['https://8.8.8.8/', ['PUBLIC']],
    ['https://hooks.example.org:9443/', ['Hooks.example.org']],
  ])('%s may be called when %j is listed', (url, callbackAllow) => {
    expect(outcome(url, 'callback', { callbackAllow })).toBe(new URL(url).href);
  });

  test('a list with an entry that is neither network nor host is refused with all faults', () => {
    expect(() =>
      parseUrlRules({ ...DEFAULTS, callbackAllow: ['n8n', 'http://n8n/', '10.0.0.0/99'] }),
    ).toThrow('CALLBACK_ALLOW has entries that are no networks: http://n8n/, 10.0.0.0/99');
  });
});

describe('addresses of services', () => {
  test.each(['http://127.0.0.1:11434/', 'http://qdrant:6333/', 'http://169.254.169.254/'])(
    '%s is allowed',
    (url) => {
      expect(outcome(url, 'service')).toBe(url);
    },
  );

  test('scheme and credentials are checked all the same', () => {
    expect(outcome('ftp://qdrant/', 'service')).toContain('url_scheme');
    expect(outcome('http://a:b@qdrant/', 'service')).toContain('url_forbidden');
  });

  test('every resolved address is good', () => {
    expect(targetOutcome({ host: 'qdrant', port: 6333, addresses: ['10.0.0.1'] }, 'service')).toEqual([
      '10.0.0.1',
    ]);
  });
});

describe('resolved names', () => {
  test('one forbidden address among good ones is enough to refuse', () => {
    expect(targetOutcome({ host: 'example.org', addresses: ['8.8.8.8', '10.0.0.1'] }, 'content')).toBe(
      'url_forbidden',
    );
  });

  test('a name without addresses is not found', () => {
    expect(targetOutcome({ host: 'example.org', addresses: [] }, 'content')).toBe('host_not_found');
  });

  test('an unusual port is good only when every address is in a listed network', () => {
    const allowPrivate = ['10.0.0.0/8'];
    const port = 9_000;
    expect(
      targetOutcome({ host: 'a.org', port, addresses: ['10.0.0.1'] }, 'content', { allowPrivate }),
    ).toEqual(['10.0.0.1']);
    expect(
      targetOutcome({ host: 'a.org', port, addresses: ['10.0.0.1', '8.8.8.8'] }, 'content', { allowPrivate }),
    ).toBe('url_forbidden');
  });

  test('of localhost only the listed addresses are dialled', () => {
    const addresses = ['::1', '127.0.0.1'];
    const allowPrivate = ['127.0.0.0/8'];
    expect(targetOutcome({ host: 'localhost', addresses }, 'content', { allowPrivate })).toEqual([
      '127.0.0.1',
    ]);
    expect(targetOutcome({ host: 'localhost', addresses }, 'content')).toBe('url_forbidden');
  });

  test('a listed callback host may lie in a private network, and never at a metadata service', () => {
    const callbackAllow = ['n8n'];
    expect(targetOutcome({ host: 'n8n', addresses: ['172.18.0.3'] }, 'callback', { callbackAllow })).toEqual([
      '172.18.0.3',
    ]);
    expect(
      targetOutcome({ host: 'n8n', addresses: ['169.254.169.254'] }, 'callback', { callbackAllow }),
    ).toBe('callback_forbidden');
    expect(targetOutcome({ host: 'other', addresses: ['8.8.8.8'] }, 'callback', { callbackAllow })).toBe(
      'callback_forbidden',
    );
  });
});

describe('parts of an address', () => {
  test('hosts of listed networks are recognised as far as their name tells', () => {
    const rules = parseUrlRules({ ...DEFAULTS, allowPrivate: ['10.0.0.0/8'] });
    const listed = ['http://10.0.0.1/', 'http://minio/', 'http://8.8.8.8/', 'http://example.org/'].map(
      (url) => isListedHost(new URL(url), rules),
    );
    expect(listed).toEqual([true, true, false, false]);
  });

  test('the port left out is the one of the scheme', () => {
    expect(['http://a.org', 'https://a.org', 'http://a.org:81'].map((url) => portOf(new URL(url)))).toEqual([
      80, 443, 81,
    ]);
  });
});
