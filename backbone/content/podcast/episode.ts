/** One episode of a feed or a page with what stands beside it: the stored original, as JSON. Pure. */
import type { ContentWarning } from '../model.ts';

/** Media type of a stored episode. */
export const EPISODE_TYPE = 'application/vnd.content-ingestion.episode+json';

export interface EpisodeFile {
  readonly url: string;
  /** As the feed names it; null when it names none. */
  readonly type: string | null;
}

/** Characters that are read of show notes. */
export const LONGEST_NOTES = 200_000;

/** What the feed says, or the page. Addresses are absolute, dates ISO 8601. */
export interface FeedEpisode {
  readonly guid: string | null;
  readonly title: string | null;
  readonly show: string | null;
  readonly authors: readonly string[];
  readonly persons: readonly { readonly name: string; readonly role: string | null }[];
  readonly language: string | null;
  readonly publishedAt: string | null;
  readonly season: number | null;
  readonly number: number | null;
  readonly durationSeconds: number | null;
  readonly pageUrl: string | null;
  readonly imageUrl: string | null;
  /** HTML or plain text. */
  readonly notes: string | null;
  /** For relative links in the notes. */
  readonly baseUrl: string | null;
  readonly audio: EpisodeFile | null;
  /** Best format first. */
  readonly transcripts: readonly EpisodeFile[];
  readonly chapters: EpisodeFile | null;
}

/** A file that the feed names, as it was fetched. */
export interface Companion {
  readonly url: string;
  readonly text: string;
}

export interface StoredEpisode {
  /** Where it was found; left out in what was stored when there were feeds only. */
  readonly origin?: 'feed' | 'page';
  readonly episode: FeedEpisode;
  readonly transcript: Companion | null;
  readonly chapters: Companion | null;
  /** What could not be fetched. */
  readonly warnings: readonly ContentWarning[];
}
