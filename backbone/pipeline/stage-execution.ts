import { artifactKey, workPrefix } from '../content/artifacts.ts';
import type { ContentManager, StageResult } from '../content/content-manager.ts';
import type { Crash } from '../crash-points.ts';
import { AppError, asAppError } from '../errors.ts';
import type { Claim, StageClaims } from '../jobs/stage-claims.ts';
import type { RetryOrigin } from '../jobs/stage-messages.ts';
import type { HandOff } from '../jobs/stage-ends.ts';
import type { StageTransitions } from '../jobs/stage-transitions.ts';
import type { Logger } from '../logger.ts';
import type { Metrics, StageOutcome } from '../metrics.ts';
import type { BlobStore } from '../stores/blobs/blob-store.ts';
import { storableJson } from '../stores/postgres-text.ts';
import { isRefusal } from '../stores/records/record-store.ts';
import { StageStopped, type LeaseKeeper } from './lease-keeper.ts';
import { decide, type Decision } from './retry-policy.ts';
import { nextStage, stageProgress } from './stages.ts';

export interface StageExecutionOptions {
  readonly manager: ContentManager;
  readonly claims: Pick<StageClaims, 'progress'>;
  readonly transitions: StageTransitions;
  readonly leases: LeaseKeeper;
  readonly blobs: BlobStore;
  readonly ladder: readonly number[];
  readonly stageTimeoutMs: number;
  readonly metrics: Metrics;
  readonly logger: Logger;
  readonly crash: Crash;
  readonly now: () => Date;
  readonly random: () => number;
}

/** People see a percent at most this often. */
const PROGRESS_INTERVAL_MS = 250;

/** One claimed stage, from its input artifact to the transaction that hands it on, or to what its failure means. */
export class StageExecution {
  readonly #options: StageExecutionOptions;

  constructor(options: StageExecutionOptions) {
    this.#options = options;
  }

