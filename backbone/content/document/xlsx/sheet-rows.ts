/** The filled rows of a sheet. */
import { scanXml, type XmlScan } from '../../parsing/xml-scan.ts';
import type { SheetRow } from '../sheet-blocks.ts';
import {
  cellLine,
  LONGEST_CELL,
  MAX_COLUMNS,
  MAX_MERGES,
  putCell,
  repeatMerged,
  type Budget,
  type CellPlace,
  type MergedCells,
} from '../sheet-limits.ts';
import { shownNumber } from './number-format.ts';

/** What the sheets of a workbook share. */
export interface SheetContext {
  readonly strings: readonly string[];
  /** Number formats by style. */
  readonly formats: readonly string[];
  readonly is1904: boolean;
  readonly budget: Budget;
}

interface OpenCell {
  readonly column: number;
  readonly type: string;
  readonly style: number;
  text: string;
}

export function readSheetRows(bytes: Uint8Array, context: SheetContext): readonly SheetRow[] {
  const scan = new SheetScan(context);
  scanXml(bytes, scan);
  repeatMerged(scan.rows, scan.merges, context.budget);
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

  get merges(): readonly MergedCells[] {
    return this.#merges.flatMap((merge) => {
      const [from, to] = merge.split(':').map(placeOf);
      return from === undefined || to === undefined ? [] : [{ from, to }];
    });
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
    const text = cellLine(this.#shown(cell));
    const width = this.#cells.length;
    putCell(this.#cells, cell.column, text);
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

/** `B3` as row 3, column 1 (columns from 0). Undefined for what names no cell. */
function placeOf(name: string): CellPlace | undefined {
  const [, letters, digits] = /^\$?([A-Z]{1,3})\$?(\d{1,7})$/.exec(name) ?? [];
  if (letters === undefined || digits === undefined) return undefined;
  let column = 0;
  for (const letter of letters) column = column * 26 + letter.charCodeAt(0) - 64;
  return { row: Number(digits), column: column - 1 };
}
