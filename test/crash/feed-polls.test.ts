import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { ExitOfChild } from '../support/child-backbone.ts';
import { openStopped, type StoppedStores } from '../support/store-digest.ts';
import { until } from '../support/until.ts';
import { createWorld, eventsToTheEnd, type CrashWorld } from './rounds.ts';

const ENTRIES = ['quay-one', 'quay-two', 'quay-three'] as const;

interface FeedAnswer {
  readonly poll_count: number;
  readonly job_count: number;
}

let world: CrashWorld;
let stores: StoppedStores | undefined;
let exit: ExitOfChild | undefined;
let feed: FeedAnswer | undefined;

/** One process dies with the jobs of the entries written and not committed; the next one polls again. */
beforeAll(async () => {
  world = await createWorld();
  const items = ENTRIES.map(
    (name) => `<item><title>${name}</title><link>${world.publish(name)}</link></item>`,
  );
  const body = `<rss version="2.0"><channel><title>Quays</title>${items.join('')}</channel></rss>`;
  world.site.on('/quays', { headers: { 'content-type': 'application/rss+xml' }, body });
  const dataDir = await world.newFolder();
  const doomed = await world.start(dataDir, { crashAt: 'poll_before_commit' });
  const made = await doomed.call('/feeds', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ url: `${world.site.url}/quays` }),
  });
  const { feed_id } = (await made.json()) as { readonly feed_id: string };
  exit = await doomed.exit;
  const child = await world.start(dataDir);
  await until(async () => {
    feed = (await (await child.call(`/feeds/${feed_id}`)).json()) as FeedAnswer;
    return feed.poll_count > 0;
  });
  const { items: jobs } = (await (await child.call('/content/jobs?limit=100')).json()) as {
    readonly items: readonly { readonly job_id: string }[];
  };
  await Promise.all(jobs.map(({ job_id }) => eventsToTheEnd(child, job_id)));
  await child.stop();
  stores = await openStopped(dataDir);
  await stores.sweep();
}, 120_000);

afterAll(async () => {
  await stores?.close();
  await world.remove();
});

test('a backbone killed before the commit of a poll really dies there', () => {
  expect(exit).toEqual({ code: null, signal: 'SIGKILL', errors: [] });
});

test('the one that follows polls again and makes one job of each entry, in one batch', async () => {
  expect(feed).toMatchObject({ poll_count: 1, job_count: ENTRIES.length });
  const jobs = await stores?.query(
    'SELECT url, status FROM processing_jobs WHERE batch_id IS NOT NULL ORDER BY url',
  );
  expect(jobs).toEqual(
    [...ENTRIES].sort().map((name) => ({ url: `${world.site.url}/${name}`, status: 'completed' })),
  );
  expect(await stores?.query('SELECT DISTINCT batch_id FROM processing_jobs')).toHaveLength(1);
  expect(await stores?.faults()).toEqual([]);
});
