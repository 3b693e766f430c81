import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { mergeRanges, phraseRanges } from '../../../backbone/content/phrase-ranges.ts';
import { admits, foldedWords, parseQuery } from '../../../backbone/content/query-syntax.ts';

const marked = (text: string, ...phrases: string[]): string[] =>
  phraseRanges(text, phrases.map(foldedWords)).map(({ start, end }) => text.slice(start, end));

describe('the places of a phrase', () => {
  test.each([
    ['They steer by the beam, by the\nBeam.', 'by the beam', ['by the beam', 'by the\nBeam']],
    ['Die GRÖSSE und die Größe', 'grosse', ['GRÖSSE', 'Größe']],
    ['A flash, ash', 'ash', ['ash']],
    ['flash', 'ash', []],
    ['沿海的灯塔很高。灯塔', '灯塔', ['灯塔', '灯塔']],
    ['the ﬁne ½ cup', 'fine', ['ﬁne']],
    ['half ½ cup', '1 2 cup', ['½ cup']],
    ['ha ha ha', 'ha ha', ['ha ha']],
    ['', 'sea', []],
  ])('in “%s” of “%s”', (text, phrase, found) => {
    expect(marked(text, phrase)).toEqual(found);
  });

  test('are looked for one phrase after the other, and an empty one stands nowhere', () => {
    expect(marked('sea and land', 'land', 'sea')).toEqual(['land', 'sea']);
    expect(phraseRanges('sea', [''])).toEqual([]);
    expect(phraseRanges('sea', [])).toEqual([]);
  });

  test('are there exactly when the passage is taken, and hold the words of the phrase', () => {
    const piece = fc.constantFrom('sea', 'Sea', 'é', 'ß', '灯塔', '灯', ' ', '-', '. ', '½', '😀');
    const text = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(''));
    fc.assert(
      fc.property(text, text, (passage, quoted) => {
        const query = parseQuery(`"${quoted}"`);
        fc.pre(query.phrases.length === 1);
        const ranges = phraseRanges(passage, query.phrases);
        expect(ranges.length > 0).toBe(admits(query, passage));
        for (const { start, end } of ranges) {
          expect(foldedWords(passage.slice(start, end))).toContain(query.phrases[0]);
        }
      }),
    );
  });
});

describe('merged ranges', () => {
  test('cover what the ranges cover, in order and apart', () => {
    const range = fc.tuple(fc.nat(50), fc.integer({ min: 1, max: 9 })).map(([start, length]) => ({
      start,
      end: start + length,
    }));
    const cover = (ranges: readonly { readonly start: number; readonly end: number }[]): number[] =>
      [
        ...new Set(
          ranges.flatMap(({ start, end }) => Array.from({ length: end - start }, (_, at) => start + at)),
        ),
      ].sort((one, other) => one - other);
    fc.assert(
      fc.property(fc.array(range), (ranges) => {
        const merged = mergeRanges(ranges);
        expect(cover(merged)).toEqual(cover(ranges));
        for (const [index, { start }] of merged.entries()) {
          expect(start).toBeGreaterThanOrEqual(merged[index - 1]?.end ?? 0);
        }
      }),
    );
  });
});
