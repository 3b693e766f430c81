import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Submission } from '../../../backbone/api/services/submission.ts';
import { NEVER_CRASH } from '../../../backbone/crash-points.ts';
import { openEmbeddedRegistry } from '../../../backbone/broker/embedded-registry.ts';
import type { Broker } from '../../../backbone/broker/broker.ts';
import { TypeRegistry } from '../../../backbone/content/content-types.ts';
import { openFetcher } from '../../../backbone/fetch/open-fetcher.ts';
import type { Fetcher } from '../../../backbone/fetch/fetcher.ts';
import { DeadLetters } from '../../../backbone/jobs/dead-letters.ts';
import { JobEffects } from '../../../backbone/jobs/job-effects.ts';
import { JobManager } from '../../../backbone/jobs/job-manager.ts';
import { JobQueries } from '../../../backbone/jobs/job-queries.ts';
import { Outbox } from '../../../backbone/jobs/outbox.ts';
import { SubmissionWriter } from '../../../backbone/jobs/submission.ts';
import { WebhookDeliveries } from '../../../backbone/jobs/webhook-deliveries.ts';
import { openCodec } from '../../../backbone/pipeline/codec.ts';
import type { RecordStore } from '../../../backbone/stores/records/record-store.ts';
import { submission } from '../../support/backbone.ts';
import { openTestRecords } from '../../support/records.ts';
import { scriptedType } from '../../support/scripted-type.ts';

const OWNER = { userId: 'somebody', traceparent: null };
const type = scriptedType();

let records: RecordStore;
let fetcher: Fetcher;
let suffixes: string[] = [];
let count = 0;

const fresh = (): Submission => submission({ url: `http://scripted.example/${(count += 1)}` });

/** A manager that draws the suffixes given and takes its ids from nowhere else; nothing runs what it accepts. */
async function managerDrawing(...drawn: string[]): Promise<JobManager> {
  suffixes = [...drawn];
  const types = new TypeRegistry([type]);
  const codec = await openCodec(await openEmbeddedRegistry());
  const notifier = {
    notify: () => undefined,
    watch: () => Promise.resolve({ unsubscribe: () => Promise.resolve() }),
  };
  const broker: Pick<Broker, 'publish'> = { publish: () => Promise.resolve() };
  const crash = (): void => undefined;
  const now = (): Date => new Date();
  const newId = (): string => `id-${(count += 1)}`;
  const outbox = new Outbox({ records, broker: broker as Broker, notifier, crash });
  const deliveries = new WebhookDeliveries({
    records,
    fetcher,
    newId,
    now,
    random: () => 0,
    crash: NEVER_CRASH,
  });
  const effects = new JobEffects(deliveries, now);
  const queries = new JobQueries(records, types, 1);
  const newJobSuffix = (): string => {
    const suffix = suffixes.shift();
    if (suffix === undefined) throw new Error('Nothing more to draw');
    return suffix;
  };
  const writer = new SubmissionWriter({ types, fetcher, codec, outbox, maxRetries: 3, now, newJobSuffix });
  return new JobManager({
    records,
    types,
    codec,
    outbox,
    notifier,
    effects,
    queries,
    writer,
    deadLetters: (retryJob) => new DeadLetters({ records, outbox, newId, retryJob }),
    newBatchId: () => newId(),
    crash,
    now,
  });
}

async function idsOf(manager: JobManager, items: readonly Submission[]): Promise<readonly unknown[]> {
  const request = { batchId: null, open: false, callbackUrl: null, items };
  const outcome = await manager.submit(items.length === 1 && items[0] ? items[0] : request, OWNER);
  if (outcome.kind !== 'accepted') throw new Error('repeated');
  return outcome.items.map((item) => ('error' in item ? item.error.code : item.jobId));
}

beforeAll(async () => {
  records = await openTestRecords({ types: [type.tables] });
  fetcher = openFetcher({
    allowPrivate: ['127.0.0.0/8'],
    callbackAllow: [],
    allowedPorts: [80],
    userAgent: 'test',
    totalTimeoutMs: 1000,
    connectTimeoutMs: 1000,
    idleTimeoutMs: 1000,
    maxRedirects: 0,
    perHostConcurrency: 1,
    perHostDelayMs: 0,
    robots: 'ignore',
  });
});

afterAll(async () => {
  await fetcher.close();
  await records.close();
});

describe('a job id', () => {
  test('that was drawn before is drawn again', async () => {
    const manager = await managerDrawing('aaaaaaaaaaaa', 'aaaaaaaaaaaa', 'bbbbbbbbbbbb');
    expect(await idsOf(manager, [fresh()])).toEqual(['scripted_aaaaaaaaaaaa']);
    expect(await idsOf(manager, [fresh()])).toEqual(['scripted_bbbbbbbbbbbb']);
  });

  test('drawn twice within one batch makes the whole batch draw again, and leaves nothing of the first draw', async () => {
    const manager = await managerDrawing('c'.repeat(12), 'c'.repeat(12), 'd'.repeat(12), 'e'.repeat(12));
    const items = [fresh(), fresh()];
    expect(await idsOf(manager, items)).toEqual([`scripted_${'d'.repeat(12)}`, `scripted_${'e'.repeat(12)}`]);
    const rows = await records.query('SELECT 1 FROM processing_jobs WHERE job_id = $1', [
      `scripted_${'c'.repeat(12)}`,
    ]);
    expect(rows).toEqual([]);
    const batches = await records.query('SELECT 1 FROM batches');
    expect(batches).toHaveLength(1);
  });

  test('that collides five times in a row is no accident, and the failure is shown', async () => {
    const manager = await managerDrawing(...Array<string>(6).fill('f'.repeat(12)));
    await idsOf(manager, [fresh()]);
    await expect(idsOf(manager, [fresh()])).rejects.toMatchObject({ code: '23505' });
    expect(suffixes).toEqual([]);
  });
});
