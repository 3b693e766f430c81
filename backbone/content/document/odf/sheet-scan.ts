/** The sheets of an OpenDocument spreadsheet, read in one go: a million cells do not fit into memory as a tree. */
import { scanXml, type XmlScan } from '../../parsing/xml-scan.ts';
import { columnName, type SheetRow } from '../sheet-blocks.ts';
import {
  cellLine,
  MAX_COLUMNS,
  MAX_COMMENTS,
  MAX_MERGES,
  putCell,
  repeatMerged,
  type Budget,
  type MergedCells,
} from '../sheet-limits.ts';
import { CellText, type CellComment } from './cell-text.ts';
import { storedValue } from './cell-value.ts';

export interface OdfSheet {
  readonly name: string;
  /** Its rows and comments are not read. */
  readonly isHidden: boolean;
  /** Those with text. */
  readonly rows: readonly SheetRow[];
  readonly comments: readonly (CellComment & { readonly cell: string })[];
}

type Attributes = Readonly<Record<string, string>>;

interface OpenSheet extends OdfSheet {
  readonly rows: { readonly number: number; readonly cells: string[] }[];
  readonly comments: (CellComment & { readonly cell: string })[];
  readonly merges: MergedCells[];
  /** Of the next row. */
  rowNumber: number;
}

interface OpenRow {
  readonly repeats: number;
  readonly cells: string[];
  /** Of the next cell, from 0. */
  column: number;
}

interface OpenCell {
  readonly attributes: Attributes;
  readonly isCovered: boolean;
  readonly text: CellText;
  /** Elements open inside. */
  depth: number;
}

/** Rows and columns of the largest sheets that programs make. */
const MOST_REPEATS = 1_048_576;
const MAX_SHEETS = 10_000;
const LONGEST_NAME = 200;

/** `bytes` are those of `content.xml`. Null when they hold no spreadsheet. Errors: as `scanXml`. */
export function readOdfSheets(bytes: Uint8Array, budget: Budget): readonly OdfSheet[] | null {
  const scan = new SheetsScan(budget);
  scanXml(bytes, scan);
  return scan.sheets;
}

class SheetsScan implements XmlScan {
  /** Nothing is skipped at the end of the budget: what follows is still counted. */
  readonly done = false;
  sheets: OpenSheet[] | null = null;
  readonly #budget: Budget;
  readonly #hiddenStyles = new Set<string>();
  #tableStyle: string | null = null;
  #depth = 0;
  /** How deep the sheets stand; tables elsewhere are copies out of other files. */
  #sheetDepth = -1;
  #comments = 0;
  #sheet: OpenSheet | null = null;
  #row: OpenRow | null = null;
  #cell: OpenCell | null = null;

  constructor(budget: Budget) {
    this.#budget = budget;
  }

