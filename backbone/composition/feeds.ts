/** Builds the subscriptions to feeds and what polls them. */
import type { ParsePool } from '../content/parsing/parse-pool.ts';
import { FeedPoller } from '../feeds/feed-poller.ts';
import { FeedSubscriptions } from '../feeds/feed-subscriptions.ts';
import { contentLimits } from '../config-slices.ts';
import type { Jobs } from './jobs.ts';
import type { Stores } from './stores.ts';
import { newId, type Surroundings } from './surroundings.ts';

const SECOND_MS = 1000;
const now = (): Date => new Date();

export function buildFeedSubscriptions(
  { config, types }: Surroundings,
  { records, fetcher }: Stores,
): FeedSubscriptions {
  return new FeedSubscriptions({
    records,
    fetcher,
    types,
    minSeconds: config.FEED_MIN_SECONDS,
    newId,
    now,
  });
}

export function buildFeedPoller(
  { config, types, crash, logger }: Surroundings,
  { records, fetcher }: Stores,
  { expansions, outbox }: Jobs,
  parsePool: ParsePool,
): FeedPoller {
  return new FeedPoller({
    records,
    fetcher,
    parsePool,
    types,
    expansions,
    outbox,
    maxFeedBytes: contentLimits(config).bytesBySetting.MAX_PAGE_MB,
    minMs: config.FEED_MIN_SECONDS * SECOND_MS,
    now,
    random: Math.random,
    crash,
    logger,
  });
}
