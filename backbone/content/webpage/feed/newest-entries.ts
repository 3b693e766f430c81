import type { FeedEntry } from './feed-model.ts';

type Dated = Pick<FeedEntry, 'publishedAt' | 'modifiedAt'>;

/**
 * The entries with the latest dates, at most so many, in the order of the feed. Those without a date come
 * last, the first of the feed first. O(n log n).
 */
export function newestEntries<T extends Dated>(entries: readonly T[], most: number): readonly T[] {
  if (entries.length <= most) return entries;
  return entries
    .map((entry, at) => ({ entry, at, time: timeOf(entry) }))
    .sort((a, b) => b.time - a.time || a.at - b.at)
    .slice(0, most)
    .sort((a, b) => a.at - b.at)
    .map(({ entry }) => entry);
}

function timeOf({ publishedAt, modifiedAt }: Dated): number {
  return Date.parse(publishedAt ?? modifiedAt ?? '1900-01-01');
}
