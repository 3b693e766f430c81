import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import robotsModule from 'robots-parser';
import type { Robot } from 'robots-parser';
import type { Fetcher } from '../../../backbone/fetch/fetcher.ts';
import { openFetcher } from '../../../backbone/fetch/open-fetcher.ts';
import { RobotsGate } from '../../../backbone/fetch/robots.ts';
import { reduceRobotsText } from '../../../backbone/fetch/robots-text.ts';
import type { LoopbackSite } from '../../support/loopback-site.ts';
import { startSite } from '../../support/loopback-site.ts';
import { contentRequest, SETTINGS, textOf } from './fetching.ts';

const parse = robotsModule as unknown as (url: string, text: string) => Robot;
const AGENT = 'OurBot/1.0 (+https://example.org)';
const HOUR_MS = 60 * 60 * 1_000;

describe('robots.txt by setting', () => {
  let site: LoopbackSite;
  let fetcher: Fetcher;
  let nowMs: number;

  const open = (robots: 'ignore' | 'respect'): Fetcher =>
    openFetcher({ ...SETTINGS, userAgent: AGENT, robots, totalTimeoutMs: 500 }, { now: () => nowMs });

  beforeEach(async () => {
    nowMs = Date.UTC(2026, 0, 1);
    site = await startSite();
    site.on('/page', { body: 'page' });
    site.on('/private/page', { body: 'private' });
    fetcher = open('respect');
  });

  afterEach(async () => {
    await fetcher.close();
    await site.stop();
  });

  const read = async (path: string, more: Parameters<typeof contentRequest>[1] = {}): Promise<string> =>
    textOf(await fetcher.fetch(contentRequest(site.url + path, more)));
  const robotsRequests = (): number =>
    site.requests.filter((request) => request.path === '/robots.txt').length;

  test('is not asked when the setting says ignore', async () => {
    await fetcher.close();
    fetcher = open('ignore');
    site.on('/robots.txt', { body: 'User-agent: *\nDisallow: /' });
    expect([await read('/page'), robotsRequests()]).toEqual(['page', 0]);
  });

  test('lets pass what it allows and stops what it does not', async () => {
    site.on('/robots.txt', { body: 'User-agent: *\nDisallow: /private/' });
    expect(await read('/page')).toBe('page');
    await expect(read('/private/page')).rejects.toMatchObject({
      code: 'robots_disallowed',
      kind: 'terminal',
    });
    expect(site.requests.map((request) => request.path)).toEqual(['/robots.txt', '/page']);
  });

  test('is heeded for what a redirect leads to', async () => {
    site.on('/robots.txt', { body: 'User-agent: *\nDisallow: /private/' });
    site.on('/moved', { status: 302, headers: { location: '/private/page' } });
    await expect(read('/moved')).rejects.toMatchObject({ code: 'robots_disallowed' });
  });

  test('concerns neither callbacks nor services', async () => {
    site.on('/robots.txt', { body: 'User-agent: *\nDisallow: /' });
    expect(await read('/page', { purpose: 'callback' })).toBe('page');
    expect(await read('/page', { purpose: 'service' })).toBe('page');
    expect(fetcher.check(`${site.url}/page`, 'content').pathname).toBe('/page');
    expect(robotsRequests()).toBe(0);
  });

  test('is read once an hour, also by many at the same time', async () => {
    site.on('/robots.txt', { body: '' });
    await Promise.all([read('/page'), read('/page'), read('/page')]);
    nowMs += HOUR_MS - 1;
    await read('/page');
    expect(robotsRequests()).toBe(1);
    nowMs += 1;
    await read('/page');
    expect(robotsRequests()).toBe(2);
  });

  test.each([404, 401, 403, 410, 400])('allows everything when it answers %i', async (status) => {
    site.on('/robots.txt', { status, body: 'User-agent: *\nDisallow: /' });
    expect(await read('/page')).toBe('page');
  });

  test('allows everything when it cannot be unpacked or leads nowhere', async () => {
    site.on('/robots.txt', { headers: { 'content-encoding': 'gzip' }, body: 'User-agent: *\nDisallow: /' });
    expect(await read('/page')).toBe('page');
    nowMs += HOUR_MS;
    site.on('/robots.txt', { status: 301, headers: { location: '/robots.txt' } });
    expect(await read('/page')).toBe('page');
  });

  test('makes the fetch wait for a better time when it answers 5xx, and is asked again then', async () => {
    site.on('/robots.txt', { status: 500 }, { status: 503, headers: { 'retry-after': '7' } }, { body: '' });
    await expect(read('/page')).rejects.toMatchObject({ code: 'source_server_error', kind: 'retryable' });
    await expect(read('/page')).rejects.toMatchObject({ code: 'source_throttled', retryAfterMs: 7_000 });
    expect(await read('/page')).toBe('page');
  });

  test('makes the fetch wait when it does not answer in time', async () => {
    site.on('/robots.txt', { silent: true });
    await expect(read('/page')).rejects.toMatchObject({ code: 'source_timeout', kind: 'retryable' });
  });

  test('does not hold back a caller who leaves', async () => {
    const reason = new Error('cancelled');
    site.on('/robots.txt', { silent: true });
    const controller = new AbortController();
    const arrived = site.nextRequest('/robots.txt');
    const promise = read('/page', { signal: controller.signal });
    await arrived;
    controller.abort(reason);
    await expect(promise).rejects.toBe(reason);
    await expect(read('/page', { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });

  test('is read up to 500 KiB and no further', async () => {
    const filler = '# padding\n'.repeat(60_000);
    site.on('/robots.txt', {
      body: `User-agent: *\nDisallow: /private/\n${filler}Disallow: /page\n`,
      then: 'hang',
    });
    expect(await read('/page')).toBe('page');
    await expect(read('/private/page')).rejects.toMatchObject({ code: 'robots_disallowed' });
  });

  test('a thousand origins are remembered and no more', async () => {
    const empty = { ...(await fetcher.fetch(contentRequest(`${site.url}/absent`))) };
    empty.body.destroy();
    const answers: Fetcher = {
      fetch: (request) => Promise.resolve({ ...empty, url: request.url }),
      check: (url) => new URL(url),
      close: () => Promise.resolve(),
    };
    const gate = new RobotsGate({ fetcher: answers, userAgent: AGENT, now: () => nowMs });
    const { signal } = new AbortController();
    for (let index = 0; index < 1_005; index += 1)
      await gate.check(new URL(`http://s${index}.example.org/`), signal);
    expect(gate.originCount).toBe(1_000);
  });
});

describe('a robots.txt reduced to what concerns us', () => {
  const allowed = (text: string, path: string): boolean | undefined =>
    parse('http://a.org/robots.txt', reduceRobotsText(text, AGENT)).isAllowed(`http://a.org${path}`, AGENT);

  test.each([
    ['User-agent: *\nDisallow: /a', '/a', false],
    ['\uFEFFUser-agent: *\nDisallow: /a', '/a', false],
    ['user-agent:ourbot\ndisallow:/a', '/a', false],
    ['User-agent: OtherBot\nDisallow: /', '/a', true],
    ['User-agent: OtherBot\nUser-agent: OurBot\nDisallow: /', '/a', false],
    ['User-agent: OtherBot\nDisallow: /\nUser-agent: OurBot\nDisallow: /b', '/a', true],
    ['User-agent: *\nDisallow: /\nUser-agent: OurBot/2.0\nAllow: /', '/a', true],
    ['User-agent: OurBot\nDisallow: /a # all of it\nAllow: /a/b', '/a/b/c', true],
    ['User-agent: OurBot\nDisallow:', '/a', true],
    ['User-agent: *\nCrawl-delay: 9\nDisallow: /*.pdf$', '/x/y.pdf', false],
    ['Disallow: /', '/a', true],
    ['', '/a', true],
    ['nonsense\u0000\n::\nUser-agent', '/a', true],
    ['User-agent: *\r\rDisallow: /a\r\n', '/a', false],
  ])('%j and %s: %s', (text, path, expected) => {
    expect(allowed(text, path)).toBe(expected);
  });

  test('means the same as the whole for us', () => {
    const lines = fc.constantFrom(
      ...['User-agent: *', 'User-agent: ourbot', 'User-agent: other', 'User-agent: third'],
      ...['Disallow: /', 'Disallow: /a', 'Allow: /a/b', 'Disallow: /*c', 'Allow: /$', '', '# nothing'],
    );
    fc.assert(
      fc.property(
        fc.array(lines, { maxLength: 20 }),
        fc.constantFrom('/', '/a', '/a/b', '/xc', '/d'),
        (list, path) => {
          const text = list.join('\n');
          const whole = parse('http://a.org/robots.txt', text).isAllowed(`http://a.org${path}`, AGENT);
          expect(allowed(text, path)).toBe(whole);
        },
      ),
      { numRuns: 500 },
    );
  });

  test('stays small and quick whatever is in it', () => {
    const agents = Array.from(
      { length: 9_000 },
      (_, index) => `User-agent: bot${index}\nUser-agent: *\n`,
    ).join('');
    const rules = 'Disallow: /*a*a*a*a*a*a*a*a*b\n'.repeat(9_000);
    const startedAt = performance.now();
    expect(allowed(`${agents}${rules}Disallow: /${'x'.repeat(3_000)}`, `/${'a'.repeat(2_000)}`)).toBe(true);
    expect(performance.now() - startedAt).toBeLessThan(5_000);
    expect(reduceRobotsText(agents + rules, AGENT).length).toBeLessThan(40_000);
  });
});
