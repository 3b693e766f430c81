import type { Segment, TextItem } from './page-text.ts';

/** A gap this wide (in em) parts columns and cells; wide word spaces are joined again later. */
const SEGMENT_GAP_EM = 0.8;
const SAME_BASELINE_EM = 0.2;
const SCRIPT_SHIFT_EM = 0.75;
const LIMIT_SHIFT_EM = 1.4;
const SMALLER = 0.88;
/** Bold made by printing twice shifts the second print by about a twentieth of an em. */
const OVERPRINT_EM = 0.12;

interface Draft {
  readonly items: TextItem[];
  x0: number;
  x1: number;
  y: number;
  size: number;
  readonly order: number;
}

/** Drops items printed again on (almost) the same place. O(items). */
export function withoutOverprints(items: readonly TextItem[]): readonly TextItem[] {
  const seen = new Map<string, TextItem[]>();
  return items.filter((item) => {
    const cell = Math.max(item.size * OVERPRINT_EM, 0.01);
    const column = Math.round(item.x / cell);
    const row = Math.round(item.y / cell);
    for (let dx = -1; dx <= 1; dx++)
      for (let dy = -1; dy <= 1; dy++)
        if (seen.get(key(item, column + dx, row + dy))?.some((other) => overprints(item, other, cell)))
          return false;
    const own = key(item, column, row);
    const list = seen.get(own);
    if (list === undefined) seen.set(own, [item]);
    else if (list.length < 4) list.push(item);
    return true;
  });
}

/**
 * Groups items, in the order the page draws them, into segments: that order is the one thing that tells
 * where a superscript or the limit of a sum belongs. O(items).
 */
export function segmentsOf(items: readonly TextItem[]): readonly Segment[] {
  const segments: Draft[] = [];
  let current: Draft | undefined;
  for (const item of items) {
    if (current !== undefined && continues(current, item)) append(current, item);
    else {
      current = {
        items: [item],
        x0: item.x,
        x1: item.x + item.width,
        y: item.y,
        size: item.size,
        order: segments.length,
      };
      segments.push(current);
    }
  }
  return segments;
}

function key(item: TextItem, column: number, row: number): string {
  return `${column}:${row}:${item.text}`;
}

function overprints(item: TextItem, other: TextItem, distance: number): boolean {
  return (
    Math.abs(item.x - other.x) <= distance &&
    Math.abs(item.y - other.y) <= distance &&
    Math.abs(item.size - other.size) <= distance
  );
}

function continues(segment: Draft, item: TextItem): boolean {
  const em = Math.max(segment.size, item.size);
  const gap = item.x - segment.x1;
  const shift = Math.abs(item.y - segment.y);
  if (item.rightToLeft && shift <= SAME_BASELINE_EM * em)
    return Math.abs(segment.x0 - item.x - item.width) <= SEGMENT_GAP_EM * em || insideReach(segment, gap, em);
  if (shift <= SAME_BASELINE_EM * em) return insideReach(segment, gap, em);
  return isScript(segment, item, em) || isStacked(segment, item, em);
}

function insideReach(segment: Draft, gap: number, em: number): boolean {
  return gap <= SEGMENT_GAP_EM * em && gap >= -Math.min(segment.x1 - segment.x0, 3 * em) - 0.1 * em;
}

/** A super- or subscript, or the base that follows one. */
function isScript(segment: Draft, item: TextItem, em: number): boolean {
  const gap = item.x - segment.x1;
  const shift = Math.abs(item.y - segment.y);
  const differs = Math.min(item.size, segment.size) < SMALLER * em || isOffBaseline(segment);
  return differs && shift <= SCRIPT_SHIFT_EM * em && gap <= 0.4 * em && gap >= -1.5 * em;
}

/** The limit of a sum under or over its sign, or a part of a fraction that goes on from the line. */
function isStacked(segment: Draft, item: TextItem, em: number): boolean {
  const last = segment.items.at(-1);
  if (last === undefined) return false;
  const shift = Math.abs(item.y - segment.y);
  const gap = item.x - segment.x1;
  if (shift <= em && gap >= -0.1 * em && gap <= 0.4 * em) return true;
  const overlaps = item.x < last.x + last.width + 0.2 * em && item.x + item.width > last.x - 0.2 * em;
  const smaller = item.size < SMALLER * segment.size && item.width <= 6 * em;
  return overlaps && smaller && last.width <= 6 * em && shift <= LIMIT_SHIFT_EM * em;
}

function isOffBaseline(segment: Draft): boolean {
  const last = segment.items.at(-1);
  return last !== undefined && Math.abs(last.y - segment.y) > SAME_BASELINE_EM * segment.size;
}

function append(segment: Draft, item: TextItem): void {
  segment.items.push(item);
  segment.x0 = Math.min(segment.x0, item.x);
  segment.x1 = Math.max(segment.x1, item.x + item.width);
  if (item.size * SMALLER > segment.size) {
    segment.size = item.size;
    segment.y = item.y;
  }
}
