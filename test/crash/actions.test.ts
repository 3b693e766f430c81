import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { CrashPoint } from '../../backbone/crash-points.ts';
import { ended, ingest, startBackbone, TENANT, type TestBackbone } from '../support/backbone.ts';
import type { RunningChild } from '../support/child-backbone.ts';
import type { RecordedRequest } from '../support/loopback-site.ts';
import { openStopped, type StoppedStores } from '../support/store-digest.ts';
import { createWorld, eventsToTheEnd, submitKeyed, type CrashWorld } from './rounds.ts';

/** One data folder and one life after the other: each finds what the one before left, and is killed in its turn. */
const STORED = ['edited', 'restored', 'reprocessed'] as const;
const BATCH = ['batch-one', 'batch-two', 'batch-three'] as const;
const EDIT = { title: 'Edited by hand', authors: ['Eve Editor'], tags: ['by-hand'] };
const HOOK = '/hook';
const KEY = 'the key of the batch';
const JSON_TYPE = { 'content-type': 'application/json' };

let world: CrashWorld;
let dataDir: string;
let stores: StoppedStores | undefined;
let reference: StoppedStores | undefined;
const ids = new Map<string, string>();
const pathOf = (name: string): string => `/content/webpage/${ids.get(name) ?? ''}`;

interface BatchAnswer {
  readonly replayed: boolean;
  readonly items: readonly { readonly job_id: string }[];
}

interface Listed {
  readonly url: string | null;
  readonly job_id: string;
  readonly content_id: string;
}

const seen = {
  afterUncommittedBatch: [] as readonly Listed[],
  batch: [] as readonly BatchAnswer[],
  restored: 0,
  afterReprocessInput: [] as readonly Listed[],
  reprocessings: [] as readonly Listed[],
  hooks: [] as number[],
  deliveries: [] as readonly RecordedRequest[],
};

/** Starts a life that ends at the point while it does something. Whatever it was asked, it could not answer. */
async function lifeUntil(point: CrashPoint, work: (child: RunningChild) => Promise<unknown>): Promise<void> {
  const child = await world.start(dataDir, { crashAt: point });
  await work(child);
  expect(await child.exit).toEqual({ code: null, signal: 'SIGKILL', errors: [] });
}

async function refusedByDeath(request: Promise<unknown>): Promise<void> {
  await expect(request).rejects.toThrow();
}

function sendBatch(child: RunningChild): Promise<Response> {
  const items = BATCH.map((name) => ({ url: world.publish(name) }));
  return child.call('/content/process/batch', {
    method: 'POST',
    headers: { ...JSON_TYPE, 'idempotency-key': KEY },
    body: JSON.stringify({ items }),
  });
}

async function readBatch(child: RunningChild): Promise<BatchAnswer> {
  const response = await sendBatch(child);
  const { items } = (await response.json()) as Pick<BatchAnswer, 'items'>;
  return { items, replayed: response.headers.get('idempotency-replayed') === 'true' };
}

async function jobsOf(child: RunningChild, names: readonly string[]): Promise<readonly Listed[]> {
  const response = await child.call('/content/jobs?limit=100');
  const { items } = (await response.json()) as { readonly items: readonly Listed[] };
  return items.filter(({ url }) => names.some((name) => url === `${world.site.url}/${name}`));
}

const hooksSent = (): readonly RecordedRequest[] => world.site.requests.filter(({ path }) => path === HOOK);

/** The contents that the actions are about. */
async function prepare(backbone: TestBackbone): Promise<void> {
  for (const name of STORED) {
    const { job } = await ingest(backbone.services, { url: world.publish(name) });
    ids.set(name, job.content_id);
  }
  await backbone.services.contents.softDelete(keyOf('restored'));
}

const keyOf = (name: string): { userId: string; contentType: string; contentId: string } => ({
  userId: TENANT,
  contentType: 'webpage',
  contentId: ids.get(name) ?? '',
});

/** The same actions, with nothing in their way. */
async function undisturbedActions(): Promise<StoppedStores> {
  const folder = await world.newFolder();
  const backbone = await startBackbone({ dataDir: folder, env: world.env });
  await prepare(backbone);
  const { services } = backbone;
  await services.contents.update(keyOf('edited'), EDIT);
  await services.contents.restore(keyOf('restored'));
  const again = await services.contents.reprocess(keyOf('reprocessed'), { force: false, traceparent: null });
  await ended(services, again.jobId);
  for (const name of [...BATCH, 'called-back']) await ingest(services, { url: world.publish(name) });
  await backbone.stop();
  const stopped = await openStopped(folder);
  await stopped.sweep();
  return stopped;
}

async function submitBatchLives(): Promise<void> {
  await lifeUntil('submit_before_commit', (child) => refusedByDeath(sendBatch(child)));
  await lifeUntil('submit_before_publish', async (child) => {
    seen.afterUncommittedBatch = await jobsOf(child, BATCH);
    await refusedByDeath(sendBatch(child));
  });
}

