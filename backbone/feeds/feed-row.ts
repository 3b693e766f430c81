import type { Feed, FeedError, FeedOptions, FeedPoll } from '../api/services/feed-service.ts';
import type { SqlExecutor } from '../stores/records/record-store.ts';
import { formatEvery } from './feed-schedule.ts';

/** A row of `feeds`. */
export interface FeedRow {
  readonly feed_id: string;
  readonly user_id: string;
  readonly content_id: string;
  readonly url: string;
  readonly title: string | null;
  readonly every_seconds: number;
  readonly options: FeedOptions;
  readonly paused: boolean;
  readonly etag: string | null;
  readonly last_modified: string | null;
  readonly body_sha256: string | null;
  readonly ttl_ms: number | null;
  readonly next_poll_at: Date;
  readonly last_polled_at: Date | null;
  readonly first_read_at: Date | null;
  readonly last_new_at: Date | null;
  readonly last_error: FeedError | null;
  readonly failures: number;
  readonly poll_count: number;
  readonly job_count: number;
  readonly recent_polls: readonly FeedPoll[];
  readonly epoch: number;
  readonly lease_until: Date | null;
  readonly created_at: Date;
  readonly updated_at: Date;
}

export function feedOf(row: FeedRow): Feed {
  return {
    feedId: row.feed_id,
    url: row.url,
    title: row.title,
    every: formatEvery(row.every_seconds),
    options: row.options,
    paused: row.paused,
    nextPollAt: row.paused ? null : row.next_poll_at,
    lastPolledAt: row.last_polled_at,
    lastNewAt: row.last_new_at,
    lastError: row.last_error,
    failures: row.failures,
    pollCount: row.poll_count,
    jobCount: row.job_count,
    recentPolls: row.recent_polls,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

/** What was seen of a feed that nobody follows any more, unless a content or a job of the same address needs it. */
export async function forgetEntries(sql: SqlExecutor, userId: string, contentId: string): Promise<void> {
  await sql.query(
    `DELETE FROM expanded_items WHERE user_id = $1 AND content_id = $2
        AND NOT EXISTS (SELECT 1 FROM contents WHERE user_id = $1 AND content_id = $2)
        AND NOT EXISTS (SELECT 1 FROM processing_jobs WHERE user_id = $1 AND content_id = $2 AND stage_state <> 'ended')`,
    [userId, contentId],
  );
}
