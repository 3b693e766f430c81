/** What is stored of a feed beside its text. Pure. */
import type { JsonObject } from '../../model.ts';
import type { FeedAttachment, FeedEntry, FeedFormat } from './feed-model.ts';

export interface FeedFacts {
  readonly format: FeedFormat;
  readonly siteUrl: string | null;
  readonly entriesInFeed: number;
  readonly entries: readonly EntryFacts[];
}

export interface EntryFacts
  extends Pick<
    FeedEntry,
    'id' | 'publishedAt' | 'modifiedAt' | 'authors' | 'imageUrl' | 'durationSeconds' | 'transcriptUrls'
  > {
  /** What the entry is called, with or without a title. */
  readonly title: string;
  readonly url: string | null;
  readonly attachments: readonly FeedAttachment[];
}

/** The facts among the metadata that `feed-parser.ts` made; null for what was no feed. */
export function feedFactsIn(typeMetadata: JsonObject): FeedFacts | null {
  return (typeMetadata['feed'] as unknown as FeedFacts | undefined) ?? null;
}
