import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  isBarePageNumber,
  maskNumbers,
  pageNumberOf,
  pageNumbersIn,
} from '../../../backbone/content/document/pdf/layout/page-numbers.ts';
import { withoutRunningHeads } from '../../../backbone/content/document/pdf/layout/running-heads.ts';
import type { Line, PageLines } from '../../../backbone/content/document/pdf/layout/page-text.ts';
import { line, pageOfLines } from './layout-pieces.ts';

const left = (pages: readonly PageLines[]): readonly string[] =>
  withoutRunningHeads(pages).pages.flatMap((page) => page.lines.map(({ text }) => text));

const WORDS = ['apple', 'birch', 'cedar', 'daisy', 'elder', 'fern', 'grass', 'hazel', 'iris', 'juniper'];

/** Pages whose body differs and whose first or last lines the test gives. */
function pagesOf(count: number, edges: (page: number) => readonly Line[]): readonly PageLines[] {
  return Array.from({ length: count }, (_, index) =>
    pageOfLines(index + 1, [...edges(index + 1), line(`body about ${WORDS[index % 10] ?? ''}`, 600)]),
  );
}

describe('printed page numbers', () => {
  test.each([
    ['12', 12, 'arabic', '12'],
    ['xiv', 14, 'roman', 'xiv'],
    ['XLII', 42, 'roman', 'XLII'],
    ['[7]', 7, 'arabic', '7'],
    ['3/9', 3, 'arabic', '3'],
    ['\u20137\u2013', 7, 'arabic', '7'],
  ])('%s counts as %d', (word, value, style, text) => {
    expect(pageNumberOf(word)).toEqual({ value, style, text });
  });

  test.each(['word', '', 'iiii', 'Mix', '123456', '1.2.3', 'vx'])('%s is no page number', (word) => {
    expect(pageNumberOf(word)).toBeNull();
  });

  test('numbers are looked for at both ends of a line', () => {
    expect(pageNumbersIn('Page 3 of 9').map(({ value }) => value)).toEqual([9, 3]);
    expect(pageNumbersIn('12 CHAPTER ONE').map(({ value }) => value)).toEqual([12]);
    expect(pageNumbersIn('')).toEqual([]);
  });

  test('lines that are page numbers and nothing else', () => {
    for (const text of ['7', '- 7 -', 'Page 3', 'Seite 4 von 9', '3 of 9', 'xii'])
      expect(isBarePageNumber(text)).toBe(true);
    for (const text of ['', 'Chapter 3', '3 blind mice', 'a b c d e'])
      expect(isBarePageNumber(text)).toBe(false);
  });

  test('masked lines of different pages compare equal', () => {
    expect(maskNumbers('Page 3 of 90')).toBe(maskNumbers('Page 14 of 90'));
    expect(maskNumbers('Preface xii')).toBe(maskNumbers('Preface iv'));
    expect(maskNumbers('Section 2.1')).toBe('section #.#');
  });

  test('every roman number up to 400 is read back', () => {
    const signs: readonly (readonly [string, number])[] = [
      ['c', 100],
      ['xc', 90],
      ['l', 50],
      ['xl', 40],
      ['x', 10],
      ['ix', 9],
      ['v', 5],
      ['iv', 4],
      ['i', 1],
    ];
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 399 }), (value) => {
        let rest = value;
        let roman = '';
        for (const [sign, worth] of signs)
          while (rest >= worth) {
            roman += sign;
            rest -= worth;
          }
        expect(pageNumberOf(roman)).toEqual({ value, style: 'roman', text: roman });
      }),
    );
  });
});

describe('running heads and feet', () => {
  test('a line repeated at the top of the pages goes', () => {
    const found = left(pagesOf(5, () => [line('The Book of Trees', 800)]));
    expect(found).toEqual(WORDS.slice(0, 5).map((word) => `body about ${word}`));
  });

  test('heads of odd and even pages are told apart', () => {
    const found = left(
      pagesOf(6, (page) => [line(page % 2 === 0 ? 'The Book of Trees' : 'Chapter of Leaves', 800)]),
    );
    expect(found).toHaveLength(6);
  });

  test('a head that changes goes by the number it carries, and the number is kept', () => {
    const titles = ['Roots', 'Stems', 'Bark', 'Buds'];
    const result = withoutRunningHeads(
      pagesOf(4, (page) => [line(`${page + 20} ${titles[page - 1] ?? ''}`, 800)]),
    );
    expect(result.pages.flatMap((page) => page.lines)).toHaveLength(4);
    expect([...result.printed]).toEqual([
      [1, '21'],
      [2, '22'],
      [3, '23'],
      [4, '24'],
    ]);
  });

  test('roman numbers count as well', () => {
    const roman = ['v', 'vi', 'vii', 'viii'];
    const result = withoutRunningHeads(pagesOf(4, (page) => [line(roman[page - 1] ?? '', 40)]));
    expect([...result.printed.values()]).toEqual(roman);
  });

  test('one odd head among many in the same place goes too', () => {
    const found = left(pagesOf(8, (page) => [line(page === 5 ? 'Interlude' : 'The Book of Trees', 800)]));
    expect(found).toHaveLength(8);
    expect(found).not.toContain('Interlude');
  });

  test('body text at the top of every page stays', () => {
    const found = left(pagesOf(5, (page) => [line(`first words about ${WORDS[page + 3] ?? ''} here`, 780)]));
    expect(found).toHaveLength(10);
  });

  test('body text between a repeated line and the edge keeps that line', () => {
    const edges = (page: number): readonly Line[] => [
      line(`${WORDS[page] ?? ''} stands outermost`, 810),
      line('again and again', 790),
    ];
    expect(left(pagesOf(5, edges))).toHaveLength(15);
  });

  test('a number that does not count with the pages stays', () => {
    const numbers = [7, 3, 19, 4, 11];
    expect(
      left(pagesOf(5, (page) => [line(`${numbers[page - 1] ?? 0} ${WORDS[page] ?? ''}`, 60)])),
    ).toHaveLength(10);
  });

  test('on a single page a lone number at the foot goes only if it is the number of the page', () => {
    expect(left(pagesOf(1, () => [line('1', 40)]))).toEqual(['body about apple']);
    expect(left(pagesOf(1, () => [line('42', 40)]))).toHaveLength(2);
  });

  test('two pages with the same head are enough in a document of three', () => {
    expect(left(pagesOf(3, (page) => (page === 2 ? [] : [line('The Book of Trees', 800)])))).toHaveLength(3);
  });

  test('no page gains a line or changes its order', () => {
    const text = fc.constantFrom('head', '1', '2', 'iv', 'Page 1', 'words', 'more words');
    const page = fc.array(fc.record({ text, y: fc.integer({ min: 0, max: 842 }) }), { maxLength: 8 });
    fc.assert(
      fc.property(fc.array(page, { maxLength: 8 }), (all) => {
        const pages = all.map((found, index) =>
          pageOfLines(
            index + 1,
            found.map((one) => line(one.text, one.y)),
          ),
        );
        withoutRunningHeads(pages).pages.forEach((result, index) => {
          const before = pages[index]?.lines ?? [];
          expect(before.filter((one) => result.lines.includes(one))).toEqual(result.lines);
        });
      }),
    );
  });
});
