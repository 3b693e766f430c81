import { describe, expect, test } from '@jest/globals';
import { blocksOf, type BlockContext } from '../../../backbone/content/document/pdf/layout/blocks.ts';
import { withoutFootnotes } from '../../../backbone/content/document/pdf/layout/footnotes.ts';
import {
  headingCandidate,
  headingLevels,
  outlineIndex,
  type OutlineTarget,
} from '../../../backbone/content/document/pdf/layout/headings.ts';
import { vocabularyOf } from '../../../backbone/content/document/pdf/layout/hyphenation.ts';
import { layout } from '../../../backbone/content/document/pdf/layout/layout.ts';
import type { Line, PageLines } from '../../../backbone/content/document/pdf/layout/page-text.ts';
import { goesOnAcross, startsParagraph } from '../../../backbone/content/document/pdf/layout/paragraphs.ts';
import { tableRuns } from '../../../backbone/content/document/pdf/layout/tables.ts';
import type { TextProfile } from '../../../backbone/content/document/pdf/layout/text-profile.ts';
import type { Block } from '../../../backbone/content/model.ts';
import { BOLD, line, lines, MONO, pageOfLines, row } from './layout-pieces.ts';

const PROFILE: TextProfile = { bodySize: 10, bodyBold: false, leading: (size) => 1.2 * size };
const FULL = 'words that fill the whole width of the column up to its end';
const EXTENT = { x0: 70, x1: 70 + FULL.length * 5 };

function blocks(pages: readonly PageLines[], rest: Partial<BlockContext> = {}): readonly Block[] {
  const all = pages.flatMap((page) => page.lines);
  return blocksOf(pages, {
    profile: PROFILE,
    vocabulary: vocabularyOf(all),
    outline: new Map(),
    labels: new Map(),
    authors: [],
    ...rest,
  });
}

const brief = (found: readonly Block[]): readonly (readonly [string, string])[] =>
  found.map(({ kind, text }) => [kind, text]);
const starts = (draft: readonly Line[], next: Line): boolean => startsParagraph(draft, next, EXTENT, PROFILE);

describe('where a paragraph begins', () => {
  const first = line(FULL, 700);

  test('nothing before it: at once', () => {
    expect(starts([], first)).toBe(true);
  });

  test('the next line of a full line goes on', () => {
    expect(starts([first], line('and on', 688))).toBe(false);
  });

  test('a wide gap, another size or another weight', () => {
    expect(starts([first], line('far below', 675))).toBe(true);
    expect(starts([first], line('smaller type', 688, { size: 8 }))).toBe(true);
    expect(starts([first], line('heavy type', 688, { style: BOLD }))).toBe(true);
  });

  test('a piece of a formula in another size goes on', () => {
    expect(starts([first], line('x + y', 688, { size: 8 }))).toBe(false);
  });

  test('an indent after the end of a sentence', () => {
    expect(
      starts(
        [first, line('It ends here and fills the whole width of the column now.', 688)],
        line('Indented', 676, { x0: 85 }),
      ),
    ).toBe(true);
    expect(starts([first], line('Indented', 688, { x0: 85 }))).toBe(false);
  });

  test('a short line that ends a sentence', () => {
    expect(starts([first, line('It ends.', 688)], line('Next one', 676))).toBe(true);
    expect(starts([first, line('It ends.', 688)], line('lower case', 676))).toBe(false);
  });

  test('a bullet always, a number after the end of a sentence', () => {
    expect(starts([first], line('\u2022 a point', 688))).toBe(true);
    expect(starts([first], line('12. Mai was the day', 688))).toBe(false);
    expect(starts([line('It ends.', 700)], line('1. First of all', 688))).toBe(true);
  });

  test('a list item goes on under its text and ends at its mark', () => {
    const item = line('\u2022 an item that is long enough to fill the column it is in', 700);
    expect(starts([item], line('hanging line', 688, { x0: 80 }))).toBe(false);
    expect(starts([item, line('hanging line', 688, { x0: 80 })], line('outdented', 676))).toBe(true);
    expect(starts([line('\u2022 short', 700)], line('outdented', 688))).toBe(true);
  });

  test('a caption after a short line', () => {
    expect(starts([line('short', 700)], line('Figure 1: A tree', 688))).toBe(true);
  });

  test('the box at the end of a proof belongs to what is before it and nothing to it', () => {
    const box = line('\u25a0', 680, { x0: 400 });
    expect(starts([first], box)).toBe(false);
    expect(starts([first, box], line('Definition 2', 668))).toBe(true);
  });

  test('lines of a large heading stay together, however they are set', () => {
    const large = { size: 20 };
    expect(starts([line('A long', 700, large)], line('Title', 676, { ...large, x0: 130 }))).toBe(false);
  });

  test('code goes on whatever its indents', () => {
    expect(
      starts([line('if (x) {', 700, { style: MONO })], line('return;', 688, { style: MONO, x0: 90 })),
    ).toBe(false);
  });
});

