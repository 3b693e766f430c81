/** A video, or a list of them, as it is stored: all that later stages read. Pure. */
import type { Chapter } from '../transcripts/transcript-blocks.ts';
import type { CaptionTrack, VideoFacts, YoutubeProviderName } from './youtube-provider.ts';

/** Media type of a stored original. */
export const VIDEO_TYPE = 'application/vnd.content-ingestion.video+json';

/** Without what changes from one answer to the next (signatures, numbers of views), so that the same video has the same bytes. */
export interface StoredVideo {
  readonly kind: 'video';
  readonly provider: YoutubeProviderName;
  readonly facts: VideoFacts;
  readonly tracks: readonly StoredTrack[];
  readonly chapters: readonly Chapter[];
  /** Null when the video has none. */
  readonly captions: { readonly track: StoredTrack; readonly text: string } | null;
}

export type StoredTrack = Omit<CaptionTrack, 'url'>;

export interface ListedVideo {
  readonly videoId: string;
  readonly title: string | null;
  /** Null when the list does not tell. */
  readonly durationSeconds: number | null;
}

export interface StoredList {
  readonly kind: 'playlist' | 'channel';
  /** Address for people. */
  readonly url: string;
  readonly title: string | null;
  readonly author: string | null;
  /** In the order of the list. */
  readonly videos: readonly ListedVideo[];
  /** There are more than are read. */
  readonly isCutOff: boolean;
}

/** What YouTube says. */
export type StoredSource = StoredVideo | StoredList;

export function storedTrack({ language, name, isAutomatic }: CaptionTrack): StoredTrack {
  return { language, name, isAutomatic };
}

/** The picture's address without its signature, which is not the same each time. */
export function unsignedUrl(address: string | null): string | null {
  const url = URL.parse(address ?? '');
  return url === null ? null : `${url.origin}${url.pathname}`;
}
