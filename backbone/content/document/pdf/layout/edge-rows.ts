import type { Cell, Line, PageLines } from './page-text.ts';

const TOP_BAND = 0.86;
const BOTTOM_BAND = 0.17;
const ROWS_AN_EDGE = 3;
/** Heads stand at the same height on every page to within this many points. */
const HEIGHT_STEP = 4;
const SAME_BASELINE_EM = 0.3;
/** A head is parted from the text by more than its lines are from each other; rows of a table are not. */
const CLEAR_GAP_EM = 1.6;
/** The rule under the header of a table widens the distance to its first row to about 1.7 em. */
const TABLE_GAP_EM = 2.2;

export type Edge = 'top' | 'bottom';

/** What stands at one height near the upper or lower edge of a page, over all its columns. */
export interface EdgeRow {
  readonly page: number;
  readonly edge: Edge;
  /** 0 is the outermost row of the page. */
  readonly depth: number;
  /** Height on the page in steps of four points. */
  readonly step: number;
  readonly lines: readonly Line[];
  /** The parts between wide gaps, from left to right. */
  readonly cells: readonly Cell[];
  readonly text: string;
  readonly size: number;
  /** A clear gap parts the row from the next one inwards, or there is none. */
  readonly isApart: boolean;
  /** The next row inwards has its parts in the same columns, as a table has. */
  readonly isInTable: boolean;
}

interface Row {
  readonly lines: readonly Line[];
  readonly y: number;
  readonly size: number;
}

/** At most three rows at either edge, the outermost first. O(n log n) for n lines. */
export function edgeRows(page: PageLines): readonly EdgeRow[] {
  const down = rowsOf(page.lines);
  const up = [...down].reverse();
  return [
    ...atEdge(page.page, 'top', down, (row) => row.y > TOP_BAND * page.height),
    ...atEdge(page.page, 'bottom', up, (row) => row.y < BOTTOM_BAND * page.height),
  ];
}

function rowsOf(lines: readonly Line[]): readonly Row[] {
  const rows: { lines: Line[]; y: number; size: number }[] = [];
  for (const line of [...lines].sort((a, b) => b.y - a.y)) {
    const row = rows.at(-1);
    if (row !== undefined && row.y - line.y <= SAME_BASELINE_EM * Math.min(row.size, line.size)) {
      row.lines.push(line);
      row.size = Math.max(row.size, line.size);
    } else rows.push({ lines: [line], y: line.y, size: line.size });
  }
  return rows;
}

function atEdge(
  page: number,
  edge: Edge,
  rows: readonly Row[],
  isNear: (row: Row) => boolean,
): readonly EdgeRow[] {
  const near = rows.slice(0, ROWS_AN_EDGE).filter(isNear);
  return near.map((row, depth) => {
    const inwards = rows[depth + 1];
    const cells = row.lines.flatMap((line) => line.cells).sort((a, b) => a.x0 - b.x0);
    return {
      page,
      edge,
      depth,
      step: Math.round(row.y / HEIGHT_STEP),
      lines: row.lines,
      cells,
      text: textOf(row),
      size: row.size,
      isApart: inwards === undefined || gap(row, inwards) >= CLEAR_GAP_EM * Math.max(row.size, inwards.size),
      isInTable: inwards !== undefined && isTable(row, inwards),
    };
  });
}

function textOf(row: Row): string {
  return [...row.lines]
    .sort((a, b) => a.x0 - b.x0)
    .map((line) => line.text)
    .join(' ');
}

function gap(row: Row, inwards: Row): number {
  return Math.abs(row.y - inwards.y);
}

/** Columns of text are lines of their own; the cells of a table are parts of one line. */
function isTable(row: Row, inwards: Row): boolean {
  if (gap(row, inwards) > TABLE_GAP_EM * Math.max(row.size, inwards.size)) return false;
  return row.lines.some((line) =>
    inwards.lines.some((other) => other.zone === line.zone && sharedColumns(line.cells, other.cells) >= 2),
  );
}

/** How many cells of `others` have one of `cells` over or under them. */
function sharedColumns(cells: readonly Cell[], others: readonly Cell[]): number {
  const found = new Set<number>();
  for (const cell of cells.slice(0, 50)) {
    const at = others.findIndex((other) => cell.x0 <= other.x1 && other.x0 <= cell.x1);
    if (at >= 0) found.add(at);
  }
  return found.size;
}
