/** What a feed says, whichever format it is written in. Dates are ISO 8601, addresses absolute. */

export type FeedFormat = 'rss' | 'rdf' | 'atom' | 'json-feed' | 'rss-in-json';

export interface FeedAttachment {
  readonly url: string;
  /** Media type as the feed names it, null when it names none. */
  readonly type: string | null;
}

export interface FeedBody {
  readonly text: string;
  /** Whether `text` is HTML; plain text otherwise. */
  readonly isHtml: boolean;
  /** For relative links in it. */
  readonly baseUrl: string | null;
}

export interface FeedEntry {
  readonly id: string | null;
  readonly title: string | null;
  readonly link: string | null;
  readonly publishedAt: string | null;
  readonly modifiedAt: string | null;
  readonly authors: readonly string[];
  readonly body: FeedBody | null;
  readonly imageUrl: string | null;
  readonly attachments: readonly FeedAttachment[];
  /** Of an episode. */
  readonly durationSeconds: number | null;
  readonly transcriptUrls: readonly string[];
}

export interface Feed {
  readonly format: FeedFormat;
  readonly title: string | null;
  readonly description: string | null;
  /** Of the site that the feed belongs to. */
  readonly siteUrl: string | null;
  /** The address that the feed gives for itself. */
  readonly selfUrl: string | null;
  readonly language: string | null;
  readonly authors: readonly string[];
  readonly publishedAt: string | null;
  readonly modifiedAt: string | null;
  readonly imageUrl: string | null;
  readonly entries: readonly FeedEntry[];
}

/** What all readers of feeds are told. */
export interface FeedContext {
  /** Address of the feed; null for uploads. */
  readonly baseUrl: string | null;
  /** Dates after this moment are not believed. */
  readonly now: Date;
}

/** Entries read of one feed; what follows in the file is left out. */
export const MOST_READ_ENTRIES = 5000;
