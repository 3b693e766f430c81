import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Broker } from '../../../backbone/broker/broker.ts';
import { openEmbeddedRegistry } from '../../../backbone/broker/embedded-registry.ts';
import type { Feed, FeedInput } from '../../../backbone/api/services/feed-service.ts';
import { CONTENT_TYPES, TypeRegistry } from '../../../backbone/content/content-types.ts';
import type { ParsePool } from '../../../backbone/content/parsing/parse-pool.ts';
import { listFeed, type FeedListingInput } from '../../../backbone/content/webpage/feed/feed-listing.ts';
import { NEVER_CRASH } from '../../../backbone/crash-points.ts';
import { AppError } from '../../../backbone/errors.ts';
import { FeedPoller, type FeedPollerOptions } from '../../../backbone/feeds/feed-poller.ts';
import { FeedSubscriptions } from '../../../backbone/feeds/feed-subscriptions.ts';
import type { Fetcher } from '../../../backbone/fetch/fetcher.ts';
import { openFetcher } from '../../../backbone/fetch/open-fetcher.ts';
import { ExpansionWriter } from '../../../backbone/jobs/expansion-writer.ts';
import { Outbox } from '../../../backbone/jobs/outbox.ts';
import { SubmissionWriter } from '../../../backbone/jobs/submission.ts';
import { openCodec } from '../../../backbone/pipeline/codec.ts';
import type { RecordStore } from '../../../backbone/stores/records/record-store.ts';
import { startSite, type LoopbackSite } from '../../support/loopback-site.ts';
import { openTestRecords } from '../../support/records.ts';
import { SETTINGS } from '../fetch/fetching.ts';

const USER = 'somebody';
const HOUR_MS = 3_600_000;
const OPTIONS = { first: 20, limit: 100, priority: 8, metadata: { tags: ['sea'] } };
const never = new AbortController().signal;

let records: RecordStore;
let site: LoopbackSite;
let fetcher: Fetcher;
let feeds: FeedSubscriptions;
let common: FeedPollerOptions;
let clock = Date.parse('2026-03-01T12:00:00Z');
let logged: unknown[] = [];
let count = 0;

const now = (): Date => new Date(clock);
const newId = (): string => `${(count += 1)}`;

beforeAll(async () => {
  site = await startSite();
  const types = new TypeRegistry(CONTENT_TYPES);
  records = await openTestRecords({ types: CONTENT_TYPES.map((type) => type.tables) });
  fetcher = openFetcher({ ...SETTINGS, allowedPorts: [site.port], perHostConcurrency: 16 });
  const codec = await openCodec(await openEmbeddedRegistry());
  const broker = { publish: () => Promise.resolve() } as unknown as Broker;
  const notifier = { notify: () => undefined, watch: () => Promise.reject(new Error('not watched')) };
  const outbox = new Outbox({ records, broker, notifier, crash: NEVER_CRASH });
  const newJobSuffix = (): string => (count += 1).toString(16).padStart(12, '0');
  const writer = new SubmissionWriter({ types, fetcher, codec, outbox, maxRetries: 3, now, newJobSuffix });
  const run = (async ({ input }) =>
    Promise.resolve(listFeed(input as FeedListingInput, { progress: () => undefined }))) as ParsePool['run'];
  feeds = new FeedSubscriptions({ records, fetcher, types, minSeconds: 60, newId, now });
  common = {
    records,
    fetcher,
    parsePool: { run },
    types,
    expansions: new ExpansionWriter({ writer, newBatchId: () => `batch_${newId()}` }),
    outbox,
    maxFeedBytes: 1_000_000,
    minMs: 60_000,
    now,
    random: () => 0,
    crash: NEVER_CRASH,
    logger: { error: (...given: unknown[]) => void logged.push(given) },
  };
});

afterAll(async () => {
  await fetcher.close();
  await site.stop();
  await records.close();
});

beforeEach(async () => {
  logged = [];
  await records.query('UPDATE feeds SET paused = true');
});

const item = (name: string): string =>
  `<item><title>${name}</title><guid isPermaLink="false">${name}</guid><link>/${name}</link></item>`;
const rss = (names: readonly string[], more = ''): string =>
  `<rss version="2.0"><channel><title>Sea</title>${more}${names.map(item).join('')}</channel></rss>`;

