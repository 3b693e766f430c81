/** Long tables cut into blocks, each with the header. */
import type { Block, Locator } from '../model.ts';

export interface TableRow {
  readonly cells: readonly string[];
  readonly locator: Locator;
}

/** A block is what is cited. */
const ROWS_PER_BLOCK = 50;
const CHARACTERS_PER_BLOCK = 8000;

/** A block is cited at its first row behind the header. */
export function tableBlocks(rows: readonly TableRow[], header: readonly string[] | null): readonly Block[] {
  const blocks: Block[] = [];
  let open: TableRow[] = [];
  let characters = 0;
  for (const row of rows) {
    const length = row.cells.reduce((sum, cell) => sum + cell.length + 1, 0);
    const isFull = open.length === ROWS_PER_BLOCK || characters + length > CHARACTERS_PER_BLOCK;
    if (open.length > 0 && isFull) {
      blocks.push(tableOf(open, header));
      open = [];
      characters = 0;
    }
    open.push(row);
    characters += length;
  }
  if (open.length > 0) blocks.push(tableOf(open, header));
  return blocks;
}

function tableOf(body: readonly TableRow[], header: readonly string[] | null): Block {
  const rows = [...(header === null ? [] : [header]), ...body.map(({ cells }) => cells)];
  return {
    kind: 'table',
    text: rows.map((cells) => cells.join('\t')).join('\n'),
    rows,
    headerRows: header === null ? 0 : 1,
    locator: body[0]?.locator ?? {},
  };
}
