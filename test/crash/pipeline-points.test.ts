import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openStopped, type StoppedStores } from '../support/store-digest.ts';
import {
  createWorld,
  ingestRounds,
  pagesOf,
  undisturbed,
  type CrashWorld,
  type Round,
  type Rounds,
} from './rounds.ts';

const POINTS = [
  'submit_before_commit',
  'submit_before_publish',
  'after_claim',
  'after_artifact',
  'before_commit',
  'after_commit_before_publish',
  'after_publish_before_offset',
] as const;
const TERMINAL = new Set(['completed', 'failed', 'cancelled']);

let world: CrashWorld;
let stores: StoppedStores | undefined;
let reference: StoppedStores | undefined;
let rounds: Rounds<Round>;

beforeAll(async () => {
  world = await createWorld();
  const dataDir = await world.newFolder();
  rounds = await ingestRounds(world, dataDir, POINTS);
  stores = await openStopped(dataDir);
  await stores.sweep();
  reference = await undisturbed(world, POINTS.flatMap(pagesOf));
}, 180_000);

afterAll(async () => {
  await stores?.close();
  await reference?.close();
  await world.remove();
});

describe.each(POINTS)('a backbone killed at %s', (point) => {
  const round = (): Round => {
    const found = rounds.byPoint.get(point);
    if (!found) throw new Error(`There was no round for ${point}`);
    return found;
  };

  test('really dies there', () => {
    expect(round().exit).toEqual({ code: null, signal: 'SIGKILL', errors: [] });
  });

  test('keeps every job it has accepted, and answers the same when it is asked again', () => {
    for (const { first, again } of round().pages) {
      if (first !== null) expect(again).toEqual({ ...first, replayed: true });
    }
  });

  test('has one job for each key', () => {
    expect(round().pages.map(({ jobs }) => jobs)).toEqual([1, 1]);
  });

  test('is followed by one that ends every job, once, with no event missing', () => {
    for (const { events } of round().pages) {
      expect(events.at(-1)).toMatchObject({ type: 'completed', status: 'completed' });
      expect(events.filter(({ type }) => TERMINAL.has(type))).toHaveLength(1);
      expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
    }
  });
});

describe('after all of them', () => {
  test('the last backbone stops in order', () => {
    expect(rounds.stopped).toEqual({ code: 0, signal: null, errors: [] });
  });

  test('the stores agree, and nothing is left over', async () => {
    expect(await stores?.faults()).toEqual([]);
  });

  test('each store holds what a run without a crash leaves', async () => {
    expect(await stores?.digest()).toEqual(await reference?.digest());
  });

  test('a crash before the commit of a submission leaves nothing of it, one after it all', () => {
    const before = rounds.byPoint.get('submit_before_commit')?.pages ?? [];
    expect(before.map(({ first }) => first)).toEqual([null, null]);
    expect(before.map(({ again }) => again?.replayed)).toEqual([false, false]);
    const after = rounds.byPoint.get('submit_before_publish')?.pages ?? [];
    expect(after.map(({ again }) => again?.replayed)).toContain(true);
  });
});