async function subscribe(path: string, input: Partial<FeedInput> = {}): Promise<Feed> {
  const made = await feeds.create(USER, { url: site.url + path, every: '1h', options: OPTIONS, ...input });
  expect(made.created).toBe(true);
  return made.feed;
}

/** One look at what is due, and what became of the feed. */
async function poll({ feedId }: Feed, options: Partial<FeedPollerOptions> = {}, stop = never): Promise<Feed> {
  const poller = new FeedPoller({ ...common, ...options });
  await poller.pollDue(stop);
  await poller.settled();
  return feeds.get(USER, feedId);
}

async function jobsOf(names: readonly string[]): Promise<readonly string[]> {
  const rows = await records.query<{ url: string }>(
    'SELECT url FROM processing_jobs WHERE url = ANY($1::text[]) ORDER BY url',
    [names.map((name) => `${site.url}/${name}`)],
  );
  return rows.map(({ url }) => url.slice(site.url.length + 1));
}

const waitOf = (feed: Feed): number => (feed.nextPollAt?.getTime() ?? 0) - clock;
const pass = (ms: number): void => void (clock += ms);

describe('polling a feed', () => {
  test('makes jobs of the newest entries at first, and later of what is new', async () => {
    site.on('/grows', { headers: { etag: '"1"' }, body: rss(['g3', 'g2', 'g1']) });
    const feed = await subscribe('/grows', { options: { ...OPTIONS, first: 2, priority: 3 } });
    const first = await poll(feed);
    expect(first).toMatchObject({ title: 'Sea', jobCount: 2, pollCount: 1, lastError: null });
    expect(waitOf(first)).toBe(HOUR_MS);
    expect(await jobsOf(['g1', 'g2', 'g3'])).toEqual(['g2', 'g3']);
    const [job] = await records.query('SELECT * FROM processing_jobs WHERE url = $1', [`${site.url}/g2`]);
    expect(job).toMatchObject({ priority: 3, metadata: { tags: ['sea'] }, if_exists: 'skip' });
    expect(job?.['batch_id']).toBe(first.recentPolls[0]?.batch_id);

    site.on('/grows', { headers: { etag: '"2"' }, body: rss(['g4', 'g3', 'g2', 'g1']) });
    expect((await poll(feed)).pollCount).toBe(1);
    pass(HOUR_MS);
    const second = await poll(feed);
    expect(second.recentPolls[0]).toMatchObject({ outcome: 'read', started: 1, skipped: 3 });
    expect(second.lastNewAt).toEqual(now());
    expect(await jobsOf(['g1', 'g2', 'g3', 'g4'])).toEqual(['g2', 'g3', 'g4']);
    expect(site.requests.at(-1)?.headers['if-none-match']).toBe('"1"');
  });

  test('makes none when the site or the bytes say that nothing has changed', async () => {
    const date = 'Sun, 01 Mar 2026 10:00:00 GMT';
    site.on(
      '/still',
      { headers: { 'last-modified': date }, body: rss(['s1']) },
      { status: 304 },
      { body: rss(['s1']) },
    );
    const feed = await subscribe('/still');
    await poll(feed);
    for (let round = 0; round < 2; round += 1) {
      pass(HOUR_MS);
      expect((await poll(feed)).recentPolls[0]).toMatchObject({ outcome: 'unchanged', started: 0 });
      expect(site.requests.at(-1)?.headers['if-modified-since']).toBe(date);
    }
    expect(await feeds.get(USER, feed.feedId)).toMatchObject({ jobCount: 1, pollCount: 3 });
  });

  test('leaves what is beyond the limit for the next poll, though the feed stays the same', async () => {
    site.on('/many', { headers: { etag: '"a"' }, body: rss(['m0']) });
    const feed = await subscribe('/many', { options: { ...OPTIONS, limit: 2 } });
    await poll(feed);
    site.on('/many', { headers: { etag: '"b"' }, body: rss(['m1', 'm2', 'm3', 'm0']) });
    pass(HOUR_MS);
    expect((await poll(feed)).recentPolls[0]).toMatchObject({ started: 2, skipped: 1 });
    pass(HOUR_MS);
    expect((await poll(feed)).recentPolls[0]).toMatchObject({ started: 1, skipped: 3 });
    expect(site.requests.at(-1)?.headers['if-none-match']).toBeUndefined();
    expect(await jobsOf(['m1', 'm2', 'm3'])).toEqual(['m1', 'm2', 'm3']);
  });

  test('waits as long as the feed or its site asks', async () => {
    site.on('/ttl', { body: rss([], '<ttl>180</ttl>') }, { status: 304 });
    const feed = await subscribe('/ttl');
    expect(waitOf(await poll(feed))).toBe(3 * HOUR_MS);
    pass(3 * HOUR_MS);
    expect(waitOf(await poll(feed))).toBe(3 * HOUR_MS);
    site.on('/age', { headers: { 'cache-control': 'max-age=7200' }, body: rss([]) });
    expect(waitOf(await poll(await subscribe('/age')))).toBe(2 * HOUR_MS);
  });

  test('backs off from failures, and forgets them at the next success', async () => {
    site.on(
      '/down',
      { status: 500 },
      { status: 429, headers: { 'retry-after': '36000' } },
      { body: rss(['d1']) },
    );
    const feed = await subscribe('/down');
    const once = await poll(feed);
    expect(once).toMatchObject({ failures: 1, paused: false, lastError: { code: 'source_server_error' } });
    expect(waitOf(once)).toBe(2 * HOUR_MS);
    pass(2 * HOUR_MS);
    const twice = await poll(feed);
    expect(twice).toMatchObject({ failures: 2, lastError: { code: 'source_throttled' } });
    expect(waitOf(twice)).toBe(10 * HOUR_MS);
    pass(10 * HOUR_MS);
    expect(await poll(feed)).toMatchObject({ failures: 0, lastError: null, jobCount: 1 });
  });

  test('pauses a feed that is gone, and tells what is no feed', async () => {
    site.on('/gone', { status: 410 });
    const gone = await poll(await subscribe('/gone'));
    expect(gone).toMatchObject({ paused: true, nextPollAt: null, lastError: { code: 'feed_gone' } });
    await expect(feeds.poll(USER, gone.feedId)).rejects.toMatchObject({ code: 'conflict' });
    const again = await feeds.update(USER, gone.feedId, { paused: false });
    expect(again).toMatchObject({ paused: false, nextPollAt: now(), lastError: null, failures: 0 });
    site.on('/page', { body: '<html><body>Hello</body></html>' });
    expect((await poll(await subscribe('/page'))).lastError?.code).toBe('not_a_feed');
  });

  test('follows a feed that has moved for good, with what was seen of it', async () => {
    site.on('/old', { body: rss(['o1']) });
    const feed = await subscribe('/old');
    await poll(feed);
    site.on('/old', { status: 301, headers: { location: '/hop' } });
    site.on('/hop', { status: 308, headers: { location: '/new' } });
    site.on('/new', { status: 302, headers: { location: '/for-now' } });
    site.on('/for-now', { body: rss(['o2', 'o1']) });
    pass(HOUR_MS);
    const moved = await poll(feed);
    expect(moved).toMatchObject({ url: `${site.url}/new`, jobCount: 2 });
    expect(await feeds.create(USER, { url: `${site.url}/new`, every: '1h', options: OPTIONS })).toMatchObject(
      {
        created: false,
        feed: { feedId: feed.feedId },
      },
    );
    site.on('/other', { status: 301, headers: { location: '/new' } });
    expect(await poll(await subscribe('/other'))).toMatchObject({ url: `${site.url}/other` });
  });
});

