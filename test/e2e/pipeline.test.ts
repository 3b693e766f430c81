import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { StageContext } from '../../backbone/content/content-manager.ts';
import type { Stage } from '../../backbone/pipeline/stages.ts';
import {
  ended,
  ingest,
  jobWhen,
  startBackbone,
  submit,
  TENANT,
  type TestBackbone,
} from '../support/backbone.ts';
import { failure, scriptedType, type StageScript } from '../support/scripted-type.ts';
import { until } from '../support/until.ts';

let backbone: TestBackbone;
let script: StageScript = () => Promise.resolve();
let count = 0;

const freshUrl = (): string => `http://scripted.example/${(count += 1)}`;
const eventTypes = async (jobId: string): Promise<readonly string[]> =>
  (await backbone.services.jobs.events(TENANT, jobId, 0)).map((event) => event.type);

const timeOf = (value: unknown): number => (typeof value === 'string' ? Date.parse(value) : Number.NaN);

/** Fails a stage with the codes given, one an attempt, then lets it pass. */
function failing(stage: Stage, codes: readonly string[]): StageScript {
  const left = [...codes];
  return (now) => {
    const code = now === stage ? left.shift() : undefined;
    return code === undefined ? Promise.resolve() : Promise.reject(failure(code));
  };
}

/** Holds a stage until it is let go, or its signal aborts. */
function holding(stage: Stage): { script: StageScript; entered: Promise<StageContext>; release: () => void } {
  const entered = Promise.withResolvers<StageContext>();
  const gate = Promise.withResolvers<undefined>();
  return {
    entered: entered.promise,
    release: () => gate.resolve(undefined),
    script: async (now, context) => {
      if (now !== stage) return;
      entered.resolve(context);
      const aborted = Promise.withResolvers<never>();
      context.signal.addEventListener('abort', () => aborted.reject(context.signal.reason as Error), {
        once: true,
      });
      await Promise.race([gate.promise, aborted.promise]);
    },
  };
}

beforeAll(async () => {
  const type = scriptedType((stage, context) => script(stage, context));
  backbone = await startBackbone({ types: [type], env: { LEASE_SECONDS: '1', WORKER_CONCURRENCY: '2' } });
});

afterAll(() => backbone.remove());

beforeEach(() => {
  script = () => Promise.resolve();
});

