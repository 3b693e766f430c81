import { AppError } from '../errors.ts';
import type { JobService } from '../api/services/job-service.ts';
import type {
  Accepted,
  BatchSubmission,
  Rejected,
  Submission,
  Submitted,
  SubmitOptions,
  IdempotentRequest,
} from '../api/services/submission.ts';
import type { TypeRegistry } from '../content/content-types.ts';
import type { Crash } from '../crash-points.ts';
import type { StageTaskCodec } from '../pipeline/codec.ts';
import { STAGE_PROGRESS, type Stage } from '../pipeline/stages.ts';
import type { JobRow } from '../stores/records/entities.ts';
import {
  sqlState,
  UNIQUE_VIOLATION,
  type RecordStore,
  type SqlExecutor,
} from '../stores/records/record-store.ts';
import { insertItems, openSlot, readBatch, type BatchSlot } from './batches.ts';
import type { DeadLetters } from './dead-letters.ts';
import { reserveKey, storeAnswer } from './idempotency.ts';
import type { JobEffects } from './job-effects.ts';
import type { JobNotifier } from './job-notifier.ts';
import type { JobQueries } from './job-queries.ts';
import { CANCEL, REOPEN } from './job-statements.ts';
import { isTerminal, statusAfter, statusesBefore } from './job.ts';
import type { Outbox, OutboxEntry } from './outbox.ts';
import { stageMessage } from './stage-messages.ts';
import type { PlannedJob } from './submission-plan.ts';
import { BEING_DELETED, rejection } from './submission-results.ts';
import { readUploads } from './submission-statements.ts';
import type { SubmissionWriter } from './submission.ts';

export interface JobManagerOptions {
  readonly records: RecordStore;
  readonly types: TypeRegistry;
  readonly codec: StageTaskCodec;
  readonly outbox: Outbox;
  readonly notifier: JobNotifier;
  readonly effects: JobEffects;
  readonly queries: JobQueries;
  readonly writer: SubmissionWriter;
  readonly deadLetters: (retryJob: (userId: string, jobId: string) => Promise<unknown>) => DeadLetters;
  readonly newBatchId: () => string;
  readonly crash: Crash;
  readonly now: () => Date;
}

/** A collision of 12 hex digits draws again; more than this many in a row is no collision. */
const DRAWS = 5;

/**
 * What people do with jobs. What workers do with them is `stage-claims.ts` and `stage-transitions.ts`; all are
 * guarded by `job.ts`.
 */
export class JobManager implements JobService {
  readonly #options: JobManagerOptions;
  readonly #letters: DeadLetters;

  readonly get: JobService['get'];
  readonly list: JobService['list'];
  readonly events: JobService['events'];
  readonly watch: JobService['watch'];
  readonly deadLetters: JobService['deadLetters'];
  readonly deadLetter: JobService['deadLetter'];
  readonly replay: JobService['replay'];

  constructor(options: JobManagerOptions) {
    this.#options = options;
    const letters = options.deadLetters((userId, jobId) => this.retry(userId, jobId));
    this.#letters = letters;
    this.get = (userId, jobId) => options.queries.detail(userId, jobId);
    this.list = (filter) => options.queries.list(filter);
    this.events = (userId, jobId, after) => options.queries.events(userId, jobId, after);
    this.watch = (jobId, listener) => options.notifier.watch(jobId, listener);
    this.deadLetters = (filter) => letters.list(filter);
    this.deadLetter = (userId, id) => letters.get(userId, id);
    this.replay = (request) => letters.replay(request);
  }

  get letters(): DeadLetters {
    return this.#letters;
  }