describe('whether a paragraph goes on in the next column', () => {
  const open = [line(FULL, 700), line(FULL, 688)];

  test('after a full line, before a small letter, or inside a word', () => {
    expect(goesOnAcross(open, line('Goes on', 700), EXTENT)).toBe(true);
    expect(goesOnAcross([line('short one', 700)], line('goes on', 700), EXTENT)).toBe(true);
    expect(goesOnAcross([line('a bro-', 700)], line('Ken word', 700), EXTENT)).toBe(true);
  });

  test('not after the end of a sentence, before a list, or from a caption', () => {
    expect(goesOnAcross([...open, line('The end.', 676)], line('goes on', 700), EXTENT)).toBe(false);
    expect(goesOnAcross(open, line('\u2022 item', 700), EXTENT)).toBe(false);
    expect(goesOnAcross([line('Figure 1: A', 700)], line('goes on', 700), EXTENT)).toBe(false);
    expect(goesOnAcross([line('short one', 700)], line('Other', 700), EXTENT)).toBe(false);
    expect(goesOnAcross([], line('goes on', 700), EXTENT)).toBe(false);
    expect(goesOnAcross([line('=', 700)], line('goes on', 700), EXTENT)).toBe(false);
  });
});

describe('footnotes', () => {
  const note = { size: 8 };

  test('small type with a raised mark at the foot is taken off, note by note', () => {
    const body = lines([FULL, FULL], 700);
    const notes = [
      line('1First note', 90, { ...note, startsRaised: true }),
      line('goes on', 80, note),
      line('2Second', 70, { ...note, startsRaised: true }),
    ];
    const parts = withoutFootnotes([...body, ...notes], 842, PROFILE);
    expect(parts.body).toEqual(body);
    expect(parts.footnotes.map((one) => one.map(({ text }) => text))).toEqual([
      ['1First note', 'goes on'],
      ['2Second'],
    ]);
  });

  test('a star marks a note too, in either column', () => {
    const parts = withoutFootnotes(
      [
        line(FULL, 700),
        line('* A note', 90, note),
        line(FULL, 700, { zone: 1 }),
        line('\u2020 Another', 90, { ...note, zone: 1 }),
      ],
      842,
      PROFILE,
    );
    expect(parts.footnotes).toHaveLength(2);
    expect(parts.body).toHaveLength(2);
  });

  test('small type without a mark, high on the page, or of the usual size stays', () => {
    for (const last of [
      line('small print', 90, note),
      line('1High', 700, { ...note, startsRaised: true }),
      line('1Usual', 90, { startsRaised: true }),
    ])
      expect(withoutFootnotes([line(FULL, 720), last], 842, PROFILE).footnotes).toEqual([]);
  });
});

