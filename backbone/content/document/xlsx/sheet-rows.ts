/** The filled rows of a sheet. */
import type { SheetRow } from '../sheet-blocks.ts';
import { shownNumber } from './number-format.ts';
import { scanXml, type XmlScan } from './xml-scan.ts';

/** What the sheets of a workbook share. */
export interface SheetContext {
  readonly strings: readonly string[];
  /** Number formats by style. */
  readonly formats: readonly string[];
  readonly is1904: boolean;
  /** Goes down with every cell read, over all sheets. */
  readonly budget: Budget;
}

export interface Budget {
  /** Characters that may still be read; a cell, empty or not, counts as one more. */
  characters: number;
  rows: number;
  /** Whether something had to be left out. */
  exceeded: boolean;
}

interface OpenCell {
  readonly column: number;
  readonly type: string;
  readonly style: number;
  text: string;
}

const MAX_COLUMNS = 256;
/** As much as a cell can hold in the programs themselves. */
const LONGEST_CELL = 32_767;
/** A merged cell with more text stands in its first place only; shorter ones are repeated. */
const LONGEST_REPEATED = 80;
const MAX_MERGES = 10_000;
const MAX_REPEATS = 200_000;

export function readSheetRows(bytes: Uint8Array, context: SheetContext): readonly SheetRow[] {
  const scan = new SheetScan(context);
  scanXml(bytes, scan);
  scan.repeatMerged();
  return scan.rows.filter(({ cells }) => cells.some((cell) => cell !== ''));
}

class SheetScan implements XmlScan {
  readonly rows: { readonly number: number; readonly cells: string[] }[] = [];
  readonly #context: SheetContext;
  readonly #merges: string[] = [];
  #cells: string[] = [];
  #cell: OpenCell | null = null;
  #capturing = false;
  #inSound = false;
  #done = false;

  constructor(context: SheetContext) {
    this.#context = context;
  }

  get done(): boolean {
    return this.#done;
  }

  open(name: string, attributes: Readonly<Record<string, string>>): void {
    switch (name) {
      case 'row':
        this.#row(Number(attributes['r']));
        break;
      case 'c':
        this.#openCell(attributes);
        break;
      case 'rPh':
        this.#inSound = true;
        break;
      case 'mergeCell':
        if (this.#merges.length < MAX_MERGES) this.#merges.push(attributes['ref'] ?? '');
    }
    this.#capturing = name === 'v' || (name === 't' && !this.#inSound);
  }

  text(piece: string): void {
    if (this.#capturing && this.#cell !== null && this.#cell.text.length < LONGEST_CELL)
      this.#cell.text += piece;
  }

  close(name: string): void {
    this.#capturing = false;
    if (name === 'rPh') this.#inSound = false;
    if (name !== 'c' || this.#cell === null) return;
    this.#closeCell(this.#cell);
    this.#cell = null;
  }

  /** So that each row can be read alone. */
  repeatMerged(): void {
    const byNumber = new Map(this.rows.map(({ number, cells }) => [number, cells]));
    let repeats = 0;
    for (const merge of this.#merges) {
      const [from, to] = merge.split(':').map(placeOf);
      if (from === undefined || to === undefined) continue;
      const text = byNumber.get(from.row)?.[from.column] ?? '';
      if (text === '' || text.length > LONGEST_REPEATED) continue;
      for (let row = from.row; row <= to.row && repeats < MAX_REPEATS; row += 1) {
        const cells = byNumber.get(row);
        for (let column = from.column; column <= Math.min(to.column, MAX_COLUMNS - 1); column += 1) {
          repeats += 1;
          if (cells !== undefined) put(cells, column, text);
        }
      }
    }
  }

  #row(number: number): void {
    const { budget } = this.#context;
    if (budget.rows <= 0 || budget.characters <= 0) {
      budget.exceeded = true;
      this.#done = true;
    }
    if (this.#done) return;
    budget.rows -= 1;
    this.#cells = [];
    const next = (this.rows.at(-1)?.number ?? 0) + 1;
    this.rows.push({ number: Number.isInteger(number) ? number : next, cells: this.#cells });
  }

  #openCell(attributes: Readonly<Record<string, string>>): void {
    const column = placeOf(attributes['r'] ?? '')?.column ?? this.#cells.length;
    if (column >= MAX_COLUMNS) this.#context.budget.exceeded = true;
    if (this.#done || column >= MAX_COLUMNS) return;
    this.#cell = {
      column,
      type: attributes['t'] ?? 'n',
      style: Number(attributes['s'] ?? 0),
      text: '',
    };
  }

  #closeCell(cell: OpenCell): void {
    const text = this.#shown(cell).slice(0, LONGEST_CELL).replaceAll(/\s+/g, ' ').trim().toWellFormed();
    const width = this.#cells.length;
    put(this.#cells, cell.column, text);
    this.#context.budget.characters -= text.length + this.#cells.length - width;
  }

  #shown({ type, style, text }: OpenCell): string {
    switch (type) {
      case 's':
        return this.#context.strings[Number(text)] ?? '';
      case 'b':
        return text === '1' ? 'TRUE' : 'FALSE';
      case 'n': {
        const value = Number(text);
        if (text.trim() === '' || !Number.isFinite(value)) return text;
        return shownNumber(value, this.#context.formats[style] ?? 'General', this.#context.is1904);
      }
      default:
        return text;
    }
  }
}

function put(cells: string[], column: number, text: string): void {
  while (cells.length < column) cells.push('');
  cells[column] = text;
}

/** `B3` as row 3, column 1 (columns from 0). Undefined for what names no cell. */
function placeOf(name: string): { readonly row: number; readonly column: number } | undefined {
  const [, letters, digits] = /^\$?([A-Z]{1,3})\$?(\d{1,7})$/.exec(name) ?? [];
  if (letters === undefined || digits === undefined) return undefined;
  let column = 0;
  for (const letter of letters) column = column * 26 + letter.charCodeAt(0) - 64;
  return { row: Number(digits), column: column - 1 };
}
