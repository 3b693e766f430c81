/** The text of an RTF file as it is met, put together to paragraphs, tables and notes. */
import type { Block, ContentLink } from '../../model.ts';
import { BlockWriter, type ListMarker, type TextContext } from '../../parsing/block-writer.ts';
import { webUrl } from '../../parsing/html-references.ts';
import { textTooLarge } from '../../parsing/text-limit.ts';
import type { ParagraphMeaning } from './rtf-styles.ts';

export interface ParagraphFormat {
  readonly meaning: ParagraphMeaning;
  readonly isInTable: boolean;
  /** From 1; null outside lists. */
  readonly listLevel: number | null;
}

export interface RtfContent {
  readonly blocks: readonly Block[];
  readonly links: readonly ContentLink[];
  readonly isCut: boolean;
}

/** What a paragraph costs beyond its characters: files of nothing but paragraph ends must not fill the memory. */
const CHARACTERS_PER_BLOCK = 32;
const MOST_COLUMNS = 200;
const MOST_ROWS = 10_000;
/** Of all tables together, with those that fill narrow rows up: beyond this rows are paragraphs. */
const MOST_CELLS = 200_000;
const BULLET = /^[^\p{L}\p{N}]*$/u;
const NUMBER = /^\(?(\d{1,9})[.)]?$/;

export class RtfStory {
  readonly #writer = new BlockWriter({});
  readonly #links: ContentLink[] = [];
  readonly #limit: number;
  /** The line that is open, and around it the lines that wait until what stands in it has ended. */
  readonly #lines: string[][] = [[]];
  #marker = '';
  #cells: string[] = [];
  #rows: string[][] = [];
  #headerRows = 0;
  #code: string[] = [];
  #pending: (() => void)[] = [];
  #notes = 0;
  #characters = 0;
  #cellsLeft = MOST_CELLS;

  /** `limit`: the most characters of text. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  get links(): readonly ContentLink[] {
    return this.#links;
  }

  /** Errors: `source_too_large`. */
  text(text: string): void {
    this.#spend(text.length);
    this.#lines.at(-1)?.push(text);
  }

  /** What follows is no part of the line, until `endAside` returns it. */
  beginAside(): void {
    this.#lines.push([]);
  }

  endAside(): string {
    return this.#lines.length > 1 ? (this.#lines.pop() ?? []).join('') : '';
  }

  /** In front of the next paragraph. */
  listMarker(marker: string): void {
    this.#marker = oneLine(marker);
  }

  /** A sign in the line, and the note behind the paragraph or the table. */
  note(text: string): void {
    const note = oneLine(text);
    if (note === '') return;
    this.#notes += 1;
    const sign = `[${this.#notes}]`;
    this.text(sign);
    this.#pending.push(() => this.#write(`${sign} ${note}`, { kind: 'footnote' }, null));
  }

  comment(author: string, text: string): void {
    const comment = oneLine(text);
    const by = oneLine(author);
    const lead = by === '' ? 'Comment: ' : `Comment by ${by}: `;
    if (comment !== '') this.#pending.push(() => this.#write(lead + comment, { kind: 'footnote' }, null));
  }

  /** Its paragraphs stand behind the one that holds it. */
  textBox(text: string): void {
    for (const line of text.split('\n'))
      this.#pending.push(() => this.#write(cleanLine(line), { kind: 'paragraph' }, null));
  }

  link(address: string, text: string): void {
    const url = webUrl(address, null);
    if (url !== null) this.#links.push({ url, text: oneLine(text) });
  }

  endParagraph({ meaning, isInTable, listLevel }: ParagraphFormat): void {
    this.#spend(CHARACTERS_PER_BLOCK);
    if (this.#lines.length > 1 || isInTable) {
      this.#lines.at(-1)?.push('\n');
      return;
    }
    this.#endTable();
    const text = this.#takeLine();
    if (meaning.role === 'code') this.#code.push(text.trimEnd());
    else if (meaning.role !== 'contents') this.#paragraph(cleanLine(text), meaning, listLevel);
    this.#marker = '';
    this.#release();
  }

