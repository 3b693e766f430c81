import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Block, BlockKind } from '../../../backbone/content/model.ts';
import { cleanBlocks } from '../../../backbone/content/steps/clean.ts';

const block = (kind: BlockKind, text: string, more: Partial<Block> = {}): Block => ({
  kind,
  text,
  locator: {},
  ...more,
});
const textOf = (kind: BlockKind, text: string): string | undefined =>
  cleanBlocks([block(kind, text)])[0]?.text;

describe('characters', () => {
  test.each([
    ['soft hyphens', 'hy\u00adphen', 'hyphen'],
    ['zero-width spaces and BOM', 'a\u200bb\ufeffc\u2060', 'abc'],
    ['NUL and other controls', 'a\u0000b\u0007c\u009fd', 'abcd'],
    ['bidi controls', 'a\u202eb\u2066c\u200f', 'abc'],
    ['lone surrogates', 'a\ud800b\udc00c', 'abc'],
    ['tag characters', 'a\u{e0041}b', 'ab'],
    ['joiners where they join nothing', 'a\u200db\u200cc', 'abc'],
    ['decomposed accents', 'cafe\u0301', 'café'],
    ['accents parted by an invisible character', 'cafe\u200b\u0301', 'café'],
    [
      'marks heaped upon a letter',
      `x${'\u0323\u0301'.repeat(1_000_000)}y`,
      `x${'\u0323'.repeat(15)}${'\u0301'.repeat(15)}y`.normalize('NFC'),
    ],
    ['marks that are composed of two', `x${'\u0344'.repeat(40)}y`, `ẍ${'\u0301\u0308'.repeat(15)}y`],
    ['other line ends', 'a\r\nb\u2028c', 'a\nb\nc'],
    ['runs of spaces', '  a \t\u00a0 b  \n  c ', 'a b\nc'],
    ['many empty lines', 'a\n\n \n\nb', 'a\n\nb'],
  ])('%s', (_, dirty, clean) => {
    expect(textOf('paragraph', dirty)).toBe(clean);
  });

  test('joiners stay in emoji and in scripts that need them', () => {
    expect(textOf('paragraph', '👩‍👧')).toBe('👩‍👧');
    expect(textOf('paragraph', 'می\u200cخواهم')).toBe('می\u200cخواهم');
  });

  test('code keeps its spaces and loses empty lines at its ends', () => {
    expect(textOf('code', '\n\n  if (a)\u00a0{\n\n    b();\n  }\n\n')).toBe('  if (a) {\n\n    b();\n  }');
  });

  test('tables keep rows and cells', () => {
    const cleaned = cleanBlocks([
      block('table', 'a  b\tc\u00ad\n\td', {
        rows: [
          ['a  b', 'c\u00ad'],
          ['', 'd'],
        ],
        headerRows: 1,
      }),
    ]);
    expect(cleaned[0]).toMatchObject({
      text: 'a b\tc\n\td',
      rows: [
        ['a b', 'c'],
        ['', 'd'],
      ],
      headerRows: 1,
    });
  });

  test('headings are one line', () => {
    expect(textOf('heading', 'One\n  two')).toBe('One two');
  });

  test('locators and other strings are cleaned too', () => {
    const [cleaned] = cleanBlocks([
      block('code', 'x', {
        codeLanguage: 'ts\u0000',
        source: 'a\u200b.png',
        locator: { page: 1, chapter: 'One\u0000', headingPath: ['A\u00ad b', '\u200b'] },
      }),
    ]);
    expect(cleaned).toMatchObject({ codeLanguage: 'ts', source: 'a.png' });
    expect(cleaned?.locator).toEqual({ page: 1, chapter: 'One', headingPath: ['A b'] });
  });
});

describe('blocks that go', () => {
  test.each<BlockKind>(['paragraph', 'heading', 'code', 'table', 'image'])('an empty %s', (kind) => {
    expect(cleanBlocks([block(kind, ' \u200b\t\n ')])).toEqual([]);
  });

  test('a paragraph that repeats the one before it', () => {
    const text = 'A sentence long enough to be a double.';
    expect(cleanBlocks([block('paragraph', text), block('paragraph', `${text} `)])).toHaveLength(1);
  });

  test('short lines repeated over and over, but for the first', () => {
    const blocks = Array.from({ length: 6 }, (_, at) => [
      block('paragraph', `Entry ${at}`),
      block('paragraph', 'Share this'),
    ]);
    const texts = cleanBlocks(blocks.flat()).map(({ text }) => text);
    expect(texts.filter((text) => text === 'Share this')).toHaveLength(1);
    expect(texts).toHaveLength(7);
  });
});

describe('blocks that stay', () => {
  test('short repeats, headings, tables and speech', () => {
    const spoken = { locator: { startSeconds: 1 } };
    const blocks = [
      block('paragraph', 'Yes.'),
      block('paragraph', 'Yes.'),
      block('heading', 'The same heading twice over'),
      block('heading', 'The same heading twice over'),
      block('table', 'The same table\ttwice over'),
      block('table', 'The same table\ttwice over'),
      ...Array.from({ length: 6 }, () => block('paragraph', 'I said so, did I not, my friend?', spoken)),
    ];
    expect(cleanBlocks(blocks)).toHaveLength(blocks.length);
  });

  test('a line of dialogue that comes back in a long text', () => {
    const novel = Array.from({ length: 200 }, (_, at) =>
      block('paragraph', at % 40 === 0 ? '“No.”' : `Line ${at}`),
    );
    expect(cleanBlocks(novel)).toHaveLength(200);
  });
});

test('cleaning what is clean changes nothing', () => {
  const piece = fc.constantFrom(
    'a',
    ' ',
    '\n',
    '\t',
    '\u00ad',
    '\u200d',
    '\u200c',
    '\u0301',
    'é',
    'ی',
    '👩',
    '\ud83d',
    '\u202e',
    '\u0000',
    '\r',
    '\u0085',
  );
  const text = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(''));
  const repeated = fc.constantFrom('Share this', 'A sentence long enough to be a double.', 'Advert');
  const anyBlock = fc
    .record({
      kind: fc.constantFrom<BlockKind>(
        'paragraph',
        'heading',
        'code',
        'table',
        'image',
        'list_item',
        'quote',
        'caption',
        'footnote',
      ),
      text: fc.oneof(text, repeated, fc.string({ unit: 'binary', maxLength: 20 })),
    })
    .map((given) => block(given.kind, given.text, { locator: { headingPath: [given.text] } }));
  fc.assert(
    fc.property(fc.array(anyBlock, { maxLength: 40 }), (blocks) => {
      const once = cleanBlocks(blocks);
      expect(cleanBlocks(once)).toEqual(once);
    }),
    { numRuns: 300 },
  );
});
