import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isByline } from '../../../backbone/content/document/pdf/layout/bylines.ts';
import { layout } from '../../../backbone/content/document/pdf/layout/layout.ts';
import type { Line } from '../../../backbone/content/document/pdf/layout/page-text.ts';
import { withHeaderSplit } from '../../../backbone/content/document/pdf/layout/table-header.ts';
import { tableRuns } from '../../../backbone/content/document/pdf/layout/tables.ts';
import { line, lines, pageOfLines, row } from './layout-pieces.ts';

const AUTHORS = ['Ada Example', 'Bob Sample'];
const TEXT = lines(
  Array.from({ length: 6 }, () => 'words that fill the whole width of the column up to its end'),
  560,
);

function kinds(top: readonly Line[], authors = AUTHORS, later: readonly Line[] = []): readonly string[] {
  const pages = [pageOfLines(1, [...top, ...TEXT]), ...(later.length > 0 ? [pageOfLines(2, later)] : [])];
  return layout(pages, [], new Map(), { title: null, authors }).blocks.map(
    ({ kind, text }) => `${kind}: ${text.slice(0, 20)}`,
  );
}

describe('lines of authors', () => {
  test.each([
    'Ada Example Bob Sample',
    'Bob Sample and ADA EXAMPLE',
    'by Ada Example\u00b9, Bob Sample\u00b2',
    'Bob Sample',
  ])('"%s" is one', (text) => {
    expect(isByline(text, AUTHORS)).toBe(true);
  });

  test.each(['', 'and', 'Ada Examples', 'Ada Example, University of Testing', 'Example Ada'])(
    '"%s" is none',
    (text) => {
      expect(isByline(text, AUTHORS)).toBe(false);
    },
  );

  test('authors without a letter name nobody', () => {
    expect(isByline('Ada Example', ['...', ''])).toBe(false);
    fc.assert(fc.property(fc.string(), (text) => !isByline(text, [])));
  });

  const title = line('On the Height of Trees', 700, { size: 18 });
  const names = line('Ada Example Bob Sample', 660, { size: 14 });

  test('under the title they are no heading', () => {
    expect(kinds([title, names])).toEqual([
      'heading: On the Height of Tre',
      'paragraph: Ada Example Bob Samp',
      'paragraph: words that fill the ',
    ]);
    expect(kinds([title, line('A Report', 680, { size: 16 }), names])[2]).toMatch(/^paragraph: Ada/);
  });

  test('as the title, after the text, on a later page or of others they are one', () => {
    expect(kinds([names])[0]).toMatch(/^heading: Ada/);
    expect(kinds([title, line('Cyd Other', 660, { size: 14 })])[1]).toMatch(/^heading: Cyd/);
    const after = kinds([title], AUTHORS, [{ ...names, y: 600 }]);
    expect(after.at(-1)).toMatch(/^heading: Ada/);
  });
});

describe('header words that stand close', () => {
  const rows = [
    row(686, [
      ['M2', 70],
      ['moon, twice', 110],
      ['12.42', 240],
    ]),
    row(672, [
      ['S2', 70],
      ['sun, twice', 110],
      ['12.00', 240],
    ]),
  ];
  const header = (cell: string, x0 = 70): Line =>
    row(700, [
      [cell, x0],
      ['Period', 235],
    ]);
  const split = (line: Line, below = rows): readonly string[] =>
    withHeaderSplit(line, below).cells.map(({ text }) => text);

  test('are parted where the rows below have a column of their own', () => {
    expect(split(header('Mark is Cause'))).toEqual(['Mark is', 'Cause', 'Period']);
    expect(tableRuns([header('Mark is Cause'), ...rows])[0]?.rows).toEqual([
      ['Mark is', 'Cause', 'Period'],
      ['M2', 'moon, twice', '12.42'],
      ['S2', 'sun, twice', '12.00'],
    ]);
  });

  test('stay together over columns that they do not begin with', () => {
    expect(split(header('Observed', 70))).toEqual(['Observed', 'Period']);
    expect(split(header('Name of cause', 90))).toEqual(['Name of cause', 'Period']);
    expect(split(header('Measurements of harbours', 70))).toHaveLength(2);
    expect(split(header('Mark', 300))).toHaveLength(2);
  });

  test('stay together when the rows below differ or have no more cells', () => {
    const narrow = row(672, [
      ['S2', 70],
      ['12.00', 240],
    ]);
    expect(split(header('Mark is Cause'), [...rows, narrow])).toHaveLength(2);
    expect(split(header('Mark is Cause'), [narrow])).toHaveLength(2);
    expect(split(header('Mark is Cause'), [])).toHaveLength(2);
  });
});