async function editAndRestoreLives(): Promise<void> {
  await lifeUntil('edit_after_records', async (child) => {
    seen.batch = [await readBatch(child), await readBatch(child)];
    for (const { job_id } of seen.batch[0]?.items ?? []) await eventsToTheEnd(child, job_id);
    const body = JSON.stringify(EDIT);
    await refusedByDeath(child.call(pathOf('edited'), { method: 'PATCH', headers: JSON_TYPE, body }));
  });
  // It goes on with the edit unasked, and comes one store further.
  await lifeUntil('edit_after_graph', () => Promise.resolve());
  await lifeUntil('restore_after_records', (child) =>
    refusedByDeath(child.call(`${pathOf('restored')}/restore`, { method: 'POST' })),
  );
}

async function reprocessLives(): Promise<void> {
  await lifeUntil('reprocess_after_input', async (child) => {
    seen.restored = (await child.call(pathOf('restored'))).status;
    await refusedByDeath(child.call(`${pathOf('reprocessed')}/reprocess`, { method: 'POST' }));
  });
  await lifeUntil('submit_before_publish', async (child) => {
    seen.afterReprocessInput = await jobsOf(child, ['reprocessed']);
    await refusedByDeath(child.call(`${pathOf('reprocessed')}/reprocess`, { method: 'POST' }));
  });
}

async function deliveryLives(): Promise<void> {
  const url = world.publish('called-back');
  world.site.on(HOOK, { status: 204 });
  await lifeUntil('deliver_after_claim', async (child) => {
    seen.reprocessings = await jobsOf(child, ['reprocessed']);
    for (const { job_id } of seen.reprocessings) await eventsToTheEnd(child, job_id);
    await submitKeyed(child, url, { callback_url: world.site.url + HOOK });
  });
  seen.hooks.push(hooksSent().length);
  await lifeUntil('deliver_after_answer', () => Promise.resolve());
  seen.hooks.push(hooksSent().length);
  const again = world.site.nextRequest(HOOK);
  const child = await world.start(dataDir);
  await again;
  await child.stop();
  seen.deliveries = hooksSent();
}

beforeAll(async () => {
  world = await createWorld();
  dataDir = await world.newFolder();
  const backbone = await startBackbone({ dataDir, env: world.env });
  await prepare(backbone);
  await backbone.stop();
  await submitBatchLives();
  await editAndRestoreLives();
  await reprocessLives();
  await deliveryLives();
  stores = await openStopped(dataDir);
  await stores.sweep();
  reference = await undisturbedActions();
}, 180_000);

afterAll(async () => {
  await stores?.close();
  await reference?.close();
  await world.remove();
});

describe('a batch', () => {
  test('that was killed before its commit has left nothing', () => {
    expect(seen.afterUncommittedBatch).toEqual([]);
  });

  test('that was killed after its commit is there whole, and answers the same to the same key', async () => {
    expect(seen.batch.map(({ replayed }) => replayed)).toEqual([true, true]);
    expect(seen.batch[0]?.items).toHaveLength(BATCH.length);
    expect(seen.batch[1]?.items).toEqual(seen.batch[0]?.items);
    expect(await stores?.query('SELECT 1 FROM batches')).toHaveLength(1);
    expect(await stores?.query('SELECT 1 FROM batch_items')).toHaveLength(BATCH.length);
  });
});

describe('an edit', () => {
  test('that was killed between the stores, twice, ends in all of them', async () => {
    const [row] =
      (await stores?.query('SELECT title, authors, tags FROM contents WHERE content_id = $1', [
        ids.get('edited'),
      ])) ?? [];
    expect(row).toEqual(EDIT);
  });
});

describe('restoring', () => {
  test('that was killed before it answered has happened', () => {
    expect(seen.restored).toBe(200);
  });
});

describe('reprocessing', () => {
  test('that was killed before its commit has left no job, and one that was killed after it runs once', () => {
    expect(seen.afterReprocessInput).toHaveLength(1);
    expect(seen.reprocessings).toHaveLength(2);
  });
});

describe('a delivery', () => {
  test('that was killed before it was sent, and after it was answered, is sent again under the same id', () => {
    expect(seen.hooks).toEqual([0, 1]);
    expect(seen.deliveries).toHaveLength(2);
    const [first, second] = seen.deliveries;
    expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id']);
    expect(second?.body).toEqual(first?.body);
  });
});

describe('after all of them', () => {
  test('the stores agree, and nothing is left over', async () => {
    expect(await stores?.faults()).toEqual([]);
  });

  test('each store holds what the same actions leave when nothing disturbs them', async () => {
    expect(await stores?.digest()).toEqual(await reference?.digest());
  });
});
