/** The text of a LaTeX source as it is met, put together to blocks that know their line. */
import type { Block, BlockKind, ContentLink } from '../../model.ts';
import { BlockWriter, type ListMarker } from '../../parsing/block-writer.ts';
import { webUrl } from '../../parsing/html-references.ts';
import { textTooLarge } from '../../parsing/text-limit.ts';

interface OpenTable {
  /** How many lines are open while its cells are read. */
  readonly depth: number;
  readonly rows: string[][];
  cells: string[];
  headerRows: number;
}

const MOST_COLUMNS = 200;
const MOST_ROWS = 10_000;
/** Of all tables together, with those that fill narrow rows up: beyond this rows are paragraphs. */
const MOST_CELLS = 200_000;

/** What a block costs, in bytes of the limit of text: files of nothing but blank lines must not fill the memory. */
const BYTES_PER_BLOCK = 32;

export class LatexStory {
  readonly #limit: number;
  readonly #writer = new BlockWriter({});
  readonly #links: ContentLink[] = [];
  /** The line that is open, and around it the lines that wait until what stands in it has ended. */
  readonly #lines: string[][] = [[]];
  readonly #tables: OpenTable[] = [];
  #mark = 0;
  #marker: ListMarker | null = null;
  #pending: (() => void)[] = [];
  #notes = 0;
  #cellsLeft = MOST_CELLS;
  kind: BlockKind = 'paragraph';

  /** `limit`: bytes of text. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  get links(): readonly ContentLink[] {
    return this.#links;
  }

  get blocks(): readonly Block[] {
    return this.#writer.blocks.map(({ block, mark }) => ({
      ...block,
      locator: { ...block.locator, line: mark },
    }));
  }

  text(text: string, line: number): void {
    const open = this.#lines.at(-1) ?? [];
    if (this.#lines.length === 1 && open.length === 0 && text.trim() !== '') this.#mark = line;
    if (open.length > 0 || text.trim() !== '') open.push(text);
  }

  /** What follows is no part of the line, until `endAside` returns it. */
  beginAside(): void {
    this.#lines.push([]);
  }

  endAside(): string {
    return this.#lines.length > 1 ? (this.#lines.pop() ?? []).join('') : '';
  }

  endParagraph(): void {
    if (this.#lines.length > 1) {
      this.#lines.at(-1)?.push('\n');
      return;
    }
    const text = cleanLine((this.#lines[0] ?? []).splice(0).join(''));
    if (text !== '') {
      this.#write(text, this.kind, this.#mark);
      this.#marker = null;
    }
    this.#release();
  }

  item(marker: ListMarker): void {
    this.endParagraph();
    this.#marker = marker;
  }

  heading(text: string, level: number, line: number): void {
    this.endParagraph();
    const title = oneLine(text);
    if (title === '') return;
    this.#spend();
    this.#writer.verbatim(title, line);
    this.#writer.close({ kind: 'heading', level }, null);
  }

  /** Behind the paragraph, or behind the table it stands in. */
  caption(text: string, line: number): void {
    const caption = oneLine(text);
    if (caption !== '') this.#pending.push(() => this.#write(caption, 'caption', line));
  }

  note(text: string, line: number): void {
    const note = oneLine(text);
    if (note === '') return;
    this.#notes += 1;
    const sign = `[${this.#notes}]`;
    this.text(sign, line);
    this.#pending.push(() => this.#write(`${sign} ${note}`, 'footnote', line));
  }

  /** Source text with its lines. Within a table or a note it is part of the line. */
  source(
    text: string,
    kind: 'code' | 'paragraph',
    { line, language }: { readonly line: number; readonly language: string },
  ): void {
    if (this.#lines.length > 1) {
      this.text(text, line);
      return;
    }
    this.endParagraph();
    if (text.trim() === '') return;
    this.#spend();
    this.#writer.verbatim(text, line);
    const context = { kind, preformatted: true, ...(language === '' ? {} : { codeLanguage: language }) };
    this.#writer.close(context, null);
  }

  link(address: string, text: string): void {
    const url = webUrl(address, null);
    if (url !== null) this.#links.push({ url, text: oneLine(text) });
  }

  get isInTable(): boolean {
    return this.#tables.at(-1)?.depth === this.#lines.length;
  }

  beginTable(): void {
    if (this.#lines.length === 1) this.endParagraph();
    this.beginAside();
    this.#tables.push({ depth: this.#lines.length, rows: [], cells: [], headerRows: 0 });
  }

  endCell(): void {
    const table = this.#tables.at(-1);
    if (table?.depth !== this.#lines.length) return;
    const text = oneLine((this.#lines.at(-1) ?? []).splice(0).join(''));
    if (table.cells.length < MOST_COLUMNS) table.cells.push(text);
    else if (text !== '') table.cells.push(`${table.cells.pop() ?? ''} ${text}`);
  }

  endRow(): void {
    this.endCell();
    const table = this.#tables.at(-1);
    if (table === undefined) return;
    if (table.cells.some((cell) => cell !== '')) table.rows.push(table.cells);
    table.cells = [];
  }

  /** The rule below the first row makes it the header. */
  rule(): void {
    const table = this.#tables.at(-1);
    if (table?.rows.length === 1) table.headerRows = 1;
  }

  /** A table in a table or in a note is part of its line. */
  endTable(line: number): void {
    this.endRow();
    const table = this.#tables.pop();
    if (table === undefined) return;
    if (table.depth === this.#lines.length) this.endAside();
    const { rows, headerRows } = table;
    if (this.#lines.length > 1) this.text(rows.map((cells) => cells.join(' ')).join(' '), line);
    else if (rows.length > 0) this.#table(rows, headerRows, line);
  }

  /** Errors: `source_too_large`. */
  #spend(): void {
    if (this.#writer.blocks.length * BYTES_PER_BLOCK > this.#limit) throw textTooLarge(this.#limit);
  }

  #table(rows: readonly string[][], headerRows: number, line: number): void {
    this.#spend();
    this.#cellsLeft -= rows.length * rows.reduce((most, row) => Math.max(most, row.length), 0);
    if (this.#cellsLeft >= 0 && rows.length <= MOST_ROWS) this.#writer.table(rows, headerRows, 0, line);
    else for (const row of rows) this.#write(row.join('\t'), 'paragraph', line);
    this.#release();
  }

  #write(text: string, kind: BlockKind, line: number): void {
    this.#spend();
    this.#writer.verbatim(text, line);
    this.#writer.close({ kind }, kind === 'paragraph' ? this.#marker : null);
  }

  #release(): void {
    const pending = this.#pending;
    this.#pending = [];
    for (const tell of pending) tell();
  }
}

export function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}

/** White space runs are one space; line breaks that LaTeX makes (`\n` of ours) are kept. */
function cleanLine(text: string): string {
  return text
    .split('\n')
    .map(oneLine)
    .filter((line) => line !== '')
    .join('\n');
}
