import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Fetcher, FetchRequest } from '../../../backbone/fetch/fetcher.ts';
import { openFetcher } from '../../../backbone/fetch/open-fetcher.ts';
import type { LoopbackSite } from '../../support/loopback-site.ts';
import { startSite } from '../../support/loopback-site.ts';
import { contentRequest, SETTINGS, textOf } from './fetching.ts';

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

function open(): Fetcher {
  const fetcher = openFetcher(SETTINGS);
  fetchers.push(fetcher);
  return fetcher;
}

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
