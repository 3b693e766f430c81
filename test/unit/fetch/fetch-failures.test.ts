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
