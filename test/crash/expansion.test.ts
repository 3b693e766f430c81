import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openStopped, type StoppedStores } from '../support/store-digest.ts';
import type { ExitOfChild } from '../support/child-backbone.ts';
import { createWorld, eventsToTheEnd, submitKeyed, type Answer, type CrashWorld } from './rounds.ts';

const ENTRIES = ['harbour-one', 'harbour-two', 'harbour-three'] as const;

let world: CrashWorld;
let stores: StoppedStores | undefined;
let exit: ExitOfChild | undefined;
let accepted: Answer | null = null;
let again: Answer | null = null;
let ends: readonly string[] = [];

/** One process dies with the jobs of the entries written and not committed; the next one ends what it began. */
beforeAll(async () => {
  world = await createWorld();
  const items = ENTRIES.map((name) => {
    const link = world.publish(name);
    return `<item><title>${name}</title><guid>${link}</guid><link>${link}</link><description>The news of ${name}.</description></item>`;
  });
  const body = `<rss version="2.0"><channel><title>Harbours</title>${items.join('')}</channel></rss>`;
  world.site.on('/harbours', { headers: { 'content-type': 'application/rss+xml' }, body });
  const url = `${world.site.url}/harbours`;
  const dataDir = await world.newFolder();
  const doomed = await world.start(dataDir, { crashAt: 'expand_before_commit' });
  accepted = await submitKeyed(doomed, url, { options: { expand: true } });
  exit = await doomed.exit;
  const child = await world.start(dataDir);
  again = await submitKeyed(child, url, { options: { expand: true } });
  await eventsToTheEnd(child, again?.jobId ?? '');
  const { items: jobs } = (await (await child.call('/content/jobs?limit=100')).json()) as {
    readonly items: readonly { readonly job_id: string }[];
  };
  const events = await Promise.all(jobs.map(({ job_id }) => eventsToTheEnd(child, job_id)));
  ends = events.map((one) => one.at(-1)?.type ?? 'none');
  await child.stop();
  stores = await openStopped(dataDir);
  await stores.sweep();
}, 120_000);

afterAll(async () => {
  await stores?.close();
  await world.remove();
});

test('a backbone killed before the commit of an expansion really dies there', () => {
  expect(exit).toEqual({ code: null, signal: 'SIGKILL', errors: [] });
  expect(again).toEqual({ ...accepted, replayed: true });
});

test('the one that follows makes one job of each entry, in one batch, and ends them all', async () => {
  expect(ends).toEqual(Array(ENTRIES.length + 1).fill('completed'));
  const jobs = await stores?.query('SELECT url FROM processing_jobs WHERE batch_id IS NOT NULL ORDER BY url');
  expect(jobs).toEqual(
    ENTRIES.map((name) => ({ url: `${world.site.url}/${name}` })).sort((a, b) => (a.url < b.url ? -1 : 1)),
  );
  const [parent] =
    (await stores?.query('SELECT expansion FROM processing_jobs WHERE job_id = $1', [accepted?.jobId])) ?? [];
  const batches = (await stores?.query('SELECT batch_id FROM batches')) ?? [];
  expect(batches).toHaveLength(1);
  expect(parent?.['expansion']).toEqual({
    batch_id: batches[0]?.['batch_id'],
    started: ENTRIES.length,
    skipped: 0,
    refused: 0,
  });
});

test('the stores agree, and nothing is left over', async () => {
  expect(await stores?.faults()).toEqual([]);
});
