/** What a feed lists, without the text of its entries: for polls. Loaded by a parse worker; opens no address. */
import { AppError } from '../../../errors.ts';
import type { ParserEvents, ParserInput } from '../../parsing/parser.ts';
import { isFeed } from '../feed-check.ts';
import { readText } from '../page-text.ts';
import { readingOptions } from '../reading-options.ts';
import type { FeedFacts } from './feed-facts.ts';
import { keptEntries } from './feed-parser.ts';
import { readFeed } from './feed-source.ts';
import { feedTtlMs } from './feed-ttl.ts';

export interface FeedListing {
  readonly title: string | null;
  /** The same facts that a job of the feed stores. */
  readonly facts: FeedFacts;
  /** How long the feed asks to be left alone after a poll; null when it does not say. */
  readonly ttlMs: number | null;
}

export type FeedListingInput = Pick<ParserInput, 'bytes' | 'declaredCharset' | 'baseUrl' | 'options'>;

/** Throws `source_empty`, `source_too_large`, `not_a_feed`, `file_damaged` and `file_unsafe`. */
export function listFeed(input: FeedListingInput, events: ParserEvents): FeedListing {
  const options = readingOptions(input.options);
  const { text } = readText(input, options);
  if (!isFeed(text)) throw new AppError('not_a_feed');
  const { feed } = readFeed(text, { baseUrl: input.baseUrl, now: options.now });
  events.progress(1, 1);
  return { title: feed.title, facts: keptEntries(feed).facts, ttlMs: feedTtlMs(text) };
}
