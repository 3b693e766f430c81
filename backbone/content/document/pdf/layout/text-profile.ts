import type { Line } from './page-text.ts';

/** What is usual in a document: the yardstick for headings, gaps and small type. */
export interface TextProfile {
  /** Size that most letters have. */
  readonly bodySize: number;
  /** Whether most letters of that size are bold. */
  readonly bodyBold: boolean;
  /** Usual distance of baselines for type of this size. */
  leading(size: number): number;
}

const DEFAULT_SIZE = 10;
const DEFAULT_LEADING = 1.2;
const MIN_GAPS = 4;

/** Sizes are told apart by half points. O(lines). */
export function textProfile(lines: readonly Line[]): TextProfile {
  const letters = new Map<number, { all: number; bold: number }>();
  const gaps = new Map<number, Map<number, number>>();
  let previous: Line | undefined;
  for (const line of lines) {
    const size = halfPoints(line.size);
    const count = letters.get(size) ?? { all: 0, bold: 0 };
    count.all += line.text.length;
    if (line.style.bold) count.bold += line.text.length;
    letters.set(size, count);
    if (previous !== undefined && follows(previous, line)) {
      const gap = halfPoints(previous.y - line.y);
      const counts = gaps.get(size) ?? new Map<number, number>();
      counts.set(gap, (counts.get(gap) ?? 0) + 1);
      gaps.set(size, counts);
    }
    previous = line;
  }
  let bodySize = DEFAULT_SIZE;
  let most = { all: 0, bold: 0 };
  for (const [size, count] of letters)
    if (count.all > most.all) {
      bodySize = size;
      most = count;
    }
  const leadings = new Map([...gaps].map(([size, counts]) => [size, mostCommon(counts)]));
  return {
    bodySize,
    bodyBold: most.bold * 2 > most.all,
    leading: (size) => leadings.get(halfPoints(size)) ?? DEFAULT_LEADING * size,
  };
}

export function halfPoints(size: number): number {
  return Math.round(size * 2) / 2;
}

function follows(previous: Line, line: Line): boolean {
  const gap = previous.y - line.y;
  return (
    previous.page === line.page &&
    previous.zone === line.zone &&
    Math.abs(previous.size - line.size) < 0.5 &&
    gap > 0.9 * line.size &&
    gap < 2.2 * line.size
  );
}

function mostCommon(counts: ReadonlyMap<number, number>): number | undefined {
  let total = 0;
  let best: number | undefined;
  for (const [value, count] of counts) {
    total += count;
    if (count > (counts.get(best ?? -1) ?? 0)) best = value;
  }
  return total >= MIN_GAPS ? best : undefined;
}
