/**
 * How many letters must be inserted, removed, replaced or swapped with their neighbour to make one word the other
 * (optimal string alignment). In code points. O(length of one x length of the other).
 */
export function editDistance(one: string, other: string): number {
  const letters = Array.from(one);
  const others = Array.from(other);
  let beforeLast: number[] = [];
  let last = Array.from({ length: others.length + 1 }, (_, at) => at);
  for (const [row, letter] of letters.entries()) {
    const current = [row + 1];
    for (const [column, otherLetter] of others.entries()) {
      const replaced = at(last, column) + (letter === otherLetter ? 0 : 1);
      const inserted = Math.min(at(last, column + 1), at(current, column)) + 1;
      const swaps = letter === others[column - 1] && letters[row - 1] === otherLetter;
      const swapped = swaps ? at(beforeLast, column - 1) + 1 : Infinity;
      current.push(Math.min(replaced, inserted, swapped));
    }
    beforeLast = last;
    last = current;
  }
  return at(last, others.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Infinity;
}
