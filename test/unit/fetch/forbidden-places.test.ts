import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Fetcher } from '../../../backbone/fetch/fetcher.ts';
import { openFetcher } from '../../../backbone/fetch/open-fetcher.ts';
import type { LoopbackSite } from '../../support/loopback-site.ts';
import { startSite } from '../../support/loopback-site.ts';
import { ADDRESSES } from './addresses.ts';
import { ADDRESS_TRICKS, SPELLINGS } from './spellings.ts';
import { contentRequest, dialLoopback, SETTINGS, textOf } from './fetching.ts';

const PUBLIC = ADDRESSES.public;
const FORBIDDEN = Object.entries(ADDRESSES).flatMap(([name, list]) =>
  name === 'public' || name === 'not_an_address' ? [] : list,
);
const inUrl = (address: string): string => (address.includes(':') ? `[${address}]` : address);

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

  test('a service of the operator may stand in one, but sends us to no other', async () => {
    const fetcher = openFetcher({ ...SETTINGS, allowPrivate: [] });
    const service = contentRequest(`${site.url}/service`, { purpose: 'service' });
    site.on('/service', { status: 307, headers: { location: '/moved' } });
    site.on('/moved', { body: 'answer' });
    expect(await textOf(await fetcher.fetch(service))).toBe('answer');
    site.on('/service', { status: 307, headers: { location: `http://127.0.0.2:${site.port}/moved` } });
    await expect(fetcher.fetch(service)).rejects.toMatchObject({ code: 'url_forbidden' });
    await fetcher.close();
  });

  test('a redirect to a name that resolves to one is not followed', async () => {
    names.set('inside.example.org', ['10.0.0.7']);
    site.on('/', { status: 301, headers: { location: 'http://inside.example.org/' } });
    expect(await codeOf('http://start.example.org/')).toBe('url_forbidden');
    expect(dialled).toEqual(['93.184.215.14']);
  });

  test('a callback whose name has come to lead there is not sent', async () => {
    const { dial } = dialLoopback(site.port);
    const resolve = (): Promise<readonly string[]> => Promise.resolve(['93.184.215.14', '10.0.0.1']);
    const sender = openFetcher(
      { ...SETTINGS, allowPrivate: [], callbackAllow: ['public'] },
      { resolve, dial },
    );
    const url = 'http://hooks.example.org/';
    expect(sender.check(url, 'callback').href).toBe(url);
    const sent = sender.fetch({ ...contentRequest(url), purpose: 'callback', method: 'POST', body: '{}' });
    await expect(sent).rejects.toMatchObject({ code: 'callback_forbidden' });
    expect(site.requests).toEqual([]);
    await sender.close();
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