  async submit(
    request: Submission | BatchSubmission,
    options: SubmitOptions & { readonly idempotency?: IdempotentRequest },
  ): Promise<Submitted> {
    const outcome = await this.#drawingAgain(() =>
      this.#options.records.transaction((sql) => this.#submitIn(sql, request, options)),
    );
    if (outcome.kind === 'repeated') return outcome;
    this.#options.crash('submit_before_publish');
    await this.#options.outbox.publish(outcome.entries);
    return { kind: 'accepted', items: outcome.items, batchId: outcome.batchId };
  }

  /** Starts the planned job, or finds the one that is running. For reprocessing, whose input is stored already. */
  async start(plan: PlannedJob, options: SubmitOptions): Promise<Accepted> {
    const { records, writer, outbox, crash } = this.#options;
    const owner = { userId: options.userId, batchId: null, traceparent: options.traceparent };
    const inserted = await this.#drawingAgain(() =>
      records.transaction((sql) =>
        writer.insert(sql, [{ ...plan, jobId: writer.newJobId(plan.contentType) }], owner),
      ),
    );
    crash('submit_before_publish');
    await outbox.publish(inserted.entries);
    const [result] = inserted.items;
    if (!result || 'error' in result) throw new AppError('conflict', { params: { reason: BEING_DELETED } });
    return result;
  }

  async cancel(userId: string, jobId: string): Promise<JobRow> {
    const before = await this.#options.queries.row(userId, jobId);
    if (isTerminal(before.status)) throw new AppError('job_ended');
    await this.#options.records.transaction((sql) => this.cancelIn(sql, [jobId]));
    this.#options.notifier.notify(jobId);
    return this.#options.queries.row(userId, jobId);
  }

  /**
   * Inside the caller's transaction: jobs that wait end at once, running ones are asked to stop and can
   * write nothing more. Jobs that have ended stay as they are.
   */
  async cancelIn(sql: SqlExecutor, jobIds: readonly string[]): Promise<void> {
    const rows = await sql.query<{ job_id: string; status: string }>(CANCEL, [
      jobIds,
      statusesBefore('cancel_requested'),
    ]);
    for (const row of rows)
      if (row.status === 'cancelled') await this.#options.effects.ended(sql, row.job_id, 'cancelled');
  }

  /** After the transaction of `cancelIn` has committed. */
  announce(jobIds: readonly string[]): void {
    for (const jobId of jobIds) this.#options.notifier.notify(jobId);
  }

  async retry(userId: string, jobId: string): Promise<JobRow> {
    const before = await this.#options.queries.row(userId, jobId);
    if (before.status === 'completed') throw new AppError('job_not_retryable');
    if (!isTerminal(before.status)) throw new AppError('job_not_ended');
    const stage = before.current_stage ?? this.#firstStage(before.content_type);
    const entries = await this.#options.records
      .transaction((sql) => this.#reopen(sql, before, stage))
      .catch((error: unknown) => {
        if (sqlState(error) !== UNIQUE_VIOLATION) throw error;
        throw new AppError('conflict', {
          params: { reason: 'another job works on the same content' },
          cause: error,
        });
      });
    if (entries.length === 0) throw new AppError('job_not_ended');
    this.#options.notifier.notify(jobId);
    await this.#options.outbox.publish(entries);
    return this.#options.queries.row(userId, jobId);
  }

  batch: JobService['batch'] = (userId, batchId) => readBatch(this.#options.records, userId, batchId);

  async #submitIn(
    sql: SqlExecutor,
    request: Submission | BatchSubmission,
    options: SubmitOptions & { readonly idempotency?: IdempotentRequest },
  ): Promise<SubmitOutcome> {
    const { writer, newBatchId, effects, crash } = this.#options;
    const { userId, idempotency } = options;
    const repeated = idempotency ? await reserveKey(sql, userId, idempotency) : null;
    if (repeated) return { kind: 'repeated', answer: repeated };
    const isBatch = 'items' in request;
    if (isBatch) writer.checkCallback(request.callbackUrl);
    const slot: BatchSlot | null = isBatch ? await openSlot(sql, userId, request, newBatchId()) : null;
    const plans = await this.#plans(sql, userId, isBatch ? request.items : [request], isBatch);
    const owner = { userId, batchId: slot?.batchId ?? null, traceparent: options.traceparent };
    const { items, entries } = await writer.insert(sql, plans, owner);
    // The only refusal of a single item that its plan does not throw already.
    if (!isBatch && items[0] && 'error' in items[0])
      throw new AppError('conflict', { params: { reason: BEING_DELETED } });
    if (slot) {
      await insertItems(sql, slot, items);
      await effects.endBatch(sql, slot.batchId);
    }
    if (idempotency)
      await storeAnswer(sql, userId, idempotency.key, idempotency.answer(items, slot?.batchId ?? null));
    crash('submit_before_commit');
    return { kind: 'accepted', items, entries, batchId: slot?.batchId ?? null };
  }

  async #plans(
    sql: SqlExecutor,
    userId: string,
    items: readonly (Submission | Rejected)[],
    isBatch: boolean,
  ): Promise<(PlannedJob | Rejected)[]> {
    const uploads = await readUploads(sql, userId, items);
    return items.map((item) => {
      if ('error' in item) return item;
      try {
        return this.#options.writer.plan(item, uploads.get(item.uploadId ?? '') ?? null);
      } catch (error) {
        if (!isBatch || !(error instanceof AppError)) throw error;
        return rejection(error);
      }
    });
  }

  async #reopen(sql: SqlExecutor, before: JobRow, stage: Stage): Promise<OutboxEntry[]> {
    const deleting = await sql.query(
      'SELECT 1 FROM deletions WHERE user_id = $1 AND content_id = $2 AND completed_at IS NULL',
      [before.user_id, before.content_id],
    );
    if (deleting.length > 0) throw new AppError('conflict', { params: { reason: BEING_DELETED } });
    const [job] = await sql.query<JobRow>(REOPEN, [
      before.job_id,
      statusesBefore('retried'),
      statusAfter('retried', stage),
      stage,
      STAGE_PROGRESS[stage],
    ]);
    if (!job) return [];
    await sql.query(
      'UPDATE dead_letters SET replayed_at = now(), replay_count = replay_count + 1 WHERE job_id = $1 AND replayed_at IS NULL',
      [job.job_id],
    );
    const { codec, outbox, now } = this.#options;
    return outbox.insert(sql, [stageMessage(codec, job, { stage, readyEpoch: job.ready_epoch, now: now() })]);
  }

  #firstStage(contentType: string): Stage {
    return this.#options.types.get(contentType).stages[0] ?? 'download';
  }

  async #drawingAgain<T>(run: () => Promise<T>): Promise<T> {
    for (let draw = 1; ; draw += 1) {
      try {
        return await run();
      } catch (error) {
        const collided =
          sqlState(error) === UNIQUE_VIOLATION && constraintOf(error) === 'processing_jobs_pkey';
        if (!collided || draw === DRAWS) throw error;
      }
    }
  }
}

type SubmitOutcome =
  | Extract<Submitted, { kind: 'repeated' }>
  | (Extract<Submitted, { kind: 'accepted' }> & { readonly entries: readonly OutboxEntry[] });

function constraintOf(error: unknown): string | null {
  const constraint = (error as { readonly constraint?: unknown } | null)?.constraint;
  return typeof constraint === 'string' ? constraint : null;
}
