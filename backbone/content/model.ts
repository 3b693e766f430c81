/**
 * What content looks like once it has been read, whatever it came from. Pure: types and the
 * functions that define the canonical text. Offsets are UTF-16 code units into that text.
 */

export type JsonValue =
  | null
  | boolean
  | number
  | string
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue };
export type JsonObject = { readonly [key: string]: JsonValue };

/** Where a piece of text stands in its source. Absent keys do not apply to the source's kind. */
export interface Locator {
  /** 1-based physical page. */
  readonly page?: number;
  /** The number printed on the page, when it differs from the physical one. */
  readonly pageLabel?: string;
  /** Headings above the text, outermost first. */
  readonly headingPath?: readonly string[];
  /** Seconds from the beginning, for audio and video. */
  readonly startSeconds?: number;
  readonly endSeconds?: number;
  readonly speaker?: string;
  readonly chapter?: string;
  /** EPUB canonical fragment identifier. */
  readonly cfi?: string;
  readonly href?: string;
  readonly slide?: number;
  readonly sheet?: string;
  readonly cell?: string;
  /** 1-based line, for plain text and tables of values. */
  readonly line?: number;
}

export type BlockKind =
  | 'heading'
  | 'paragraph'
  | 'list_item'
  | 'table'
  | 'code'
  | 'quote'
  | 'caption'
  | 'footnote'
  | 'image';

/** How sure text recognition was, and where on the page it read. */
export interface RecognisedText {
  /** 0-1, the mean over the letters. */
  readonly confidence: number;
  /** Left, top, right, bottom, as shares (0-1) of the page's width and height. */
  readonly box: readonly [number, number, number, number];
}

/** One structural unit. `text` is plain; for tables one row a line, cells parted by tabs. */
export interface Block {
  readonly kind: BlockKind;
  readonly text: string;
  readonly locator: Locator;
  /** 1-6 for headings; nesting depth from 1 for list items. */
  readonly level?: number;
  /** The number in front of the item, for ordered lists. */
  readonly ordinal?: number;
  /** First row is the header when `headerRows` is 1 or more. */
  readonly rows?: readonly (readonly string[])[];
  readonly headerRows?: number;
  /** Programming language of a code block, as the source names it. */
  readonly codeLanguage?: string;
  /** Target of an image. */
  readonly source?: string;
  /** Set when the text was recognised in a picture. */
  readonly ocr?: RecognisedText;
}

/** A fact and where it was read: `jsonld`, `og`, `meta`, `pdf-info`, `docx-core` ... */
export interface Sourced<T> {
  readonly value: T;
  readonly source: string;
}

/** Metadata every type shares. Null: known to be absent. Dates are ISO 8601, as precise as the source. */
export interface ContentMetadata {
  readonly title: Sourced<string> | null;
  readonly authors: Sourced<readonly string[]> | null;
  readonly language: Sourced<string> | null;
  readonly publishedAt: Sourced<string> | null;
  readonly modifiedAt: Sourced<string> | null;
  readonly description: Sourced<string> | null;
  readonly siteName: Sourced<string> | null;
  readonly canonicalUrl: Sourced<string> | null;
  readonly imageUrl: Sourced<string> | null;
}

export const NO_METADATA: ContentMetadata = {
  title: null,
  authors: null,
  language: null,
  publishedAt: null,
  modifiedAt: null,
  description: null,
  siteName: null,
  canonicalUrl: null,
  imageUrl: null,
};

export interface ContentLink {
  readonly url: string;
  readonly text: string;
}

/** Something a person should know although the job goes on. */
export interface ContentWarning {
  readonly code: string;
  readonly message: string;
}

/** What a parser makes of a source: the one shape that all later steps read. */
export interface Extraction {
  readonly blocks: readonly Block[];
  readonly metadata: ContentMetadata;
  /** Facts of the type alone (page kind, outline ...), stored in the type's metadata table. */
  readonly typeMetadata: JsonObject;
  readonly links: readonly ContentLink[];
  /** Null where the source has no pages. */
  readonly pageCount: number | null;
  readonly warnings: readonly ContentWarning[];
}

/** A passage that is embedded and cited. `canonicalText.slice(start, end) === text`. */
export interface Chunk {
  /** 0-based, in reading order. */
  readonly index: number;
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly tokenCount: number;
  readonly locator: Locator;
  /** What is embedded: title, heading path, a table's header row, then the text. */
  readonly embeddingText: string;
}

export type EntityType = 'person' | 'organization' | 'place' | 'other';

export interface Entity {
  readonly name: string;
  readonly type: EntityType;
  /** Other spellings met in the text. */
  readonly aliases: readonly string[];
  readonly count: number;
}

export interface Keyword {
  readonly term: string;
  /** Higher is better, between 0 and 1. */
  readonly score: number;
}

const BLOCK_SEPARATOR = '\n\n';

/** A block and where its text stands in the canonical text. */
export interface PlacedBlock {
  readonly block: Block;
  readonly start: number;
  readonly end: number;
}

export interface CanonicalText {
  readonly text: string;
  readonly placed: readonly PlacedBlock[];
}

/** Joins the blocks once. Nothing may change the text afterwards: chunks are offsets into it. O(text). */
export function canonicalText(blocks: readonly Block[]): CanonicalText {
  const placed: PlacedBlock[] = [];
  const parts: string[] = [];
  let at = 0;
  for (const block of blocks) {
    if (block.text === '') continue;
    if (parts.length > 0) at += BLOCK_SEPARATOR.length;
    placed.push({ block, start: at, end: at + block.text.length });
    parts.push(block.text);
    at += block.text.length;
  }
  return { text: parts.join(BLOCK_SEPARATOR), placed };
}
