/** Collects runs of text and closes them into blocks, keeping the headings above. Knows no markup. */
import type { Block, BlockKind, Locator } from '../model.ts';

export interface BlockOptions {
  /** Keys that every block's locator gets, such as chapter and href. */
  readonly locator?: Locator;
  /** Headings that stand above the whole, outermost first. */
  readonly headingPath?: readonly string[];
}

/** A block and how it looked in its source, for those who judge whether it is content. */
export interface ReadBlock {
  readonly block: Block;
  /** Characters of `block.text` that are link text. */
  readonly linkLength: number;
  /** What the caller of `htmlBlocks` noted for the element around the text; 0 when it noted nothing. */
  readonly mark: number;
}

export interface TextContext {
  readonly kind: BlockKind;
  readonly level?: number;
  readonly codeLanguage?: string;
  readonly preformatted?: boolean;
}

export interface ListMarker {
  readonly level: number;
  readonly ordinal?: number;
}

interface PathEntry {
  readonly level: number;
  readonly text: string;
}

/** A heading repeated in the locator of each block below it must not be a whole paragraph. */
const LONGEST_PATH_ENTRY = 200;

export class BlockWriter {
  readonly #blocks: ReadBlock[] = [];
  readonly #locator: Locator;
  readonly #outer: readonly string[];
  #path: readonly PathEntry[] = [];
  #pathTexts: readonly string[];
  #parts: string[] = [];
  #endsInSpace = true;
  #length = 0;
  #linkLength = 0;
  #pendingImages: ReadBlock[] = [];
  #mark = 0;

  constructor(options: BlockOptions) {
    this.#locator = options.locator ?? {};
    this.#outer = options.headingPath ?? [];
    this.#pathTexts = this.#outer;
  }

  get blocks(): readonly ReadBlock[] {
    return this.#blocks;
  }

  /** Whether the open run ends in a line break; true when it is empty. */
  get endsInLineBreak(): boolean {
    return this.#parts.at(-1)?.endsWith('\n') ?? true;
  }

  /** Text in a line: white space runs become one space. */
  inline(text: string, isLink: boolean, mark: number): void {
    let collapsed = text.replaceAll(/\s+/g, ' ');
    if (this.#endsInSpace && collapsed.startsWith(' ')) collapsed = collapsed.slice(1);
    if (collapsed === '') return;
    this.#add(collapsed, isLink && collapsed !== ' ', mark);
    this.#endsInSpace = collapsed.endsWith(' ');
  }

  /** Text whose white space counts. */
  verbatim(text: string, mark: number): void {
    this.#add(text, false, mark);
    this.#endsInSpace = text.endsWith('\n');
  }

  /** A line break within the block. */
  lineBreak(): void {
    if (this.#length === 0) return;
    this.#parts.push('\n');
    this.#endsInSpace = true;
  }

  /** Shown after the block that is open, so that no sentence is torn. */
  image(source: string | null, text: string, mark: number): void {
    const block: Block = {
      kind: 'image',
      text,
      locator: this.#here(),
      ...(source === null ? {} : { source }),
    };
    this.#pendingImages.push({ block, linkLength: 0, mark });
    if (this.#length === 0) this.#releaseImages();
  }

  /** Closes the open run. True when it made a block. */
  close(context: TextContext, marker: ListMarker | null): boolean {
    const text = this.#take(context.preformatted === true);
    const made = text !== '';
    if (made) this.#push(text, context, marker);
    this.#length = 0;
    this.#linkLength = 0;
    this.#releaseImages();
    return made;
  }

  table(rows: readonly (readonly string[])[], headerRows: number, linkLength: number, mark: number): void {
    const text = rows.map((row) => row.join('\t')).join('\n');
    const block: Block = { kind: 'table', text, rows, headerRows, locator: this.#here() };
    this.#blocks.push({ block, linkLength, mark });
  }

  #push(text: string, context: TextContext, marker: ListMarker | null): void {
    const listed = marker !== null && context.kind === 'paragraph';
    const level = listed ? marker.level : context.level;
    const ordinal = listed ? marker.ordinal : undefined;
    const block: Block = {
      kind: listed ? 'list_item' : context.kind,
      text,
      locator: context.kind === 'heading' ? this.#enter(context.level ?? 1, text) : this.#here(),
      ...(level === undefined ? {} : { level }),
      ...(ordinal === undefined ? {} : { ordinal }),
      ...(context.codeLanguage === undefined ? {} : { codeLanguage: context.codeLanguage }),
    };
    this.#blocks.push({ block, linkLength: Math.min(this.#linkLength, text.length), mark: this.#mark });
  }

  #add(text: string, isLink: boolean, mark: number): void {
    if (this.#length === 0) this.#mark = mark;
    this.#parts.push(text);
    this.#length += text.length;
    if (isLink) this.#linkLength += text.length;
  }

  #take(preformatted: boolean): string {
    const joined = this.#parts.join('').toWellFormed();
    this.#parts = [];
    this.#endsInSpace = true;
    if (preformatted)
      return joined
        .replace(/^(?:[ \t]*\r?\n)+/, '')
        .trimEnd()
        .replaceAll('\r\n', '\n');
    return joined.trim().replaceAll(/ ?\n[ \n]*/g, '\n');
  }

  #releaseImages(): void {
    for (const image of this.#pendingImages) this.#blocks.push(image);
    this.#pendingImages = [];
  }

  /** The locator of a heading names the headings above it, not itself. */
  #enter(level: number, text: string): Locator {
    const above = this.#path.filter((entry) => entry.level < level);
    this.#path = above;
    this.#pathTexts = [...this.#outer, ...above.map((entry) => entry.text)];
    const locator = this.#here();
    const short = text.replaceAll('\n', ' ').slice(0, LONGEST_PATH_ENTRY).toWellFormed();
    this.#path = [...above, { level, text: short }];
    this.#pathTexts = [...this.#pathTexts, short];
    return locator;
  }

  #here(): Locator {
    return this.#pathTexts.length === 0 ? this.#locator : { ...this.#locator, headingPath: this.#pathTexts };
  }
}