describe('tables', () => {
  const rows = [
    row(700, [
      ['Name', 70],
      ['Age', 200],
      ['Town', 300],
    ]),
    row(688, [
      ['Ada', 70],
      ['36', 200],
      ['London', 300],
    ]),
    row(676, [
      ['Bob', 70],
      ['7', 200],
      ['Rome', 300],
    ]),
  ];

  test('rows with cells in common columns are a table', () => {
    expect(tableRuns([line(FULL, 720), ...rows, line(FULL, 650)])).toEqual([
      {
        from: 1,
        to: 4,
        rows: [
          ['Name', 'Age', 'Town'],
          ['Ada', '36', 'London'],
          ['Bob', '7', 'Rome'],
        ],
      },
    ]);
  });

  test('an empty cell keeps its place', () => {
    const [run] = tableRuns([
      ...rows,
      row(664, [
        ['Cyd', 70],
        ['Oslo', 300],
      ]),
    ]);
    expect(run?.rows.at(-1)).toEqual(['Cyd', '', 'Oslo']);
  });

  test('a line under one column goes on in the cell above', () => {
    const [run] = tableRuns([
      ...rows.slice(0, 2),
      row(676, [['Lo', 300]]),
      row(664, [
        ['Bob', 70],
        ['7', 200],
      ]),
    ]);
    expect(run?.rows[1]).toEqual(['Ada', '36', 'London Lo']);
  });

  test('two rows, list items, dot leaders and long texts are no table', () => {
    expect(tableRuns(rows.slice(0, 2))).toEqual([]);
    const items = [700, 688, 676].map((y, index) =>
      row(y, [
        [`(${index})`, 70],
        ['text', 200],
      ]),
    );
    expect(tableRuns(items)).toEqual([]);
    expect(
      tableRuns(
        [700, 688, 676].map((y) =>
          row(y, [
            ['Roots . . . . . .', 70],
            ['7', 300],
          ]),
        ),
      ),
    ).toEqual([]);
    expect(
      tableRuns(
        [700, 688, 676].map((y) =>
          row(y, [
            ['x'.repeat(100), 70],
            ['7', 700],
          ]),
        ),
      ),
    ).toEqual([]);
  });

  test('a table ends at a wide gap, at another column of the page and where columns stop matching', () => {
    const other = row(664, [
      ['x', 500],
      ['y', 540],
    ]);
    expect(tableRuns([...rows, other])[0]?.to).toBe(3);
    expect(
      tableRuns([
        ...rows,
        row(600, [
          ['Cyd', 70],
          ['9', 200],
        ]),
      ])[0]?.to,
    ).toBe(3);
    expect(
      tableRuns([
        ...rows,
        row(
          664,
          [
            ['Cyd', 70],
            ['9', 200],
          ],
          { zone: 1 },
        ),
      ])[0]?.to,
    ).toBe(3);
    expect(tableRuns([...rows, line('far', 650, { x0: 70, x1: 85 })])[0]?.to).toBe(3);
  });

  test('a row that would melt the columns ends the table', () => {
    const wide = row(664, [
      ['a text over all of the three columns here', 70],
      ['z', 310],
    ]);
    expect(tableRuns([...rows, wide])[0]?.to).toBe(3);
  });
});

