import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { buildConnector } from 'undici';
import { dialPinned } from '../../../backbone/fetch/dialler.ts';
import type { Fetcher } from '../../../backbone/fetch/fetcher.ts';
import { openFetcher } from '../../../backbone/fetch/open-fetcher.ts';
import type { LoopbackSite } from '../../support/loopback-site.ts';
import { startSite } from '../../support/loopback-site.ts';
import { ADDRESSES } from './addresses.ts';
import { contentRequest, dialLoopback, SETTINGS, textOf } from './fetching.ts';

const PUBLIC = ADDRESSES.public;
const FORBIDDEN = Object.entries(ADDRESSES).flatMap(([name, list]) =>
  name === 'public' || name === 'not_an_address' ? [] : list,
);
const inUrl = (address: string): string => (address.includes(':') ? `[${address}]` : address);

/** Spellings that a filter on texts would miss: all mean loopback, a private network or a metadata service. */
const SPELLINGS: readonly string[] = [
  // decimal, octal, hexadecimal, shortened, and mixtures of them
  ...['2130706433', '017700000001', '0x7f000001', '0x7F.0.0.1', '0177.0.0.1', '127.1', '127.0.1', '0x7f.1'],
  ...[
    '00000177.0.0.1',
    '127.0x0.0.01',
    '0',
    '0.0',
    '0x0',
    '127.0.0.0x1.',
    '3232235777',
    '0xc0a80101',
    '0300.0250.1.1',
  ],
  ...[
    '2852039166',
    '0xa9fea9fe',
    '0251.0376.0251.0376',
    '169.254.43518',
    '0xa9.254.0xa9.0376',
    '10.1',
    '0xa.1',
    '012.1',
  ],
  ...['192.168.257', '172.1048577', '0xffffffff', '4294967295', '0xe0000001'],
  // unicode digits, dots and letters, percent-encoding
  ...[
    '１２７.０.０.１',
    '①②⑦.0.0.1',
    '127。0。0。1',
    '127．0．0．1',
    '127｡0｡0｡1',
    '%31%32%37.0.0.1',
    '127%2e0%2e0%2e1',
  ],
  ...[
    '①⑥⑨.②⑤④.①⑥⑨.②⑤④',
    'ｌｏｃａｌｈｏｓｔ',
    'ⓛⓞⓒⓐⓛⓗⓞⓢⓣ',
    '%6c%6f%63%61lhost',
    'LOCALHOST',
    'loc\u00adalhost',
  ],
  // final dots
  ...['127.0.0.1.', 'localhost.', '2130706433.', 'a.localhost.', 'metadata.google.internal.'],
  // IPv6 in long, mapped, translated and tunnelled forms
  ...[
    '[::]',
    '[0:0:0:0:0:0:0:1]',
    '[::ffff:127.0.0.1]',
    '[::FFFF:7F00:1]',
    '[0:0:0:0:0:ffff:7f00:0001]',
    '[::7f00:1]',
  ],
  ...[
    '[64:ff9b::127.0.0.1]',
    '[64:ff9b::a9fe:a9fe]',
    '[64:ff9b:1::10.0.0.1]',
    '[2002:7f00:1::1]',
    '[2002:a00:1::]',
  ],
  ...[
    '[2001::f5ff:fffe]',
    '[fe80::5efe:10.0.0.1]',
    '[::ffff:0:10.0.0.1]',
    '[fd00:ec2::254]',
    '[ff02::1]',
    '[fec0::1]',
  ],
  // local names
  ...[
    'localhost',
    'a.b.localhost',
    'printer.local',
    'intranet',
    'db.internal',
    'router.lan',
    'nas.home.arpa',
    'x.corp',
  ],
];