  /** `interrupted`: our own machinery is down, and the record is still the caller's. Rejects only when the outcome could not be stored. */
  async run(claim: Claim, origin: RetryOrigin, stopping: AbortSignal): Promise<StageOutcome> {
    const { leases, metrics, now } = this.#options;
    const { stage } = claim;
    const ended = metrics.stageStarted({ type: this.#type, stage });
    const startedMs = now().getTime();
    const held = leases.hold(claim);
    try {
      const outcome = await this.#attempt(claim, AbortSignal.any([held, stopping]), origin);
      metrics.stageEnded({ type: this.#type, stage, outcome, seconds: (now().getTime() - startedMs) / 1000 });
      return outcome;
    } finally {
      leases.release(claim);
      ended();
    }
  }

  async #attempt(claim: Claim, held: AbortSignal, origin: RetryOrigin): Promise<StageOutcome> {
    const timeout = AbortSignal.timeout(this.#options.stageTimeoutMs);
    const signal = AbortSignal.any([held, timeout]);
    try {
      if (claim.attempt > claim.job.max_retries + 1) throw new AppError('attempts_exhausted');
      const result = await this.#stage(claim, signal);
      return await this.#finish(claim, result, origin);
    } catch (error) {
      const stopped: unknown = signal.aborted ? signal.reason : null;
      if (stopped instanceof StageStopped) return this.#stopped(claim, stopped);
      return this.#failed(claim, origin, timeout.aborted ? this.#timedOut(claim) : error);
    }
  }

  async #stage(claim: Claim, signal: AbortSignal): Promise<StageResult> {
    const { manager, blobs, logger } = this.#options;
    const { job, stage, epoch } = claim;
    const input: unknown =
      job.input_key === null ? null : JSON.parse((await blobs.readAll(job.input_key)).toString('utf8'));
    signal.throwIfAborted();
    return manager.run(stage, {
      job,
      epoch,
      signal,
      input,
      progress: this.#progressOf(claim),
      logger: logger.child({ job_id: job.job_id, stage, attempt: claim.attempt }),
    });
  }

  async #finish(claim: Claim, result: StageResult, origin: RetryOrigin): Promise<StageOutcome> {
    const { transitions } = this.#options;
    switch (result.kind) {
      case 'unchanged': {
        const commit = (): Promise<void> => Promise.resolve();
        const { expansion = null } = result;
        await transitions.complete(claim, { unchanged: true, warnings: [], expansion, commit });
        await this.#clearUp(claim, () => this.#forgetWork(claim));
        return 'done';
      }
      case 'completed': {
        const { commit, warnings, expansion = null, afterCommit } = result;
        const mine = await transitions.complete(claim, { unchanged: false, warnings, expansion, commit });
        if (mine) await this.#clearUp(claim, afterCommit);
        return 'done';
      }
      case 'unfinished':
        return this.#leaveUnfinished(claim, result, origin);
      case 'next':
      case 'reroute': {
        const outputKey = artifactKey(claim.job.job_id, claim.stage, claim.epoch);
        await this.#options.blobs.put(outputKey, storableJson(result.artifact), {
          mediaType: 'application/json',
        });
        this.#options.crash('after_artifact');
        await transitions.handOff(claim, this.#handOffOf(claim, result, outputKey));
        return 'done';
      }
    }
  }

  async #leaveUnfinished(
    claim: Claim,
    unfinished: Extract<StageResult, { kind: 'unfinished' }>,
    origin: RetryOrigin,
  ): Promise<StageOutcome> {
    const { transitions, metrics } = this.#options;
    const { error, afterCommit } = unfinished;
    if (!(await transitions.failUnfinished(claim, unfinished, origin))) return 'fenced';
    this.#report(claim, error, error);
    metrics.deadLettered({ type: this.#type, code: error.code });
    await this.#clearUp(claim, afterCommit);
    return 'failed';
  }

  #handOffOf(
    claim: Claim,
    result: Extract<StageResult, { kind: 'next' | 'reroute' }>,
    outputKey: string,
  ): HandOff {
    const contentType = result.kind === 'reroute' ? result.contentType : claim.job.content_type;
    const next =
      result.kind === 'reroute' ? 'extract' : nextStage(this.#options.manager.type.stages, claim.stage);
    if (next === null) throw new Error(`The last stage ${claim.stage} must complete the job`);
    const { files = {}, warnings = [] } = result.kind === 'next' ? result : {};
    return { next, contentType, outputKey, files, warnings };
  }

  async #failed(claim: Claim, origin: RetryOrigin, thrown: unknown): Promise<StageOutcome> {
    const { ladder, now, random } = this.#options;
    const error = asAppError(thrown, 'stage_failed', { stage: claim.stage });
    const decision = decide({
      error,
      attempt: claim.attempt,
      maxRetries: claim.job.max_retries,
      ladder,
      throttledCount: claim.job.throttled_count,
      now: now(),
      random,
    });
    try {
      return await this.#settle(claim, origin, { error, thrown, decision });
    } catch (refusal) {
      if (!isRefusal(refusal)) throw refusal;
      return this.#refused(claim, origin, refusal);
    }
  }

  async #settle(
    claim: Claim,
    origin: RetryOrigin,
    failure: { readonly error: AppError; readonly thrown: unknown; readonly decision: Decision },
  ): Promise<StageOutcome> {
    const { transitions, metrics } = this.#options;
    const { error, thrown, decision } = failure;
    switch (decision.kind) {
      case 'pause':
        return (await transitions.interrupt(claim, error)) ? 'interrupted' : 'fenced';
      case 'dead_letter':
        this.#report(claim, error, thrown);
        metrics.deadLettered({ type: this.#type, code: error.code });
        await transitions.fail(claim, error, origin);
        return 'failed';
      case 'retry':
      case 'throttle':
        metrics.retryScheduled({ type: this.#type, stage: claim.stage, code: error.code });
        await transitions.retryLater(claim, error, {
          ...decision,
          throttled: decision.kind === 'throttle',
          origin,
        });
        return decision.kind === 'retry' ? 'retried' : 'throttled';
    }
  }

  /** What was to be written is refused however often it is tried: the job ends here. */
  async #refused(claim: Claim, origin: RetryOrigin, refusal: unknown): Promise<StageOutcome> {
    const error = new AppError('stage_failed', { params: { stage: claim.stage }, cause: refusal });
    this.#report(claim, error, refusal);
    this.#options.metrics.deadLettered({ type: this.#type, code: error.code });
    await this.#options.transitions.failUntold(claim, error, origin);
    return 'failed';
  }

  async #stopped(claim: Claim, stopped: StageStopped): Promise<StageOutcome> {
    switch (stopped.reason) {
      case 'cancelled':
        await this.#options.transitions.confirmCancelled(claim.job.job_id);
        await this.#clearUp(claim, () => this.#forgetWork(claim));
        return 'cancelled';
      case 'stopping':
        await this.#options.transitions.handBack(claim);
        return 'handed_back';
      case 'fenced':
        return 'fenced';
    }
  }

  #progressOf(claim: Claim): (fraction: number) => void {
    const { claims, manager, now, logger } = this.#options;
    let shown = claim.job.progress_percent;
    let nextAt = 0;
    return (fraction) => {
      const percent = stageProgress(manager.type.stages, claim.stage, fraction);
      if (percent <= shown || now().getTime() < nextAt) return;
      shown = percent;
      nextAt = now().getTime() + PROGRESS_INTERVAL_MS;
      claims.progress(claim, percent).catch((error: unknown) => {
        logger.debug({ error: error, job_id: claim.job.job_id }, 'progress was not stored');
      });
    };
  }

  async #clearUp(claim: Claim, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#options.logger.warn(
        { error: error, job_id: claim.job.job_id },
        'clearing up failed; the sweeper will do it',
      );
    }
  }

  async #forgetWork(claim: Claim): Promise<void> {
    await this.#options.blobs.deletePrefix(workPrefix(claim.job.job_id));
  }

  get #type(): string {
    return this.#options.manager.type.type;
  }

  #timedOut(claim: Claim): AppError {
    const limit = `${Math.round(this.#options.stageTimeoutMs / 60_000)} minutes`;
    return new AppError('stage_timeout', {
      params: { stage: claim.stage, limit, setting: 'STAGE_TIMEOUT_MINUTES' },
    });
  }

  /** One line a failure, at its last attempt; defects with everything that is known. */
  #report(claim: Claim, error: AppError, thrown: unknown): void {
    const fields = { job_id: claim.job.job_id, stage: claim.stage, attempt: claim.attempt, code: error.code };
    const isDefect = !(thrown instanceof AppError);
    this.#options.logger.warn({ ...fields, ...(isDefect ? { error: thrown } : {}) }, error.message);
  }
}
