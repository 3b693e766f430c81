import { AppError, asAppError, itemErrorOf, type ItemError } from '../errors.ts';
import type { DeadLetterFilter, ReplayRequest, ReplayResult } from '../api/services/dead-letters.ts';
import type { Page } from '../api/services/page.ts';
import { DeadLetter, type DeadLetterRow } from '../stores/records/entities.ts';
import type { RecordStore } from '../stores/records/record-store.ts';
import type { DeliveredRecord } from '../broker/broker.ts';
import { decodeCursor, pageOf, type Position } from './cursor.ts';
import type { Outbox } from './outbox.ts';
import { deadMessage } from './stage-messages.ts';

const REPLAY_LIMIT = 1000;

export interface DeadLettersOptions {
  readonly records: RecordStore;
  readonly outbox: Outbox;
  readonly newId: () => string;
  /** Starts another run of a failed job. */
  readonly retryJob: (userId: string, jobId: string) => Promise<unknown>;
}

/** What could not be done, kept until somebody looks at it: list, read, replay. */
export class DeadLetters {
  readonly #options: DeadLettersOptions;

  constructor(options: DeadLettersOptions) {
    this.#options = options;
  }

  async list(filter: DeadLetterFilter): Promise<Page<DeadLetterRow>> {
    const query = this.#options.records.dataSource
      .getRepository<DeadLetterRow>(DeadLetter)
      .createQueryBuilder('letter')
      .where('letter.user_id = :userId AND letter.replayed_at IS NULL', { userId: filter.userId });
    if (filter.errorCode !== undefined)
      query.andWhere('letter.error_code = :code', { code: filter.errorCode });
    if (filter.contentType !== undefined)
      query.andWhere('letter.content_type = :type', { type: filter.contentType });
    if (filter.failedFrom) query.andWhere('letter.failed_at >= :from', { from: filter.failedFrom });
    if (filter.failedTo) query.andWhere('letter.failed_at < :to', { to: filter.failedTo });
    const total = await query.getCount();
    if (filter.cursor !== undefined) {
      query.andWhere('(letter.failed_at, letter.dead_letter_id) < (:at, :id)', decodeCursor(filter.cursor));
    }
    const rows = await query
      .orderBy({ 'letter.failed_at': 'DESC', 'letter.dead_letter_id': 'DESC' })
      .limit(filter.limit + 1)
      .getMany();
    const positionOf = (row: DeadLetterRow): Position => ({ at: row.failed_at, id: row.dead_letter_id });
    return pageOf(rows, { limit: filter.limit, total, positionOf });
  }

  /** @throws AppError not_found */
  async get(userId: string, deadLetterId: string): Promise<DeadLetterRow> {
    const [row] = await this.#options.records.query<DeadLetterRow>(
      'SELECT * FROM dead_letters WHERE dead_letter_id = $1 AND user_id = $2',
      [deadLetterId, userId],
    );
    if (!row) throw new AppError('not_found');
    return row;
  }

  /** Bytes that no reader understands: kept unchanged, told to nobody's tenant. The same record is kept once. */
  async keepUndecodable(contentType: string, record: DeliveredRecord, error: AppError): Promise<void> {
    const { records, outbox, newId } = this.#options;
    const entries = await records.transaction(async (sql) => {
      const rows = await sql.query(
        `INSERT INTO dead_letters (dead_letter_id, content_type, topic, partition, "offset", error_code, error_message, error_hint,
           attempts, first_failed_at, failed_at, headers, payload)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 1, now(), now(), $9::jsonb, $10)
         ON CONFLICT (topic, partition, "offset") WHERE job_id IS NULL DO NOTHING RETURNING dead_letter_id`,
        [
          `dl_${newId()}`,
          contentType,
          record.topic,
          record.partition,
          record.offset.toString(),
          error.code,
          error.message,
          error.hint,
          JSON.stringify(record.headers),
          record.value,
        ],
      );
      if (rows.length === 0) return [];
      const origin = { ...record, payload: record.value };
      return outbox.insert(sql, [
        deadMessage(contentType, record.key, origin, { attempt: 1, errorCode: error.code }),
      ]);
    });
    await outbox.publish(entries);
  }

  /** Gives the chosen ones another run, each on its own; with `dryRun` it only counts. */
  async replay(request: ReplayRequest): Promise<ReplayResult> {
    const letters = await this.#chosen(request);
    if (request.dryRun) return { matched: letters.length, replayed: [], refused: [] };
    const replayed: { deadLetterId: string; jobId: string | null }[] = [];
    const refused: { deadLetterId: string; error: ItemError }[] = [];
    for (const letter of letters) {
      try {
        await this.#replayOne(letter, request);
        replayed.push({ deadLetterId: letter.dead_letter_id, jobId: letter.job_id });
      } catch (error) {
        refused.push({
          deadLetterId: letter.dead_letter_id,
          error: itemErrorOf(asAppError(error, 'internal_error')),
        });
      }
    }
    return { matched: letters.length, replayed, refused };
  }

  async #replayOne(letter: DeadLetterRow, request: ReplayRequest): Promise<void> {
    if (letter.job_id !== null) await this.#options.retryJob(request.userId, letter.job_id);
    await this.#options.records.query(
      `UPDATE dead_letters SET replay_count = replay_count + 1, replayed_at = now(), replayed_by = $2, replay_reason = $3
        WHERE dead_letter_id = $1`,
      [letter.dead_letter_id, request.actor, request.reason],
    );
  }

  async #chosen(request: ReplayRequest): Promise<readonly DeadLetterRow[]> {
    return this.#options.records.query<DeadLetterRow>(
      `SELECT * FROM dead_letters
        WHERE user_id = $1 AND replayed_at IS NULL
          AND ($2::text[] IS NULL OR dead_letter_id = ANY($2)) AND ($3::text IS NULL OR error_code = $3)
          AND ($4::text IS NULL OR content_type = $4)
          AND ($5::timestamptz IS NULL OR failed_at >= $5) AND ($6::timestamptz IS NULL OR failed_at < $6)
        ORDER BY failed_at, dead_letter_id LIMIT $7`,
      [
        request.userId,
        request.ids ?? null,
        request.errorCode ?? null,
        request.contentType ?? null,
        request.failedFrom ?? null,
        request.failedTo ?? null,
        REPLAY_LIMIT,
      ],
    );
  }
}
