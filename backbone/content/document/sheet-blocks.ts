/** A sheet as a heading and its tables: what stands between empty rows is a table. */
import type { Block, Locator } from '../model.ts';
import { tableBlocks } from './table-blocks.ts';

export interface SheetRow {
  /** 1-based. */
  readonly number: number;
  /** From column A on. */
  readonly cells: readonly string[];
}

const LONGEST_HEADER_CELL = 100;

/** `rows` are those with text. Nothing for a sheet without any. */
export function sheetBlocks(name: string, rows: readonly SheetRow[]): readonly Block[] {
  if (rows.length === 0) return [];
  const heading: Block = { kind: 'heading', text: name, level: 1, locator: { sheet: name } };
  return [
    ...(name === '' ? [] : [heading]),
    ...regionsOf(rows).flatMap((region) => regionBlocks(name, region)),
  ];
}

/** What somebody wrote beside a cell; `author` is empty when nobody is named. */
export function commentBlock(comment: {
  readonly sheet: string;
  readonly cell: string;
  readonly author: string;
  readonly text: string;
}): Block {
  const { sheet, cell, author, text } = comment;
  return {
    kind: 'footnote',
    text: `${author === '' ? 'Comment' : `Comment by ${author}`}: ${text}`,
    locator: locatorOf(sheet, cell),
  };
}

/** Columns from 0: A to Z, then AA. */
export function columnName(column: number): string {
  const letter = String.fromCharCode(65 + (column % 26));
  return column < 26 ? letter : `${columnName(Math.floor(column / 26) - 1)}${letter}`;
}

function locatorOf(sheet: string, cell: string): Locator {
  return { sheet, cell, ...(sheet === '' ? {} : { headingPath: [sheet] }) };
}

function regionsOf(rows: readonly SheetRow[]): readonly (readonly SheetRow[])[] {
  const regions: SheetRow[][] = [];
  let previous = 0;
  for (const row of rows) {
    const open = regions.at(-1);
    if (open === undefined || row.number !== previous + 1) regions.push([row]);
    else open.push(row);
    previous = row.number;
  }
  return regions;
}

function regionBlocks(sheet: string, region: readonly SheetRow[]): readonly Block[] {
  const left = region.reduce(
    (least, { cells }) =>
      Math.min(
        least,
        cells.findIndex((cell) => cell !== ''),
      ),
    255,
  );
  const rows = region.map(({ number, cells }) => ({
    cells: cells.slice(left),
    locator: locatorOf(sheet, `${columnName(left)}${number}`),
  }));
  const [first, ...rest] = rows;
  if (first === undefined) return [];
  if (rest.length === 0 && first.cells.length === 1)
    return [{ kind: 'paragraph', text: first.cells.join(''), locator: first.locator }];
  return isHeader(first.cells) && rest.length > 0 ? tableBlocks(rest, first.cells) : tableBlocks(rows, null);
}

/** Names of columns: words, at least over half of the columns. */
function isHeader(cells: readonly string[]): boolean {
  const filled = cells.filter((cell) => cell !== '');
  const areNames = filled.every((cell) => /\p{L}/u.test(cell) && cell.length <= LONGEST_HEADER_CELL);
  return areNames && filled.length * 2 >= cells.length;
}
