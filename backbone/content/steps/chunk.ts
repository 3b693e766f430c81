import type { CanonicalText, Chunk, Locator, PlacedBlock } from '../model.ts';
import { packPieces } from './chunk-packing.ts';
import { piecesOf, type Piece, type PieceLimits } from './chunk-pieces.ts';
import { mergeShortSections, sectionsOf } from './chunk-sections.ts';
import { segmenterOf } from './segmenter.ts';
import { countTokens } from './tokens.ts';

export interface ChunkOptions {
  readonly title: string | null;
  /** ISO 639-1, for sentence and word boundaries; null unknown. */
  readonly language: string | null;
  /** Wanted length, 50-400; DEFAULT_TARGET_TOKENS unless told. */
  readonly targetTokens?: number;
}

/**
 * With at least 200 and at most 400 tokens a chunk, this target finds most on Chroma's evaluation for
 * the characters it returns (test/samples/search.ts; words alone: recall at 5 .926, IoU at 5 4.5 %).
 * Without the lower bound, smaller chunks return less that is beside the point and miss more (a
 * target of 160: .850 and 7.3 %).
 */
export const DEFAULT_TARGET_TOKENS = 260;

/** No chunk's text is longer; with title, headings and a table's header it stays below 512-token embedders' twice. */
export const MAX_CHUNK_TOKENS = 400;

const MIN_TARGET_TOKENS = 50;

/** Of the target that a chunk has at least: 200 tokens of the default. */
const MIN_SHARE = 0.77;

/** Longest title, heading path and table header in front of the embedded text, in UTF-16 units. */
const CONTEXT_LIMIT = 300;

/**
 * Cuts the canonical text into chunks of about `targetTokens`, at most MAX_CHUNK_TOKENS: at headings,
 * then paragraphs, then sentences, table rows or code lines, then words. Chunks do not overlap, keep
 * the text's order and hold every character that is no white space. A chunk crosses a heading of
 * level 1 or 2 only when what stands before it is a short section (see `chunk-sections.ts`). O(text).
 */
export function chunkText(canonical: CanonicalText, options: ChunkOptions): Chunk[] {
  const limits = limitsOf(options);
  const pieces = canonical.placed.flatMap((placed) => piecesOf(placed, limits));
  const groups = mergeShortSections(sectionsOf(pieces)).flatMap((section) => packPieces(section, limits));
  return groups
    .flatMap((group) => withinLimit(canonical.text, group))
    .map((group, index) => chunkOf(canonical.text, group, index, options.title));
}

function limitsOf(options: ChunkOptions): PieceLimits {
  const wanted = options.targetTokens ?? DEFAULT_TARGET_TOKENS;
  const targetTokens = Math.min(MAX_CHUNK_TOKENS, Math.max(MIN_TARGET_TOKENS, wanted));
  return {
    minTokens: Math.round(targetTokens * MIN_SHARE),
    targetTokens,
    maxTokens: MAX_CHUNK_TOKENS,
    sentences: segmenterOf('sentence', options.language),
    words: segmenterOf('word', options.language),
  };
}

/** A group's exact count may differ a little from the sum of its pieces: what is too long is halved. */
function withinLimit(text: string, group: readonly Piece[]): readonly (readonly Piece[])[] {
  if (group.length === 1 || tokensOf(text, group) <= MAX_CHUNK_TOKENS) return [group];
  const middle = Math.ceil(group.length / 2);
  return [...withinLimit(text, group.slice(0, middle)), ...withinLimit(text, group.slice(middle))];
}

function chunkOf(text: string, group: readonly Piece[], index: number, title: string | null): Chunk {
  const { start, end } = extentOf(group);
  const passage = text.slice(start, end);
  const locator = locatorOf(group);
  const context = contextOf(title, locator.headingPath ?? [], tableHeaderOf(group));
  return {
    index,
    text: passage,
    start,
    end,
    tokenCount: countTokens(passage),
    locator,
    embeddingText: [...context, passage].join('\n'),
  };
}

function tokensOf(text: string, group: readonly Piece[]): number {
  const { start, end } = extentOf(group);
  return countTokens(text.slice(start, end));
}

function extentOf(group: readonly Piece[]): { start: number; end: number } {
  return { start: group[0]?.start ?? 0, end: group.at(-1)?.end ?? 0 };
}

/**
 * The first block's locator. A chunk that begins with its heading takes the heading path of the text
 * below it, and its address when the heading has none; one of speech ends where its last block ends.
 */
function locatorOf(group: readonly Piece[]): Locator {
  const locators = group.map((piece) => piece.placed.block.locator);
  const below = group.find((piece) => piece.placed.block.kind !== 'heading')?.placed.block.locator;
  const headingPath = below?.headingPath ?? locators[0]?.headingPath;
  const href = locators[0]?.href ?? below?.href;
  const endSeconds = locators.at(-1)?.endSeconds ?? locators[0]?.endSeconds;
  return {
    ...locators[0],
    ...(headingPath === undefined ? {} : { headingPath }),
    ...(href === undefined ? {} : { href }),
    ...(endSeconds === undefined ? {} : { endSeconds }),
  };
}

/** The header of a table that the chunk begins in the middle of; null otherwise. */
function tableHeaderOf(group: readonly Piece[]): string | null {
  const first = group[0];
  if (first?.placed.block.kind !== 'table' || (first.placed.block.headerRows ?? 0) < 1) return null;
  return first.start > first.placed.start ? headerText(first.placed) : null;
}

function headerText({ block }: PlacedBlock): string {
  return block.text.split('\n', block.headerRows).join('\n');
}

/** What stands in front of the passage when it is embedded; a heading that repeats the title is left out. */
function contextOf(title: string | null, headingPath: readonly string[], header: string | null): string[] {
  const path = headingPath.filter((heading) => heading !== title);
  return [title ?? '', path.join(' > '), header ?? '']
    .map((line) => cut(line.trim()))
    .filter((line) => line !== '');
}

function cut(line: string): string {
  return line.length <= CONTEXT_LIMIT ? line : line.slice(0, CONTEXT_LIMIT).toWellFormed().trimEnd();
}
