import type { Broker } from '../broker/broker.ts';
import type { StageTaskCodec } from '../pipeline/codec.ts';
import { consumerGroup } from '../pipeline/topics.ts';
import type { JobRow } from '../stores/records/entities.ts';
import type { RecordStore } from '../stores/records/record-store.ts';
import type { JobEffects } from './job-effects.ts';
import type { Outbox, OutboxEntry, OutboxMessage } from './outbox.ts';
import { stageMessage } from './stage-messages.ts';
import type { StageTransitions } from './stage-transitions.ts';

export interface ReconcilerOptions {
  readonly records: RecordStore;
  readonly broker: Broker;
  readonly outbox: Outbox;
  readonly codec: StageTaskCodec;
  readonly transitions: StageTransitions;
  readonly effects: JobEffects;
  readonly now: () => Date;
}

/** A stage that was due this long ago and that nobody holds has lost its record. The wait doubles each time. */
export const OVERDUE_MS = 30_000;
const LONGEST_OVERDUE_MS = 60 * 60_000;
const PAGE = 500;

/** Finds work that nobody will ever pick up by itself, and makes it due again. Doing so too often is harmless. */
export class Reconciler {
  readonly #options: ReconcilerOptions;

  constructor(options: ReconcilerOptions) {
    this.#options = options;
  }

  /**
   * At the start of the only process over these records, when the broker has forgotten everything: whatever
   * has not ended is made due again. Resolves with how many jobs.
   */
  async recover(): Promise<number> {
    const { records } = this.#options;
    await records.query(END_LEASES);
    await this.#confirmCancelled();
    await records.query('DELETE FROM outbox');
    let sent = 0;
    for (let after = ''; ; ) {
      const jobs = await records.query<WaitingJob>(
        `SELECT *, GREATEST(0, extract(epoch FROM due_at - now()) * 1000)::float8 AS wait_ms FROM processing_jobs
          WHERE stage_state <> 'ended' AND job_id > $1 ORDER BY job_id LIMIT $2`,
        [after, PAGE],
      );
      await this.#send(jobs, false);
      sent += jobs.length;
      after = jobs.at(-1)?.job_id ?? '';
      if (jobs.length < PAGE) return sent;
    }
  }

  /** One look. Resolves with how many jobs were made due again. */
  async run(): Promise<number> {
    if (!(await this.#hasWork())) return 0;
    await this.#confirmCancelled();
    await this.#endBatches();
    return (await this.#resend(EXPIRED, false)) + (await this.#resendOverdue());
  }

  /** Most of the time nothing is under way: then one cheap question must do. */
  async #hasWork(): Promise<boolean> {
    const [row] = await this.#options.records.query<{ busy: boolean }>(
      `SELECT EXISTS (SELECT 1 FROM processing_jobs WHERE stage_state <> 'ended')
           OR EXISTS (SELECT 1 FROM batches WHERE closed_at IS NOT NULL AND ended_at IS NULL) AS busy`,
    );
    return row?.busy === true;
  }

  async #resendOverdue(): Promise<number> {
    const { records } = this.#options;
    const jobs = await records.query<WaitingJob>(OVERDUE, [OVERDUE_MS, PAGE]);
    const lost = await this.#withoutBacklog(jobs);
    await this.#send(lost, true);
    return lost.length;
  }

  async #resend(statement: string, counts: boolean): Promise<number> {
    const jobs = await this.#options.records.query<WaitingJob>(statement, [PAGE]);
    await this.#send(jobs, counts);
    return jobs.length;
  }

  /** A deep queue looks like a loss: only where nothing is waiting in the job's own topic is it one. */
  async #withoutBacklog(jobs: readonly WaitingJob[]): Promise<readonly WaitingJob[]> {
    const kept: WaitingJob[] = [];
    for (const [type, ofType] of Map.groupBy(jobs, (job) => job.content_type)) {
      const topics = new Map(ofType.map((job) => [job, this.#messageFor(job).topic]));
      const lag = await this.#options.broker.lag(consumerGroup(type), [...new Set(topics.values())]);
      kept.push(...ofType.filter((job) => (lag.get(topics.get(job) ?? '') ?? 0) === 0));
    }
    return kept;
  }

  async #send(jobs: readonly WaitingJob[], counts: boolean): Promise<void> {
    if (jobs.length === 0) return;
    const { records, outbox } = this.#options;
    const messages = jobs.map((job) => ({ ...this.#messageFor(job), delayMs: job.wait_ms }));
    const entries: OutboxEntry[] = await records.transaction(async (sql) => {
      if (counts) await sql.query(POSTPONE, [jobs.map((job) => job.job_id), OVERDUE_MS, LONGEST_OVERDUE_MS]);
      return outbox.insert(sql, messages);
    });
    await outbox.publish(entries.filter((_, index) => jobs[index]?.wait_ms === 0));
  }

  #messageFor(job: WaitingJob): OutboxMessage {
    const { codec, now } = this.#options;
    const stage = job.current_stage ?? 'download';
    return stageMessage(codec, job, { stage, readyEpoch: job.ready_epoch, now: now() });
  }

  /** A worker that was asked to stop and is gone will not confirm. */
  async #confirmCancelled(): Promise<void> {
    const rows = await this.#options.records.query<{ job_id: string }>(
      `SELECT job_id FROM processing_jobs WHERE stage_state = 'running' AND cancel_requested_at IS NOT NULL AND lease_until <= now() LIMIT $1`,
      [PAGE],
    );
    for (const { job_id } of rows) await this.#options.transitions.confirmCancelled(job_id);
  }

  async #endBatches(): Promise<void> {
    const { records, effects } = this.#options;
    const rows = await records.query<{ batch_id: string }>(
      `SELECT b.batch_id FROM batches b WHERE b.closed_at IS NOT NULL AND b.ended_at IS NULL AND NOT EXISTS (
         SELECT 1 FROM batch_items i JOIN processing_jobs j USING (job_id)
          WHERE i.batch_id = b.batch_id AND j.stage_state <> 'ended') LIMIT $1`,
      [PAGE],
    );
    for (const { batch_id } of rows) await records.transaction((sql) => effects.endBatch(sql, batch_id));
  }
}

type WaitingJob = JobRow & { readonly wait_ms: number };

/** Nobody is left who could hold one. In the past by more than the clock's resolution, so that a claim sees it so. */
const END_LEASES = `
UPDATE processing_jobs SET lease_until = now() - interval '1 ms' WHERE stage_state = 'running'`;

/** The lease is pushed on, so that the next look does not send it a second time. */
const EXPIRED = `
UPDATE processing_jobs SET lease_until = now() - interval '1 ms', resend_after = now() + interval '10 s'
 WHERE job_id IN (
   SELECT job_id FROM processing_jobs
    WHERE stage_state = 'running' AND lease_until < now() AND cancel_requested_at IS NULL
      AND (resend_after IS NULL OR resend_after < now())
    ORDER BY lease_until LIMIT $1 FOR UPDATE SKIP LOCKED)
RETURNING *, 0::float8 AS wait_ms`;

const OVERDUE = `
SELECT *, 0::float8 AS wait_ms FROM processing_jobs
 WHERE stage_state = 'ready' AND due_at < now() - $1 * interval '1 ms' AND (resend_after IS NULL OR resend_after < now())
 ORDER BY due_at LIMIT $2`;

const POSTPONE = `
UPDATE processing_jobs
   SET resend_count = resend_count + 1, resend_after = now() + LEAST($2 * 2 ^ LEAST(resend_count, 20), $3) * interval '1 ms'
 WHERE job_id = ANY($1::text[])`;