describe('a job', () => {
  test('goes through all six stages, and every change is an event without a gap', async () => {
    const { job, stages } = await ingest(backbone.services, { url: freshUrl() });
    expect(job).toMatchObject({
      status: 'completed',
      progress_percent: 100,
      retry_count: 0,
      stage_state: 'ended',
    });
    expect(stages.map(({ stage, status, attempts }) => [stage, status, attempts])).toEqual([
      ['download', 'done', 1],
      ['extract', 'done', 1],
      ['transcribe', 'done', 1],
      ['process', 'done', 1],
      ['embed', 'done', 1],
      ['store', 'done', 1],
    ]);
    const events = await backbone.services.jobs.events(TENANT, job.job_id, 0);
    expect(events.map((event) => event.seq)).toEqual(events.map((_, index) => index + 1));
    expect(events.filter((event) => event.type === 'completed')).toHaveLength(1);
    expect(events.map((event) => event.progress)).toEqual(
      events.map((event) => event.progress).sort((a, b) => a - b),
    );
  });

  test('that fails for a while is retried alone, from the stage that failed', async () => {
    script = failing('process', ['source_timeout', 'some defect']);
    const { job, stages } = await ingest(backbone.services, { url: freshUrl() });
    expect(job).toMatchObject({ status: 'completed', retry_count: 2, error_code: null });
    expect(stages.find(({ stage }) => stage === 'process')?.attempts).toBe(3);
    expect(stages.find(({ stage }) => stage === 'download')?.attempts).toBe(1);
    expect((await eventTypes(job.job_id)).filter((type) => type === 'retry_scheduled')).toHaveLength(2);
  });

  test('that keeps failing has four executions, then fails with its reason and becomes a dead letter', async () => {
    script = failing('extract', Array<string>(9).fill('source_timeout'));
    const { job, stages } = await ingest(backbone.services, { url: freshUrl() });
    expect(job).toMatchObject({
      status: 'failed',
      error_code: 'source_timeout',
      retry_count: 3,
      error_retryable: true,
    });
    expect(job.error_hint).toContain('tried again');
    expect(stages.find(({ stage }) => stage === 'extract')).toMatchObject({ status: 'failed', attempts: 4 });
    const { items } = await backbone.services.jobs.deadLetters({ userId: TENANT, limit: 100 });
    expect(items.filter((letter) => letter.job_id === job.job_id)).toEqual([
      expect.objectContaining({ error_code: 'source_timeout', stage: 'extract', attempts: 4 }),
    ]);
  });

  test('shows retrying, its reason and the time of the next attempt between attempts', async () => {
    script = failing('download', ['host_not_found']);
    const { jobId } = await submit(backbone.services, { url: freshUrl() });
    const { job } = await ended(backbone.services, jobId);
    const retrying = (await backbone.services.jobs.events(TENANT, job.job_id, 0)).find(
      (e) => e.status === 'retrying',
    );
    expect(retrying).toMatchObject({
      type: 'retry_scheduled',
      detail: { error: { code: 'host_not_found' } },
    });
    expect(timeOf(retrying?.detail['next_retry_at'])).toBeGreaterThan(retrying?.at.getTime() ?? Infinity);
  });

  test('never starts an attempt before its time', async () => {
    script = failing('download', ['source_timeout', 'source_timeout', 'source_timeout']);
    const { job } = await ingest(backbone.services, { url: freshUrl() });
    const events = await backbone.services.jobs.events(TENANT, job.job_id, 0);
    const due = events
      .filter((e) => e.type === 'retry_scheduled')
      .map((e) => timeOf(e.detail['next_retry_at']));
    const claims = events.filter((e) => e.type === 'claimed' && e.stage === 'download').slice(1);
    claims.forEach((claim, index) =>
      expect(claim.at.getTime()).toBeGreaterThanOrEqual(due[index] ?? Infinity),
    );
    expect(claims).toHaveLength(3);
  });

  test('that fails for good is not retried', async () => {
    script = failing('download', ['source_not_found']);
    const { job } = await ingest(backbone.services, { url: freshUrl() });
    expect(job).toMatchObject({
      status: 'failed',
      error_code: 'source_not_found',
      retry_count: 0,
      error_retryable: false,
    });
  });

  test('whose source asks us to wait spends no attempt, and starts no earlier', async () => {
    let first = true;
    script = (stage) => {
      if (stage !== 'download' || !first) return Promise.resolve();
      first = false;
      return Promise.reject(failure('source_throttled', 300));
    };
    const { job, stages } = await ingest(backbone.services, { url: freshUrl() });
    expect(job).toMatchObject({ status: 'completed', retry_count: 0 });
    expect(stages[0]).toMatchObject({ stage: 'download', attempts: 1 });
    const events = await backbone.services.jobs.events(TENANT, job.job_id, 0);
    const asked = events.find((event) => event.type === 'throttled');
    const again = events.filter((event) => event.type === 'claimed' && event.stage === 'download')[1];
    expect((again?.at.getTime() ?? 0) - (asked?.at.getTime() ?? 0)).toBeGreaterThanOrEqual(299);
  });

  test('survives an outage of our own machinery: no attempt, no dead letter', async () => {
    script = failing('embed', ['store_unavailable']);
    const { job, stages } = await ingest(backbone.services, { url: freshUrl() });
    expect(job).toMatchObject({ status: 'completed', retry_count: 0 });
    expect(stages.find(({ stage }) => stage === 'embed')).toMatchObject({ attempts: 1, status: 'done' });
    expect(await eventTypes(job.job_id)).toContain('interrupted');
  });

  test('that a stage defect stops is explained as such', async () => {
    script = failing('store', Array<string>(4).fill('a defect nobody knows'));
    const { job } = await ingest(backbone.services, { url: freshUrl() });
    expect(job).toMatchObject({ status: 'failed', error_code: 'stage_failed' });
    expect(job.error_message).not.toContain('nobody knows');
    expect(JSON.stringify(backbone.logs)).toContain('a defect nobody knows');
  });
});

describe('cancelling', () => {
  test('reaches a running stage within a second or so, and ends the job once', async () => {
    const held = holding('process');
    script = held.script;
    const { jobId } = await submit(backbone.services, { url: freshUrl() });
    const { signal } = await held.entered;
    const asked = Date.now();
    await backbone.services.jobs.cancel(TENANT, jobId ?? '');
    const { job } = await ended(backbone.services, jobId);
    expect(signal.aborted).toBe(true);
    expect(Date.now() - asked).toBeLessThan(3000);
    expect(job.status).toBe('cancelled');
    expect((await eventTypes(job.job_id)).filter((type) => type === 'cancelled')).toHaveLength(1);
  });

  test('a job that has ended is refused', async () => {
    const { job } = await ingest(backbone.services, { url: freshUrl() });
    await expect(backbone.services.jobs.cancel(TENANT, job.job_id)).rejects.toMatchObject({
      code: 'job_ended',
    });
  });

  test('a job that waits for its retry ends at once', async () => {
    script = (stage) =>
      stage === 'download' ? Promise.reject(failure('source_throttled', 60_000)) : Promise.resolve();
    const { jobId } = await submit(backbone.services, { url: freshUrl() });
    await jobWhen(backbone.services, jobId ?? '', ({ job }) => job.status === 'retrying');
    const job = await backbone.services.jobs.cancel(TENANT, jobId ?? '');
    expect(job).toMatchObject({ status: 'cancelled', stage_state: 'ended' });
  });
});

