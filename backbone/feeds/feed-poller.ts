import { MOST_EXPANDED, type WantedJob } from '../content/expansion.ts';
import type { TypeRegistry } from '../content/content-types.ts';
import type { ParsePool } from '../content/parsing/parse-pool.ts';
import { expandFeed } from '../content/webpage/feed/feed-expansion.ts';
import type { FeedListing, FeedListingInput } from '../content/webpage/feed/feed-listing.ts';
import type { Crash } from '../crash-points.ts';
import { AppError, asAppError } from '../errors.ts';
import type { ExpansionWriter } from '../jobs/expansion-writer.ts';
import type { Outbox, OutboxEntry } from '../jobs/outbox.ts';
import type { Logger } from '../logger.ts';
import type { RecordStore, SqlExecutor } from '../stores/records/record-store.ts';
import {
  afterFailure,
  afterSuccess,
  type PollChanges,
  type PollMoment,
  type ReadPoll,
} from './feed-changes.ts';
import { fetchFeed, type FeedBody, type FeedFetchPorts, type FetchedFeed } from './feed-fetch.ts';
import { forgetEntries, type FeedRow } from './feed-row.ts';

export interface FeedPollerOptions extends FeedFetchPorts {
  readonly records: RecordStore;
  readonly parsePool: Pick<ParsePool, 'run'>;
  readonly types: TypeRegistry;
  readonly expansions: ExpansionWriter;
  readonly outbox: Pick<Outbox, 'publish'>;
  readonly minMs: number;
  readonly random: () => number;
  readonly crash: Crash;
  readonly logger: Pick<Logger, 'error'>;
}

const MINUTE_MS = 60_000;
/** Longer than any poll: whoever has not ended by then is taken for dead. */
const LEASE_MS = 10 * MINUTE_MS;
const POLL_TIMEOUT_MS = 9 * MINUTE_MS;
const AT_ONCE = 16;
const LISTING_MODULE = new URL('../content/webpage/feed/feed-listing.ts', import.meta.url).href;

/**
 * Polls the feeds that are due. One transaction ends a poll: it makes the jobs, remembers the entries and says when
 * the next poll is due, guarded by the epoch that the poll has claimed. So a poll that dies is simply done again.
 */
export class FeedPoller {
  readonly #options: FeedPollerOptions;
  readonly #running = new Set<Promise<void>>();

  constructor(options: FeedPollerOptions) {
    this.#options = options;
  }

  /** At the start of the only process over these records: nobody is left who could be polling. */
  async recover(): Promise<void> {
    await this.#options.records.query('UPDATE feeds SET lease_until = NULL WHERE lease_until IS NOT NULL');
  }

