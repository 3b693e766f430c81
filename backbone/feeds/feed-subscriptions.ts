import type { Feed, FeedChanges, FeedInput, FeedService } from '../api/services/feed-service.ts';
import type { Page } from '../api/services/page.ts';
import type { TypeRegistry } from '../content/content-types.ts';
import { AppError } from '../errors.ts';
import type { Fetcher } from '../fetch/fetcher.ts';
import { decodeCursor, pageOf } from '../jobs/cursor.ts';
import { storableJson } from '../stores/postgres-text.ts';
import type { RecordStore } from '../stores/records/record-store.ts';
import { feedOf, forgetEntries, type FeedRow } from './feed-row.ts';
import { formatEvery, LONGEST_EVERY_SECONDS, parseEvery } from './feed-schedule.ts';

export interface FeedSubscriptionsOptions {
  readonly records: RecordStore;
  readonly fetcher: Pick<Fetcher, 'check'>;
  readonly types: TypeRegistry;
  readonly minSeconds: number;
  readonly newId: () => string;
  readonly now: () => Date;
}

/** Which feeds are followed. Polls themselves are `feed-poller.ts`. */
export class FeedSubscriptions implements FeedService {
  readonly #options: FeedSubscriptionsOptions;

  constructor(options: FeedSubscriptionsOptions) {
    this.#options = options;
  }

  async create(
    userId: string,
    { url: address, every, options }: FeedInput,
  ): Promise<{ readonly feed: Feed; readonly created: boolean }> {
    const { records, fetcher, types, newId, now } = this.#options;
    const url = fetcher.check(address, 'content');
    // The id that a job of the address has, so that both know the same entries.
    const contentId = types.forUrl(url).identify({ kind: 'url', url });
    const inserted = await records.query<FeedRow>(
      `INSERT INTO feeds (feed_id, user_id, content_id, url, every_seconds, options, next_poll_at, created_at, updated_at)
       VALUES ($1, $2, $3, $4, $5, $6::jsonb, $7, $7, $7) ON CONFLICT (user_id, content_id) DO NOTHING RETURNING *`,
      [`feed_${newId()}`, userId, contentId, address, this.#seconds(every), storableJson(options), now()],
    );
    if (inserted[0] !== undefined) return { feed: feedOf(inserted[0]), created: true };
    const [row] = await records.query<FeedRow>('SELECT * FROM feeds WHERE user_id = $1 AND content_id = $2', [
      userId,
      contentId,
    ]);
    if (row === undefined)
      throw new AppError('conflict', { params: { reason: 'this feed was being deleted at the same time' } });
    return { feed: feedOf(row), created: false };
  }

  async list(
    userId: string,
    page: { readonly limit: number; readonly cursor?: string },
  ): Promise<Page<Feed>> {
    const { records } = this.#options;
    const after = page.cursor === undefined ? null : decodeCursor(page.cursor);
    const [count] = await records.query<{ total: number }>(
      'SELECT count(*)::int AS total FROM feeds WHERE user_id = $1',
      [userId],
    );
    const rows = await records.query<FeedRow>(
      `SELECT * FROM feeds WHERE user_id = $1 AND ($2::timestamptz IS NULL OR (created_at, feed_id) < ($2, $3))
        ORDER BY created_at DESC, feed_id DESC LIMIT $4`,
      [userId, after?.at ?? null, after?.id ?? null, page.limit + 1],
    );
    const positionOf = (row: FeedRow): { at: Date; id: string } => ({ at: row.created_at, id: row.feed_id });
    const found = pageOf(rows, { limit: page.limit, total: count?.total ?? 0, positionOf });
    return { ...found, items: found.items.map(feedOf) };
  }

  async get(userId: string, feedId: string): Promise<Feed> {
    return feedOf(
      found(
        await this.#options.records.query<FeedRow>(
          'SELECT * FROM feeds WHERE feed_id = $1 AND user_id = $2',
          [feedId, userId],
        ),
      ),
    );
  }

  /** A shorter `every` also counts for the wait that is under way, unless that is one after a failure. */
  async update(userId: string, feedId: string, changes: FeedChanges): Promise<Feed> {
    const seconds = changes.every === undefined ? null : this.#seconds(changes.every);
    const rows = await this.#options.records.query<FeedRow>(UPDATE, [
      feedId,
      userId,
      this.#options.now(),
      seconds,
      changes.paused ?? null,
      storableJson(changes.options ?? {}),
    ]);
    return feedOf(found(rows));
  }

  async poll(userId: string, feedId: string): Promise<Feed> {
    const [row] = await this.#options.records.query<FeedRow>(
      'UPDATE feeds SET next_poll_at = $3 WHERE feed_id = $1 AND user_id = $2 AND NOT paused RETURNING *',
      [feedId, userId, this.#options.now()],
    );
    if (row !== undefined) return feedOf(row);
    await this.get(userId, feedId);
    throw new AppError('conflict', { params: { reason: 'the feed is paused' } });
  }

  async delete(userId: string, feedId: string): Promise<void> {
    await this.#options.records.transaction(async (sql) => {
      const row = found(
        await sql.query<FeedRow>('DELETE FROM feeds WHERE feed_id = $1 AND user_id = $2 RETURNING *', [
          feedId,
          userId,
        ]),
      );
      await forgetEntries(sql, userId, row.content_id);
    });
  }

  #seconds(every: string): number {
    const { minSeconds } = this.#options;
    const seconds = parseEvery(every);
    if (seconds !== null && seconds >= minSeconds && seconds <= LONGEST_EVERY_SECONDS) return seconds;
    const message = `give a duration such as 15m, 1h, 1d or PT30M, from ${formatEvery(minSeconds)} to ${formatEvery(LONGEST_EVERY_SECONDS)}`;
    throw new AppError('invalid_request', { fields: [{ field: 'every', message }] });
  }
}

/** @throws AppError not_found */
function found([row]: readonly FeedRow[]): FeedRow {
  if (row === undefined) throw new AppError('not_found');
  return row;
}

const UPDATE = `
UPDATE feeds
   SET every_seconds = COALESCE($4::int, every_seconds), paused = COALESCE($5::boolean, paused), options = options || $6::jsonb, updated_at = $3::timestamptz,
       failures = CASE WHEN paused AND NOT $5::boolean THEN 0 ELSE failures END,
       last_error = CASE WHEN paused AND NOT $5::boolean THEN NULL ELSE last_error END,
       next_poll_at = CASE WHEN paused AND NOT $5::boolean THEN $3::timestamptz
                           WHEN $4::int IS NOT NULL AND failures = 0 THEN LEAST(next_poll_at, $3::timestamptz + $4::int * interval '1 s')
                           ELSE next_poll_at END
 WHERE feed_id = $1 AND user_id = $2 RETURNING *`;