describe('trying again by hand', () => {
  test('starts at the stage that failed and opens a new run', async () => {
    script = failing('embed', ['no_text']);
    const { job } = await ingest(backbone.services, { url: freshUrl() });
    expect(job.status).toBe('failed');
    await backbone.services.jobs.retry(TENANT, job.job_id);
    const again = await ended(backbone.services, job.job_id);
    expect(again.job).toMatchObject({ status: 'completed', error_code: null });
    expect(again.stages.find(({ stage }) => stage === 'download')?.attempts).toBe(1);
    const { items } = await backbone.services.jobs.deadLetters({ userId: TENANT, limit: 100 });
    expect(items.map((letter) => letter.job_id)).not.toContain(job.job_id);
  });

  test('is refused for a job that completed and for one that runs', async () => {
    const { job } = await ingest(backbone.services, { url: freshUrl() });
    await expect(backbone.services.jobs.retry(TENANT, job.job_id)).rejects.toMatchObject({
      code: 'job_not_retryable',
    });
    const held = holding('download');
    script = held.script;
    const { jobId } = await submit(backbone.services, { url: freshUrl() });
    await held.entered;
    await expect(backbone.services.jobs.retry(TENANT, jobId ?? '')).rejects.toMatchObject({
      code: 'job_not_ended',
    });
    held.release();
    await ended(backbone.services, jobId);
  });

  test('is refused while another job works on the same content', async () => {
    const url = freshUrl();
    script = failing('download', ['no_text']);
    const failed = await ingest(backbone.services, { url });
    const held = holding('extract');
    script = held.script;
    const { jobId } = await submit(backbone.services, { url });
    await held.entered;
    await expect(backbone.services.jobs.retry(TENANT, failed.job.job_id)).rejects.toMatchObject({
      code: 'conflict',
    });
    held.release();
    await ended(backbone.services, jobId);
  });
});

describe('dead letters', () => {
  test('are counted by a dry run and replayed by code', async () => {
    script = failing('process', ['file_damaged', 'file_damaged']);
    const jobs = [
      await ingest(backbone.services, { url: freshUrl() }),
      await ingest(backbone.services, { url: freshUrl() }),
    ];
    const request = {
      userId: TENANT,
      errorCode: 'file_damaged',
      reason: 'mended',
      actor: 'somebody',
    } as const;
    await expect(backbone.services.jobs.replay({ ...request, dryRun: true })).resolves.toMatchObject({
      matched: 2,
      replayed: [],
    });
    const { replayed, refused } = await backbone.services.jobs.replay({ ...request, dryRun: false });
    expect(refused).toEqual([]);
    expect(replayed.map(({ jobId }) => jobId).sort()).toEqual(jobs.map(({ job }) => job.job_id).sort());
    for (const { job } of jobs)
      expect((await ended(backbone.services, job.job_id)).job.status).toBe('completed');
    await expect(backbone.services.jobs.replay({ ...request, dryRun: true })).resolves.toMatchObject({
      matched: 0,
    });
  });
});

describe('the lease', () => {
  test('of a long stage is renewed, so that nobody else takes it', async () => {
    const held = holding('download');
    script = held.script;
    const { jobId } = await submit(backbone.services, { url: freshUrl() });
    await held.entered;
    const { job } = await backbone.services.jobs.get(TENANT, jobId ?? '');
    await jobWhenPolled(
      jobId ?? '',
      (leaseUntil) => leaseUntil > (job.lease_until?.getTime() ?? Infinity) + 1500,
    );
    held.release();
    const done = await ended(backbone.services, jobId);
    expect(done.stages[0]).toMatchObject({ stage: 'download', attempts: 1 });
  });
});

/** A renewal is no event of the job: look until the lease has moved. */
function jobWhenPolled(jobId: string, check: (leaseUntil: number) => boolean): Promise<void> {
  return until(async () => {
    const { job } = await backbone.services.jobs.get(TENANT, jobId);
    return check(job.lease_until?.getTime() ?? 0);
  });
}
