import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { ExitOfChild, RunningChild } from '../support/child-backbone.ts';
import { countingEmbedder, type CountingEmbedder } from '../support/counting-embedder.ts';
import { openStopped, type StoppedStores } from '../support/store-digest.ts';
import { until } from '../support/until.ts';
import { createWorld, eventsToTheEnd, submitKeyed, type CrashWorld } from './rounds.ts';

const PAGES = ['moor', 'reef', 'fen'] as const;
const POINTS = ['reembed_after_page', 'reembed_before_switch', 'reembed_after_switch'] as const;

let world: CrashWorld;
let next: CountingEmbedder;
let stores: StoppedStores | undefined;
let exits: readonly ExitOfChild[] = [];
let made: readonly string[] = [];
let found: readonly string[] = [];
const ids: string[] = [];

/** Three processes die while the vectors are made anew, each where the one before had got to; the fourth ends it. */
beforeAll(async () => {
  world = await createWorld();
  next = countingEmbedder(world.site, 'next', 'aeiou');
  const dataDir = await world.newFolder();
  const first = await world.start(dataDir);
  for (const name of PAGES) {
    const answer = await submitKeyed(first, world.publish(name));
    await eventsToTheEnd(first, answer?.jobId ?? '');
    ids.push(answer?.contentId ?? '');
  }
  await first.stop();
  const env = { EMBEDDER_URL: next.url };
  const seen: ExitOfChild[] = [];
  for (const crashAt of POINTS) seen.push(await (await world.start(dataDir, { env, crashAt })).exit);
  exits = seen;
  const last = await world.start(dataDir, { env });
  await until(async () => (await reembedding(last)) === null);
  made = [...next.texts];
  const body = JSON.stringify({ query: 'harbour', mode: 'dense' });
  const headers = { 'content-type': 'application/json' };
  const answer = await last.call('/search', { method: 'POST', headers, body });
  const { hits } = (await answer.json()) as { readonly hits: readonly { readonly content_id: string }[] };
  found = [...new Set(hits.map((hit) => hit.content_id))];
  await last.stop();
  stores = await openStopped(dataDir);
  await stores.sweep();
}, 180_000);

afterAll(async () => {
  await stores?.close();
  await world.remove();
});

async function reembedding(child: RunningChild): Promise<unknown> {
  const { reembedding: progress } = (await (await child.call('/readyz')).json()) as {
    readonly reembedding: unknown;
  };
  return progress;
}

test('a job whose vectors were made by the former model gets those of the new one when it is stored', async () => {
  const dataDir = await world.newFolder();
  const doomed = await world.start(dataDir, { crashAt: 'store_after_blobs' });
  const url = world.publish('heath');
  await submitKeyed(doomed, url);
  await doomed.exit;
  const child = await world.start(dataDir, { env: { EMBEDDER_URL: next.url } });
  const again = await submitKeyed(child, url);
  const events = await eventsToTheEnd(child, again?.jobId ?? '');
  await child.stop();
  const stopped = await openStopped(dataDir);
  try {
    expect(events.at(-1)?.type).toBe('completed');
    expect(await stopped.query('SELECT embedding_model FROM contents')).toEqual([
      { embedding_model: 'next/5' },
    ]);
    expect(await stopped.query('SELECT DISTINCT vector_dims(embedding) AS it FROM chunk_vectors')).toEqual([
      { it: 5 },
    ]);
    expect(await stopped.faults()).toEqual([]);
  } finally {
    await stopped.close();
  }
}, 60_000);

test('a backbone killed at each point really dies there', () => {
  expect(exits).toEqual(POINTS.map(() => ({ code: null, signal: 'SIGKILL', errors: [] })));
});

test('the ones that follow go on where it was: no chunk is embedded twice, none is left out', async () => {
  const chunks = await stores?.query('SELECT 1 FROM content_chunks');
  expect(made).toHaveLength(chunks?.length ?? 0);
  expect(new Set(made).size).toBe(made.length);
});

test('every content is found by the new vectors, and says whose they are', async () => {
  expect([...found].sort()).toEqual([...ids].sort());
  expect(await stores?.query('SELECT DISTINCT embedding_model FROM contents')).toEqual([
    { embedding_model: 'next/5' },
  ]);
});

test('the stores agree, and nothing is left over', async () => {
  expect(await stores?.faults()).toEqual([]);
  expect(await stores?.query(`SELECT to_regclass('chunk_vectors_next') AS it`)).toEqual([{ it: null }]);
});
