import type { AppError } from '../errors.ts';
import type { StageTaskCodec } from '../pipeline/codec.ts';
import { STAGE_PROGRESS } from '../pipeline/stages.ts';
import { storableJson, storableText } from '../stores/postgres-text.ts';
import type { RecordStore, SqlExecutor } from '../stores/records/record-store.ts';
import type { Crash } from '../crash-points.ts';
import { statusAfter, statusesBefore, TERMINAL_STATUSES } from './job.ts';
import type { JobNotifier } from './job-notifier.ts';
import type { Outbox, OutboxEntry, OutboxMessage } from './outbox.ts';
import type { Claim } from './stage-claims.ts';
import type { Completion, HandOff, Unfinished } from './stage-ends.ts';
import { deadMessage, retryMessage, stageMessage, type RetryOrigin } from './stage-messages.ts';
import { COMPLETE, CONFIRM_CANCELLED, FAIL, GIVE_BACK, HAND_OFF, RETRY } from './stage-statements.ts';
import type { JobEffects } from './job-effects.ts';
import type { JobExpander } from './job-expander.ts';

export interface TransitionOptions {
  readonly records: RecordStore;
  readonly outbox: Outbox;
  readonly codec: StageTaskCodec;
  readonly notifier: JobNotifier;
  readonly effects: JobEffects;
  readonly expander: JobExpander;
  readonly crash: Crash;
  readonly now: () => Date;
  readonly newId: () => string;
  /** Called when a write found that the job belongs to somebody else by now. */
  readonly onFenced: (claim: Claim) => void;
}

/**
 * How a claimed stage ends: hand-off, completion, failure, retry, interruption, cancellation. Each is one
 * transaction, guarded by the epoch; false means fenced: write nothing more.
 */
export class StageTransitions {
  readonly #options: TransitionOptions;

  constructor(options: TransitionOptions) {
    this.#options = options;
  }