  open(name: string, attributes: Attributes): void {
    this.#depth += 1;
    if (this.#cell !== null) {
      this.#cell.depth += 1;
      this.#cell.text.open(name);
    } else if (this.#row !== null) this.#openCell(name, attributes);
    else if (this.#sheet !== null) this.#openInSheet(name, attributes, this.#sheet);
    else if (name === 'table' && this.#depth === this.#sheetDepth) this.#openSheet(attributes);
    else this.#openOutside(name, attributes);
  }

  text(piece: string): void {
    this.#cell?.text.text(piece);
  }

  close(name: string): void {
    const depth = this.#depth;
    this.#depth -= 1;
    if (this.#cell !== null && this.#cell.depth > 0) {
      this.#cell.depth -= 1;
      this.#cell.text.close();
    } else if (this.#cell !== null) this.#closeCell(this.#cell);
    else if (this.#row !== null && name === 'table-row') this.#closeRow(this.#row);
    else if (this.#sheet !== null && depth === this.#sheetDepth) this.#closeSheet(this.#sheet);
  }

  #openOutside(name: string, attributes: Attributes): void {
    if (name === 'spreadsheet' && this.sheets === null) {
      this.sheets = [];
      this.#sheetDepth = this.#depth + 1;
    } else if (name === 'style') {
      const isTable = valueOf(attributes, 'family') === 'table';
      this.#tableStyle = isTable ? (valueOf(attributes, 'name') ?? '') : null;
    } else if (name === 'table-properties' && valueOf(attributes, 'display') === 'false') {
      if (this.#tableStyle !== null) this.#hiddenStyles.add(this.#tableStyle);
    }
  }

  #openSheet(attributes: Attributes): void {
    this.#sheet = {
      name: cellLine((valueOf(attributes, 'name') ?? '').slice(0, LONGEST_NAME)),
      isHidden: this.#hiddenStyles.has(valueOf(attributes, 'style-name') ?? ''),
      rows: [],
      comments: [],
      merges: [],
      rowNumber: 1,
    };
  }

  #openInSheet(name: string, attributes: Attributes, sheet: OpenSheet): void {
    // Values that formulas took out of another file are kept in a sheet that nobody sees.
    if (name === 'table-source' && sheet.isHidden) this.#sheet = null;
    if (name !== 'table-row' || sheet.isHidden) return;
    this.#row = { repeats: countOf(attributes, 'number-rows-repeated'), cells: [], column: 0 };
  }

  #openCell(name: string, attributes: Attributes): void {
    const isCovered = name === 'covered-table-cell';
    if (!isCovered && name !== 'table-cell') return;
    this.#cell = { attributes, isCovered, text: new CellText(), depth: 0 };
  }

  #closeCell({ attributes, isCovered, text }: OpenCell): void {
    this.#cell = null;
    const row = this.#row;
    const sheet = this.#sheet;
    if (row === null || sheet === null) return;
    const column = row.column;
    row.column += countOf(attributes, 'number-columns-repeated');
    // What stands below a merged cell is not shown.
    if (isCovered) return;
    const shown = text.shown === '' ? cellLine(storedValue((name) => valueOf(attributes, name))) : text.shown;
    if (shown !== '') this.#fill(row, column, shown);
    this.#merge(sheet, column, attributes);
    if (text.comment === null || this.#comments >= MAX_COMMENTS) return;
    this.#comments += 1;
    sheet.comments.push({ ...text.comment, cell: `${columnName(column)}${sheet.rowNumber}` });
  }

  #fill(row: OpenRow, column: number, shown: string): void {
    if (row.column > MAX_COLUMNS) this.#budget.exceeded = true;
    for (let at = column; at < Math.min(row.column, MAX_COLUMNS); at += 1) putCell(row.cells, at, shown);
  }

  #merge(sheet: OpenSheet, column: number, attributes: Attributes): void {
    const columns = countOf(attributes, 'number-columns-spanned');
    const rows = countOf(attributes, 'number-rows-spanned');
    if (columns * rows === 1 || sheet.merges.length >= MAX_MERGES) return;
    const from = { row: sheet.rowNumber, column };
    sheet.merges.push({ from, to: { row: from.row + rows - 1, column: column + columns - 1 } });
  }

  #closeRow({ cells, repeats }: OpenRow): void {
    this.#row = null;
    const sheet = this.#sheet;
    if (sheet === null) return;
    if (cells.length > 0) this.#addRows(sheet, cells, repeats);
    sheet.rowNumber += repeats;
  }

  #addRows(sheet: OpenSheet, cells: readonly string[], repeats: number): void {
    const budget = this.#budget;
    const size = cells.reduce((sum, { length }) => sum + length + 1, 0);
    for (let copy = 0; copy < repeats; copy += 1) {
      if (budget.rows <= 0 || budget.characters <= 0 || (copy > 0 && budget.repeats <= 0)) {
        budget.exceeded = true;
        return;
      }
      budget.rows -= 1;
      if (copy > 0) budget.repeats -= cells.length;
      budget.characters -= size;
      // Each has its own, since merged cells are written into them.
      sheet.rows.push({ number: sheet.rowNumber + copy, cells: [...cells] });
    }
  }

  #closeSheet(sheet: OpenSheet): void {
    this.#sheet = null;
    repeatMerged(sheet.rows, sheet.merges, this.#budget);
    if (this.sheets !== null && this.sheets.length < MAX_SHEETS) this.sheets.push(sheet);
    else this.#budget.exceeded = true;
  }
}

/** By the name without its prefix; the first counts where programs add their own of the same name. */
function valueOf(attributes: Attributes, name: string): string | undefined {
  const key = Object.keys(attributes).find((candidate) => candidate.endsWith(`:${name}`));
  return key === undefined ? undefined : attributes[key];
}

function countOf(attributes: Attributes, name: string): number {
  const count = Number(valueOf(attributes, name) ?? 1);
  return Number.isInteger(count) && count >= 1 ? Math.min(count, MOST_REPEATS) : 1;
}
