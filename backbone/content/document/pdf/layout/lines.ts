import { joinStrandedAccents, splitLigatures, withAccentsPlaced } from './accents.ts';
import { readingZones } from './columns.ts';
import { lineGroups } from './line-order.ts';
import type { Cell, Line, PageItems, PageLines, Segment, TextItem } from './page-text.ts';
import { segmentsOf, withoutOverprints } from './segments.ts';

const WORD_GAP_EM = 0.25;
/** Items further apart than this stand over each other, as limits do. */
const STACKED_EM = 0.7;
const SCRIPT_SIZE = 0.88;
/** TeX's thin space is a sixth of an em, its narrowest word space a fifth. */
const KERN_EM = 0.18;
/** A line of code is set in monospaced type throughout; a line of prose may name a file in it. */
const MONOSPACE_SHARE = 0.9;
const CELL_GAP_EM = 1.2;
/** Three are an ellipsis as TeX spaces it, more are the leader of a table of contents. */
const SPACED_DOTS = /\.(?: \.){2,}/g;

/** Items to lines in reading order. */
export function pageLines(page: PageItems): PageLines {
  const zones = readingZones(segmentsOf(prepared(page.items)));
  return {
    page: page.page,
    width: page.width,
    height: page.height,
    lines: zones.flatMap((zone, index) => zoneLines(zone, page.page, index)),
    rotated: page.rotated.flatMap((items) => zoneLines(segmentsOf(prepared(items)), page.page, -1)),
  };
}

/** The text of items that stand on one line, in their order, with spaces by gap. */
export function textOfItems(items: readonly TextItem[]): string {
  const main = largest(items, (item) => item.size);
  let text = '';
  let previous: TextItem | null = null;
  for (const item of items) {
    if (previous !== null && needsSpace(previous, item, main)) text += ' ';
    text += item.text;
    previous = item;
  }
  return joinStrandedAccents(splitLigatures(text))
    .replaceAll(/[^\S\n]+/g, ' ')
    .replaceAll(SPACED_DOTS, (dots) => (dots === '. . .' ? '...' : dots))
    .trim();
}

function prepared(items: readonly TextItem[]): readonly TextItem[] {
  return withAccentsPlaced(withoutOverprints(items));
}

function zoneLines(zone: readonly Segment[], page: number, number: number): readonly Line[] {
  return lineGroups(zone).map((group) => lineOf(group, page, number));
}

function lineOf(segments: readonly Segment[], page: number, zone: number): Line {
  const backwards = isRightToLeft(segments);
  const sorted = isFormula(segments)
    ? segments
    : [...segments].sort((a, b) => (backwards ? b.x0 - a.x0 : a.x0 - b.x0));
  const items = sorted.flatMap((segment) => (backwards ? rightToLeftItems(segment) : segment.items));
  const [first] = items;
  const size = largest(sorted, (segment) => segment.size);
  const y = sorted.find((segment) => segment.size === size)?.y ?? 0;
  const cells = cellsOf(sorted, size);
  return {
    page,
    zone,
    text: joinParts(
      sorted.map((segment) => textOfItems(backwards ? rightToLeftItems(segment) : segment.items)),
    ),
    x0: smallest(sorted, (segment) => segment.x0),
    x1: largest(sorted, (segment) => segment.x1),
    y,
    size,
    style: {
      bold: mostly(items, (item) => item.style.bold),
      italic: mostly(items, (item) => item.style.italic),
      monospace: mostly(items, (item) => item.style.monospace, MONOSPACE_SHARE),
    },
    cells,
    startsRaised: first !== undefined && first.size < 0.85 * size && first.y > y + 0.1 * size,
  };
}

/** Parts of a formula on several baselines read in the order in which they are drawn. */
function isFormula(segments: readonly Segment[]): boolean {
  const [first] = segments;
  return first !== undefined && segments.some((one) => Math.abs(one.y - first.y) > 0.3 * one.size);
}

function joinParts(parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join(' ');
}

function cellsOf(sorted: readonly Segment[], size: number): readonly Cell[] {
  const cells: { parts: string[]; x0: number; x1: number }[] = [];
  for (const segment of sorted) {
    const cell = cells.at(-1);
    const text = textOfItems(segment.items);
    const apart = cell === undefined ? 0 : Math.max(segment.x0 - cell.x1, cell.x0 - segment.x1);
    if (cell === undefined || apart > CELL_GAP_EM * size)
      cells.push({ parts: [text], x0: segment.x0, x1: segment.x1 });
    else {
      cell.parts.push(text);
      cell.x0 = Math.min(cell.x0, segment.x0);
      cell.x1 = Math.max(cell.x1, segment.x1);
    }
  }
  return cells.map((cell) => ({ text: joinParts(cell.parts), x0: cell.x0, x1: cell.x1 }));
}

function isRightToLeft(segments: readonly Segment[]): boolean {
  return mostly(
    segments.flatMap((segment) => segment.items),
    (item) => item.rightToLeft,
  );
}

function rightToLeftItems(segment: Segment): readonly TextItem[] {
  return [...segment.items].sort((a, b) => b.x - a.x);
}

function mostly(items: readonly TextItem[], has: (item: TextItem) => boolean, share = 0.5): boolean {
  let yes = 0;
  let all = 0;
  for (const item of items) {
    all += item.text.length;
    if (has(item)) yes += item.text.length;
  }
  return yes > share * all;
}

function needsSpace(previous: TextItem, item: TextItem, main: number): boolean {
  if (item.spaceBefore === 'drawn') return true;
  const gap = item.rightToLeft ? previous.x - item.x - item.width : item.x - previous.x - previous.width;
  const shift = Math.abs(item.y - previous.y);
  if (shift > STACKED_EM * main) return true;
  const small = SCRIPT_SIZE * Math.max(item.size, previous.size);
  if (item.size < small || (shift > 0.1 * main && item.size < SCRIPT_SIZE * main))
    return gap > WORD_GAP_EM * main;
  const guessed = item.spaceBefore === 'guessed' && !isKern(previous, item, gap);
  if (previous.size < small) return guessed || gap > WORD_GAP_EM * main;
  return guessed || Math.abs(gap) > WORD_GAP_EM * item.size;
}

/** Between the single letters of a formula a narrow gap is a kern, though between words it may be a space. */
function isKern(previous: TextItem, item: TextItem, gap: number): boolean {
  const single = Math.min(previous.text.length, item.text.length) <= 1;
  return single && gap >= 0 && gap < KERN_EM * item.size && !/[,;]$/.test(previous.text);
}

function largest<T>(all: readonly T[], of: (one: T) => number): number {
  return all.reduce((most, one) => Math.max(most, of(one)), -Infinity);
}

function smallest<T>(all: readonly T[], of: (one: T) => number): number {
  return all.reduce((least, one) => Math.min(least, of(one)), Infinity);
}