describe('headings', () => {
  const judge = (
    one: Line,
    gapAbove = 12,
    targets: readonly OutlineTarget[] = [],
  ): ReturnType<typeof headingCandidate> =>
    headingCandidate([one], one.text, gapAbove, outlineIndex(targets), PROFILE);

  test('larger type is a heading, a long text or a sentence is not', () => {
    expect(judge(line('Roots', 700, { size: 14 }))).toMatchObject({ size: 14, outlineDepth: null });
    expect(judge(line('x'.repeat(250), 700, { size: 14 }))).toBeNull();
    expect(
      judge(line('This is a whole sentence in large type, not a heading.', 700, { size: 14 })),
    ).toBeNull();
    expect(judge(line('12 + 3', 700, { size: 14 }))).toBeNull();
    expect(judge(line('function', 700, { size: 14, style: MONO }))).toBeNull();
    expect(headingCandidate([], 'x', 0, new Map(), PROFILE)).toBeNull();
  });

  test('bold type is a heading with a number or with space above', () => {
    expect(judge(line('2.1 Roots', 700, { style: BOLD }))).not.toBeNull();
    expect(judge(line('Roots', 700, { style: BOLD }), 20)).not.toBeNull();
    expect(judge(line('Roots', 700, { style: BOLD }), 12)).toBeNull();
    expect(judge(line('Roots:', 700, { style: BOLD }), 20)).toBeNull();
    expect(judge(line('y'.repeat(150), 700, { style: BOLD }), 20)).toBeNull();
    expect(judge(line('Small roots', 700, { style: BOLD, size: 8 }), 20)).toBeNull();
  });

  test('in a bold document weight says nothing', () => {
    const profile = { ...PROFILE, bodyBold: true };
    expect(
      headingCandidate([line('Roots', 700, { style: BOLD })], 'Roots', 20, new Map(), profile),
    ).toBeNull();
  });

  test('a number before capitals is a heading in any type', () => {
    expect(judge(line('IV. RESULTS', 700))).not.toBeNull();
    expect(judge(line('3 RESULTS', 700))).not.toBeNull();
    expect(judge(line('3 Results', 700))).toBeNull();
  });

  test('a line that ends with a page number belongs to a table of contents', () => {
    expect(
      judge(
        row(
          700,
          [
            ['Roots', 70],
            ['24', 400],
          ],
          { size: 14 },
        ),
      ),
    ).toBeNull();
  });

  test('the outline names headings of any type, with or without their number', () => {
    const targets = [
      { title: 'The roots', page: 1, depth: 2 },
      { title: '', page: 1, depth: 1 },
    ];
    expect(judge(line('1.2 The Roots', 700), 12, targets)?.outlineDepth).toBe(2);
    expect(judge(line('Chapter 3 The roots', 700), 12, targets)?.outlineDepth).toBe(2);
    expect(
      judge(line('The roots', 700), 12, [{ title: '1.2 The roots', page: 1, depth: 3 }])?.outlineDepth,
    ).toBe(3);
    expect(judge(line('About the roots', 700), 12, targets)).toBeNull();
    expect(judge(line('The roots', 700), 12, [{ title: 'The roots', page: 2, depth: 1 }])).toBeNull();
  });

  test('at most fifty entries of a page are compared', () => {
    const targets = Array.from({ length: 80 }, (_, index) => ({ title: `T${index}`, page: 1, depth: 1 }));
    expect(outlineIndex(targets).get(1)).toHaveLength(50);
  });

  test('levels follow size and weight', () => {
    const style = (
      size: number,
      bold: boolean,
    ): { style: string; size: number; bold: boolean; outlineDepth: null } => ({
      style: `${size}${bold ? 'b' : ''}`,
      size,
      bold,
      outlineDepth: null,
    });
    expect(headingLevels([style(20, false), style(12, false), style(12, true), style(20, false)])).toEqual([
      1, 3, 2, 1,
    ]);
    expect(headingLevels(Array.from({ length: 9 }, (_, index) => style(30 - index, false))).at(-1)).toBe(6);
  });

  test('the depth in the outline sets the level of its style, and smaller styles come below', () => {
    const one = { style: '12', size: 12, bold: false };
    const two = { style: '10b', size: 10, bold: true, outlineDepth: null };
    expect(headingLevels([{ ...one, outlineDepth: 3 }, { ...one, outlineDepth: null }, two])).toEqual([
      3, 3, 4,
    ]);
  });
});

