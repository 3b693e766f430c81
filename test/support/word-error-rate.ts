/** Words that were left out, put in or taken for others, as a share of those said; lower case, without punctuation. O(words²). */
export function wordErrorRate(said: string, heard: string): number {
  const [wanted, given] = [wordsOf(said), wordsOf(heard)];
  let row = Array.from({ length: given.length + 1 }, (_, at) => at);
  for (const [line, word] of wanted.entries()) {
    const next = [line + 1];
    for (const [at, other] of given.entries()) {
      const taken = (row[at] ?? 0) + (word === other ? 0 : 1);
      next.push(Math.min(taken, (row[at + 1] ?? 0) + 1, (next[at] ?? 0) + 1));
    }
    row = next;
  }
  return wanted.length === 0 ? given.length : (row.at(-1) ?? 0) / wanted.length;
}

function wordsOf(text: string): readonly string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}'’]+/gu) ?? [];
}