  /** The stage is done and the next one due. */
  async handOff(claim: Claim, handOff: HandOff): Promise<boolean> {
    const { codec, now } = this.#options;
    const event = handOff.contentType === claim.job.content_type ? 'handed_off' : 'rerouted';
    const subject = { ...claim.job, content_type: handOff.contentType };
    const message = stageMessage(codec, subject, {
      stage: handOff.next,
      readyEpoch: claim.epoch,
      now: now(),
    });
    this.#options.crash('before_commit');
    const [row] = await this.#options.records.query<{ id: string }>(HAND_OFF, [
      claim.job.job_id,
      claim.epoch,
      statusesBefore(event),
      statusAfter(event, handOff.next),
      STAGE_PROGRESS[handOff.next],
      handOff.next,
      handOff.contentType,
      handOff.outputKey,
      storableJson(handOff.files),
      storableJson(handOff.warnings),
      event,
      message.topic,
      JSON.stringify(message.headers),
      message.payload,
    ]);
    if (!row) return this.#fenced(claim);
    await this.#announce(claim, [{ ...message, id: row.id }]);
    return true;
  }

  /** The last stage is done: the content's version and the job's end become visible together. */
  async complete(claim: Claim, completion: Completion): Promise<boolean> {
    this.#options.crash('before_commit');
    return this.#end(claim, 'completed', async (sql) => {
      const [row] = await sql.query<{ job_id: string }>(COMPLETE, [
        claim.job.job_id,
        claim.epoch,
        statusesBefore('completed'),
        completion.unchanged,
        storableJson(completion.warnings),
        JSON.stringify(completion.unchanged ? { unchanged: true } : {}),
      ]);
      if (!row) return null;
      await completion.commit(sql);
      const { expansion } = completion;
      return expansion === null ? [] : this.#options.expander.expand(sql, claim.job, expansion);
    });
  }

  /** No further attempt: the job has failed, and the record becomes a dead letter. */
  async fail(claim: Claim, error: AppError, origin: RetryOrigin): Promise<boolean> {
    return this.#end(claim, 'failed', async (sql) =>
      (await this.#markFailed(sql, claim, error, origin)) ? this.#tellDead(sql, claim, error, origin) : null,
    );
  }

  /** The job has failed at an earlier stage, where a manual retry goes on; what there is becomes visible with that. */
  async failUnfinished(claim: Claim, unfinished: Unfinished, origin: RetryOrigin): Promise<boolean> {
    const { error, commit } = unfinished;
    this.#options.crash('before_commit');
    return this.#end(claim, 'failed', async (sql) => {
      if (!(await this.#markFailed(sql, claim, error, origin, unfinished))) return null;
      await commit(sql);
      return this.#tellDead(sql, claim, error, origin);
    });
  }

  /** The same when the database refuses to note whom the end must be told to: it is told to nobody. */
  async failUntold(claim: Claim, error: AppError, origin: RetryOrigin): Promise<boolean> {
    if (!(await this.#markFailed(this.#options.records, claim, error, origin))) return this.#fenced(claim);
    this.#options.notifier.notify(claim.job.job_id);
    return true;
  }

  /** Another attempt at `dueAt`, by way of a retry topic; with a null rung the wait is spent in the outbox. */
  async retryLater(
    claim: Claim,
    error: AppError,
    retry: {
      readonly dueAt: Date;
      readonly rungMs: number | null;
      /** The source asked for the wait: the attempt is given back. */
      readonly throttled: boolean;
      readonly origin: RetryOrigin;
    },
  ): Promise<boolean> {
    const delayMs = Math.max(0, retry.dueAt.getTime() - this.#options.now().getTime());
    const message = this.#retryRecord(claim, error, retry, delayMs);
    const entries = await this.#options.records.transaction(async (sql) => {
      const [row] = await sql.query(RETRY, [
        claim.job.job_id,
        claim.epoch,
        statusesBefore(retry.throttled ? 'throttled' : 'retry_scheduled'),
        retry.throttled ? 'throttled' : 'retry_scheduled',
        retry.throttled ? 1 : 0,
        delayMs,
        ...errorColumns(error),
      ]);
      if (!row) return null;
      await this.#options.effects.announceJob(sql, claim.job.job_id, 'job.retrying');
      return this.#options.outbox.insert(sql, [message]);
    });
    if (entries === null) return this.#fenced(claim);
    await this.#announce(claim, message.delayMs === 0 ? entries : []);
    return true;
  }

  /** Our own machinery is down: the attempt is given back, and the caller keeps the record. */
  async interrupt(claim: Claim, error: AppError): Promise<boolean> {
    return this.#giveBack(claim, 'interrupted', error);
  }

  /** The worker stops before the stage is done: the attempt is given back and the stage is ready for another. */
  async handBack(claim: Claim): Promise<boolean> {
    return this.#giveBack(claim, 'handed_back', null);
  }

  /** Ends jobs whose cancellation was asked for and whose stage no longer runs. */
  async confirmCancelled(jobId: string): Promise<boolean> {
    const confirmed = await this.#options.records.transaction(async (sql) => {
      const [row] = await sql.query<{ job_id: string }>(CONFIRM_CANCELLED, [jobId, TERMINAL_STATUSES]);
      if (row) await this.#options.effects.ended(sql, jobId, 'cancelled');
      return row !== undefined;
    });
    if (confirmed) this.#options.notifier.notify(jobId);
    return confirmed;
  }

  async #end(
    claim: Claim,
    status: 'completed' | 'failed',
    work: (sql: SqlExecutor) => Promise<readonly OutboxEntry[] | null>,
  ): Promise<boolean> {
    const entries = await this.#options.records.transaction(async (sql) => {
      const own = await work(sql);
      if (own !== null) await this.#options.effects.ended(sql, claim.job.job_id, status);
      return own;
    });
    if (entries === null) return this.#fenced(claim);
    await this.#announce(claim, entries);
    return true;
  }

  #tellDead(
    sql: SqlExecutor,
    claim: Claim,
    error: AppError,
    origin: RetryOrigin,
  ): Promise<readonly OutboxEntry[]> {
    const failure = { attempt: claim.attempt, errorCode: error.code };
    const message = deadMessage(claim.job.content_type, claim.job.job_id, origin, failure);
    return this.#options.outbox.insert(sql, [message]);
  }

  async #markFailed(
    sql: SqlExecutor,
    claim: Claim,
    error: AppError,
    origin: RetryOrigin,
    resume: Pick<Unfinished, 'stage' | 'inputKey'> | null = null,
  ): Promise<boolean> {
    const [row] = await sql.query(FAIL, [
      claim.job.job_id,
      claim.epoch,
      statusesBefore('failed'),
      ...errorColumns(error),
      `dl_${this.#options.newId()}`,
      origin.topic,
      origin.partition,
      origin.offset.toString(),
      origin.payload,
      resume?.stage ?? null,
      resume?.inputKey ?? null,
    ]);
    return row !== undefined;
  }

  async #giveBack(
    claim: Claim,
    event: 'interrupted' | 'handed_back',
    error: AppError | null,
  ): Promise<boolean> {
    const [row] = await this.#options.records.query(GIVE_BACK, [
      claim.job.job_id,
      claim.epoch,
      statusesBefore(event),
      event,
      statusAfter(event, claim.stage),
      ...(error ? errorColumns(error) : [null, null, null, null]),
    ]);
    if (!row) return this.#fenced(claim);
    this.#options.notifier.notify(claim.job.job_id);
    return true;
  }

  #retryRecord(
    claim: Claim,
    error: AppError,
    retry: { readonly dueAt: Date; readonly rungMs: number | null; readonly origin: RetryOrigin },
    delayMs: number,
  ): OutboxMessage & { readonly delayMs: number } {
    if (retry.rungMs === null) {
      const ready = { stage: claim.stage, readyEpoch: claim.job.ready_epoch, now: this.#options.now() };
      return { ...stageMessage(this.#options.codec, claim.job, ready), delayMs };
    }
    const { rungMs, dueAt } = retry;
    const record = { stage: claim.stage, rungMs, dueAt, attempt: claim.attempt, errorCode: error.code };
    return { ...retryMessage(claim.job, retry.origin, record), delayMs: 0 };
  }

  async #announce(claim: Claim, entries: readonly OutboxEntry[]): Promise<void> {
    this.#options.notifier.notify(claim.job.job_id);
    if (await this.#options.outbox.publish(entries)) this.#options.crash('after_publish_before_offset');
  }

  #fenced(claim: Claim): false {
    this.#options.onFenced(claim);
    return false;
  }
}

function errorColumns(error: AppError): [string, string, string, boolean] {
  return [error.code, storableText(error.message), storableText(error.hint), error.kind !== 'terminal'];
}
