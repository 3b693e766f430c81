import type { FeedEntry } from './feed-model.ts';

/**
 * The entries with the latest dates, at most so many, in the order of the feed. Those without a date come
 * last, the first of the feed first. O(n log n).
 */
export function newestEntries(entries: readonly FeedEntry[], most: number): readonly FeedEntry[] {
  if (entries.length <= most) return entries;
  return entries
    .map((entry, at) => ({ entry, at, time: timeOf(entry) }))
    .sort((a, b) => b.time - a.time || a.at - b.at)
    .slice(0, most)
    .sort((a, b) => a.at - b.at)
    .map(({ entry }) => entry);
}

function timeOf({ publishedAt, modifiedAt }: FeedEntry): number {
  return Date.parse(publishedAt ?? modifiedAt ?? '1900-01-01');
}
