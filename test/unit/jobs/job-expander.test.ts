import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Broker, OutgoingRecord } from '../../../backbone/broker/broker.ts';
import { openEmbeddedRegistry } from '../../../backbone/broker/embedded-registry.ts';
import { TypeRegistry } from '../../../backbone/content/content-types.ts';
import { MOST_EXPANDED, type Expansion } from '../../../backbone/content/expansion.ts';
import { NEVER_CRASH, type Crash } from '../../../backbone/crash-points.ts';
import { AppError } from '../../../backbone/errors.ts';
import type { Fetcher } from '../../../backbone/fetch/fetcher.ts';
import { openFetcher } from '../../../backbone/fetch/open-fetcher.ts';
import { JobEffects } from '../../../backbone/jobs/job-effects.ts';
import { ExpansionWriter, type ExpansionWriterOptions } from '../../../backbone/jobs/expansion-writer.ts';
import { JobExpander } from '../../../backbone/jobs/job-expander.ts';
import { Outbox } from '../../../backbone/jobs/outbox.ts';
import { StageClaims, type Claim } from '../../../backbone/jobs/stage-claims.ts';
import { StageTransitions } from '../../../backbone/jobs/stage-transitions.ts';
import { SubmissionWriter } from '../../../backbone/jobs/submission.ts';
import { WebhookDeliveries } from '../../../backbone/jobs/webhook-deliveries.ts';
import { openCodec, type StageTaskCodec } from '../../../backbone/pipeline/codec.ts';
import type { JobRow } from '../../../backbone/stores/records/entities.ts';
import type { RecordStore } from '../../../backbone/stores/records/record-store.ts';
import { submission } from '../../support/backbone.ts';
import { openTestRecords } from '../../support/records.ts';
import { scriptedType } from '../../support/scripted-type.ts';
import { SETTINGS } from '../fetch/fetching.ts';

const OWNER = { userId: 'somebody', batchId: null, traceparent: null };
const type = scriptedType();
const notifier = {
  notify: () => undefined,
  watch: () => Promise.resolve({ unsubscribe: () => Promise.resolve() }),
};
const now = (): Date => new Date();

let records: RecordStore;
let fetcher: Fetcher;
let codec: StageTaskCodec;
let outbox: Outbox;
let writer: SubmissionWriter;
let sent: OutgoingRecord[] = [];
let fenced = 0;
let count = 0;

const newId = (): string => `id-${(count += 1)}`;
const host = (path: string): string => `http://scripted.example/${path}`;

beforeAll(async () => {
  records = await openTestRecords({ types: [type.tables] });
  fetcher = openFetcher(SETTINGS);
  codec = await openCodec(await openEmbeddedRegistry());
  const broker: Pick<Broker, 'publish'> = {
    publish: (added) => {
      sent.push(...added);
      return Promise.resolve();
    },
  };
  outbox = new Outbox({ records, broker: broker as Broker, notifier, crash: NEVER_CRASH });
  const newJobSuffix = (): string => (count += 1).toString(16).padStart(12, '0');
  const types = new TypeRegistry([type]);
  writer = new SubmissionWriter({ types, fetcher, codec, outbox, maxRetries: 3, now, newJobSuffix });
});

afterAll(async () => {
  await fetcher.close();
  await records.close();
});

function transitionsWith(
  options: Partial<ExpansionWriterOptions> = {},
  crash: Crash = NEVER_CRASH,
): StageTransitions {
  const expansions = new ExpansionWriter({ writer, newBatchId: newId, ...options });
  const expander = new JobExpander({ expansions, crash });
  const deliveries = new WebhookDeliveries({ records, fetcher, newId, now, random: () => 0, crash });
  const effects = new JobEffects(deliveries, now);
  const onFenced = (): void => void (fenced += 1);
  return new StageTransitions({
    records,
    outbox,
    codec,
    notifier,
    effects,
    expander,
    crash,
    now,
    newId,
    onFenced,
  });
}

/** A job of the address whose stage is claimed. */
async function claimOf(url: string): Promise<Claim> {
  const plan = writer.plan(submission({ url, metadata: { tags: ['sea'] } }), null);
  await records.transaction((sql) => writer.insert(sql, [plan], OWNER));
  const claims = new StageClaims({ records, notifier, crash: NEVER_CRASH, now });
  const { jobId, contentId, contentType, stage } = plan;
  const task = {
    jobId,
    contentId,
    contentType,
    stage: stage,
    epoch: 0,
    lane: 'normal',
    priority: 5,
  } as const;
  const result = await claims.claim(
    { ...task, submittedAt: now(), enqueuedAt: now(), traceparent: null },
    'worker',
    60_000,
  );
  if (result.kind !== 'claimed') throw new Error(result.kind);
  return result.claim;
}

const expansionTo = (urls: readonly string[]): Expansion => ({
  wanted: urls.map((url) => ({ url, upload: null, contentType: null, options: {}, keys: [`link:${url}`] })),
  warnings: [],
});

function complete(transitions: StageTransitions, claim: Claim, expansion: Expansion): Promise<boolean> {
  return transitions.complete(claim, {
    unchanged: false,
    warnings: [{ code: 'own', message: 'Of the stage.' }],
    expansion,
    commit: () => Promise.resolve(),
  });
}

const rowOf = async (jobId: string): Promise<JobRow | undefined> =>
  (await records.query<JobRow>('SELECT * FROM processing_jobs WHERE job_id = $1', [jobId]))[0];
const jobsAt = (urls: readonly string[]): Promise<readonly JobRow[]> =>
  records.query<JobRow>('SELECT * FROM processing_jobs WHERE url = ANY($1::text[]) ORDER BY job_id', [urls]);

