import type { JsonObject } from '../../content/model.ts';
import type { Page } from './page.ts';

/** Subscriptions to feeds: they are polled, and their new entries become jobs. */
export interface FeedService {
  /**
   * Subscribes; the first poll is due at once. A feed that the tenant has subscribed to already is answered as it
   * is, with nothing changed. @throws AppError url_*, invalid_request
   */
  create(userId: string, input: FeedInput): Promise<{ readonly feed: Feed; readonly created: boolean }>;
  list(userId: string, page: { readonly limit: number; readonly cursor?: string }): Promise<Page<Feed>>;
  get(userId: string, feedId: string): Promise<Feed>;
  /** Options that are not named stay. Taking up a paused feed makes its next poll due at once. */
  update(userId: string, feedId: string, changes: FeedChanges): Promise<Feed>;
  /** Makes the next poll due at once. @throws AppError conflict while it is paused */
  poll(userId: string, feedId: string): Promise<Feed>;
  /** Jobs and contents stay. */
  delete(userId: string, feedId: string): Promise<void>;
}

export interface FeedInput {
  readonly url: string;
  /** A duration such as `15m`. */
  readonly every: string;
  readonly options: FeedOptions;
}

export interface FeedChanges {
  readonly every?: string;
  readonly paused?: boolean;
  readonly options?: Partial<FeedOptions>;
}

export interface FeedOptions {
  /** Jobs made of the newest entries at the first poll; the others count as seen. */
  readonly first: number;
  /** Most jobs made at one poll; further entries wait for the next. */
  readonly limit: number;
  /** Of the jobs. */
  readonly priority: number;
  /** Of the jobs. */
  readonly metadata: JsonObject;
}

export interface Feed {
  readonly feedId: string;
  readonly url: string;
  /** As the feed calls itself; null before it was read. */
  readonly title: string | null;
  readonly every: string;
  readonly options: FeedOptions;
  readonly paused: boolean;
  /** Null while it is paused. */
  readonly nextPollAt: Date | null;
  readonly lastPolledAt: Date | null;
  /** When a poll last made jobs. */
  readonly lastNewAt: Date | null;
  /** Of the last poll; null when that succeeded. */
  readonly lastError: FeedError | null;
  /** Polls that failed in a row. */
  readonly failures: number;
  readonly pollCount: number;
  readonly jobCount: number;
  /** The last polls, newest first. */
  readonly recentPolls: readonly FeedPoll[];
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export interface FeedError {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
}

export interface FeedPoll {
  /** ISO 8601. */
  readonly at: string;
  /** `unchanged`: the same bytes as before; `read`: new bytes, whatever came of them. */
  readonly outcome: 'unchanged' | 'read' | 'failed';
  readonly started: number;
  readonly skipped: number;
  readonly refused: number;
  /** Of the jobs that were started, else null. */
  readonly batch_id: string | null;
  readonly error_code: string | null;
}

export const FEED_DEFAULTS = { every: '1h', first: 20, limit: 100 } as const;
