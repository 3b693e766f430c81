import type { ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Fetcher } from '../../../backbone/fetch/fetcher.ts';
import { openFetcher } from '../../../backbone/fetch/open-fetcher.ts';
import type { LoopbackSite } from '../../support/loopback-site.ts';
import { startSite } from '../../support/loopback-site.ts';
import { contentRequest, dialLoopback, SETTINGS, textOf } from './fetching.ts';

describe('limits', () => {
  let site: LoopbackSite;
  let fetcher: Fetcher;
  /** Answers that the site has not given yet. */
  let open: ServerResponse[];

  beforeEach(async () => {
    open = [];
    site = await startSite();
    site.on('/', (_request, response) => void open.push(response));
  });

  afterEach(async () => {
    await fetcher.close();
    await site.stop();
  });

  /** Starts a fetch and reads it to its end. */
  const read = async (url: string, purpose: 'content' | 'service' = 'content'): Promise<string> =>
    textOf(await fetcher.fetch(contentRequest(url, { purpose })));

  test('only so many content requests to one host run at the same time', async () => {
    fetcher = openFetcher({ ...SETTINGS, perHostConcurrency: 1 });
    const first = site.nextRequest('/');
    const texts = [read(`${site.url}/`), read(`${site.url}/`)];
    await first;
    expect(open).toHaveLength(1);
    const second = site.nextRequest('/');
    open[0]?.end('one');
    await second;
    open[1]?.end('two');
    expect(await Promise.all(texts)).toEqual(['one', 'two']);
  });

  test('services are not limited', async () => {
    fetcher = openFetcher({ ...SETTINGS, perHostConcurrency: 1 });
    const arrived = [site.nextRequest('/'), site.nextRequest('/')];
    const texts = [read(`${site.url}/`, 'service'), read(`${site.url}/`, 'service')];
    await Promise.all(arrived);
    while (open.length < 2) await site.nextRequest('/');
    for (const response of open) response.end('ok');
    expect(await Promise.all(texts)).toEqual(['ok', 'ok']);
  });

  test.each([
    ['is cut', '/cut', 'connection_failed'],
    ['leads in a circle', '/round', 'redirect_limit'],
    ['is packed in an unknown way', '/odd', 'source_undecodable'],
    ['is too large', '/large', 'source_too_large'],
  ])('a fetch that %s gives its slot back', async (_what, path, code) => {
    fetcher = openFetcher({ ...SETTINGS, perHostConcurrency: 1 });
    site.on('/cut', { body: 'abc', partialBytes: 1 });
    site.on('/round', { status: 302, headers: { location: '/round' }, body: 'x', then: 'hang' });
    site.on('/odd', { headers: { 'content-encoding': 'compress' }, body: 'x', then: 'hang' });
    site.on('/large', { body: 'x'.repeat(1_000_001) });
    site.on('/fine', { body: 'fine' });
    await expect(read(site.url + path)).rejects.toMatchObject({ code });
    expect(await read(`${site.url}/fine`)).toBe('fine');
  });

  test('an answer that is destroyed unread gives its slot back', async () => {
    fetcher = openFetcher({ ...SETTINGS, perHostConcurrency: 1 });
    site.on('/endless', { body: 'abc', then: 'hang' });
    site.on('/fine', { body: 'fine' });
    (await fetcher.fetch(contentRequest(`${site.url}/endless`))).body.destroy();
    expect(await read(`${site.url}/fine`)).toBe('fine');
  });

  test('public hosts are not asked one right after the other, listed networks are', async () => {
    const timers: { readonly callback: () => void; readonly delayMs: number }[] = [];
    let nowMs = 0;
    const { dial } = dialLoopback(site.port);
    fetcher = openFetcher(
      { ...SETTINGS, perHostDelayMs: 200 },
      {
        dial,
        resolve: () => Promise.resolve(['93.184.215.14']),
        steadyNow: () => nowMs,
        setTimer: (callback, delayMs) => {
          timers.push({ callback, delayMs });
          return () => undefined;
        },
      },
    );
    site.on('/fine', { body: 'fine' });
    await read(`${site.url}/fine`);
    await read(`${site.url}/fine`);
    expect(timers).toEqual([]);

    await read('http://example.org/fine');
    const later = read('http://example.org/fine');
    expect(site.requests).toHaveLength(3);
    nowMs = 200;
    timers.at(-1)?.callback();
    expect(await later).toBe('fine');
    expect(timers.every((timer) => timer.delayMs === 200)).toBe(true);
  });

  test('the distance in time is kept by the clock of the system too', async () => {
    const { dial } = dialLoopback(site.port);
    const resolve = (): Promise<readonly string[]> => Promise.resolve(['93.184.215.14']);
    fetcher = openFetcher({ ...SETTINGS, perHostDelayMs: 20 }, { dial, resolve });
    site.on('/fine', { body: 'fine' });
    const startedAt = performance.now();
    await Promise.all([read('http://example.org/fine'), read('http://example.org/fine')]);
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(19);
  });
});

describe('settings', () => {
  test('a list that names no networks is refused when the fetcher is opened', () => {
    expect(() => openFetcher({ ...SETTINGS, allowPrivate: ['everything'] })).toThrow(
      expect.objectContaining({ code: 'config_invalid' }),
    );
  });

  test('an address can be checked without opening it', async () => {
    const fetcher = openFetcher(SETTINGS);
    expect(fetcher.check('http://Example.org', 'content').href).toBe('http://example.org/');
    expect(() => fetcher.check('http://10.0.0.1/', 'content')).toThrow(
      expect.objectContaining({ code: 'url_forbidden' }),
    );
    expect(() => fetcher.check('http://8.8.8.8/', 'callback')).toThrow(
      expect.objectContaining({ code: 'callback_forbidden' }),
    );
    await fetcher.close();
  });
});