  endCell(): void {
    this.#spend(CHARACTERS_PER_BLOCK);
    if (this.#lines.length > 1) {
      this.#lines.at(-1)?.push('\n');
      return;
    }
    const text = oneLine(this.#takeLine());
    if (this.#cells.length < MOST_COLUMNS) this.#cells.push(text);
    else if (text !== '') this.#cells.push(`${this.#cells.pop() ?? ''} ${text}`);
    this.#marker = '';
  }

  endRow(isHeader: boolean): void {
    if (this.#lines.length > 1) return;
    if (this.#cells.some((cell) => cell !== '')) {
      if (isHeader && this.#headerRows === this.#rows.length) this.#headerRows += 1;
      this.#rows.push(this.#cells);
    }
    this.#cells = [];
    if (this.#rows.length >= MOST_ROWS) this.#endTable();
  }

  /** Ends what is open. */
  blocks(format: ParagraphFormat): readonly Block[] {
    this.endParagraph({ ...format, isInTable: false });
    this.#endCode();
    return this.#writer.blocks.map(({ block }) => block);
  }

  #paragraph(text: string, { role, level }: ParagraphMeaning, listLevel: number | null): void {
    if (role === 'heading') {
      const numbered = BULLET.test(this.#marker) ? text : `${this.#marker} ${text}`;
      this.#write(text === '' ? '' : numbered, { kind: 'heading', level }, null);
    } else if (role === 'quote' || role === 'caption') {
      this.#write(text, { kind: role }, null);
    } else if (this.#marker === '' && listLevel === null) {
      this.#write(text, { kind: 'paragraph' }, null);
    } else this.#item(text, listLevel ?? 1);
  }

  /** Numbers of several levels (2.1.4) and letters are part of what is printed. */
  #item(text: string, level: number): void {
    const ordinal = NUMBER.exec(this.#marker)?.[1];
    const isPrinted = ordinal === undefined && !BULLET.test(this.#marker);
    const printed = isPrinted && text !== '' ? `${this.#marker} ${text}` : text;
    const marker = { level, ...(ordinal === undefined ? {} : { ordinal: Number(ordinal) }) };
    this.#write(printed, { kind: 'paragraph' }, marker);
  }

  #write(text: string, context: TextContext, marker: ListMarker | null): void {
    if (text === '') return;
    this.#endCode();
    this.#writer.verbatim(text, 0);
    this.#writer.close(context, marker);
  }

  /** Each line of code is a paragraph of its own. */
  #endCode(): void {
    if (this.#code.length === 0) return;
    this.#writer.verbatim(this.#code.join('\n'), 0);
    this.#code = [];
    this.#writer.close({ kind: 'code', preformatted: true }, null);
  }

  #endTable(): void {
    if (this.#cells.length > 0) this.endRow(false);
    if (this.#rows.length === 0) return;
    const rows = this.#rows;
    const headerRows = Math.min(this.#headerRows, rows.length);
    [this.#rows, this.#headerRows] = [[], 0];
    this.#endCode();
    this.#cellsLeft -= rows.length * rows.reduce((most, row) => Math.max(most, row.length), 0);
    if (this.#cellsLeft >= 0) this.#writer.table(rows, headerRows, 0, 0);
    else for (const row of rows) this.#write(row.join('\t'), { kind: 'paragraph' }, null);
    this.#release();
  }

  #release(): void {
    const pending = this.#pending;
    this.#pending = [];
    for (const tell of pending) tell();
  }

  #takeLine(): string {
    return (this.#lines[0]?.splice(0) ?? []).join('').toWellFormed();
  }

  #spend(characters: number): void {
    this.#characters += characters;
    if (this.#characters > this.#limit) throw textTooLarge(this.#limit);
  }
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim().toWellFormed();
}

/** White space runs are one space; line breaks are kept. */
function cleanLine(text: string): string {
  return text
    .split('\n')
    .map((line) => line.replaceAll(/\s+/g, ' ').trim())
    .filter((line) => line !== '')
    .join('\n')
    .toWellFormed();
}
