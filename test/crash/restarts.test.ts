import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { RunningChild } from '../support/child-backbone.ts';
import { openStopped } from '../support/store-digest.ts';
import { createWorld, eventsToTheEnd, submitKeyed, undisturbed, type CrashWorld } from './rounds.ts';

const JOBS = 30;
const KILLS = 5;
/** So many jobs take their time. */
const ALL_JOBS_MS = 60_000;
const SEED = 20_260_107;

let world: CrashWorld;

beforeAll(async () => {
  world = await createWorld();
});

afterAll(() => world.remove());

/** Numbers from 0 to 1 that are the same in every run (a linear congruential generator, Numerical Recipes). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Kills the process when the job has told so many events, or has ended. */
async function killAfter(child: RunningChild, jobId: string, events: number): Promise<void> {
  const response = await child.call(`/content/status/${jobId}/stream?after=0`);
  let seen = 0;
  for await (const part of response.body ?? []) {
    seen +=
      Buffer.from(part as Uint8Array)
        .toString('utf8')
        .split('data: ').length - 1;
    if (seen >= events) break;
  }
  child.kill('SIGKILL');
  expect(await child.exit).toMatchObject({ signal: 'SIGKILL' });
}

test('two crashes in a row, the second one in the middle of the recovery, lose nothing', async () => {
  const names = ['twice-one', 'twice-two', 'twice-three'];
  const urls = names.map((name) => world.publish(name));
  const dataDir = await world.newFolder();
  const first = await world.start(dataDir, { crashAt: 'before_commit' });
  await Promise.all(urls.map((url) => submitKeyed(first, url)));
  expect(await first.exit).toMatchObject({ signal: 'SIGKILL' });
  const second = await world.start(dataDir, { crashAt: 'store_after_vectors' });
  await Promise.all(urls.map((url) => submitKeyed(second, url)));
  expect(await second.exit).toMatchObject({ signal: 'SIGKILL' });

  const child = await world.start(dataDir);
  const answers = await Promise.all(urls.map((url) => submitKeyed(child, url)));
  for (const answer of answers) {
    const events = await eventsToTheEnd(child, answer?.jobId ?? '');
    expect(events.at(-1)).toMatchObject({ status: 'completed' });
  }
  expect(await child.stop()).toMatchObject({ code: 0 });
  await expectAsUndisturbed(dataDir, names);
}, 120_000);

test(`${KILLS} kills at any moment while ${JOBS} jobs run lose nothing and double nothing`, async () => {
  const random = seeded(SEED);
  const names = Array.from({ length: JOBS }, (_, index) => `any-moment-${index}`);
  const urls = names.map((name) => world.publish(name));
  const dataDir = await world.newFolder();
  // A stage that is under way at each of the kills must not run out of attempts.
  const env = { MAX_RETRIES: '10' };
  const accepted: string[] = [];
  for (let kill = 0; kill < KILLS; kill += 1) {
    const child = await world.start(dataDir, { env });
    // The second time each of them is asked for again, as a caller does who does not know what became of it.
    const answers = kill < 2 ? await Promise.all(urls.map((url) => submitKeyed(child, url))) : [];
    accepted.push(...answers.flatMap((answer) => (answer ? [answer.jobId] : [])));
    const victim = accepted[Math.floor(random() * JOBS)] ?? '';
    await killAfter(child, victim, 2 + Math.floor(random() * 14));
  }
  expect(new Set(accepted).size).toBe(JOBS);

  const child = await world.start(dataDir, { env });
  for (const jobId of new Set(accepted)) {
    const events = await eventsToTheEnd(child, jobId, ALL_JOBS_MS);
    expect(events.at(-1)).toMatchObject({ status: 'completed' });
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
  }
  expect(await child.stop()).toMatchObject({ code: 0 });
  await expectAsUndisturbed(dataDir, names);
}, 180_000);

async function expectAsUndisturbed(dataDir: string, names: readonly string[]): Promise<void> {
  const stores = await openStopped(dataDir);
  await stores.sweep();
  const faults = await stores.faults();
  const digest = await stores.digest();
  await stores.close();
  expect(faults).toEqual([]);
  const reference = await undisturbed(world, names);
  const expected = await reference.digest();
  await reference.close();
  expect(digest).toEqual(expected);
}
