import type { Broker } from '../broker/broker.ts';
import type { Crash } from '../crash-points.ts';
import { asAppError, type AppError } from '../errors.ts';
import type { SqlExecutor, RecordStore } from '../stores/records/record-store.ts';
import { statusesBefore } from './job.ts';
import type { JobNotifier } from './job-notifier.ts';

/** A record to be published once its transaction has committed. */
export interface OutboxMessage {
  readonly topic: string;
  /** Job id: the record's key. */
  readonly key: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly payload: Buffer;
}

/** A message that is in the table. */
export interface OutboxEntry extends OutboxMessage {
  readonly id: string;
}

export interface OutboxOptions {
  readonly records: RecordStore;
  readonly broker: Broker;
  readonly notifier: JobNotifier;
  readonly crash: Crash;
}

/** Rows younger than this are left to whoever wrote them. */
const SWEEP_AGE_MS = 1000;
const SWEEP_LIMIT = 500;
/** With so many topics failing it is the broker that is down. */
const FAILING_TOPICS = 8;

/**
 * Publishes what transactions left in the table `outbox`. Both paths, right after the commit and the
 * sweeper, may send the same row: a duplicate, which the claim drops.
 */
export class Outbox {
  readonly #options: OutboxOptions;

  constructor(options: OutboxOptions) {
    this.#options = options;
  }

  /** Inside the caller's transaction. A message with a later `availableAt` waits for the sweeper. */
  async insert(
    sql: SqlExecutor,
    messages: readonly (OutboxMessage & { readonly delayMs?: number })[],
  ): Promise<OutboxEntry[]> {
    if (messages.length === 0) return [];
    const rows = await sql.query<{ id: string }>(
      `INSERT INTO outbox (topic, aggregateid, headers, payload, available_at)
       SELECT topic, key, headers, payload, now() + delay_ms * interval '1 ms'
         FROM unnest($1::text[], $2::text[], $3::jsonb[], $4::bytea[], $5::float8[])
              WITH ORDINALITY AS given(topic, key, headers, payload, delay_ms, position)
        ORDER BY position RETURNING id`,
      [
        messages.map((message) => message.topic),
        messages.map((message) => message.key),
        messages.map((message) => JSON.stringify(message.headers)),
        messages.map((message) => message.payload),
        messages.map((message) => message.delayMs ?? 0),
      ],
    );
    return messages.map((message, index) => ({ ...message, id: rows[index]?.id ?? '' }));
  }

  /**
   * The quick path, after the commit. When the broker does not take them the rows stay for the sweeper;
   * the answer says whether it did.
   */
  async publish(entries: readonly OutboxEntry[]): Promise<boolean> {
    if (entries.length === 0) return true;
    this.#options.crash('after_commit_before_publish');
    try {
      await this.#publish(entries);
    } catch {
      // The row is the message: the sweeper sends it when the broker is back, and reports a lasting failure.
      return false;
    }
    await this.#forget(entries);
    return true;
  }

  /**
   * Publishes rows that were left behind or have become due, oldest first. A topic that takes nothing, because it
   * is full, is passed by. Resolves with how many.
   * @throws AppError broker_unavailable when nothing could be sent, store_unavailable
   */
  async sweep(): Promise<number> {
    const failures = new Map<string, AppError>();
    let sent = 0;
    while (failures.size < FAILING_TOPICS) {
      const due = await this.#due([...failures.keys()]);
      for (const [topic, entries] of Map.groupBy(due, (entry) => entry.topic)) {
        if (failures.size >= FAILING_TOPICS) break;
        const failure = await this.#publish(entries).then(() => null, brokerFailure);
        if (failure !== null) failures.set(topic, failure);
        else await this.#forget(entries);
        sent += failure === null ? entries.length : 0;
      }
      if (failures.size === 0 || due.length < SWEEP_LIMIT) break;
    }
    const [first] = failures.values();
    if (sent === 0 && first !== undefined) throw first;
    return sent;
  }

  /** Rows that wait to be published, and the age of the oldest that is due, in seconds. */
  async backlog(): Promise<{ readonly pending: number; readonly oldestSeconds: number }> {
    const [row] = await this.#options.records.query<{ pending: number; oldest: number }>(
      `SELECT count(*)::int AS pending,
              COALESCE(extract(epoch FROM max(now() - available_at) FILTER (WHERE available_at <= now())), 0)::float8 AS oldest
         FROM outbox`,
    );
    return { pending: row?.pending ?? 0, oldestSeconds: row?.oldest ?? 0 };
  }

  async #due(exceptTopics: readonly string[]): Promise<readonly OutboxEntry[]> {
    const rows = await this.#options.records.query<OutboxRow>(
      `SELECT id, topic, aggregateid, headers, payload FROM outbox
        WHERE available_at < now() - $1 * interval '1 ms' AND topic <> ALL($3::text[]) ORDER BY available_at, id LIMIT $2`,
      [SWEEP_AGE_MS, SWEEP_LIMIT, exceptTopics],
    );
    return rows.map(({ aggregateid, ...row }) => ({ ...row, key: aggregateid }));
  }

  async #publish(entries: readonly OutboxEntry[]): Promise<void> {
    await this.#options.broker.publish(
      entries.map(({ topic, key, headers, payload }) => ({ topic, key, headers, value: payload })),
    );
  }

  /** Deletes sent rows, and marks jobs that the broker has for the first time. */
  async #forget(entries: readonly OutboxEntry[]): Promise<void> {
    const { records, notifier } = this.#options;
    const published = await records.query<{ job_id: string; seq: number }>(
      `WITH sent AS (DELETE FROM outbox WHERE id = ANY($1::bigint[]) RETURNING aggregateid),
       job AS (
         UPDATE processing_jobs SET status = 'queued', event_seq = event_seq + 1
          WHERE job_id IN (SELECT aggregateid FROM sent) AND status = ANY($2::text[])
         RETURNING job_id, event_seq, status, current_stage, progress_percent)
       INSERT INTO job_events (job_id, seq, type, status, stage, progress)
       SELECT job_id, event_seq, 'published', status, current_stage, progress_percent FROM job
       RETURNING job_id, seq`,
      [entries.map((entry) => entry.id), statusesBefore('published')],
    );
    for (const event of published) notifier.notify(event.job_id);
  }
}

function brokerFailure(error: unknown): AppError {
  return asAppError(error, 'broker_unavailable');
}

interface OutboxRow {
  readonly id: string;
  readonly topic: string;
  readonly aggregateid: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly payload: Buffer;
}