describe('a poll that does not come to its end', () => {
  test('writes nothing, and is done again once its lease has ended', async () => {
    site.on('/torn', { body: rss(['t1']) });
    const feed = await subscribe('/torn');
    const crash = (): never => {
      throw new Error('the connection is gone');
    };
    const records_ = {
      ...records,
      query: (sql: string, params?: readonly unknown[]) =>
        sql.startsWith('UPDATE feeds SET lease_until = NULL, next')
          ? Promise.reject(new Error('down'))
          : records.query(sql, params),
    };
    const torn = await poll(feed, { crash, records: records_ as RecordStore });
    expect(torn.pollCount).toBe(0);
    expect(logged).toHaveLength(2);
    expect(await jobsOf(['t1'])).toEqual([]);
    expect((await poll(feed)).pollCount).toBe(0);
    pass(10 * 60_000 + 1);
    expect(await poll(feed)).toMatchObject({ pollCount: 1, jobCount: 1 });
    expect(await jobsOf(['t1'])).toEqual(['t1']);
  });

  test('is done again at once after a start of the only process', async () => {
    site.on('/dead', { body: rss(['x1']) });
    const feed = await subscribe('/dead');
    await records.query('UPDATE feeds SET lease_until = $2 WHERE feed_id = $1', [
      feed.feedId,
      new Date(clock + 1e6),
    ]);
    expect((await poll(feed)).pollCount).toBe(0);
    await new FeedPoller(common).recover();
    expect((await poll(feed)).pollCount).toBe(1);
  });

  test('leaves a feed alone that was claimed by another, or deleted', async () => {
    const feed = await subscribe('/raced');
    site.on('/raced', (_, response) => {
      void records
        .query('UPDATE feeds SET epoch = epoch + 1 WHERE feed_id = $1', [feed.feedId])
        .then(() => response.end(rss(['r1'])));
    });
    expect((await poll(feed)).pollCount).toBe(0);
    expect(await jobsOf(['r1'])).toEqual([]);
  });

  test('spends no failure when it is stopped or when the fault is ours', async () => {
    site.on('/stopped', { silent: true });
    const feed = await subscribe('/stopped');
    const stop = new AbortController();
    const asked = site.nextRequest('/stopped').then(() => stop.abort());
    expect(await poll(feed, {}, stop.signal)).toMatchObject({ failures: 0, nextPollAt: feed.nextPollAt });
    await asked;
    site.on('/stopped', { body: rss(['p1']) });
    const run = (): never => {
      throw new AppError('disk_full');
    };
    const failed = await poll(feed, { parsePool: { run } });
    expect(failed).toMatchObject({ failures: 0, pollCount: 0 });
    expect(waitOf(failed)).toBe(60_000);
    expect(logged).toEqual([]);
  });

  test('counts as a time-out of the site when it took too long', async () => {
    const fetch = (): Promise<never> => Promise.reject(new DOMException('late', 'TimeoutError'));
    const slow = { fetch, check: (url: string) => new URL(url), close: () => Promise.resolve() };
    const feed = await subscribe('/slow');
    expect((await poll(feed, { fetcher: slow })).lastError?.code).toBe('source_timeout');
  });

  test('keeps the time that somebody has set for the next one meanwhile', async () => {
    const feed = await subscribe('/asked');
    site.on('/asked', (_, response) => {
      pass(5000);
      void feeds.poll(USER, feed.feedId).then(() => response.end(rss([])));
    });
    expect(waitOf(await poll(feed))).toBe(0);
  });
});

