import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  joinStrandedAccents,
  placeMark,
  splitLigatures,
  withAccentsPlaced,
} from '../../../backbone/content/document/pdf/layout/accents.ts';
import { readingZones } from '../../../backbone/content/document/pdf/layout/columns.ts';
import { lineGroups } from '../../../backbone/content/document/pdf/layout/line-order.ts';
import { pageLines, textOfItems } from '../../../backbone/content/document/pdf/layout/lines.ts';
import type { Segment, TextItem } from '../../../backbone/content/document/pdf/layout/page-text.ts';
import { segmentsOf, withoutOverprints } from '../../../backbone/content/document/pdf/layout/segments.ts';
import { BOLD, item, MONO, pageOfItems, segment } from './layout-pieces.ts';

const linesOf = (items: readonly TextItem[]): readonly string[] =>
  pageLines(pageOfItems(items)).lines.map(({ text }) => text);
const groupTexts = (zone: readonly Segment[]): readonly string[] =>
  lineGroups(zone).map((group) => group.map((one) => textOfItems(one.items)).join(' '));

describe('accents and ligatures', () => {
  test('ligatures come apart and other compatibility letters stay', () => {
    expect(splitLigatures('e\ufb03cient \ufb01sh x\u00b2 \u00bd')).toBe('efficient fish x\u00b2 \u00bd');
  });

  test('an accent inside a word joins the letter after it', () => {
    expect(joinStrandedAccents('f\u00a8ur caf\u00b4e na\u00a8 \u0131ve')).toBe(
      'f\u00fcr caf\u00e9 na\u00efve',
    );
  });

  test('an accent that forms no letter stays as it is', () => {
    expect(joinStrandedAccents('\u02dcq')).toBe('\u02dcq');
  });

  test('a dotless i takes its accent as a plain one does', () => {
    expect(placeMark('\u0131n', '\u0301')).toBe('\u00edn');
    expect(placeMark('\u0237', '\u030c')).toBe('\u01f0');
  });

  test('an accent drawn over a letter goes behind it', () => {
    const items = withAccentsPlaced([
      item('\u02dc', 101, 102, { width: 3, spaceBefore: 'drawn' }),
      item('H', 100, 100),
    ]);
    expect(items.map(({ text, spaceBefore }) => [text, spaceBefore])).toEqual([['H\u0303', 'drawn']]);
  });

  test('an accent at the end of a run goes to the letter of the next', () => {
    const items = withAccentsPlaced([item('= \u02dc', 100, 100), item('x', 110, 100)]);
    expect(textOfItems(items)).toBe('= x\u0303');
    const tight = withAccentsPlaced([item('=\u02dc', 100, 100), item('x', 105, 100)]);
    expect(textOfItems(tight)).toBe('=x\u0303');
  });

  test('an accent beside a letter stays alone', () => {
    expect(withAccentsPlaced([item('\u02dc', 100, 100), item('H', 200, 100)])).toHaveLength(2);
  });
});

describe('segments', () => {
  test('text printed twice for weight counts once', () => {
    const twice = [item('Bold', 100, 100), item('Bold', 100.5, 100), item('Bold', 130, 100)];
    expect(withoutOverprints(twice)).toHaveLength(2);
  });

  test('the same word in another size is no overprint', () => {
    expect(withoutOverprints([item('A', 100, 100), item('A', 100, 100, { size: 20 })])).toHaveLength(2);
  });

  test('many prints of one letter on one place stay one', () => {
    expect(withoutOverprints(Array.from({ length: 50 }, () => item('A', 10, 10)))).toHaveLength(1);
  });

  test('letters of one word stay together and a wide gap parts them', () => {
    const [first, second] = segmentsOf([
      item('one', 100, 100),
      item('two', 118, 100),
      item('three', 180, 100),
    ]);
    expect(first?.items).toHaveLength(2);
    expect(second?.items).toHaveLength(1);
  });

  test('a superscript stays with its base, and the base sets the line', () => {
    const found = segmentsOf([
      item('2', 100, 104, { size: 6 }),
      item('Note', 104, 100),
      item('x', 124, 104, { size: 7 }),
    ]);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({ y: 100, size: 10 });
  });

  test('the limit under a sum stays with its sign', () => {
    const found = segmentsOf([
      item('S', 100, 100, { width: 12 }),
      item('i=1', 100, 90, { size: 6 }),
      item('x', 114, 100),
    ]);
    expect(found).toHaveLength(1);
  });

  test('the next line begins a segment of its own', () => {
    expect(segmentsOf([item('one line', 100, 100), item('next line', 100, 88)])).toHaveLength(2);
  });

  test('right-to-left runs go on to the left', () => {
    const found = segmentsOf([
      item('\u05d0\u05d1', 200, 100, { rightToLeft: true }),
      item('\u05d2\u05d3', 185, 100, { rightToLeft: true }),
    ]);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({ x0: 185, x1: 210 });
  });

  test('nothing is lost or doubled, whatever the places', () => {
    const places = fc.array(
      fc.record({ x: fc.integer({ min: 0, max: 600 }), y: fc.integer({ min: 0, max: 800 }) }),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(places, (all) => {
        const items = all.map(({ x, y }, index) => item(`w${index}`, x, y));
        const segments = segmentsOf(items);
        expect(segments.flatMap((one) => one.items)).toEqual(items);
        const zones = readingZones(segments).flat();
        expect(new Set(zones)).toEqual(new Set(segments));
        expect(zones).toHaveLength(segments.length);
        expect(lineGroups(segments).flat()).toHaveLength(segments.length);
      }),
      { numRuns: 60 },
    );
  });
});

