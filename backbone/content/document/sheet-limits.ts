/** What the readers of workbooks take at most, and what they tell about the rest. */
import type { ContentWarning } from '../model.ts';
import type { SheetRow } from './sheet-blocks.ts';

/** Goes down with every cell read, over all sheets of a workbook. */
export interface Budget {
  /** Characters that may still be read; a cell, empty or not, counts as one more. */
  characters: number;
  rows: number;
  /** Places of merged cells that may still be filled. */
  repeats: number;
  /** Whether something had to be left out. */
  exceeded: boolean;
}

/** Rows from 1, columns from 0. */
export interface CellPlace {
  readonly row: number;
  readonly column: number;
}

export interface MergedCells {
  readonly from: CellPlace;
  readonly to: CellPlace;
}

export const MAX_COLUMNS = 256;
/** As much as a cell can hold in the programs themselves. */
export const LONGEST_CELL = 32_767;
export const MAX_COMMENTS = 10_000;
/** Of a sheet. */
export const MAX_MERGES = 10_000;

const MAX_ROWS = 100_000;
const MAX_CHARACTERS = 8 * 1024 * 1024;
const MAX_REPEATS = 200_000;
/** A merged cell with more text stands in its first place only; shorter ones are repeated. */
const LONGEST_REPEATED = 80;

export function workbookBudget(): Budget {
  return { characters: MAX_CHARACTERS, rows: MAX_ROWS, repeats: MAX_REPEATS, exceeded: false };
}

/** As a cell shows it: in one line. */
export function cellLine(text: string): string {
  return text.slice(0, LONGEST_CELL).replaceAll(/\s+/g, ' ').trim().toWellFormed();
}

/** Fills the row with empty cells up to `column`. */
export function putCell(cells: string[], column: number, text: string): void {
  while (cells.length < column) cells.push('');
  cells[column] = text;
}

/** Writes the text of merged cells into each of their places, so that each row can be read alone. */
export function repeatMerged(
  rows: readonly (SheetRow & { readonly cells: string[] })[],
  merges: readonly MergedCells[],
  budget: Budget,
): void {
  const byNumber = new Map(rows.map(({ number, cells }) => [number, cells]));
  for (const { from, to } of merges) {
    const text = byNumber.get(from.row)?.[from.column] ?? '';
    if (text === '' || text.length > LONGEST_REPEATED) continue;
    for (let row = from.row; row <= to.row && budget.repeats > 0; row += 1) {
      budget.repeats -= 1;
      const cells = byNumber.get(row);
      if (cells === undefined) continue;
      for (let column = from.column; column <= Math.min(to.column, MAX_COLUMNS - 1); column += 1) {
        budget.repeats -= 1;
        putCell(cells, column, text);
      }
    }
  }
}

/** `hidden` counts sheets. */
export function workbookWarnings(hidden: number, budget: Budget): readonly ContentWarning[] {
  return [...hiddenLeftOut(hidden), ...(budget.exceeded ? [cellsLeftOut()] : [])];
}

function hiddenLeftOut(count: number): readonly ContentWarning[] {
  const message = `${count} ${count === 1 ? 'sheet is' : 'sheets are'} hidden in the workbook and left out.`;
  return count === 0 ? [] : [{ code: 'hidden_sheets_left_out', message }];
}

function cellsLeftOut(): ContentWarning {
  return {
    code: 'cells_left_out',
    message: 'The workbook is too large: only its first rows and columns were read.',
  };
}
