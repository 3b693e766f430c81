import { listMarker } from './list-marker.ts';
import { withHeaderSplit } from './table-header.ts';
import type { Cell, Line } from './page-text.ts';

const MIN_ROWS = 3;
const MAX_ROWS = 2000;
const MAX_CELL_LETTERS = 90;
const ROW_GAP_EM = 3;
const LEADER = /(?:\.\s?){4,}/;

export interface TableRun {
  /** Index of the first line, and one past the last. */
  readonly from: number;
  readonly to: number;
  readonly rows: readonly (readonly string[])[];
}

interface Column {
  readonly x0: number;
  readonly x1: number;
}

/**
 * Runs of at least three lines whose parts between wide gaps stand in common columns. Lines with dot
 * leaders and list items are no rows. A line with one part under a column goes on in that cell.
 */
export function tableRuns(lines: readonly Line[]): readonly TableRun[] {
  const runs: TableRun[] = [];
  let from = 0;
  while (from < lines.length) {
    const run = runFrom(lines, from);
    if (run === null) from++;
    else {
      runs.push(run);
      from = run.to;
    }
  }
  return runs;
}

function runFrom(lines: readonly Line[], from: number): TableRun | null {
  const printed = lines[from];
  if (printed === undefined || !isRow(printed)) return null;
  const first = withHeaderSplit(printed, lines.slice(from + 1, from + MIN_ROWS));
  let columns: readonly Column[] = first.cells;
  let to = from + 1;
  let rows = 1;
  for (; to < lines.length && to - from < MAX_ROWS; to++) {
    const [previous, line] = [lines[to - 1], lines[to]];
    if (previous === undefined || line === undefined || !isNextTo(previous, line)) break;
    if (isRow(line)) {
      const wider = withCells(columns, line.cells);
      if (wider.length < Math.max(2, columns.length) || !sharesColumns(columns, line.cells)) break;
      columns = wider;
      rows++;
    } else if (!isContinuation(line, columns)) break;
  }
  while (to > from && !isRowAt(lines, to - 1) && !isTight(lines, to - 1)) to--;
  return rows < MIN_ROWS ? null : { from, to, rows: rowsOf([first, ...lines.slice(from + 1, to)], columns) };
}

function isRowAt(lines: readonly Line[], index: number): boolean {
  const line = lines[index];
  return line !== undefined && isRow(line);
}

function isTight(lines: readonly Line[], index: number): boolean {
  const [above, line] = [lines[index - 1], lines[index]];
  return above !== undefined && line !== undefined && above.y - line.y <= 1.4 * line.size;
}

function isRow(line: Line): boolean {
  const [first] = line.cells;
  return (
    line.cells.length >= 2 &&
    first !== undefined &&
    (listMarker(`${first.text} `)?.length ?? 0) <= first.text.length &&
    !LEADER.test(line.text) &&
    line.cells.every((cell) => cell.text.length <= MAX_CELL_LETTERS)
  );
}

function isNextTo(previous: Line, line: Line): boolean {
  const gap = previous.y - line.y;
  return previous.zone === line.zone && gap > 0 && gap <= ROW_GAP_EM * Math.max(line.size, previous.size);
}

function isContinuation(line: Line, columns: readonly Column[]): boolean {
  const at = columns.findIndex((column) => overlaps(column, line));
  const column = columns[at];
  return (
    at >= 0 && column !== undefined && line.x1 <= column.x1 + line.size && line.x0 >= column.x0 - line.size
  );
}

function sharesColumns(columns: readonly Column[], cells: readonly Cell[]): boolean {
  return cells.filter((cell) => columns.some((column) => overlaps(column, cell))).length >= 2;
}

/** The columns widened by the cells; columns that now touch are one. */
function withCells(columns: readonly Column[], cells: readonly Cell[]): readonly Column[] {
  const sorted = [...columns, ...cells].sort((a, b) => a.x0 - b.x0);
  const merged: { x0: number; x1: number }[] = [];
  for (const { x0, x1 } of sorted) {
    const last = merged.at(-1);
    if (last !== undefined && x0 <= last.x1) last.x1 = Math.max(last.x1, x1);
    else merged.push({ x0, x1 });
  }
  return merged;
}

function overlaps(a: Column, b: Column): boolean {
  return a.x0 <= b.x1 && b.x0 <= a.x1;
}

function rowsOf(lines: readonly Line[], columns: readonly Column[]): readonly (readonly string[])[] {
  const rows: string[][] = [];
  let above: Line | undefined;
  for (const line of lines) {
    const last = rows.at(-1);
    const goesOn =
      line.cells.length === 1 &&
      last !== undefined &&
      above !== undefined &&
      above.y - line.y <= 1.4 * line.size;
    const row = goesOn ? last : columns.map(() => '');
    for (const cell of line.cells) {
      const at = Math.max(
        columns.findIndex((column) => overlaps(column, cell)),
        0,
      );
      row[at] = [row[at] ?? '', cell.text].filter((text) => text !== '').join(' ');
    }
    if (!goesOn) rows.push(row);
    above = line;
  }
  return rows;
}