describe('expanding a job', () => {
  test('commits the jobs, their records and the batch with its end, and publishes them', async () => {
    const claim = await claimOf(host('coast'));
    const urls = [host('gull'), host('tern')];
    sent = [];
    expect(await complete(transitionsWith(), claim, expansionTo(urls))).toBe(true);
    const jobs = await jobsAt(urls);
    const parent = await rowOf(claim.job.job_id);
    expect(parent).toMatchObject({
      status: 'completed',
      expansion: { started: 2, skipped: 0, refused: 0 },
      warnings: [{ code: 'own' }],
    });
    for (const job of jobs)
      expect(job).toMatchObject({
        status: 'queued',
        batch_id: parent?.expansion?.batch_id,
        metadata: { tags: ['sea'] },
        user_id: OWNER.userId,
      });
    expect(sent.map(({ key }) => key).sort()).toEqual(jobs.map(({ job_id }) => job_id));
    const items = await records.query('SELECT 1 FROM batch_items WHERE batch_id = $1', [
      parent?.expansion?.batch_id,
    ]);
    expect(items).toHaveLength(2);
  });

  test('is done once, however often the end of the stage is told', async () => {
    const claim = await claimOf(host('river'));
    const urls = [host('otter')];
    const transitions = transitionsWith();
    const ends = [
      await complete(transitions, claim, expansionTo(urls)),
      await complete(transitions, claim, expansionTo(urls)),
    ];
    expect(ends).toEqual([true, false]);
    expect(await jobsAt(urls)).toHaveLength(1);
  });

  test('is not done by a worker that has lost the job', async () => {
    const claim = await claimOf(host('lost'));
    await records.query('UPDATE processing_jobs SET epoch = epoch + 1 WHERE job_id = $1', [claim.job.job_id]);
    const before = fenced;
    expect(await complete(transitionsWith(), claim, expansionTo([host('of-lost')]))).toBe(false);
    expect(fenced).toBe(before + 1);
    expect(await jobsAt([host('of-lost')])).toEqual([]);
  });

  test('leaves nothing when its transaction fails, and can be done again', async () => {
    const claim = await claimOf(host('broken'));
    const urls = [host('of-broken')];
    const crash = (): never => {
      throw new Error('the connection is gone');
    };
    await expect(complete(transitionsWith({}, crash), claim, expansionTo(urls))).rejects.toThrow('is gone');
    expect(await jobsAt(urls)).toEqual([]);
    expect(await rowOf(claim.job.job_id)).toMatchObject({ stage_state: 'running', expansion: null });
    expect(await complete(transitionsWith(), claim, expansionTo(urls))).toBe(true);
    expect(await jobsAt(urls)).toHaveLength(1);
  });

  test('skips what is running or was listed twice, and warns of what is refused without remembering it', async () => {
    const running = await claimOf(host('running'));
    const claim = await claimOf(host('mixed'));
    const urls = [
      host('running'),
      host('fresh'),
      host('fresh'),
      'ftp://scripted.example/file',
      'http://10.0.0.1/',
    ];
    await complete(transitionsWith(), claim, expansionTo(urls));
    const parent = await rowOf(claim.job.job_id);
    expect(parent?.expansion).toMatchObject({ started: 1, skipped: 2, refused: 2 });
    expect(parent?.warnings.map(({ code }) => code)).toEqual([
      'own',
      'expansion_refused',
      'expansion_refused',
    ]);
    expect(await rowOf(running.job.job_id)).toMatchObject({ stage_state: 'running', batch_id: null });
    const seen = await records.query('SELECT 1 FROM expanded_items WHERE content_id = $1', [
      claim.job.content_id,
    ]);
    expect(seen).toHaveLength(2);
  });

  test('takes as many items as may ever be wanted', async () => {
    const claim = await claimOf(host('large'));
    const urls = Array.from({ length: MOST_EXPANDED }, (_, at) => host(`large/${at}`));
    await complete(transitionsWith(), claim, expansionTo(urls));
    expect((await rowOf(claim.job.job_id))?.expansion).toMatchObject({ started: MOST_EXPANDED });
    expect(await jobsAt(urls)).toHaveLength(MOST_EXPANDED);
  });

  test('makes no batch when there is nothing to start', async () => {
    const claim = await claimOf(host('empty'));
    await complete(transitionsWith(), claim, expansionTo([]));
    const nothing = { batch_id: null, started: 0, skipped: 0, refused: 0 };
    expect((await rowOf(claim.job.job_id))?.expansion).toEqual(nothing);
  });

  test('fails in a way that is tried again when other jobs or its own code get in its way', async () => {
    const claim = await claimOf(host('contended'));
    const failing = (change: Partial<ExpansionWriterOptions['writer']>): StageTransitions =>
      transitionsWith({
        writer: {
          plan: (item, upload) => writer.plan(item, upload),
          insert: (...given) => writer.insert(...given),
          ...change,
        },
      });
    const conflict = failing({ insert: () => Promise.reject(new AppError('conflict')) });
    await expect(complete(conflict, claim, expansionTo([]))).rejects.toThrow('come and go');
    const down = failing({ insert: () => Promise.reject(new AppError('store_unavailable')) });
    await expect(complete(down, claim, expansionTo([]))).rejects.toMatchObject({ code: 'store_unavailable' });
    const defect = failing({
      plan: () => {
        throw new TypeError('a defect');
      },
    });
    await expect(complete(defect, claim, expansionTo([host('x')]))).rejects.toThrow('a defect');
  });
});