describe('blocks', () => {
  test('paragraphs, headings and their path', () => {
    const found = blocks([
      pageOfLines(1, [
        line('Roots', 720, { size: 16 }),
        ...lines([FULL, 'and its end.'], 690),
        line('Stems', 640, { size: 13 }),
        line('More.', 620),
      ]),
    ]);
    expect(brief(found)).toEqual([
      ['heading', 'Roots'],
      ['paragraph', `${FULL} and its end.`],
      ['heading', 'Stems'],
      ['paragraph', 'More.'],
    ]);
    expect(found.map(({ locator }) => locator.headingPath)).toEqual([
      undefined,
      ['Roots'],
      ['Roots'],
      ['Roots', 'Stems'],
    ]);
  });

  test('a paragraph goes on over the page, before the notes of its first page', () => {
    const found = blocks([
      pageOfLines(1, [
        line(FULL, 120),
        line('broken at the foot of this page, which is not its en-', 108),
        line('1A note', 60, { size: 8, startsRaised: true }),
      ]),
      pageOfLines(2, [line('ding at all.', 780)]),
    ]);
    expect(found.map(({ kind, locator }) => [kind, locator.page])).toEqual([
      ['paragraph', 1],
      ['footnote', 1],
    ]);
    expect(found[0]?.text).toMatch(/not its ending at all\.$/);
  });

  test('lists: bullets and plain numbers go, labels stay', () => {
    const found = blocks([
      pageOfLines(1, [line('\u2022 point', 700), line('2. Second', 680), line('(b) label', 660)]),
    ]);
    expect(found.map(({ kind, text, ordinal }) => [kind, text, ordinal])).toEqual([
      ['list_item', 'point', undefined],
      ['list_item', 'Second', 2],
      ['list_item', '(b) label', undefined],
    ]);
  });

  test('a bullet without text is no item', () => {
    expect(brief(blocks([pageOfLines(1, [line('\u2022', 700)])]))).toEqual([['paragraph', '\u2022']]);
  });

  test('captions and tables', () => {
    const rows = [700, 688, 676].map((y, index) =>
      row(y, [
        ['name', 70],
        [`${index}`, 200],
      ]),
    );
    const found = blocks([pageOfLines(1, [line('Table 1: Names', 730), ...rows, line('After.', 640)])]);
    expect(brief(found)).toEqual([
      ['caption', 'Table 1: Names'],
      ['table', 'name\t0\nname\t1\nname\t2'],
      ['paragraph', 'After.'],
    ]);
    expect(found[1]).toMatchObject({
      headerRows: 1,
      rows: [
        ['name', '0'],
        ['name', '1'],
        ['name', '2'],
      ],
    });
  });

  test('code keeps its indents and blank lines', () => {
    const mono = { style: MONO };
    const found = blocks([
      pageOfLines(1, [
        line('if (x) {', 700, mono),
        line('stop();', 688, { ...mono, x0: 80 }),
        line('}', 668, mono),
      ]),
    ]);
    expect(brief(found)).toEqual([['code', 'if (x) {\n  stop();\n\n}']]);
  });

  test('labels that differ from the page stand in the locator', () => {
    const pages = [pageOfLines(1, [line('One.', 700)]), pageOfLines(2, [line('Two.', 700)])];
    const found = blocks(pages, {
      labels: new Map([
        [1, 'i'],
        [2, '2'],
      ]),
    });
    expect(found.map(({ locator }) => locator)).toEqual([{ page: 1, pageLabel: 'i' }, { page: 2 }]);
  });

  test('lines of nothing make no block', () => {
    expect(blocks([pageOfLines(1, [line('', 700)])])).toEqual([]);
  });

  test('text in the margin stands after its page', () => {
    const page = { ...pageOfLines(1, [line('Body.', 700)]), rotated: [line('stamp', 10)] };
    expect(brief(blocks([page]))).toEqual([
      ['paragraph', 'Body.'],
      ['paragraph', 'stamp'],
    ]);
  });
});

describe('the whole pass', () => {
  const book = Array.from({ length: 4 }, (_, index) =>
    pageOfLines(index + 1, [line(`The Book ${index + 9}`, 810), line(`Body ${'abcd'.charAt(index)}.`, 600)]),
  );

  test('numbers found on the pages serve as labels', () => {
    const { blocks: found, labels } = layout(book, [], new Map());
    expect(found.map(({ locator }) => locator.pageLabel)).toEqual(['9', '10', '11', '12']);
    expect(labels.size).toBe(4);
  });

  test("the document's own labels come first", () => {
    expect(layout(book, [], new Map([[1, 'A']])).labels).toEqual(new Map([[1, 'A']]));
  });
});
