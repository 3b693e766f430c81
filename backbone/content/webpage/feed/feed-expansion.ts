/** The newest entries of a feed as jobs: an episode where there is one to hear, else the page. Pure. */
import { canonicalUrl } from '../../../fetch/canonical-url.ts';
import type { Expansion, ExpansionRequest, WantedJob } from '../../expansion.ts';
import { feedFactsIn, type EntryFacts } from './feed-facts.ts';
import type { FeedAttachment } from './feed-model.ts';
import { newestEntries } from './newest-entries.ts';

const EPISODE_TYPE = 'podcast';
const AUDIO_NAME = /\.(?:mp3|m4a|m4b|aac|ogg|oga|opus|flac|wav)$/i;

/** Null for a page that is no feed. Entries in the order of the feed; O(n log n). */
export function expandFeed({ typeMetadata, most, hasType }: ExpansionRequest): Expansion | null {
  const feed = feedFactsIn(typeMetadata);
  if (feed === null) return null;
  const hasEpisodes = hasType(EPISODE_TYPE);
  const newest = newestEntries(feed.entries, most);
  const ids = uniqueIds(feed.entries);
  const wanted = newest.flatMap((entry) => {
    const target = targetOf(entry, hasEpisodes);
    return target === null ? [] : [{ ...target, options: {}, keys: keysOf(entry, target.url, ids) }];
  });
  const without = newest.length - wanted.length;
  return { wanted, warnings: without === 0 ? [] : [withoutAddress(without, newest.length)] };
}

type Target = Pick<Extract<WantedJob, { readonly upload: null }>, 'url' | 'upload' | 'contentType'>;

function targetOf({ url, attachments }: EntryFacts, hasEpisodes: boolean): Target | null {
  const audio = hasEpisodes ? attachments.find(isAudio) : undefined;
  if (audio !== undefined) return { url: audio.url, upload: null, contentType: EPISODE_TYPE };
  return url === null ? null : { url, upload: null, contentType: null };
}

/** Feeds that name no type, or that of any bytes, leave the name of the file. */
function isAudio({ url, type }: FeedAttachment): boolean {
  if (type !== null && type !== 'application/octet-stream') return /^audio\//i.test(type);
  return AUDIO_NAME.test(URL.parse(url)?.pathname ?? '');
}

/** An id that several entries of a feed have tells none of them apart. */
function uniqueIds(entries: readonly EntryFacts[]): ReadonlySet<string> {
  const counts = new Map<string, number>();
  for (const { id } of entries) if (id !== null) counts.set(id, (counts.get(id) ?? 0) + 1);
  return new Set([...counts].flatMap(([id, count]) => (count === 1 ? [id] : [])));
}

/**
 * The id and the address without tracking parameters. Where there is no id that tells, a title with the second it
 * was published at: a link that changes makes no new entry of it.
 */
function keysOf(
  { id, title, publishedAt }: EntryFacts,
  url: string,
  ids: ReadonlySet<string>,
): readonly string[] {
  const link = `link:${URL.canParse(url) ? canonicalUrl(url) : url}`;
  if (id !== null && ids.has(id)) return [`id:${id}`, link];
  const isNamed = publishedAt?.includes('T') === true && !publishedAt.startsWith(title);
  return isNamed ? [link, `title:${publishedAt} ${title}`] : [link];
}

function withoutAddress(count: number, all: number): { readonly code: string; readonly message: string } {
  const message = `${count} of the newest ${all} entries have no web address, so no jobs were made of them.`;
  return { code: 'entries_without_address', message };
}
