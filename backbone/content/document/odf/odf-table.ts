/** Tables of an OpenDocument file as rows. */
import { elementsOf, type XmlElement } from '../../parsing/xml.ts';

export interface OdfTable {
  readonly rows: readonly (readonly string[])[];
  readonly headerRows: number;
}

/** Goes down with every cell read. */
export interface TableBudget {
  cells: number;
}

const MOST_COLUMNS = 200;
const MOST_ROWS = 10_000;
/** Of all tables together: a file can ask for a million repetitions in a few bytes. */
const MOST_CELLS = 200_000;
/** A merged or repeated cell with more text stands in its first place only. */
const LONGEST_REPEATED = 80;
const ROW_GROUPS = new Set(['table:table-header-rows', 'table:table-rows', 'table:table-row-group']);

interface Span {
  readonly text: string;
  /** Rows below the present one that it still covers. */
  rowsLeft: number;
}

/** For all tables of a file. */
export function tableBudget(): TableBudget {
  return { cells: MOST_CELLS };
}

/** `textOfCell` reads what stands in a cell. Rows without text are left out. */
export function odfTable(
  table: XmlElement,
  budget: TableBudget,
  textOfCell: (cell: XmlElement) => string,
): OdfTable {
  const rows: string[][] = [];
  let headerRows = 0;
  const spans = new Map<number, Span>();
  for (const { element, isHeader } of rowsOf(table, false)) {
    const row = cellsOf(element, spans, textOfCell);
    budget.cells -= row.length;
    if (rows.length >= MOST_ROWS || budget.cells < 0) break;
    if (row.every((cell) => cell === '')) continue;
    if (isHeader && headerRows === rows.length) headerRows += 1;
    rows.push(row);
  }
  // On slides a header is a matter of looks.
  if (headerRows === 0 && table.attributes.get('table:use-first-row-styles') === 'true') headerRows = 1;
  return { rows, headerRows: headerRows < rows.length ? headerRows : 0 };
}

function rowsOf(
  table: XmlElement,
  isHeader: boolean,
): readonly { readonly element: XmlElement; readonly isHeader: boolean }[] {
  return elementsOf(table).flatMap((element) => {
    if (element.name === 'table:table-row') return [{ element, isHeader }];
    return ROW_GROUPS.has(element.name)
      ? rowsOf(element, isHeader || element.name === 'table:table-header-rows')
      : [];
  });
}

function cellsOf(
  row: XmlElement,
  spans: Map<number, Span>,
  textOfCell: (cell: XmlElement) => string,
): string[] {
  const cells: string[] = [];
  let across = '';
  for (const cell of elementsOf(row)) {
    const isCovered = cell.name === 'table:covered-table-cell';
    if (!isCovered && cell.name !== 'table:table-cell') continue;
    const text = isCovered ? '' : textOfCell(cell);
    const repeated = text.length > LONGEST_REPEATED ? '' : text;
    if (!isCovered) across = countOf(cell, 'table:number-columns-spanned') > 1 ? repeated : '';
    const copies = Math.min(countOf(cell, 'table:number-columns-repeated'), MOST_COLUMNS - cells.length);
    for (let copy = 0; copy < copies; copy += 1) {
      const column = cells.length;
      const above = spans.get(column);
      if (isCovered) {
        const isBelow = above !== undefined && above.rowsLeft > 0;
        cells.push(isBelow ? above.text : across);
        if (isBelow) above.rowsLeft -= 1;
        else copySpan(spans, column, across);
      } else {
        cells.push(copy === 0 ? text : repeated);
        spans.set(column, { text: repeated, rowsLeft: countOf(cell, 'table:number-rows-spanned') - 1 });
      }
    }
  }
  return cells;
}

/** A cell that spans columns and rows covers the places beside its first one in the rows below as well. */
function copySpan(spans: Map<number, Span>, column: number, text: string): void {
  const left = spans.get(column - 1);
  if (left !== undefined && left.rowsLeft > 0) spans.set(column, { text, rowsLeft: left.rowsLeft });
  else spans.delete(column);
}

function countOf(cell: XmlElement, attribute: string): number {
  const count = Number(cell.attributes.get(attribute) ?? 1);
  return Number.isInteger(count) && count >= 1 ? count : 1;
}
