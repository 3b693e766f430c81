import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Fetcher, FetchRequest } from '../../../backbone/fetch/fetcher.ts';
import type { FetcherSettings, FetcherSurroundings } from '../../../backbone/fetch/open-fetcher.ts';
import { openFetcher } from '../../../backbone/fetch/open-fetcher.ts';
import type { LoopbackSite } from '../../support/loopback-site.ts';
import { startSite } from '../../support/loopback-site.ts';
import { contentRequest, SETTINGS, textOf } from './fetching.ts';

const fixture = (name: string): string =>
  readFileSync(new URL(`../../fixtures/fetch/${name}`, import.meta.url), 'utf8');
const TLS = { key: fixture('self-signed.key.pem'), cert: fixture('self-signed.cert.pem') };

let site: LoopbackSite;
let fetchers: Fetcher[];

beforeEach(async () => {
  site = await startSite();
  fetchers = [];
});

afterEach(async () => {
  await Promise.all(fetchers.map((fetcher) => fetcher.close()));
  await site.stop();
});

function open(settings: Partial<FetcherSettings> = {}, surroundings: FetcherSurroundings = {}): Fetcher {
  const fetcher = openFetcher({ ...SETTINGS, ...settings }, surroundings);
  fetchers.push(fetcher);
  return fetcher;
}

const resolveToLoopback = (): Promise<readonly string[]> => Promise.resolve(['127.0.0.1']);

/** Fetches a path of the site and reads its body. */
async function read(path: string, more: Partial<FetchRequest> = {}, fetcher = open()): Promise<string> {
  return textOf(await fetcher.fetch(contentRequest(site.url + path, more)));
}

describe('an answer', () => {
  test('comes with its status, address, headers and body', async () => {
    site.on('/files/report.html', {
      status: 203,
      headers: { 'Content-Type': 'Text/HTML; Charset="UTF-8"', 'X-Many': ['a', 'b'] },
      body: 'hello',
    });
    const response = await open().fetch(contentRequest(`${site.url}/files/report.html?a=1`));
    expect(response).toMatchObject({
      status: 203,
      url: `${site.url}/files/report.html?a=1`,
      mediaType: 'text/html',
      charset: 'utf-8',
      fileName: 'report.html',
      sizeBytes: 5,
    });
    expect(response.headers['x-many']).toBe('a, b');
    expect(await textOf(response)).toBe('hello');
  });

  test.each([200, 204, 304, 404, 503])('of status %i without a body resolves', async (status) => {
    site.on('/', { status, headers: { 'content-encoding': 'gzip' } });
    const response = await open().fetch(contentRequest(`${site.url}/`));
    expect([response.status, await textOf(response)]).toEqual([status, '']);
  });

  test('is asked for politely, with what the caller adds', async () => {
    site.on('/', { body: 'a' });
    await read('/', { headers: { 'If-None-Match': '"1"', 'Accept-Language': 'de' } });
    expect(site.requests[0]?.headers).toMatchObject({
      accept: '*/*',
      'accept-encoding': 'gzip, deflate, br, zstd',
      'accept-language': 'de',
      'if-none-match': '"1"',
      'user-agent': SETTINGS.userAgent,
    });
  });

  test('may be the answer to a POST', async () => {
    site.on('/', { body: 'a' });
    await read('/', {
      method: 'POST',
      body: Buffer.from('{"a":1}'),
      headers: { 'content-type': 'application/json' },
    });
    expect(site.requests[0]).toMatchObject({ method: 'POST', body: Buffer.from('{"a":1}') });
  });

  test.each([
    ['x-a', 'b\r\nx-c: d'],
    ['x-a', 'b\nc'],
    ['x-a', 'snow ☃'],
    ['x a', 'b'],
    ['x\r\na', 'b'],
    ['', 'b'],
    ['Host', 'example.org'],
    ['Content-Length', '5'],
    ['Transfer-Encoding', 'chunked'],
  ])('is not asked for with the header field %j: %j', async (name, value) => {
    const promise = open().fetch(contentRequest(`${site.url}/`, { headers: { [name]: value } }));
    await expect(promise).rejects.toMatchObject({
      code: 'invalid_request',
      fields: [{ field: `headers.${name}` }],
    });
    expect(site.connectionCount()).toBe(0);
  });

  test('comes over the connection of the one before', async () => {
    site.on('/', { body: 'a' });
    const fetcher = open();
    await read('/', {}, fetcher);
    // The pool takes a connection back in a task of its own, after the last byte was read.
    await new Promise((resolve) => setImmediate(resolve));
    await read('/', {}, fetcher);
    expect([site.requests.length, site.connectionCount()]).toEqual([2, 1]);
  });

  test('is never had from the connection of another purpose', async () => {
    site.on('/', { body: 'a' });
    const fetcher = open();
    await read('/', { purpose: 'service' }, fetcher);
    await read('/', { purpose: 'content' }, fetcher);
    await read('/', { purpose: 'callback' }, fetcher);
    expect(site.connectionCount()).toBe(3);
  });
});

