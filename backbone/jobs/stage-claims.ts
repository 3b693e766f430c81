import type { StageTask } from '../pipeline/codec.ts';
import { STAGE_PROGRESS, type Stage } from '../pipeline/stages.ts';
import type { JobRow } from '../stores/records/entities.ts';
import type { RecordStore } from '../stores/records/record-store.ts';
import type { Crash } from '../crash-points.ts';
import { statusAfter, statusesBefore } from './job.ts';
import type { JobNotifier } from './job-notifier.ts';
import { CLAIM, LOST, NOT_DUE, PROGRESS, RENEW } from './stage-statements.ts';

/** One execution of one stage: what a worker holds while it works. `job` is the row after the claim. */
export interface Claim {
  readonly job: JobRow;
  readonly stage: Stage;
  /** Guards every write: whoever raised it since owns the job now. */
  readonly epoch: number;
  /** Executions of the stage so far, this one included. */
  readonly attempt: number;
}

export type ClaimResult =
  | { readonly kind: 'claimed'; readonly claim: Claim }
  /** The stage waits for its time. */
  | { readonly kind: 'not_due'; readonly dueAt: Date }
  /** Done, cancelled, owned by another worker, or a stale copy: nothing to do. */
  | { readonly kind: 'nothing' };

export interface StageClaimsOptions {
  readonly records: RecordStore;
  readonly notifier: JobNotifier;
  readonly crash: Crash;
  readonly now: () => Date;
}

/** Taking a stage and keeping it while it runs: claim, progress, lease. How it ends is `stage-transitions.ts`. */
export class StageClaims {
  readonly #options: StageClaimsOptions;

  constructor(options: StageClaimsOptions) {
    this.#options = options;
  }

  /** Takes the stage that a record names. Attempts are counted here, so a job that kills its worker runs out of them. */
  async claim(task: StageTask, owner: string, leaseMs: number): Promise<ClaimResult> {
    const [job] = await this.#options.records.query<JobRow>(CLAIM, [
      task.jobId,
      task.stage,
      task.contentType,
      task.epoch,
      statusesBefore('claimed'),
      statusAfter('claimed', task.stage),
      STAGE_PROGRESS[task.stage],
      leaseMs,
      owner,
    ]);
    if (!job) return this.#whyNotClaimed(task);
    this.#options.notifier.notify(job.job_id);
    this.#options.crash('after_claim');
    return { kind: 'claimed', claim: { job, stage: task.stage, epoch: job.epoch, attempt: job.attempt } };
  }

  /** Progress inside the stage, in whole percent of the job. */
  async progress(claim: Claim, percent: number): Promise<boolean> {
    const rows = await this.#options.records.query(PROGRESS, [
      claim.job.job_id,
      claim.epoch,
      percent,
      statusesBefore('progressed'),
    ]);
    if (rows.length > 0) this.#options.notifier.notify(claim.job.job_id);
    return rows.length > 0;
  }

  /** Renews the leases of running stages that are still this worker's. */
  async renew(claims: readonly Claim[], leaseMs: number): Promise<void> {
    await this.#options.records.query(RENEW, [
      claims.map((claim) => claim.job.job_id),
      claims.map((claim) => claim.epoch),
      leaseMs,
    ]);
  }

  /** Of running stages those that must stop: cancelled, or raised to another epoch by somebody else. */
  async lostAmong(claims: readonly Claim[]): Promise<ReadonlyMap<string, 'cancelled' | 'fenced'>> {
    const rows = await this.#options.records.query<{ job_id: string; cancelled: boolean }>(LOST, [
      claims.map((claim) => claim.job.job_id),
      claims.map((claim) => claim.epoch),
    ]);
    return new Map(rows.map((row) => [row.job_id, row.cancelled ? 'cancelled' : 'fenced']));
  }

  async #whyNotClaimed(task: StageTask): Promise<ClaimResult> {
    const [row] = await this.#options.records.query<{ wait_ms: number }>(NOT_DUE, [
      task.jobId,
      task.stage,
      task.contentType,
      task.epoch,
      statusesBefore('claimed'),
    ]);
    if (!row) return { kind: 'nothing' };
    return {
      kind: 'not_due',
      dueAt: new Date(this.#options.now().getTime() + Math.max(0, Math.ceil(row.wait_ms))),
    };
  }
}
