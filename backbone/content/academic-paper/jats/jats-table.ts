/** Tables of JATS, which are those of HTML 4. Pure. */
import type { Block, Locator } from '../../model.ts';
import { elementsOf, type XmlElement } from '../../parsing/xml.ts';
import { descendantsOf, lineOf } from './jats-text.ts';

const MOST_COLUMNS = 200;
const MOST_ROWS = 5000;
/** Of all tables of a paper together, spans unfolded, one may have so many. */
const MOST_CELLS = 100_000;

/** One row a line; a cell that spans others stands in each of them. Null for a table without text. */
export function tableBlock(table: XmlElement, locator: Locator): Block | null {
  const rows = rowsOf(table);
  if (!rows.some((row) => row.some((cell) => cell !== ''))) return null;
  const headerRows = elementsOf(table, 'thead').reduce((sum, head) => sum + elementsOf(head, 'tr').length, 0);
  const text = rows.map((row) => row.join('\t').trimEnd()).join('\n');
  return { kind: 'table', text, rows, headerRows: Math.min(headerRows, rows.length), locator };
}

/** Cells that reach down from rows above, by column. */
type Hanging = Map<number, { readonly text: string; readonly rowsLeft: number }>;

function rowsOf(table: XmlElement): readonly (readonly string[])[] {
  const rows: string[][] = [];
  let hanging: Hanging = new Map();
  let cells = 0;
  for (const row of descendantsOf(table, 'tr').slice(0, MOST_ROWS)) {
    const read = rowOf(row, hanging);
    cells += read.texts.length;
    if (cells > MOST_CELLS) break;
    rows.push(read.texts);
    hanging = read.hanging;
  }
  return rows;
}

function rowOf(row: XmlElement, above: Hanging): { readonly texts: string[]; readonly hanging: Hanging } {
  const texts: string[] = [];
  const hanging: Hanging = new Map();
  const takeHanging = (): void => {
    for (let held = above.get(texts.length); held !== undefined; held = above.get(texts.length)) {
      if (held.rowsLeft > 1) hanging.set(texts.length, { text: held.text, rowsLeft: held.rowsLeft - 1 });
      texts.push(held.text);
    }
  };
  for (const cell of elementsOf(row)) {
    if (cell.name !== 'td' && cell.name !== 'th') continue;
    takeHanging();
    const text = lineOf(cell);
    const rowSpan = spanOf(cell, 'rowspan', MOST_ROWS);
    const columns = Math.min(spanOf(cell, 'colspan', MOST_COLUMNS), MOST_COLUMNS - texts.length);
    for (let column = 0; column < columns; column += 1) {
      if (rowSpan > 1) hanging.set(texts.length, { text, rowsLeft: rowSpan - 1 });
      texts.push(text);
    }
  }
  takeHanging();
  return { texts, hanging };
}

function spanOf(cell: XmlElement, name: string, most: number): number {
  const span = Number(cell.attributes.get(name) ?? '1');
  return Number.isInteger(span) && span > 1 ? Math.min(span, most) : 1;
}