describe('columns', () => {
  const prose = 'some words of a column of text';
  const column = (x: number, order: number, count = 6, top = 700): readonly Segment[] =>
    Array.from({ length: count }, (_, index) => segment(prose, x, top - index * 12, order + index));

  test('columns drawn one after the other are read so', () => {
    const zones = readingZones([...column(50, 0), ...column(300, 6)]);
    expect(zones.map((zone) => zone.length)).toEqual([6, 6]);
    expect(zones[0]?.every(({ x0 }) => x0 === 50)).toBe(true);
  });

  test('three columns are cut twice', () => {
    const narrow = (x: number, order: number): readonly Segment[] =>
      Array.from({ length: 6 }, (_, index) =>
        segment('words of a column here', x, 700 - index * 12, order + index),
      );
    const zones = readingZones([...narrow(50, 0), ...narrow(220, 6), ...narrow(390, 12)]);
    expect(zones.map((zone) => zone[0]?.x0)).toEqual([50, 220, 390]);
  });

  test('a line across the page parts the bands above and below', () => {
    const across = segment(
      'a headline that runs over the whole width of the page and crosses the gutter in it',
      50,
      620,
      12,
    );
    const zones = readingZones([
      ...column(50, 0),
      ...column(300, 6),
      across,
      ...column(50, 13, 6, 600),
      ...column(300, 19, 6, 600),
    ]);
    expect(zones.map((zone) => zone.length)).toEqual([6, 6, 1, 6, 6]);
  });

  test('lines far above and below the columns are no part of them', () => {
    const top = segment('short', 50, 800, 0);
    const foot = segment('foot', 50, 500, 13);
    const zones = readingZones([top, ...column(50, 1), ...column(300, 7), foot]);
    expect(zones.map((zone) => zone.length)).toEqual([1, 6, 6, 1]);
  });

  test('a table drawn row by row is read across', () => {
    const cells = Array.from({ length: 6 }, (_, index) => [
      segment('name of row', 50, 700 - index * 12, index * 2),
      segment('value of it', 300, 700 - index * 12, index * 2 + 1),
    ]).flat();
    expect(readingZones(cells)).toHaveLength(1);
  });

  test('columns of prose drawn line by line are still columns', () => {
    const rows = Array.from({ length: 6 }, (_, index) => [
      segment(prose, 50, 700 - index * 12, index * 2),
      segment(prose, 300, 700 - index * 12, index * 2 + 1),
    ]).flat();
    expect(readingZones(rows)).toHaveLength(2);
  });

  test('labels beside text are no column', () => {
    const labels = Array.from({ length: 6 }, (_, index) =>
      segment(`(${index})`, 50, 700 - index * 12, index),
    );
    expect(readingZones([...labels, ...column(80, 6)])).toHaveLength(1);
  });
});

describe('the order of lines', () => {
  test('lines keep the order in which they are drawn down the page', () => {
    expect(groupTexts([segment('one', 50, 700, 0), segment('two', 50, 688, 1)])).toEqual(['one', 'two']);
  });

  test('a part on the same baseline joins its line', () => {
    expect(groupTexts([segment('one', 50, 700, 0), segment('more', 300, 700, 1)])).toEqual(['one more']);
  });

  test('a heading drawn last goes to its place at the top', () => {
    const zone = [
      segment('some body', 50, 688, 0),
      segment('more body', 50, 676, 1),
      segment('Title', 50, 720, 2),
    ];
    expect(groupTexts(zone)).toEqual(['Title', 'some body', 'more body']);
  });

  test('lines drawn from the bottom up are turned round', () => {
    const zone = ['three', 'second', 'first one'].map((text, index) =>
      segment(text, 50, 600 + index * 12, index),
    );
    expect(groupTexts(zone)).toEqual(['first one', 'second', 'three']);
  });

  test('parts of a formula that go up some lines keep their order', () => {
    const zone = [
      segment('a', 50, 700, 0),
      segment('b', 50, 680, 1),
      segment('c', 90, 705, 2),
      segment('d', 90, 690, 3),
    ];
    expect(groupTexts(zone)).toEqual(['a', 'b', 'c', 'd']);
  });

  test('words drawn at different times are sorted by place', () => {
    const rows = [700, 688, 676, 664, 652, 640];
    const zone = [
      ...rows.map((y, index) => segment('plain words', 50, y, index)),
      ...rows.map((y, index) => segment('bold words', 110, y, 10 + index)),
    ];
    expect(groupTexts(zone)).toEqual(rows.map(() => 'plain words bold words'));
  });

  test('a page in wild disorder is sorted by place', () => {
    const zone = Array.from({ length: 300 }, (_, index) => segment('word', 50, 10 + index * 12, index));
    const ys = lineGroups(zone).map((group) => group[0].y);
    expect(ys).toEqual([...ys].sort((a, b) => b - a));
  });
});

