/** Enclosures and Media RSS, to addresses. Pure. */
import type { MediaNs } from 'feedsmith';
import type { FeedAttachment } from './feed-model.ts';
import { addressOf } from './feed-text.ts';

type Media = MediaNs.ItemOrFeed;
type MediaFile = NonNullable<Media['contents']>[number];

/** A file as an enclosure, a link or an attachment names it. */
export interface NamedFile {
  readonly url?: string;
  readonly type?: string;
}

export interface ShowNotes {
  readonly summary?: string;
  readonly subtitle?: string;
}

const MOST_ATTACHMENTS = 10;

/** The files of an entry, each once; pictures of Media RSS are no attachments. */
export function attachmentsOf(
  files: readonly NamedFile[],
  media: Media | undefined,
  base: string | null,
): FeedAttachment[] {
  const named = [...files, ...filesOf(media).filter((file) => !isPicture(file))];
  const found = new Map<string, FeedAttachment>();
  for (const { url, type } of named.slice(0, MOST_ATTACHMENTS)) {
    const address = addressOf(url, base);
    if (address !== null && !found.has(address))
      found.set(address, { url: address, type: type?.slice(0, 100) ?? null });
  }
  return [...found.values()];
}

/** The picture that stands for the entry. */
export function pictureOf(media: Media | undefined, base: string | null): string | null {
  const thumbnails = [...(media?.thumbnails ?? []), ...(media?.groups?.[0]?.thumbnails ?? [])];
  return addressOf(thumbnails[0]?.url ?? filesOf(media).find(isPicture)?.url, base);
}

export function mediaTitle(media: Media | undefined): string | undefined {
  return media?.title?.value ?? media?.groups?.[0]?.title?.value;
}

export function mediaText(media: Media | undefined): string | undefined {
  return media?.description?.value ?? media?.groups?.[0]?.description?.value;
}

/** Show notes of older podcasts, which newer ones write as the description. */
export function showNotes(itunes: ShowNotes | undefined): string | undefined {
  return itunes?.summary ?? itunes?.subtitle;
}

function filesOf(media: Media | undefined): MediaFile[] {
  return [...(media?.contents ?? []), ...(media?.groups?.[0]?.contents ?? [])];
}

function isPicture({ medium, type }: MediaFile): boolean {
  return medium === 'image' || type?.startsWith('image/') === true;
}
