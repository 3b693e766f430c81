/** Words and how often each occurs. */
export type WordCounts = ReadonlyMap<string, number>;

/** Of the matches of `word` in a text. */
export function countWords(text: string, word: RegExp): WordCounts {
  const counts = new Map<string, number>();
  for (const [found] of text.matchAll(word)) counts.set(found, (counts.get(found) ?? 0) + 1);
  return counts;
}

/** Harmonic mean of precision and recall over words, each counted as often as it occurs, 0-1. */
export function wordF1(found: WordCounts, expected: WordCounts): number {
  let common = 0;
  for (const [word, count] of expected) common += Math.min(count, found.get(word) ?? 0);
  return (2 * common) / (sizeOf(found) + sizeOf(expected));
}

function sizeOf(counts: WordCounts): number {
  return [...counts.values()].reduce((sum, count) => sum + count, 0);
}
