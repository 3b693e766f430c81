/** Makes blocks of recognised lines. Pure; O(lines). */
import type { Block, Locator } from '../../model.ts';
import { joinLines, vocabularyOf } from '../pdf/layout/hyphenation.ts';
import type { PixelBox, RecognisedLine } from './recogniser.ts';

/** Below this an engine guesses: textures and edges of photographs come out as letters. */
const LEAST_CONFIDENCE = 0.35;
const LETTER_OR_DIGIT = /[\p{L}\p{N}]/u;
/** A gap between two lines that is larger than this share of their height parts paragraphs. */
const PARAGRAPH_GAP = 1.1;

export interface RecognisedPage {
  readonly blocks: readonly Block[];
  /** 0-1, the mean over the letters; null for a page without words. */
  readonly confidence: number | null;
  readonly letters: number;
}

/** Paragraphs in reading order, each marked with its confidence and its place on the page. */
export function recognisedPage(
  lines: readonly RecognisedLine[],
  size: { readonly width: number; readonly height: number },
  locator: Locator,
): RecognisedPage {
  const kept = lines
    .map((line) => ({ ...line, text: line.text.trim() }))
    .filter(({ text, confidence }) => confidence >= LEAST_CONFIDENCE && LETTER_OR_DIGIT.test(text));
  const vocabulary = vocabularyOf(kept);
  const blocks = paragraphsOf(kept).map(
    (paragraph): Block => ({
      kind: 'paragraph',
      text: joinLines(
        paragraph.map(({ text }) => text),
        vocabulary,
      ),
      locator,
      ocr: { confidence: rounded(meanConfidence(paragraph)), box: shareOf(boxAround(paragraph), size) },
    }),
  );
  return {
    blocks,
    confidence: kept.length === 0 ? null : meanConfidence(kept),
    letters: kept.reduce((sum, { text }) => sum + text.length, 0),
  };
}

/** The mean over letters of several pages; null when there are none. */
export function meanOfPages(pages: readonly Pick<RecognisedPage, 'confidence' | 'letters'>[]): number | null {
  const letters = pages.reduce((sum, page) => sum + page.letters, 0);
  if (letters === 0) return null;
  return rounded(pages.reduce((sum, page) => sum + (page.confidence ?? 0) * page.letters, 0) / letters);
}

function paragraphsOf(lines: readonly RecognisedLine[]): readonly RecognisedLine[][] {
  const paragraphs: RecognisedLine[][] = [];
  for (const line of lines) {
    const current = paragraphs.at(-1);
    const previous = current?.at(-1);
    if (current === undefined || previous === undefined || partsParagraphs(previous, line))
      paragraphs.push([line]);
    else current.push(line);
  }
  return paragraphs;
}

function partsParagraphs(above: RecognisedLine, below: RecognisedLine): boolean {
  if (above.paragraph !== below.paragraph) return true;
  const height = Math.max(above.box.y1 - above.box.y0, below.box.y1 - below.box.y0);
  return below.box.y0 - above.box.y1 > PARAGRAPH_GAP * height;
}

function meanConfidence(lines: readonly RecognisedLine[]): number {
  const letters = lines.reduce((sum, { text }) => sum + text.length, 0);
  return lines.reduce((sum, { text, confidence }) => sum + confidence * text.length, 0) / letters;
}

function boxAround(lines: readonly RecognisedLine[]): PixelBox {
  return {
    x0: Math.min(...lines.map(({ box }) => box.x0)),
    y0: Math.min(...lines.map(({ box }) => box.y0)),
    x1: Math.max(...lines.map(({ box }) => box.x1)),
    y1: Math.max(...lines.map(({ box }) => box.y1)),
  };
}

function shareOf(
  { x0, y0, x1, y1 }: PixelBox,
  { width, height }: { readonly width: number; readonly height: number },
): readonly [number, number, number, number] {
  return [share(x0, width), share(y0, height), share(x1, width), share(y1, height)];
}

function share(pixels: number, of: number): number {
  return Math.min(1, Math.max(0, Math.round((pixels / of) * 1000) / 1000));
}

function rounded(confidence: number): number {
  return Math.round(confidence * 100) / 100;
}
