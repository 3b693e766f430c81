import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { meanOfPages, recognisedPage } from '../../../backbone/content/document/ocr/recognised-blocks.ts';
import type { RecognisedLine } from '../../../backbone/content/document/ocr/recogniser.ts';
import { withRecognised } from '../../../backbone/content/document/pdf/recognised-pages.ts';
import type { Block } from '../../../backbone/content/model.ts';

const SIZE = { width: 1000, height: 2000 };

function line(text: string, row: number, given: Partial<RecognisedLine> = {}): RecognisedLine {
  return {
    text,
    confidence: 0.9,
    box: { x0: 100, y0: row * 50, x1: 600, y1: row * 50 + 30 },
    paragraph: 0,
    ...given,
  };
}

describe('recognised lines', () => {
  test('become paragraphs with their place and confidence', () => {
    const { blocks, confidence, letters } = recognisedPage(
      [line('The first line', 1), line('goes on here.', 2), line('Another one.', 3, { paragraph: 1 })],
      SIZE,
      { page: 7 },
    );
    expect(blocks).toEqual([
      {
        kind: 'paragraph',
        text: 'The first line goes on here.',
        locator: { page: 7 },
        ocr: { confidence: 0.9, box: [0.1, 0.025, 0.6, 0.065] },
      },
      {
        kind: 'paragraph',
        text: 'Another one.',
        locator: { page: 7 },
        ocr: { confidence: 0.9, box: [0.1, 0.075, 0.6, 0.09] },
      },
    ]);
    expect(confidence).toBeCloseTo(0.9);
    expect(letters).toBe(39);
  });

  test('are parted by a wide gap although the engine takes them for one paragraph', () => {
    const { blocks } = recognisedPage([line('Above.', 1), line('Below.', 3)], SIZE, {});
    expect(blocks.map(({ text }) => text)).toEqual(['Above.', 'Below.']);
  });

  test('stay together in the next column, which begins further up', () => {
    const { blocks } = recognisedPage([line('Down here it', 9), line('goes on up there.', 1)], SIZE, {});
    expect(blocks).toHaveLength(1);
  });

  test('have words that were broken at their ends mended', () => {
    const { blocks } = recognisedPage([line('The light-', 1), line('house keeper.', 2)], SIZE, {});
    expect(blocks[0]?.text).toBe('The lighthouse keeper.');
  });

  test('that are guesses or hold no letters are left out', () => {
    const noise = [line('~ | .', 1), line('wxv', 2, { confidence: 0.2 }), line('  ', 3)];
    expect(recognisedPage(noise, SIZE, {})).toEqual({ blocks: [], confidence: null, letters: 0 });
  });

  test('weigh by their letters', () => {
    const { blocks } = recognisedPage(
      [line('aaaaaaaaa', 1, { confidence: 1 }), line('b', 2, { confidence: 0.5 })],
      SIZE,
      {},
    );
    expect(blocks[0]?.ocr?.confidence).toBe(0.95);
    expect(
      meanOfPages([
        { confidence: 1, letters: 9 },
        { confidence: 0.5, letters: 1 },
      ]),
    ).toBe(0.95);
    expect(meanOfPages([{ confidence: null, letters: 0 }])).toBeNull();
  });

  test('always give boxes within the page and confidences from 0 to 1', () => {
    const pixels = fc.integer({ min: -50, max: 5000 });
    const lines = fc.array(
      fc.record({
        text: fc.string(),
        confidence: fc.double({ min: 0, max: 1, noNaN: true }),
        box: fc.record({ x0: pixels, y0: pixels, x1: pixels, y1: pixels }),
        paragraph: fc.nat(3),
      }),
    );
    fc.assert(
      fc.property(lines, (given) => {
        for (const { text, ocr } of recognisedPage(given, SIZE, { page: 1 }).blocks) {
          expect(text).not.toBe('');
          expect(ocr?.confidence).toBeGreaterThanOrEqual(0.35);
          expect(ocr?.confidence).toBeLessThanOrEqual(1);
          expect(ocr?.box.every((share) => share >= 0 && share <= 1)).toBe(true);
        }
      }),
    );
  });
});

describe('recognised pages', () => {
  const block = (text: string, page?: number): Block => ({
    kind: 'paragraph',
    text,
    locator: page === undefined ? {} : { page },
  });

  test('stand where their pages do, with the printed number where it is another', () => {
    const merged = withRecognised(
      [block('one', 1), block('three', 3)],
      new Map([
        [4, [block('four', 4)]],
        [2, [block('two', 2), block('two more', 2)]],
      ]),
      new Map([
        [2, 'ii'],
        [4, '4'],
      ]),
    );
    expect(merged.map(({ text }) => text)).toEqual(['one', 'two', 'two more', 'three', 'four']);
    expect(merged[1]?.locator).toEqual({ page: 2, pageLabel: 'ii' });
    expect(merged[4]?.locator).toEqual({ page: 4 });
  });

  test('lose no block and keep the order of both', () => {
    const pages = fc.uniqueArray(fc.integer({ min: 1, max: 30 }), { maxLength: 10 });
    fc.assert(
      fc.property(pages, pages, (written, scanned) => {
        const others = scanned.filter((page) => !written.includes(page));
        const merged = withRecognised(
          [...written].sort((a, b) => a - b).map((page) => block(`w${page}`, page)),
          new Map(others.map((page) => [page, [block(`s${page}`, page)]])),
          new Map(),
        );
        const order = merged.map(({ locator }) => locator.page ?? 0);
        expect(order).toEqual([...written, ...others].sort((a, b) => a - b));
      }),
    );
  });
});
