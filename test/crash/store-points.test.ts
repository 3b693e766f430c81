import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openStopped, type StoppedStores } from '../support/store-digest.ts';
import { deletionRounds, ingestPages, type DeletionRound } from './deletion-rounds.ts';
import {
  createWorld,
  ingestRounds,
  pagesOf,
  undisturbed,
  type CrashWorld,
  type Round,
  type Rounds,
} from './rounds.ts';

const STORING = ['store_after_blobs', 'store_after_vectors', 'store_after_graph'] as const;
const DELETING = [
  'delete_after_tombstone',
  'delete_after_cache',
  'delete_after_graph',
  'delete_after_records',
  'delete_after_vectors',
  'delete_after_blobs',
] as const;
const KILLED = { code: null, signal: 'SIGKILL', errors: [] };

let world: CrashWorld;
let stores: StoppedStores | undefined;
let reference: StoppedStores | undefined;
let rounds: Rounds<Round>;
let deletions: Rounds<DeletionRound>;

beforeAll(async () => {
  world = await createWorld();
  const dataDir = await world.newFolder();
  rounds = await ingestRounds(world, dataDir, STORING);
  const contents = await ingestPages(world, dataDir, DELETING.flatMap(pagesOf));
  deletions = await deletionRounds(world, dataDir, DELETING, contents);
  stores = await openStopped(dataDir);
  await stores.sweep();
  const deleted = DELETING.map((point) => pagesOf(point)[0] ?? '');
  const kept = DELETING.map((point) => pagesOf(point)[1] ?? '');
  reference = await undisturbed(world, [...STORING.flatMap(pagesOf), ...deleted, ...kept], deleted);
}, 180_000);

afterAll(async () => {
  await stores?.close();
  await reference?.close();
  await world.remove();
});

describe.each(STORING)('a backbone killed at %s', (point) => {
  test('really dies there', () => {
    expect(rounds.byPoint.get(point)?.exit).toEqual(KILLED);
  });

  test('is followed by one that completes every job once', () => {
    const pages = rounds.byPoint.get(point)?.pages ?? [];
    expect(pages.map(({ jobs }) => jobs)).toEqual([1, 1]);
    for (const { events, first, again } of pages) {
      expect(again).toEqual({ ...first, replayed: true });
      expect(events.filter(({ type }) => type === 'completed')).toHaveLength(1);
      expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
    }
  });
});

describe.each(DELETING)('a backbone killed at %s', (point) => {
  test('really dies there, before it has answered', () => {
    expect(deletions.byPoint.get(point)).toMatchObject({ exit: KILLED, answered: false });
  });

  test('is followed by one that finishes the deletion, whether or not it is asked again', () => {
    const round = deletions.byPoint.get(point);
    expect([200, 404]).toContain(round?.again);
    expect(round).toMatchObject({ done: true, read: 404 });
  });

  test('leaves nothing that a search could find, and keeps everything else', () => {
    const { found, deleted, kept } = deletions.byPoint.get(point) ?? { found: [], deleted: '', kept: '' };
    expect(found).not.toContain(deleted);
    expect(found).toContain(kept);
  });
});

describe('after all of them', () => {
  test('the last backbones stop in order', () => {
    const inOrder = { code: 0, signal: null, errors: [] };
    expect([rounds.stopped, deletions.stopped]).toEqual([inOrder, inOrder]);
  });

  test('the stores agree, the ledger of deletions is complete, and nothing is left over', async () => {
    expect(await stores?.faults()).toEqual([]);
    expect(await stores?.query('SELECT 1 FROM deletions')).toHaveLength(DELETING.length);
  });

  test('each store holds what a run without a crash leaves', async () => {
    expect(await stores?.digest()).toEqual(await reference?.digest());
  });
});
