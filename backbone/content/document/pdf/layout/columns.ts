import type { Segment } from './page-text.ts';

/** The narrowest gutter, in em of the smaller type beside it. */
const GUTTER_EM = 0.9;
const ROWS_BESIDE_GUTTER = 3;
const MAX_DEPTH = 5;
const CANDIDATES = 3;
/** Less text than this beside a gutter is a label or a part of a formula. */
const LETTERS_BESIDE_GUTTER = 60;
const LETTERS_A_ROW = 5;
/** Lines of prose are at least this long; cells of a table seldom are. */
const PROSE_LETTERS = 22;

interface Row {
  readonly segments: readonly Segment[];
  readonly y: number;
}
interface Gap {
  readonly from: number;
  readonly to: number;
}

/**
 * Splits a page into zones in reading order: bands from top to bottom, and within a band of columns one
 * column after the other (an XY cut). A gutter counts when at least three rows stand on both sides and
 * the text reads down the columns rather than across, as a table does. O(n log n) a level, five levels.
 */
export function readingZones(segments: readonly Segment[]): readonly (readonly Segment[])[] {
  return cut(segments, 0).filter((zone) => zone.length > 0);
}

function cut(segments: readonly Segment[], depth: number): readonly (readonly Segment[])[] {
  if (depth >= MAX_DEPTH || segments.length < 2 * ROWS_BESIDE_GUTTER) return [segments];
  const rows = rowsOf(segments);
  for (const at of gutterCandidates(rows)) {
    const band = bestBand(rows, at);
    if (band === null) continue;
    const inside = rows.slice(band.from, band.to).flatMap((row) => row.segments);
    const [left, right] = sides(inside, at);
    if (!isText(left) || !isText(right) || !readsDown(left, right)) continue;
    return [
      ...cut(flat(rows.slice(0, band.from)), depth + 1),
      ...cut(ordered(left), depth + 1),
      ...cut(ordered(right), depth + 1),
      ...cut(flat(rows.slice(band.to)), depth + 1),
    ];
  }
  return [segments];
}

function flat(rows: readonly Row[]): readonly Segment[] {
  return ordered(rows.flatMap((row) => row.segments));
}

function ordered(segments: readonly Segment[]): readonly Segment[] {
  return [...segments].sort((a, b) => a.order - b.order);
}

function rowsOf(segments: readonly Segment[]): readonly Row[] {
  const rows: { segments: Segment[]; y: number; size: number }[] = [];
  for (const segment of [...segments].sort((a, b) => b.y - a.y)) {
    const row = rows.at(-1);
    if (row !== undefined && row.y - segment.y < 0.5 * Math.min(row.size, segment.size))
      row.segments.push(segment);
    else rows.push({ segments: [segment], y: segment.y, size: segment.size });
  }
  return rows;
}

/** The x positions that lie inside a gap in most rows, best first. */
function gutterCandidates(rows: readonly Row[]): readonly number[] {
  const edges = rows.flatMap((row) =>
    gapsOf(row).flatMap((gap) => [
      { x: gap.from, step: 1 },
      { x: gap.to, step: -1 },
    ]),
  );
  edges.sort((a, b) => a.x - b.x || b.step - a.step);
  const found: { x: number; rows: number }[] = [];
  let depth = 0;
  edges.forEach((edge, index) => {
    depth += edge.step;
    const next = edges[index + 1];
    if (next !== undefined && edge.step > 0 && next.step < 0 && depth >= ROWS_BESIDE_GUTTER)
      found.push({ x: (edge.x + next.x) / 2, rows: depth });
  });
  return found
    .sort((a, b) => b.rows - a.rows)
    .slice(0, CANDIDATES)
    .map((candidate) => candidate.x);
}

function gapsOf(row: Row): readonly Gap[] {
  const sorted = [...row.segments].sort((a, b) => a.x0 - b.x0);
  const gaps: Gap[] = [];
  let end = -Infinity;
  let size = Infinity;
  for (const segment of sorted) {
    if (segment.x0 - end >= GUTTER_EM * Math.min(size, segment.size) && end > -Infinity)
      gaps.push({ from: end, to: segment.x0 });
    end = Math.max(end, segment.x1);
    size = Math.min(size, segment.size);
  }
  return gaps;
}

/** The longest run of rows that nothing crosses at x and of which enough have text on both sides. */
function bestBand(rows: readonly Row[], at: number): { from: number; to: number } | null {
  let best: { from: number; to: number; both: number } | null = null;
  let from = 0;
  let both = 0;
  for (let index = 0; index <= rows.length; index++) {
    const row = rows[index];
    if (row !== undefined && !row.segments.some((segment) => segment.x0 < at && segment.x1 > at)) {
      if (hasBothSides(row, at)) both++;
      continue;
    }
    if (both >= ROWS_BESIDE_GUTTER && both > (best?.both ?? 0)) best = { from, to: index, both };
    from = index + 1;
    both = 0;
  }
  return best === null ? null : trimmed(rows, at, best);
}

/** Rows before the first and after the last with text on both sides belong to the band only if close. */
function trimmed(
  rows: readonly Row[],
  at: number,
  band: { readonly from: number; readonly to: number },
): { from: number; to: number } {
  let { from, to } = band;
  while (from < to && !hasBothSides(rows[from], at) && farApart(rows[from], rows[from + 1])) from++;
  while (to > from + 1 && !hasBothSides(rows[to - 1], at) && farApart(rows[to - 2], rows[to - 1])) to--;
  return { from, to };
}

function farApart(upper: Row | undefined, lower: Row | undefined): boolean {
  const size = upper?.segments[0]?.size;
  return upper !== undefined && lower !== undefined && size !== undefined && upper.y - lower.y > 1.8 * size;
}

function hasBothSides(row: Row | undefined, at: number): boolean {
  return (
    row !== undefined &&
    row.segments.some((segment) => segment.x1 <= at) &&
    row.segments.some((segment) => segment.x0 >= at)
  );
}

function sides(segments: readonly Segment[], at: number): readonly [readonly Segment[], readonly Segment[]] {
  const middle = (segment: Segment): number => (segment.x0 + segment.x1) / 2;
  return [segments.filter((one) => middle(one) < at), segments.filter((one) => middle(one) >= at)];
}

/**
 * Columns are drawn one after the other, a table row by row: so few changes of side in drawing order
 * mean columns. Programs that draw strictly line by line are told apart by lines as long as prose.
 */
function readsDown(left: readonly Segment[], right: readonly Segment[]): boolean {
  const rows = Math.min(rowsOf(left).length, rowsOf(right).length);
  const tagged = [
    ...left.map((segment) => ({ order: segment.order, side: 0 })),
    ...right.map((segment) => ({ order: segment.order, side: 1 })),
  ].sort((a, b) => a.order - b.order);
  let changes = 0;
  for (let index = 1; index < tagged.length; index++)
    if (tagged[index]?.side !== tagged[index - 1]?.side) changes++;
  if (changes <= Math.max(2, 0.35 * rows)) return true;
  return isProse(left) && isProse(right);
}

function isText(side: readonly Segment[]): boolean {
  const letters = lettersOf(side);
  return letters >= LETTERS_BESIDE_GUTTER && letters / rowsOf(side).length >= LETTERS_A_ROW;
}

function isProse(side: readonly Segment[]): boolean {
  return lettersOf(side) / rowsOf(side).length >= PROSE_LETTERS;
}

function lettersOf(segments: readonly Segment[]): number {
  return segments.reduce(
    (sum, one) => sum + one.items.reduce((n, item) => n + item.text.replaceAll(/\P{L}/gu, '').length, 0),
    0,
  );
}