/** Whole addresses: user name tricks, zone ids, back slashes, other schemes, broken syntax, ports. */
const ADDRESS_TRICKS: readonly string[] = [
  'http://example.org@127.0.0.1/',
  'http://example.org:80@127.0.0.1/',
  'http://127.0.0.1@example.org/',
  'http://a:b@example.org/',
  'http://example.org%40127.0.0.1/',
  'http://127.0.0.1\\@example.org/',
  'http://127.0.0.1#@example.org/',
  'http://127.0.0.1?@example.org/',
  'http://[fe80::1%25eth0]/',
  'http://[fe80::1%eth0]/',
  'http://[::1%25lo]/',
  'http:127.0.0.1/',
  'http:/127.0.0.1/',
  'http:\\\\127.0.0.1\\',
  'http:////127.0.0.1/',
  '\thttp://127.0.0.1/',
  'ht\ntp://127.0.0.1/',
  'http://127.0.\r\n0.1/',
  'HTTP://127.0.0.1/',
  '//127.0.0.1/',
  'https://127.0.0.1:443/',
  'http://93.184.215.14:22/',
  'http://example.org:6379/',
  'https://example.org:25/',
  'ftp://example.org/',
  'file:///etc/passwd',
  'gopher://127.0.0.1:70/',
  'dict://127.0.0.1:11211/',
  'ldap://127.0.0.1/',
  'data:text/plain,a',
  'javascript:alert(1)',
  'blob:http://127.0.0.1/a',
  'view-source:http://127.0.0.1/',
  'http://',
  'http://[::1',
  'http://1.2.3.256/',
  'http://0x100000000/',
];

let site: LoopbackSite;
let fetcher: Fetcher;
let dialled: string[];
let lookups: string[];
let names: Map<string, readonly string[]>;

beforeEach(async () => {
  site = await startSite();
  site.on('/', { body: 'welcome' });
  lookups = [];
  names = new Map();
  const loopback = dialLoopback(site.port);
  dialled = loopback.dialled;
  const resolve = (host: string): Promise<readonly string[]> => {
    lookups.push(host);
    return Promise.resolve(names.get(host) ?? ['93.184.215.14']);
  };
  fetcher = openFetcher(
    { ...SETTINGS, allowPrivate: [], callbackAllow: [] },
    { resolve, dial: loopback.dial },
  );
});

afterEach(async () => {
  await fetcher.close();
  await site.stop();
});

async function codeOf(url: string): Promise<string> {
  try {
    const response = await fetcher.fetch(contentRequest(url));
    return await textOf(response);
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : String(error);
  }
}

const REFUSALS = /^url_(forbidden|invalid|scheme)$/;

describe('places that must not be reached', () => {
  test('the tables hold what they promise', () => {
    expect(new Set([...FORBIDDEN, ...SPELLINGS, ...ADDRESS_TRICKS]).size).toBeGreaterThanOrEqual(150);
  });

  test('no forbidden address is dialled as a literal', async () => {
    for (const address of FORBIDDEN) {
      expect([address, await codeOf(`http://${inUrl(address)}/`)]).toEqual([address, 'url_forbidden']);
    }
    expect([dialled, lookups, site.connectionCount()]).toEqual([[], [], 0]);
  });

  test('no spelling of one is dialled', async () => {
    for (const host of SPELLINGS) {
      expect([host, await codeOf(`http://${host}/`)]).toEqual([host, expect.stringMatching(REFUSALS)]);
    }
    expect([dialled, lookups, site.connectionCount()]).toEqual([[], [], 0]);
  });

  test('no trick with the rest of the address works', async () => {
    for (const url of ADDRESS_TRICKS) {
      expect([url, await codeOf(url)]).toEqual([url, expect.stringMatching(REFUSALS)]);
    }
    expect([dialled, lookups, site.connectionCount()]).toEqual([[], [], 0]);
  });

  test('no name that resolves to one is dialled, alone or among good ones', async () => {
    for (const address of [...FORBIDDEN, 'fe80::1%eth0', 'nonsense']) {
      names.set('alone.example.org', [address]);
      names.set('among.example.org', ['93.184.215.14', address, '8.8.8.8']);
      for (const host of names.keys()) {
        expect([host, address, await codeOf(`http://${host}/`)]).toEqual([host, address, 'url_forbidden']);
      }
    }
    expect([dialled, site.connectionCount()]).toEqual([[], 0]);
  });

  test('no redirect leads to one', async () => {
    // A header carries ASCII only; a browser, too, would meet the other spellings percent-encoded.
    const ascii = (text: string): string =>
      text.trim().replaceAll(/[^\x20-\x7e]+/g, (part) => encodeURIComponent(part));
    for (const host of [...FORBIDDEN.map(inUrl), ...SPELLINGS]) {
      site.on('/', { status: 302, headers: { location: ascii(`http://${host}/`) } });
      const code = await codeOf('http://start.example.org/');
      expect([host, code]).toEqual([host, expect.stringMatching(REFUSALS)]);
    }
    // Some of these are relative references, which stay on the site that sent them.
    for (const url of ADDRESS_TRICKS) {
      site.on('/', { status: 302, headers: { location: ascii(url) } });
      await codeOf('http://start.example.org/');
    }
    expect(new Set(dialled)).toEqual(new Set(['93.184.215.14']));
    expect(new Set(site.requests.map((request) => request.headers.host))).toEqual(
      new Set(['start.example.org']),
    );
  });

  test('a redirect to a name that resolves to one is not followed', async () => {
    names.set('inside.example.org', ['10.0.0.7']);
    site.on('/', { status: 301, headers: { location: 'http://inside.example.org/' } });
    expect(await codeOf('http://start.example.org/')).toBe('url_forbidden');
    expect(dialled).toEqual(['93.184.215.14']);
  });

  test('a name that changes its address after the check gains nothing', async () => {
    const answers = [['93.184.215.14'], ['127.0.0.1']];
    const rebinding = dialLoopback(site.port);
    let asked = 0;
    const resolve = (): Promise<readonly string[]> => Promise.resolve(answers[asked++] ?? ['127.0.0.1']);
    const strict = openFetcher({ ...SETTINGS, allowPrivate: [] }, { resolve, dial: rebinding.dial });
    site.on('/', { body: 'welcome', headers: { connection: 'close' } });
    const first = await strict.fetch(contentRequest('http://rebinding.example.org/'));
    expect(await textOf(first)).toBe('welcome');
    expect([asked, rebinding.dialled]).toEqual([1, ['93.184.215.14']]);
    await expect(strict.fetch(contentRequest('http://rebinding.example.org/'))).rejects.toMatchObject({
      code: 'url_forbidden',
    });
    expect([asked, rebinding.dialled]).toEqual([2, ['93.184.215.14']]);
    await strict.close();
  });
});

