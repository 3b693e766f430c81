import { buffer } from 'node:stream/consumers';
import { createHash } from 'node:crypto';
import type { Fetcher, FetchResponse } from '../fetch/fetcher.ts';
import { throwForStatus } from '../fetch/throw-for-status.ts';
import { AppError } from '../errors.ts';
import type { FeedRow } from './feed-row.ts';
import { maxAgeMs } from './feed-schedule.ts';

export interface FeedFetchPorts {
  readonly fetcher: Fetcher;
  readonly now: () => Date;
  readonly maxFeedBytes: number;
}

export interface FetchedFeed {
  /** Null when the feed is the same as at the poll before. */
  readonly body: FeedBody | null;
  readonly permanentUrl: string;
  readonly maxAgeMs: number | null;
}

export interface FeedBody {
  readonly bytes: Uint8Array;
  readonly sha256: string;
  readonly charset: string | null;
  /** Where it was found, for its relative links. */
  readonly url: string;
  readonly etag: string | null;
  readonly lastModified: string | null;
}

const NOT_MODIFIED = 304;
/** Longer validators are not sent back: they come from a stranger. */
const LONGEST_VALIDATOR = 1000;

/** Asks for a feed under the conditions of the last answer. @throws AppError of fetching; feed_gone for 410 */
export async function fetchFeed(
  { url, etag, last_modified, body_sha256 }: FeedRow,
  { fetcher, now, maxFeedBytes }: FeedFetchPorts,
  signal: AbortSignal,
): Promise<FetchedFeed> {
  const response = await fetcher.fetch({
    url,
    purpose: 'content',
    signal,
    headers: {
      ...(etag === null ? {} : { 'if-none-match': etag }),
      ...(last_modified === null ? {} : { 'if-modified-since': last_modified }),
    },
    maxBytes: maxFeedBytes,
    limitSetting: 'MAX_PAGE_MB',
  });
  try {
    judge(response, now().getTime());
    const body = response.status === NOT_MODIFIED ? null : await readBody(response);
    return {
      body: body?.sha256 === body_sha256 ? null : body,
      permanentUrl: response.permanentUrl,
      maxAgeMs: maxAgeMs(response.headers['cache-control']),
    };
  } finally {
    response.body.destroy();
  }
}

function judge(response: FetchResponse, now: number): void {
  if (response.status === 410) throw new AppError('feed_gone');
  throwForStatus(response, now);
}

async function readBody(response: FetchResponse): Promise<FeedBody> {
  const bytes = await buffer(response.body);
  return {
    bytes,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    charset: response.charset,
    url: response.url,
    etag: validator(response.headers['etag']),
    lastModified: validator(response.headers['last-modified']),
  };
}

function validator(value: string | undefined): string | null {
  return value === undefined || value.length > LONGEST_VALIDATOR ? null : value;
}
