import { watch } from 'node:fs';
import { access, mkdtemp, readdir, rm, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { spawnBackbone, type ExitOfChild } from '../support/child-backbone.ts';
import { article } from './article.ts';
import { createWorld, eventsToTheEnd, submitKeyed, type CrashWorld } from './rounds.ts';

const STOP_LIMIT_MS = 10_000;

let world: CrashWorld;
let prepared: string;

beforeAll(async () => {
  world = await createWorld();
  prepared = await world.newFolder();
});

afterAll(() => world.remove());

/** A start that must not succeed: one sentence, one hint, exit code 1. */
function expectRefusal(exit: ExitOfChild, sentence: RegExp): void {
  expect(exit).toMatchObject({ code: 1, signal: null });
  expect(exit.errors).toHaveLength(2);
  expect(exit.errors[0]).toMatch(sentence);
}

describe('SIGTERM', () => {
  test('hands a stage back that does not end in time; the next start completes it at its first attempt', async () => {
    const body = article('slow');
    world.site.on('/slow', { silent: true }, { headers: { 'content-type': 'text/html' }, body });
    const asked = world.site.nextRequest('/slow');
    const child = await world.start(prepared, { env: { STOP_SECONDS: '1' } });
    const answer = await submitKeyed(child, `${world.site.url}/slow`);
    await asked;
    const from = performance.now();
    expect(await child.stop()).toEqual({ code: 0, signal: null, errors: [] });
    expect(performance.now() - from).toBeLessThan(STOP_LIMIT_MS);

    const next = await world.start(prepared);
    const events = await eventsToTheEnd(next, answer?.jobId ?? '');
    expect(events.map(({ type }) => type)).toContain('handed_back');
    expect(events.at(-1)).toMatchObject({ status: 'completed' });
    const status = await next.call(`/content/status/${answer?.jobId ?? ''}`);
    expect(await status.json()).toMatchObject({ retry_count: 0 });
    expect(await next.stop()).toMatchObject({ code: 0 });
  });
});

describe('a data folder', () => {
  test('that another process uses is refused in one sentence, and that process goes on', async () => {
    const dataDir = await world.newFolder();
    const child = await world.start(dataDir);
    expectRefusal(await spawnBackbone({ dataDir }).exit, /is in use by another backbone \(process \d+\)/);
    expect((await child.call('/content/jobs')).status).toBe(200);
    expect(await child.stop()).toMatchObject({ code: 0 });
  });

  test.each([
    ['whose control file is cut off', (file: string) => truncate(path.join(file, 'global/pg_control'), 0)],
    ['whose version file is gone', (file: string) => rm(path.join(file, 'PG_VERSION'))],
  ])('%s is refused in one sentence, and nothing in it is deleted', async (_, damage) => {
    const dataDir = await world.newFolder();
    const postgres = path.join(dataDir, 'postgres');
    await damage(postgres);
    const before = await readdir(postgres, { recursive: true });
    expectRefusal(await spawnBackbone({ dataDir }).exit, /cannot be opened/);
    const after = await readdir(postgres, { recursive: true });
    expect(before.filter((file) => !after.includes(file))).toEqual([]);
  });
});

describe('a very first start', () => {
  test('that is killed while the database is made, and again while its tables are, is simply begun again', async () => {
    const dataDir = await mkdtemp(path.join(tmpdir(), 'content-ingestion-first-'));
    try {
      const making = spawnBackbone({ dataDir });
      await gone(dataDir, 'postgres.initialising', false);
      making.kill('SIGKILL');
      expect(await making.exit).toMatchObject({ signal: 'SIGKILL' });

      const made = gone(dataDir, 'postgres.initialising', true);
      const migrating = spawnBackbone({ dataDir });
      await made;
      migrating.kill('SIGKILL');
      expect(await migrating.exit).toMatchObject({ signal: 'SIGKILL' });

      const child = await world.start(dataDir);
      const answer = await submitKeyed(child, world.publish('first-start'));
      const events = await eventsToTheEnd(child, answer?.jobId ?? '');
      expect(events.at(-1)).toMatchObject({ status: 'completed' });
      expect(await child.stop()).toMatchObject({ code: 0 });
    } finally {
      await rm(dataDir, { recursive: true, force: true });
    }
  }, 90_000);
});

/** Resolves when the file is gone, or, with false, when it is there. */
async function gone(folder: string, name: string, isGone: boolean): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<undefined>();
  const look = (): void => {
    access(path.join(folder, name)).then(
      () => (isGone ? undefined : resolve(undefined)),
      () => (isGone ? resolve(undefined) : undefined),
    );
  };
  const watcher = watch(folder, look);
  watcher.once('error', reject);
  look();
  await promise;
  watcher.close();
}
