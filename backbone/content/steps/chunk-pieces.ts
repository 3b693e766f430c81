import type { Block, PlacedBlock } from '../model.ts';
import { countTokens } from './tokens.ts';

/** The smallest unit the chunker moves about: never split again, at most `maxTokens` long. */
export interface Piece {
  readonly placed: PlacedBlock;
  /** Offsets into the canonical text; the first and the last unit are no white space. */
  readonly start: number;
  readonly end: number;
  readonly tokens: number;
}

interface Span {
  readonly start: number;
  readonly end: number;
}

export interface PieceLimits {
  /** Chunks are shorter only where a section ends, a speaker changes or the next piece is too long. */
  readonly minTokens: number;
  /** A block that is longer is cut at sentences, table rows or code lines. */
  readonly targetTokens: number;
  /** No piece is longer; a sentence or line that is gets cut at words, a word at characters. */
  readonly maxTokens: number;
  readonly sentences: Intl.Segmenter;
  readonly words: Intl.Segmenter;
}

/** A word without a boundary inside is cut into parts of this many UTF-16 units: at most 3 tokens each unit, so below any limit. */
const WORD_PART = 48;

/** Words are counted one by one, and together may come to a little more: so far below the maximum they are cut. */
const WORDS_SHARE = 0.75;

/** What the segmenter gets at once, so that its memory stays flat on texts without paragraphs. In UTF-16 units. */
const SEGMENT_WINDOW = 65_536;

/** The pieces of one block in order; together they hold all of its characters but white space between them. O(block). */
export function piecesOf(placed: PlacedBlock, limits: PieceLimits): Piece[] {
  const { text, kind } = placed.block;
  const whole = trimmed(text, { start: 0, end: text.length });
  if (whole === null) return [];
  if (kind === 'code') whole.start = text.lastIndexOf('\n', whole.start) + 1;
  const tokens = countTokens(text.slice(whole.start, whole.end));
  if (tokens <= limits.targetTokens) return [pieceAt(placed, whole, tokens)];
  return partsOf(placed.block, limits).flatMap((part) => boundedPieces(placed, part, limits));
}

function partsOf(block: Block, limits: PieceLimits): Span[] {
  if (block.kind === 'code' || block.kind === 'table') return linesOf(block.text);
  return segmentsOf(block.text, { start: 0, end: block.text.length }, limits.sentences);
}

function boundedPieces(placed: PlacedBlock, part: Span, limits: PieceLimits): Piece[] {
  const { text, kind } = placed.block;
  const span = kind === 'code' ? trimmedEnd(text, part) : trimmed(text, part);
  if (span === null) return [];
  const tokens = countTokens(text.slice(span.start, span.end));
  if (tokens <= limits.maxTokens) return [pieceAt(placed, span, tokens)];
  return packWords(placed, span, limits);
}

/** Cuts an overlong sentence or line at words into parts of about the target. */
function packWords(placed: PlacedBlock, span: Span, limits: PieceLimits): Piece[] {
  const { text } = placed.block;
  const wanted = Math.min(limits.targetTokens, limits.maxTokens * WORDS_SHARE);
  const pieces: Piece[] = [];
  let start = span.start;
  let tokens = 0;
  const close = (end: number): void => {
    const part = trimmed(text, { start, end });
    if (part !== null) pieces.push(pieceAt(placed, part, countTokens(text.slice(part.start, part.end))));
    start = end;
    tokens = 0;
  };
  for (const word of segmentsOf(text, span, limits.words).flatMap((found) => wordParts(text, found))) {
    const more = countTokens(text.slice(word.start, word.end));
    if (tokens > 0 && tokens + more > wanted) close(word.start);
    tokens += more;
  }
  close(span.end);
  return pieces;
}

function wordParts(text: string, word: Span): Span[] {
  const parts: Span[] = [];
  let start = word.start;
  while (word.end - start > WORD_PART) {
    const end = start + WORD_PART - (splitsPair(text, start + WORD_PART) ? 1 : 0);
    parts.push({ start, end });
    start = end;
  }
  parts.push({ start, end: word.end });
  return parts;
}

function splitsPair(text: string, at: number): boolean {
  return /^[\ud800-\udbff][\udc00-\udfff]$/.test(text.slice(at - 1, at + 1));
}

function segmentsOf(text: string, span: Span, segmenter: Intl.Segmenter): Span[] {
  const spans: Span[] = [];
  for (let at = span.start; at < span.end; ) {
    const end = windowEnd(text, at, span.end);
    for (const { index, segment } of segmenter.segment(text.slice(at, end))) {
      spans.push({ start: at + index, end: at + index + segment.length });
    }
    at = end;
  }
  return spans;
}

/** The window's end, moved back to white space where there is some in its second half. */
function windowEnd(text: string, start: number, limit: number): number {
  const end = start + SEGMENT_WINDOW;
  if (end >= limit) return limit;
  for (let at = end; at > start + SEGMENT_WINDOW / 2; at -= 1) {
    if (/\s/.test(text.charAt(at - 1))) return at;
  }
  return splitsPair(text, end) ? end - 1 : end;
}

function linesOf(text: string): Span[] {
  const spans: Span[] = [];
  let start = 0;
  while (start < text.length) {
    const newline = text.indexOf('\n', start);
    const end = newline === -1 ? text.length : newline + 1;
    spans.push({ start, end });
    start = end;
  }
  return spans;
}

function pieceAt(placed: PlacedBlock, span: Span, tokens: number): Piece {
  return { placed, start: placed.start + span.start, end: placed.start + span.end, tokens };
}

function trimmed(text: string, span: Span): { start: number; end: number } | null {
  const kept = trimmedEnd(text, span);
  if (kept === null) return null;
  let { start } = kept;
  while (isSpace(text, start)) start += 1;
  return { start, end: kept.end };
}

/** Keeps the indentation of a code line. */
function trimmedEnd(text: string, span: Span): Span | null {
  let { end } = span;
  while (end > span.start && isSpace(text, end - 1)) end -= 1;
  return end === span.start ? null : { start: span.start, end };
}

function isSpace(text: string, at: number): boolean {
  return /\s/.test(text.charAt(at));
}