describe('redirects', () => {
  test('are followed, five of them', async () => {
    for (let hop = 1; hop <= 5; hop += 1)
      site.on(`/${hop}`, { status: 302, headers: { location: `/${hop + 1}` } });
    site.on('/6', { body: 'arrived' });
    const response = await open().fetch(contentRequest(`${site.url}/1`));
    expect([response.url, await textOf(response)]).toEqual([`${site.url}/6`, 'arrived']);
  });

  test('are not followed without end', async () => {
    site.on('/', { status: 307, headers: { location: '/' } });
    await expect(read('/')).rejects.toMatchObject({ code: 'redirect_limit' });
    expect(site.requests).toHaveLength(6);
  });

  test('without a place to go are answers like others', async () => {
    site.on('/', { status: 302, body: 'where?' });
    site.on('/choices', { status: 300, headers: { location: '/' }, body: 'which?' });
    expect([await read('/'), await read('/choices')]).toEqual(['where?', 'which?']);
  });

  test('to something that is no address, or no web address, are refused', async () => {
    site.on('/a', { status: 302, headers: { location: 'http://[' } });
    site.on('/b', { status: 302, headers: { location: 'ftp://example.org/' } });
    await expect(read('/a')).rejects.toMatchObject({ code: 'url_invalid' });
    await expect(read('/b')).rejects.toMatchObject({ code: 'url_scheme' });
  });

  test('of a callback are not followed: their status is the answer', async () => {
    site.on('/', { status: 302, headers: { location: '/other' } });
    const response = await open().fetch(contentRequest(`${site.url}/`, { purpose: 'callback' }));
    response.body.destroy();
    expect([response.status, site.requests.length]).toEqual([302, 1]);
  });

  test('to another site lose what was meant for the first one', async () => {
    const other = await startSite();
    other.on('/', { body: 'a' });
    site.on('/', { status: 302, headers: { location: `${other.url}/` } });
    await read('/', {
      headers: { authorization: 'Bearer 1', cookie: 'a=1', 'x-api-key': '2', 'accept-language': 'de' },
    });
    const [first, second] = [site.requests[0]?.headers, other.requests[0]?.headers];
    await other.stop();
    expect(first).toMatchObject({ authorization: 'Bearer 1', cookie: 'a=1', 'x-api-key': '2' });
    expect(second).toMatchObject({ 'accept-language': 'de', 'user-agent': SETTINGS.userAgent });
    expect(Object.keys(second ?? {})).not.toEqual(expect.arrayContaining(['authorization']));
    expect([second?.cookie, second?.['x-api-key']]).toEqual([undefined, undefined]);
  });

  test('within the site keep the header fields', async () => {
    site.on('/', { status: 302, headers: { location: '/b' } });
    site.on('/b', { body: 'a' });
    await read('/', { headers: { authorization: 'Bearer 1' } });
    expect(site.requests[1]?.headers.authorization).toBe('Bearer 1');
  });

  test.each([
    [303, 'GET', ''],
    [302, 'GET', ''],
    [307, 'POST', 'data'],
    [308, 'POST', 'data'],
  ])('with status %i turn a POST into a %s', async (status, method, body) => {
    site.on('/', { status, headers: { location: '/b' } });
    site.on('/b', { body: 'a' });
    await read('/', { method: 'POST', body: 'data', purpose: 'service' });
    expect(site.requests[1]).toMatchObject({ method, body: Buffer.from(body) });
  });

  test('do not wait for a body that never ends', async () => {
    site.on('/', { status: 302, headers: { location: '/b' }, body: 'x', then: 'hang' });
    site.on('/b', { body: 'arrived' });
    expect(await read('/')).toBe('arrived');
  });
});

