/** What a cell of an OpenDocument spreadsheet shows, and what somebody wrote beside it. */
import { cellLine, LONGEST_CELL } from '../sheet-limits.ts';

/** Where the reader is inside the cell: what text there belongs to, and what may come inside. */
type Place = 'cell' | 'cell words' | 'comment' | 'comment words' | 'author' | 'dropped';

export interface CellComment {
  readonly author: string;
  readonly text: string;
}

const PARAGRAPHS = new Set(['p', 'h']);
const LISTS = new Set(['list', 'list-item', 'list-header']);
const SPACES = new Set(['s', 'tab', 'line-break']);
/** In a paragraph: drawings, and sounds written above East Asian words. */
const DROPPED = new Set(['frame', 'custom-shape', 'ruby-text', 'annotation-end']);

/** Is told what stands inside one cell, by names without prefixes. */
export class CellText {
  readonly #places: Place[] = [];
  readonly #texts = { 'cell words': '', 'comment words': '', author: '' };

  /** In one line; empty when the cell shows nothing. */
  get shown(): string {
    return cellLine(this.#texts['cell words']);
  }

  /** Null when there is none. */
  get comment(): CellComment | null {
    const text = cellLine(this.#texts['comment words']);
    return text === '' ? null : { author: cellLine(this.#texts.author), text };
  }

  open(name: string): void {
    const place = placeIn(this.#place, name);
    this.#places.push(place);
    // The lines of a cell stand in one, and so do its spaces.
    if (PARAGRAPHS.has(name) || SPACES.has(name)) this.text(' ');
  }

  text(piece: string): void {
    const place = this.#place;
    if (place === 'cell' || place === 'comment' || place === 'dropped') return;
    if (this.#texts[place].length < LONGEST_CELL) this.#texts[place] += piece;
  }

  close(): void {
    this.#places.pop();
  }

  get #place(): Place {
    return this.#places.at(-1) ?? 'cell';
  }
}

/** Drawings and tables within a cell are no part of what it shows. */
function placeIn(outer: Place, name: string): Place {
  switch (outer) {
    case 'cell':
      if (name === 'annotation') return 'comment';
      return PARAGRAPHS.has(name) ? 'cell words' : LISTS.has(name) ? 'cell' : 'dropped';
    case 'comment':
      if (name === 'creator') return 'author';
      return PARAGRAPHS.has(name) ? 'comment words' : LISTS.has(name) ? 'comment' : 'dropped';
    default:
      return DROPPED.has(name) ? 'dropped' : outer;
  }
}
