/** Which code page a font's bytes are in. */
import { codePageOfFont, decodeCodePage } from './code-pages.ts';

/** Word numbers fonts with 15 bits. */
const LARGEST_NUMBER = 0x7fff;
/** What the words at the beginning say of the whole document. */
const PAGE_WORDS: ReadonlyMap<string, number> = new Map([
  ['ansi', 1252],
  ['mac', 10000],
  ['pc', 437],
  ['pca', 850],
]);

export class RtfFonts {
  readonly #pages = new Map<number, number>();
  #defined = 0;
  #documentPage = 1252;
  #defaultFont = 0;

  /** A word of the font table. */
  define(word: string, parameter: number | null): void {
    if (parameter === null || parameter < 0) return;
    if (word === 'f') this.#defined = parameter;
    if (this.#defined > LARGEST_NUMBER) return;
    const page = word === 'fcharset' ? codePageOfFont(parameter) : word === 'cpg' ? parameter : null;
    if (page !== null) this.#pages.set(this.#defined, page);
  }

  /** A word of the text, which may be of the document's code page or font. */
  use(word: string, parameter: number | null): void {
    const page = word === 'ansicpg' ? parameter : PAGE_WORDS.get(word);
    if (page !== undefined && page !== null && page > 0) this.#documentPage = page;
    if (word === 'deff' && parameter !== null) this.#defaultFont = parameter;
  }

  /** `font` is null where the document's font holds. O(bytes). */
  decode(bytes: Uint8Array, font: number | null): string {
    return decodeCodePage(bytes, this.#pages.get(font ?? this.#defaultFont) ?? this.#documentPage);
  }
}