describe('lines', () => {
  test('three dots with spaces are an ellipsis, and a longer row is the leader it was', () => {
    expect(textOfItems([item('x, . . . , y', 50, 700)])).toBe('x, ... , y');
    expect(textOfItems([item('Roots . . . . . 12', 50, 700)])).toBe('Roots . . . . . 12');
    expect(textOfItems([item('so . .', 50, 700)])).toBe('so . .');
  });

  test('spaces come from gaps wider than a quarter of an em', () => {
    expect(linesOf([item('one', 50, 700), item('two', 68, 700), item('x', 84, 700)])).toEqual(['one twox']);
  });

  test('a space that is drawn is kept, however narrow', () => {
    expect(textOfItems([item('a', 50, 700), item('b', 55, 700, { spaceBefore: 'drawn' })])).toBe('a b');
  });

  test('a guessed space between letters of a formula is a kern', () => {
    expect(textOfItems([item('P', 50, 700), item('R', 56.4, 700, { spaceBefore: 'guessed' })])).toBe('PR');
    expect(textOfItems([item('two', 50, 700), item('words', 66.4, 700, { spaceBefore: 'guessed' })])).toBe(
      'two words',
    );
    expect(textOfItems([item('x,', 50, 700), item('y', 61.4, 700, { spaceBefore: 'guessed' })])).toBe('x, y');
  });

  test('scripts stay on their base and limits stand apart', () => {
    const sup = item('2', 56.5, 704, { size: 7, spaceBefore: 'guessed' });
    expect(textOfItems([item('T', 50, 700), sup, item('is', 60.5, 700)])).toBe('T2is');
    expect(textOfItems([item('T', 50, 700), sup, item('is', 63, 700, { spaceBefore: 'guessed' })])).toBe(
      'T2 is',
    );
    expect(textOfItems([item('S', 50, 700), item('i=1', 50, 690, { size: 6 })])).toBe('S i=1');
  });

  test('a line knows its style, its cells and whether it begins raised', () => {
    const [found] = pageLines(
      pageOfItems([
        item('1', 50, 704, { size: 6, style: BOLD }),
        item('A note', 54, 700, { style: BOLD }),
        item('right', 300, 700, { style: BOLD }),
      ]),
    ).lines;
    expect(found).toMatchObject({
      text: '1A note right',
      startsRaised: true,
      style: { bold: true, monospace: false },
    });
    expect(found?.cells.map(({ text }) => text)).toEqual(['1A note', 'right']);
  });

  test('parts a little further apart than words are one cell', () => {
    const [found] = pageLines(pageOfItems([item('one', 50, 700), item('two', 75, 700)])).lines;
    expect(found?.cells).toEqual([{ text: 'one two', x0: 50, x1: 90 }]);
  });

  test('prose with a file name in monospaced type is no code', () => {
    const [found] = pageLines(
      pageOfItems([item('see', 50, 700), item('main.ts', 69, 700, { style: MONO })]),
    ).lines;
    expect(found?.style.monospace).toBe(false);
  });

  test('a right-to-left line reads from the right', () => {
    const words = [
      item('\u05e2\u05d5\u05dc\u05dd', 150, 700, { rightToLeft: true }),
      item('\u05e9\u05dc\u05d5\u05dd', 200, 700, { rightToLeft: true }),
    ];
    expect(linesOf(words)).toEqual(['\u05e9\u05dc\u05d5\u05dd \u05e2\u05d5\u05dc\u05dd']);
    const near = [
      item('\u05e9\u05dc\u05d5\u05dd', 200, 700, { rightToLeft: true }),
      item('\u05e2\u05d5\u05dc\u05dd', 176, 700, { rightToLeft: true }),
    ];
    expect(linesOf(near)).toEqual(['\u05e9\u05dc\u05d5\u05dd \u05e2\u05d5\u05dc\u05dd']);
  });

  test('rotated text has lines of its own', () => {
    const page = pageLines(pageOfItems([item('upright', 50, 700)], [[item('stamp', 10, 20)]]));
    expect(page.rotated.map(({ text }) => text)).toEqual(['stamp']);
    expect(page.lines.map(({ text }) => text)).toEqual(['upright']);
  });

  test('a formula on several baselines reads as it is drawn', () => {
    expect(
      linesOf([item('x=', 50, 700), item('ab', 60.5, 707), item('cd', 60.5, 693), item('+1', 72, 700)]),
    ).toEqual(['x=ab cd+1']);
  });
});