  /** Begins what is due, as far as there is room. Resolves with how many: a slow site keeps up no other. */
  async pollDue(signal: AbortSignal): Promise<number> {
    const room = AT_ONCE - this.#running.size;
    if (room <= 0) return 0;
    const now = this.#options.now();
    const due = await this.#options.records.query<FeedRow>(CLAIM, [
      now,
      new Date(now.getTime() + LEASE_MS),
      room,
    ]);
    for (const feed of due) {
      const poll = this.#poll(feed, signal).finally(() => this.#running.delete(poll));
      this.#running.add(poll);
    }
    return due.length;
  }

  /** Resolves when no poll is running. */
  async settled(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running);
  }

  async #poll(feed: FeedRow, stop: AbortSignal): Promise<void> {
    try {
      const entries = await this.#fetchAndWrite(feed, stop).catch((error: unknown) =>
        this.#writeFailure(feed, stop, error),
      );
      await this.#options.outbox.publish(entries);
    } catch (error) {
      // The lease ends by itself: then the feed is polled again.
      this.#options.logger.error({ error, feed: feed.feed_id }, 'The end of a poll could not be written');
    }
  }

  async #fetchAndWrite(feed: FeedRow, stop: AbortSignal): Promise<readonly OutboxEntry[]> {
    const signal = AbortSignal.any([stop, AbortSignal.timeout(POLL_TIMEOUT_MS)]);
    const fetched = await fetchFeed(feed, this.#options, signal);
    const listing = fetched.body === null ? null : await this.#list(fetched.body, signal);
    return this.#finish(feed, async (sql, row) => {
      const moved = await this.#moved(sql, row, fetched);
      const read = listing === null ? null : await this.#expand(sql, moved, listing);
      const changes = afterSuccess(moved, read?.poll ?? null, fetched.maxAgeMs, this.#momentOf(feed));
      return { row: moved, changes, entries: read?.entries ?? [] };
    });
  }

  async #list(body: FeedBody, signal: AbortSignal): Promise<ListedFeed> {
    const { parsePool, maxFeedBytes, now } = this.#options;
    const input: FeedListingInput = {
      bytes: body.bytes,
      declaredCharset: body.charset,
      baseUrl: body.url,
      options: { maxPageBytes: maxFeedBytes, now: now().toISOString() },
    };
    const request = { moduleUrl: LISTING_MODULE, exportName: 'listFeed', input };
    const listing = await parsePool.run<FeedListing>(request, { signal, onProgress: () => undefined });
    return { body, listing };
  }

  /** The row under the address that the site has moved it to for good, with what was seen of it. */
  async #moved(sql: SqlExecutor, row: FeedRow, { permanentUrl }: FetchedFeed): Promise<FeedRow> {
    const url = this.#options.fetcher.check(permanentUrl, 'content');
    const contentId = this.#options.types.forUrl(url).identify({ kind: 'url', url });
    if (contentId === row.content_id) return row;
    const others = await sql.query('SELECT 1 FROM feeds WHERE user_id = $1 AND content_id = $2', [
      row.user_id,
      contentId,
    ]);
    if (others.length > 0) return row;
    await sql.query(
      `INSERT INTO expanded_items (user_id, content_id, digest)
       SELECT user_id, $3, digest FROM expanded_items WHERE user_id = $1 AND content_id = $2 ON CONFLICT DO NOTHING`,
      [row.user_id, row.content_id, contentId],
    );
    await forgetEntries(sql, row.user_id, row.content_id);
    return { ...row, url: url.href, content_id: contentId };
  }

  async #expand(
    sql: SqlExecutor,
    row: FeedRow,
    { body, listing }: ListedFeed,
  ): Promise<{ readonly poll: ReadPoll; readonly entries: readonly OutboxEntry[] }> {
    const { expansions } = this.#options;
    const { title, ttlMs } = listing;
    const { first, limit, priority, metadata } = row.options;
    const parent = {
      user_id: row.user_id,
      content_id: row.content_id,
      priority,
      metadata,
      traceparent: null,
    };
    const all = this.#wanted(listing, MOST_EXPANDED);
    const isFirst = row.first_read_at === null;
    const wanted = isFirst ? this.#wanted(listing, first) : all;
    const written = await expansions.write(sql, parent, { wanted, most: isFirst ? MOST_EXPANDED : limit });
    if (isFirst) await expansions.remember(sql, parent, without(all, wanted));
    const { facts, left, entries } = written;
    return { poll: { body, title, ttlMs, facts, left }, entries };
  }

  #wanted({ facts }: FeedListing, most: number): readonly WantedJob[] {
    const { types } = this.#options;
    const typeMetadata = { feed: { ...facts } } as unknown as Parameters<
      typeof expandFeed
    >[0]['typeMetadata'];
    return expandFeed({ typeMetadata, most, hasType: (name) => types.find(name) !== null })?.wanted ?? [];
  }

  /** A failure of ours is none of the feed's: it is asked again soon, at once after a stop. */
  async #writeFailure(feed: FeedRow, stop: AbortSignal, thrown: unknown): Promise<readonly OutboxEntry[]> {
    const { records, now, logger } = this.#options;
    const error = asAppError(thrown, isTimeout(thrown) ? 'source_timeout' : 'internal_error', {
      host: URL.parse(feed.url)?.host ?? feed.url,
    });
    if (!stop.aborted && error.code === 'internal_error')
      logger.error({ error: thrown, feed: feed.feed_id }, 'A poll failed for a reason of its own');
    if (!stop.aborted && error.kind !== 'systemic' && error.code !== 'internal_error')
      return this.#finish(feed, (_, row) =>
        Promise.resolve({ row, changes: afterFailure(row, error, this.#momentOf(feed)), entries: [] }),
      );
    await records.query(
      'UPDATE feeds SET lease_until = NULL, next_poll_at = $3 WHERE feed_id = $1 AND epoch = $2',
      [feed.feed_id, feed.epoch, stop.aborted ? feed.next_poll_at : new Date(now().getTime() + MINUTE_MS)],
    );
    return [];
  }

  /** Writes what a poll has found. A feed that was deleted, or that another has claimed since, is left alone. */
  async #finish(
    feed: FeedRow,
    work: (sql: SqlExecutor, row: FeedRow) => Promise<FinishedPoll>,
  ): Promise<readonly OutboxEntry[]> {
    const { records, crash } = this.#options;
    return records.transaction(async (sql) => {
      const [row] = await sql.query<FeedRow>(
        'SELECT * FROM feeds WHERE feed_id = $1 AND epoch = $2 FOR UPDATE',
        [feed.feed_id, feed.epoch],
      );
      if (row === undefined) return [];
      const { row: after, changes, entries } = await work(sql, row);
      await sql.query(FINISH, finishValues(after, changes));
      crash('poll_before_commit');
      return entries;
    });
  }

  #momentOf(feed: FeedRow): PollMoment {
    const { now, minMs, random } = this.#options;
    return { now: now(), dueAt: feed.next_poll_at, minMs, random };
  }
}

