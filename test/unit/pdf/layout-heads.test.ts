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
import { line, pageOfLines, row } from './layout-pieces.ts';

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

  test('a head whose parts stand in different columns goes, and on both sides of mirrored pages', () => {
    const mirrored = (page: number): readonly Line[] => {
      const [near, far] = page % 2 === 0 ? ['Harbour Notes', 'Tides'] : ['Tides', 'Harbour Notes'];
      return page === 2
        ? [line(near, 800), line(far, 800, { x0: 400, zone: 1 })]
        : [
            row(800, [
              [near, 70],
              [far, 400],
            ]),
          ];
    };
    expect(left(pagesOf(2, mirrored))).toEqual(['body about apple', 'body about birch']);
    expect(left(pagesOf(3, mirrored))).toHaveLength(3);
  });

  test('heads that change between left and right pages go from a document of four', () => {
    const found = left(pagesOf(4, (page) => [line(page % 2 === 0 ? 'Book of Trees' : 'Leaves', 800)]));
    expect(found).toHaveLength(4);
  });

  test('without a clear gap to the body two pages are no evidence', () => {
    const edges = (page: number): readonly Line[] =>
      page < 3 ? [line('Dear reader,', 800), line(`about ${WORDS[page] ?? ''}`, 788)] : [];
    expect(left(pagesOf(3, edges))).toHaveLength(7);
  });

  test('two lines of a head go from a document of two pages', () => {
    expect(left(pagesOf(2, () => [line('Book of Trees', 800), line('Second edition', 788)]))).toHaveLength(2);
  });

  test('of a head and a first line of text at one height only the head goes', () => {
    const edges = (page: number): readonly Line[] => [
      line('Book of Trees', 800),
      line(page === 2 ? 'text that fills the second column' : 'Leaves', 800, { x0: 400, zone: 1 }),
    ];
    const found = left(pagesOf(3, edges));
    expect(found).toContain('text that fills the second column');
    expect(found).toHaveLength(4);
  });

  test('the header of a table that goes on over pages stays, and so do its rows of numbers', () => {
    const rows = (header: readonly [string, string]) => (page: number) => [
      row(800, [
        [header[0], 70],
        [header[1], 200],
      ]),
      row(786, [
        [WORDS[page] ?? '', 70],
        [`${page * 7}.5`, 200],
      ]),
      row(772, [
        [WORDS[page + 1] ?? '', 70],
        [`${page * 3}.5`, 200],
      ]),
    ];
    for (const count of [2, 6])
      for (const header of [['Port', 'Metres'] as const, ['12.5', '33.1'] as const])
        expect(left(pagesOf(count, rows(header)))).toHaveLength(count * 4);
  });

  test('large headings at one height on some pages are no heads', () => {
    const large = { size: 16 };
    const chapters = (page: number): readonly Line[] =>
      page % 2 === 0 ? [line(`Chapter ${page * 5}`, 790, large)] : [];
    expect(left(pagesOf(8, chapters))).toHaveLength(12);
    const exercises = (page: number): readonly Line[] =>
      page % 3 === 0 ? [line('Exercises', 790, large)] : [];
    expect(left(pagesOf(9, exercises))).toHaveLength(12);
  });

  test('a long row at the edge is text, and what it shuts off stays', () => {
    const edges = (): readonly Line[] => [line('word '.repeat(40), 810), line('Book of Trees', 790)];
    expect(left(pagesOf(4, edges))).toHaveLength(12);
  });

  describe('that repeat a title', () => {
    const heading = line('The Book of Trees', 700, { size: 18 });
    const body = (page: number): readonly Line[] => [
      line(`body about ${WORDS[page] ?? ''}, which is longer than any title`, 600),
    ];
    const head = (text: string): Line => line(text, 800);
    const titled = [{ title: 'The Book of Trees', page: 1 }];
    const cut = (second: readonly Line[], titles = titled): readonly string[] =>
      withoutRunningHeads(
        [pageOfLines(1, [heading, ...body(1)]), pageOfLines(2, [...second, ...body(2)])],
        titles,
      ).pages.flatMap((page) => page.lines.map(({ text }) => text));

    test('go on a later page, with the number of the page beside them, and the title stays', () => {
      expect(cut([head('The Book of Trees')])).toEqual([
        'The Book of Trees',
        expect.stringMatching(/^body about birch/),
        expect.stringMatching(/^body about cedar/),
      ]);
      const numbered = row(800, [
        ['THE BOOK OF TREES', 70],
        ['17', 400],
      ]);
      expect(cut([numbered])).toHaveLength(3);
    });

    test('stay when the title is not on an earlier page', () => {
      expect(cut([head('The Book of Trees')], [])).toHaveLength(4);
      expect(cut([head('The Book of Trees')], [{ title: 'The Book of Trees', page: 2 }])).toHaveLength(4);
      expect(cut([head('Roots')], [{ title: 'Roots', page: 1 }])).toHaveLength(4);
      expect(cut([head('The Book of Trees')], [{ title: 'The Book of Trees', page: 9 }])).toHaveLength(4);
    });

    test('stay when they are set large, close to the text, or hold more than the title', () => {
      expect(cut([line('The Book of Trees', 800, { size: 18 })])).toHaveLength(4);
      expect(cut([head('The Book of Trees'), line('goes on', 788)])).toHaveLength(5);
      expect(cut([head('The Book of Trees is long')])).toHaveLength(4);
    });
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