describe('what goes wrong', () => {
  test('a host that does not exist', async () => {
    const resolve = (): Promise<never> =>
      Promise.reject(Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' }));
    const promise = open({}, { resolve }).fetch(contentRequest('http://nowhere.example.org/'));
    await expect(promise).rejects.toMatchObject({
      code: 'host_not_found',
      message: 'The site nowhere.example.org could not be found.',
    });
  });

  test('a look-up that never ends', async () => {
    const resolve = (): Promise<never> => new Promise(() => undefined);
    const promise = open({ connectTimeoutMs: 20 }, { resolve }).fetch(
      contentRequest('http://slow.example.org/'),
    );
    await expect(promise).rejects.toMatchObject({ code: 'source_timeout' });
  });

  test('a resolver that fails with something that is no Error', async () => {
    const resolve = (): Promise<never> => {
      const { promise, reject } = Promise.withResolvers<never>();
      reject('broken');
      return promise;
    };
    await expect(open({}, { resolve }).fetch(contentRequest('http://a.example.org/'))).rejects.toThrow(
      'broken',
    );
  });

  test('a port where nobody listens', async () => {
    const gone = await startSite();
    await gone.stop();
    await expect(open().fetch(contentRequest(gone.url))).rejects.toMatchObject({
      code: 'connection_refused',
    });
  });

  test('a connection that is cut before the answer', async () => {
    site.on('/', (request) => request.socket.destroy());
    await expect(read('/')).rejects.toMatchObject({ code: 'connection_failed', kind: 'retryable' });
  });

  test('a body that ends before its Content-Length', async () => {
    site.on('/', { body: '0123456789', partialBytes: 4 });
    await expect(read('/')).rejects.toMatchObject({ code: 'connection_failed' });
  });

  test('a body in parts that is cut', async () => {
    site.on('/', { body: '0123456789', then: 'cut' });
    await expect(read('/')).rejects.toMatchObject({ code: 'connection_failed' });
  });

  test('an answer that never begins', async () => {
    site.on('/', { silent: true });
    await expect(read('/', {}, open({ idleTimeoutMs: 30 }))).rejects.toMatchObject({
      code: 'source_timeout',
    });
  });

  test('a body that stops coming', async () => {
    site.on('/', { body: 'abc', then: 'hang' });
    await expect(read('/', {}, open({ idleTimeoutMs: 30 }))).rejects.toMatchObject({
      code: 'source_timeout',
    });
  });

  test('an answer that takes longer than all of it may', async () => {
    site.on('/', { silent: true });
    await expect(read('/', {}, open({ totalTimeoutMs: 30 }))).rejects.toMatchObject({
      code: 'source_timeout',
      message: 'The site 127.0.0.1 did not answer in time.',
    });
  });

  test('a body that takes longer than all of it may, even when nobody reads it', async () => {
    site.on('/', { body: 'abc', then: 'hang' });
    const response = await open({ totalTimeoutMs: 50 }).fetch(contentRequest(`${site.url}/`));
    await new Promise((resolve) => response.body.once('close', resolve));
    expect(response.body.errored).toMatchObject({ code: 'source_timeout' });
    await expect(textOf(response)).rejects.toMatchObject({ code: 'source_timeout' });
  });

  test('more header fields than can be taken', async () => {
    site.on('/', { headers: { 'x-long': 'a'.repeat(64 * 1024) } });
    await expect(read('/')).rejects.toMatchObject({ code: 'connection_failed' });
  });

  test('an answer that is not HTTP', async () => {
    site.on('/', (request) => request.socket.end('garbage\r\n\r\n'));
    await expect(read('/')).rejects.toMatchObject({ code: 'connection_failed' });
  });

  test('an abort before, during and after the headers, each with the reason given', async () => {
    const reason = new Error('cancelled');
    site.on('/silent', { silent: true });
    site.on('/hang', { body: 'abc', then: 'hang' });
    await expect(read('/silent', { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);

    const waiting = new AbortController();
    const arrived = site.nextRequest('/silent');
    const promise = read('/silent', { signal: waiting.signal });
    await arrived;
    waiting.abort(reason);
    await expect(promise).rejects.toBe(reason);

    const reading = new AbortController();
    const response = await open().fetch(contentRequest(`${site.url}/hang`, { signal: reading.signal }));
    reading.abort(reason);
    await expect(textOf(response)).rejects.toBe(reason);
  });

  test('closing the fetcher ends what is running', async () => {
    site.on('/', { body: 'abc', then: 'hang' });
    const fetcher = open();
    const response = await fetcher.fetch(contentRequest(`${site.url}/`));
    await fetcher.close();
    await expect(textOf(response)).rejects.toMatchObject({ code: 'connection_failed' });
  });
});

describe('TLS', () => {
  test('a certificate that only its site vouches for is refused with the reason', async () => {
    const secure = await startSite({ tls: TLS });
    const promise = open().fetch(contentRequest(secure.url));
    await expect(promise).rejects.toMatchObject({
      code: 'tls_failed',
      message: expect.stringContaining('its certificate is signed by nobody but itself'),
    });
    await secure.stop();
  });

  test('a trusted certificate is good for its own name and for no other', async () => {
    const secure = await startSite({ tls: TLS });
    secure.on('/', { body: 'secret' });
    const fetcher = open({}, { resolve: resolveToLoopback, ca: TLS.cert });
    const response = await fetcher.fetch(contentRequest(`https://site.example.org:${secure.port}/`));
    expect(await textOf(response)).toBe('secret');
    const other = fetcher.fetch(contentRequest(`https://other.example.org:${secure.port}/`));
    await expect(other).rejects.toMatchObject({
      code: 'tls_failed',
      message: expect.stringContaining('its certificate is for another name'),
    });
    await secure.stop();
  });

  test('a site that speaks no TLS is told apart', async () => {
    const promise = open().fetch(contentRequest(`https://127.0.0.1:${site.port}/`));
    await expect(promise).rejects.toMatchObject({
      code: 'tls_failed',
      message: expect.stringContaining('it does not speak TLS at this port'),
    });
  });

  test('content may be redirected from https to http', async () => {
    const secure = await startSite({ tls: TLS });
    secure.on('/', { status: 301, headers: { location: `${site.url}/` } });
    site.on('/', { body: 'plain' });
    const fetcher = open({}, { resolve: resolveToLoopback, ca: TLS.cert });
    const response = await fetcher.fetch(contentRequest(`https://site.example.org:${secure.port}/`));
    expect(await textOf(response)).toBe('plain');
    await secure.stop();
  });
});

describe('the surroundings', () => {
  test('proxies named in the environment are not used', async () => {
    const proxy = await startSite();
    const names = ['HTTP_PROXY', 'http_proxy', 'ALL_PROXY', 'NODE_USE_ENV_PROXY'];
    const before = names.map((name) => process.env[name]);
    for (const name of names) process.env[name] = name === 'NODE_USE_ENV_PROXY' ? '1' : proxy.url;
    try {
      site.on('/', { body: 'direct' });
      expect(await read('/')).toBe('direct');
      expect(proxy.connectionCount()).toBe(0);
    } finally {
      names.forEach((name, index) => {
        if (before[index] === undefined) Reflect.deleteProperty(process.env, name);
        else process.env[name] = before[index];
      });
      await proxy.stop();
    }
  });

  test('localhost is found by the resolver of the system', async () => {
    site.on('/', { body: 'here' });
    const response = await open().fetch(contentRequest(`http://localhost:${site.port}/`));
    expect(await textOf(response)).toBe('here');
  });
});