interface ListedFeed {
  readonly body: FeedBody;
  readonly listing: FeedListing;
}

interface FinishedPoll {
  readonly row: FeedRow;
  readonly changes: PollChanges;
  readonly entries: readonly OutboxEntry[];
}

/** Those that are not wanted: by keys, since the two lists were made one after the other. */
function without(all: readonly WantedJob[], wanted: readonly WantedJob[]): readonly WantedJob[] {
  const keys = new Set(wanted.flatMap((item) => item.keys));
  return all.filter((item) => !item.keys.some((key) => keys.has(key)));
}

function isTimeout(error: unknown): boolean {
  return !(error instanceof AppError) && error instanceof DOMException && error.name === 'TimeoutError';
}

const CLAIM = `
UPDATE feeds SET epoch = epoch + 1, lease_until = $2
 WHERE feed_id IN (
   SELECT feed_id FROM feeds WHERE NOT paused AND next_poll_at <= $1 AND (lease_until IS NULL OR lease_until < $1)
    ORDER BY next_poll_at LIMIT $3 FOR UPDATE SKIP LOCKED)
RETURNING *`;

const FINISH = `
UPDATE feeds
   SET url = $2, content_id = $3, title = $4, paused = $5, etag = $6, last_modified = $7, body_sha256 = $8, ttl_ms = $9,
       next_poll_at = $10, last_polled_at = $11, first_read_at = $12, last_new_at = $13, last_error = $14::jsonb,
       failures = $15, poll_count = $16, job_count = $17, recent_polls = $18::jsonb, lease_until = NULL
 WHERE feed_id = $1`;

function finishValues({ feed_id, url, content_id }: FeedRow, changes: PollChanges): readonly unknown[] {
  return [
    feed_id,
    url,
    content_id,
    changes.title,
    changes.paused,
    changes.etag,
    changes.last_modified,
    changes.body_sha256,
    changes.ttl_ms,
    changes.next_poll_at,
    changes.last_polled_at,
    changes.first_read_at,
    changes.last_new_at,
    changes.last_error === null ? null : JSON.stringify(changes.last_error),
    changes.failures,
    changes.poll_count,
    changes.job_count,
    JSON.stringify(changes.recent_polls),
  ];
}
