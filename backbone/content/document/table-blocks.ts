/** Long tables cut into blocks, each with the header, unless the header is too long to be said again. */
import type { Block, Locator } from '../model.ts';

export interface TableRow {
  readonly cells: readonly string[];
  readonly locator: Locator;
}

/** A block is what is cited. */
const ROWS_PER_BLOCK = 50;
const CHARACTERS_PER_BLOCK = 8000;
/** A header of a hundred thousand columns, said for every fifty rows, would be gigabytes. */
const LONGEST_REPEATED_HEADER = CHARACTERS_PER_BLOCK;

interface OpenTable {
  readonly locator: Locator;
  readonly body: (readonly string[])[];
  characters: number;
}

/** A block is cited at its first row behind the header. */
export function tableBlocks(rows: readonly TableRow[], header: readonly string[] | null): readonly Block[] {
  const blocks: Block[] = [];
  const repeated = header !== null && lengthOf(header) > LONGEST_REPEATED_HEADER ? null : header;
  const close = (table: OpenTable): void => {
    blocks.push(blockOf(table, blocks.length === 0 ? header : repeated));
  };
  let open: OpenTable | null = null;
  for (const { cells, locator } of rows) {
    const length = lengthOf(cells);
    if (open !== null && isFull(open, length)) {
      close(open);
      open = null;
    }
    open ??= { locator, body: [], characters: 0 };
    open.body.push(cells);
    open.characters += length;
  }
  if (open !== null) close(open);
  return blocks;
}

function lengthOf(cells: readonly string[]): number {
  return cells.reduce((sum, cell) => sum + cell.length + 1, 0);
}

function isFull({ body, characters }: OpenTable, length: number): boolean {
  return body.length === ROWS_PER_BLOCK || characters + length > CHARACTERS_PER_BLOCK;
}

function blockOf({ body, locator }: OpenTable, header: readonly string[] | null): Block {
  const rows = [...(header === null ? [] : [header]), ...body];
  return {
    kind: 'table',
    text: rows.map((cells) => cells.join('\t')).join('\n'),
    rows,
    headerRows: header === null ? 0 : 1,
    locator,
  };
}
