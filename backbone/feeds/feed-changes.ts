/** What a poll changes in the row of its feed. Pure. */
import type { FeedPoll } from '../api/services/feed-service.ts';
import type { AppError } from '../errors.ts';
import type { JobExpansionFacts } from '../stores/records/entities.ts';
import { storableText } from '../stores/postgres-text.ts';
import type { FeedBody } from './feed-fetch.ts';
import type { FeedRow } from './feed-row.ts';
import { waitAfterFailure, waitAfterSuccess, type WaitRules } from './feed-schedule.ts';

export type PollChanges = Pick<
  FeedRow,
  | 'title'
  | 'paused'
  | 'etag'
  | 'last_modified'
  | 'body_sha256'
  | 'ttl_ms'
  | 'next_poll_at'
  | 'last_polled_at'
  | 'first_read_at'
  | 'last_new_at'
  | 'last_error'
  | 'failures'
  | 'poll_count'
  | 'job_count'
  | 'recent_polls'
>;

export interface PollMoment {
  readonly now: Date;
  /** When the poll was due: a row that says otherwise by now has been given another time meanwhile, which holds. */
  readonly dueAt: Date;
  readonly minMs: number;
  readonly random: () => number;
}

export interface ReadPoll {
  readonly body: FeedBody;
  readonly title: string | null;
  readonly ttlMs: number | null;
  readonly facts: JobExpansionFacts;
  /** New entries that wait for the next poll. */
  readonly left: number;
}

const RECENT_POLLS = 20;
const LONGEST_TITLE = 500;

/** @param read null when the feed was the same as before */
export function afterSuccess(
  row: FeedRow,
  read: ReadPoll | null,
  maxAgeMs: number | null,
  moment: PollMoment,
): PollChanges {
  const { now } = moment;
  const ttlMs = read === null ? row.ttl_ms : read.ttlMs;
  const waitMs = waitAfterSuccess([ttlMs, maxAgeMs], rulesOf(row, moment));
  const started = read?.facts.started ?? 0;
  const poll: FeedPoll = {
    at: now.toISOString(),
    outcome: read === null ? 'unchanged' : 'read',
    started,
    skipped: read?.facts.skipped ?? 0,
    refused: read?.facts.refused ?? 0,
    batch_id: read?.facts.batch_id ?? null,
    error_code: null,
  };
  return {
    ...commonChanges(row, poll, waitMs, moment),
    ...(read === null ? {} : readChanges(row, read, now)),
    ttl_ms: ttlMs,
    last_new_at: started > 0 ? now : row.last_new_at,
    job_count: row.job_count + started,
    last_error: null,
    failures: 0,
  };
}

export function afterFailure(row: FeedRow, error: AppError, moment: PollMoment): PollChanges {
  const waitMs = waitAfterFailure(row.failures + 1, error.retryAfterMs, rulesOf(row, moment));
  const poll: FeedPoll = {
    at: moment.now.toISOString(),
    outcome: 'failed',
    started: 0,
    skipped: 0,
    refused: 0,
    batch_id: null,
    error_code: error.code,
  };
  return {
    ...commonChanges(row, poll, waitMs, moment),
    paused: row.paused || error.code === 'feed_gone',
    last_error: {
      code: error.code,
      message: storableText(error.message),
      hint: storableText(error.hint),
    },
    failures: row.failures + 1,
  };
}

function commonChanges(
  row: FeedRow,
  poll: FeedPoll,
  waitMs: number,
  { now, dueAt }: PollMoment,
): PollChanges {
  const isGivenAnew = row.next_poll_at.getTime() !== dueAt.getTime();
  return {
    ...row,
    next_poll_at: isGivenAnew ? row.next_poll_at : new Date(now.getTime() + waitMs),
    last_polled_at: now,
    poll_count: row.poll_count + 1,
    recent_polls: [poll, ...row.recent_polls].slice(0, RECENT_POLLS),
  };
}

/** Entries that wait are in a feed which must not count as unchanged the next time. */
function readChanges(row: FeedRow, { body, title, left }: ReadPoll, now: Date): Partial<PollChanges> {
  const isDone = left === 0;
  return {
    title: title === null ? null : storableText(title).slice(0, LONGEST_TITLE).toWellFormed(),
    etag: isDone ? body.etag : null,
    last_modified: isDone ? body.lastModified : null,
    body_sha256: isDone ? body.sha256 : null,
    first_read_at: row.first_read_at ?? now,
  };
}

function rulesOf({ every_seconds }: FeedRow, { minMs, random }: PollMoment): WaitRules {
  return { everyMs: every_seconds * 1000, minMs, random };
}
