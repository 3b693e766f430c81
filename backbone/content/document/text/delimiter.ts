/** Which character parts the cells of a table of values. Pure. */

const CANDIDATES = [',', ';', '\t', '|'] as const;
const SAMPLE_CHARACTERS = 64 * 1024;
const SAMPLE_LINES = 50;

/** The candidate that gives the most lines the same number of cells; a comma when none parts anything. */
export function sniffDelimiter(text: string): string {
  const lines = unquoted(text.slice(0, SAMPLE_CHARACTERS))
    .split('\n')
    .filter((line) => line.trim() !== '')
    .slice(0, SAMPLE_LINES);
  let best: { readonly delimiter: string; readonly score: number } = { delimiter: ',', score: 0 };
  for (const delimiter of CANDIDATES) {
    const score = evenness(lines.map((line) => line.split(delimiter).length));
    if (score > best.score) best = { delimiter, score };
  }
  return best.delimiter;
}

/** Share of lines with the commonest number of cells; more cells decide between equals. */
function evenness(widths: readonly number[]): number {
  const counts = new Map<number, number>();
  for (const width of widths) if (width > 1) counts.set(width, (counts.get(width) ?? 0) + 1);
  const scores = [...counts].map(([width, count]) => count / widths.length + Math.min(width, 100) / 10_000);
  return Math.max(0, ...scores);
}

/** Delimiters and line breaks inside of quotes part nothing. */
function unquoted(text: string): string {
  return text.replaceAll(/"[^"]*"/g, '');
}
