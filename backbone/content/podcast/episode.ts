/** One episode of a feed with what the feed names beside it: the stored original, as JSON. Pure. */
import type { ContentWarning } from '../model.ts';

/** Media type of a stored episode. */
export const EPISODE_TYPE = 'application/vnd.content-ingestion.episode+json';

export interface EpisodeFile {
  readonly url: string;
  /** As the feed names it; null when it names none. */
  readonly type: string | null;
}

/** What the feed says. Addresses are absolute, dates ISO 8601. */
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
  readonly episode: FeedEpisode;
  readonly transcript: Companion | null;
  readonly chapters: Companion | null;
  /** What could not be fetched. */
  readonly warnings: readonly ContentWarning[];
}

/** `https://coast.example/feed.xml#episode=GUID`: the guid, the number, or `latest`; null when the address names none. */
export function episodeNamed(url: URL): string | null {
  if (!url.hash.startsWith('#episode=')) return null;
  const name = new URLSearchParams(url.hash.slice(1)).get('episode')?.trim() ?? '';
  return name === '' || name === LATEST ? null : name;
}

export const LATEST = 'latest';
