/** Feeds: RSS, RDF, Atom and JSON Feed in, a section for each entry out. Opens no address. */
import { AppError } from '../../../errors.ts';
import type { ContentMetadata, ContentWarning, Extraction, JsonObject, Sourced } from '../../model.ts';
import type { DecodedText } from '../../parsing/charset.ts';
import type { ParserEvents } from '../../parsing/parser.ts';
import type { ReadingOptions } from '../reading-options.ts';
import { typeMetadata } from '../type-metadata.ts';
import { entryName, FEED_TEXT_LIMITS, feedBlocks } from './feed-blocks.ts';
import type { FeedFacts } from './feed-facts.ts';
import type { Feed, FeedEntry } from './feed-model.ts';
import { readFeed, type ReadFeed } from './feed-source.ts';
import { newestEntries } from './newest-entries.ts';

export interface FeedInput {
  readonly decoded: DecodedText;
  /** Address of the feed; null for uploads. */
  readonly baseUrl: string | null;
  readonly options: ReadingOptions;
}

/** Entries that are kept, the newest ones. */
export const MOST_ENTRIES = 500;

/** Throws `file_damaged`, `file_unsafe` and `no_text`. Progress counts entries. */
export function parseFeed({ decoded, baseUrl, options }: FeedInput, events: ParserEvents): Extraction {
  const read = readFeed(decoded.text, { baseUrl, now: options.now });
  const { feed, facts } = keptEntries(read.feed);
  const { entries } = feed;
  const { blocks, links, shortened } = feedBlocks(feed, FEED_TEXT_LIMITS, (done) => {
    events.progress(done, entries.length);
  });
  if (blocks.every(({ text }) => text === '')) throw new AppError('no_text');
  const metadata = metadataOf(feed);
  return {
    blocks,
    links,
    metadata,
    typeMetadata: {
      ...typeMetadata({
        blocks,
        kind: 'feed',
        charset: decoded.charset,
        main: null,
        text: null,
        metadata,
        options,
      }),
      extraction: { method: 'feed', reason: 'the source is a feed' },
      feed: facts,
    },
    pageCount: null,
    warnings: [...decoded.warnings, ...warningsOf(read, entries.length, shortened)],
  };
}

/** The feed with those of its entries that are kept, and what is stored of them. */
export function keptEntries(all: Feed): { readonly feed: Feed; readonly facts: FeedFacts & JsonObject } {
  const feed = { ...all, entries: newestEntries(all.entries, MOST_ENTRIES) };
  return { feed, facts: feedFacts(feed, all.entries.length) };
}

function metadataOf(feed: Feed): ContentMetadata {
  const sourced = <T>(value: T | null): Sourced<T> | null =>
    value === null ? null : { value, source: feed.format };
  return {
    title: sourced(feed.title),
    authors: sourced(feed.authors.length > 0 ? feed.authors : null),
    language: sourced(feed.language),
    publishedAt: sourced(feed.publishedAt),
    modifiedAt: sourced(feed.modifiedAt ?? newestDate(feed.entries)),
    description: sourced(feed.description),
    siteName: sourced(feed.title),
    canonicalUrl: sourced(feed.selfUrl),
    imageUrl: sourced(feed.imageUrl),
  };
}

function newestDate(entries: readonly FeedEntry[]): string | null {
  const [newest] = newestEntries(entries, 1);
  return newest?.publishedAt ?? null;
}

function feedFacts(feed: Feed, entriesInFeed: number): FeedFacts & JsonObject {
  return {
    format: feed.format,
    siteUrl: feed.siteUrl,
    entriesInFeed,
    entries: feed.entries.map((entry, at) => ({
      id: entry.id,
      title: entryName(entry, at),
      url: entry.link,
      publishedAt: entry.publishedAt,
      modifiedAt: entry.modifiedAt,
      authors: entry.authors,
      imageUrl: entry.imageUrl,
      attachments: entry.attachments.map(({ url, type }) => ({ url, type })),
      durationSeconds: entry.durationSeconds,
      transcriptUrls: entry.transcriptUrls,
    })),
  };
}

function warningsOf(
  { feed, isCutOff, hasMore }: ReadFeed,
  kept: number,
  shortened: number,
): ContentWarning[] {
  const found = feed.entries.length;
  const warnings: ContentWarning[] = [];
  if (isCutOff) {
    const message = `The feed is damaged: it ends too early. Complete entries read: ${found}.`;
    warnings.push({ code: 'feed_damaged', message });
  }
  if (found > kept || hasMore) {
    const all = hasMore ? `more than ${found}` : String(found);
    const message = `The feed has ${all} entries; the newest ${kept} were kept.`;
    warnings.push({ code: 'feed_entries_left_out', message });
  }
  if (shortened > 0) {
    const message = `The text of ${shortened} entries was longer than is read; its end was left out.`;
    warnings.push({ code: 'partial_text', message });
  }
  return warnings;
}