describe('a subscription', () => {
  test('is changed in part', async () => {
    const feed = await subscribe('/changed', { every: 'P1D' });
    await records.query('UPDATE feeds SET next_poll_at = $2 WHERE feed_id = $1', [
      feed.feedId,
      new Date(clock + 9e7),
    ]);
    const changed = await feeds.update(USER, feed.feedId, { every: '15m', options: { first: 0 } });
    expect(changed).toMatchObject({ every: '15m', options: { ...OPTIONS, first: 0 } });
    expect(waitOf(changed)).toBe(900_000);
    expect(await feeds.update(USER, feed.feedId, { paused: true })).toMatchObject({ nextPollAt: null });
  });

  test.each(['59s', '31d', 'soon'])('every %s is refused', async (every) => {
    const input = { url: `${site.url}/refused`, every, options: OPTIONS };
    await expect(feeds.create(USER, input)).rejects.toMatchObject({ code: 'invalid_request' });
  });

  test('takes what was seen along when it ends', async () => {
    site.on('/ends', { body: rss(['e1']) });
    const feed = await subscribe('/ends');
    await poll(feed);
    const seen = (): Promise<readonly unknown[]> =>
      records.query(
        'SELECT 1 FROM expanded_items e JOIN feeds f USING (user_id, content_id) WHERE feed_id = $1',
        [feed.feedId],
      );
    expect(await seen()).toHaveLength(2);
    const before = await records.query('SELECT 1 FROM expanded_items');
    await feeds.delete(USER, feed.feedId);
    expect(await records.query('SELECT 1 FROM expanded_items')).toHaveLength(before.length - 2);
    await expect(feeds.delete(USER, feed.feedId)).rejects.toMatchObject({ code: 'not_found' });
    expect((await poll(await subscribe('/ends'))).jobCount).toBe(0);
  });
});
