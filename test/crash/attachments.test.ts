import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { ExitOfChild } from '../support/child-backbone.ts';
import { mailWith } from '../support/mail-file.ts';
import { openStopped, type StoppedStores } from '../support/store-digest.ts';
import { createWorld, eventsToTheEnd, submitKeyed, type Answer, type CrashWorld } from './rounds.ts';

const NAMES = ['tides.txt', 'winds.txt'] as const;

let world: CrashWorld;
let stores: StoppedStores | undefined;
let exit: ExitOfChild | undefined;
let accepted: Answer | null = null;
let ends: readonly string[] = [];

/** One process dies with the files kept and their jobs written and not committed; the next one ends what it began. */
beforeAll(async () => {
  world = await createWorld();
  const files = NAMES.map(
    (name) => [name, Buffer.from(`What the file ${name} says of the harbour.`)] as const,
  );
  const body = mailWith('Harbour', 'Two files came with this letter of the harbour.', files);
  world.site.on('/letter.eml', { headers: { 'content-type': 'message/rfc822' }, body });
  const url = `${world.site.url}/letter.eml`;
  const dataDir = await world.newFolder();
  const doomed = await world.start(dataDir, { crashAt: 'expand_before_commit' });
  accepted = await submitKeyed(doomed, url, { options: { attachments: true } });
  exit = await doomed.exit;
  const child = await world.start(dataDir);
  await eventsToTheEnd(child, accepted?.jobId ?? '');
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

test('a backbone killed while attachments become jobs loses none of them and doubles none', async () => {
  expect(exit).toEqual({ code: null, signal: 'SIGKILL', errors: [] });
  expect(ends).toEqual(Array(NAMES.length + 1).fill('completed'));
  const jobs = await stores?.query(
    `SELECT source->>'fileName' AS name FROM processing_jobs WHERE batch_id IS NOT NULL ORDER BY 1`,
  );
  expect(jobs).toEqual(NAMES.map((name) => ({ name })));
  const uploads = await stores?.query(
    'SELECT file_name AS name, job_id IS NOT NULL AS taken FROM uploads ORDER BY 1',
  );
  expect(uploads).toEqual(NAMES.map((name) => ({ name, taken: true })));
  expect(await stores?.query('SELECT batch_id FROM batches')).toHaveLength(1);
});

test('the stores agree, and nothing is left over', async () => {
  expect(await stores?.faults()).toEqual([]);
});
