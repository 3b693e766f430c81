/** A video that stands in a page, or on a server of PeerTube. Pure types. */
import type { ContentWarning } from '../../model.ts';

export interface PageVideo {
  /** Who says so. */
  readonly source: 'jsonld' | 'og' | 'html' | 'peertube';
  /** Of the page, for people. */
  readonly url: string;
  /** Of the file; null when only players get it. */
  readonly mediaUrl: string | null;
  readonly title: string | null;
  readonly author: string | null;
  readonly siteName: string | null;
  readonly description: string | null;
  /** ISO 8601. */
  readonly publishedAt: string | null;
  readonly durationSeconds: number | null;
  readonly language: string | null;
  readonly thumbnailUrl: string | null;
  /** What is said, as the page itself has it. */
  readonly transcript: string | null;
  readonly captions: readonly PageCaptions[];
}

export interface PageCaptions {
  readonly url: string;
  readonly language: string | null;
}

/** All that later stages read. */
export interface StoredPageVideo {
  readonly kind: 'page';
  readonly video: PageVideo;
  readonly captions: { readonly track: PageCaptions; readonly text: string } | null;
  readonly warnings: readonly ContentWarning[];
}