describe('the connection itself', () => {
  test('a name is looked up once, and its checked address is the one that is dialled', async () => {
    let asked = 0;
    const resolve = (): Promise<readonly string[]> => {
      asked += 1;
      return Promise.resolve(['127.0.0.1']);
    };
    const open = openFetcher(SETTINGS, { resolve });
    const response = await open.fetch(contentRequest(`http://pinned.example.org:${site.port}/`));
    expect(await textOf(response)).toBe('welcome');
    expect(asked).toBe(1);
    expect(site.requests[0]?.headers.host).toBe(`pinned.example.org:${site.port}`);
    await open.close();
  });

  test('a socket that ended up elsewhere is destroyed unused', async () => {
    const events: string[] = [];
    const socket = { remoteAddress: '10.0.0.1', destroy: () => events.push('destroyed') };
    const build = (() => (_options: unknown, callback: buildConnector.Callback) =>
      callback(null, socket as unknown as Parameters<typeof callback>[1] & object)) as typeof buildConnector;
    const options = { hostname: 'example.org', protocol: 'http:', port: '80' };
    const target = { options, addresses: ['93.184.215.14'], timeoutMs: 1_000, ca: null };
    const error = await new Promise<Error | null>((resolve) =>
      dialPinned(target, (...[failure]) => resolve(failure), build),
    );
    expect(error).toMatchObject({ code: 'url_forbidden' });
    expect(events).toEqual(['destroyed']);
  });
});

describe('places that may be reached', () => {
  const literals = PUBLIC.map((address) => `http://${inUrl(address)}/`);
  const others = [
    ...[
      'http://example.org/',
      'https://example.org/',
      'http://example.org:8080/',
      'https://example.org:8443/',
    ],
    ...[
      'http://EXAMPLE.org./',
      'http://bücher.example.org/',
      'http://134744072/',
      'http://0x08080808/',
      'http://8.8.2056/',
    ],
    ...['http://８.８.８.８/', 'http://example.org:80/?u=http://127.0.0.1/', 'http://localhost.example.org/'],
    ...['http://127.0.0.1.example.org/', 'http://internal.example.org/', 'http://example.org/#@127.0.0.1'],
  ];

  test.each([...literals, ...others])('%s is dialled', async (url) => {
    expect(await codeOf(url)).toBe('welcome');
    expect(dialled).toHaveLength(1);
  });

  test('they are at least thirty', () => {
    expect(new Set([...literals, ...others]).size).toBeGreaterThanOrEqual(30);
  });
});
