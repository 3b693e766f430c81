import { describe, expect, test } from '@jest/globals';
import { fontFacts, pageItems, type RawItem } from '../../../backbone/content/document/pdf/page-items.ts';

const VIEW = [0, 0, 600, 800];

function raw(
  str: string,
  transform: readonly number[] = [10, 0, 0, 10, 100, 700],
  rest: Partial<RawItem> = {},
): RawItem {
  return { str, transform, width: str.length * 5, height: 10, fontName: 'f1', dir: 'ltr', ...rest };
}

function read(items: readonly RawItem[], rotate = 0): ReturnType<typeof pageItems> {
  return pageItems(
    { page: 1, view: VIEW, rotate, items },
    new Map([
      ['f2', fontFacts('ABCDEF+MSAM10', 'serif')],
      ['f3', fontFacts('ABCDEF+CMMI10', 'serif')],
    ]),
  );
}

describe('the items of a page', () => {
  test('spaces that are items of their own become a mark on the next item', () => {
    const { items } = read([
      raw('one'),
      raw(' ', undefined, { height: 0 }),
      raw('two'),
      raw(' '),
      raw('three'),
      raw(''),
    ]);
    expect(items.map(({ text, spaceBefore }) => [text, spaceBefore])).toEqual([
      ['one', 'none'],
      ['two', 'guessed'],
      ['three', 'drawn'],
    ]);
  });

  test('spaces at the ends of an item count as drawn', () => {
    const { items } = read([raw(' one '), raw('two')]);
    expect(items.map(({ text, spaceBefore }) => [text, spaceBefore])).toEqual([
      ['one', 'drawn'],
      ['two', 'drawn'],
    ]);
  });

  test('text turned against the rest stands apart, in its own upright frame', () => {
    const { items, rotated } = read([raw('the main text'), raw('stamp', [0, 10, -10, 0, 30, 300])]);
    expect(items).toHaveLength(1);
    expect(rotated.flat()).toMatchObject([{ text: 'stamp', size: 10 }]);
  });

  test('a page turned by its dictionary is measured upright', () => {
    const page = read([raw('sideways', [0, 10, -10, 0, 100, 50])], 90);
    expect(page).toMatchObject({ width: 800, height: 600 });
    expect(page.items[0]?.x).toBeCloseTo(50);
    expect(page.items[0]?.y).toBeCloseTo(500);
  });

  test('a slight slant is upright, a steep one is not', () => {
    const tilted = (degrees: number): readonly number[] => {
      const [cos, sin] = [Math.cos((degrees * Math.PI) / 180) * 10, Math.sin((degrees * Math.PI) / 180) * 10];
      return [cos, sin, -sin, cos, 100, 100];
    };
    expect(read([raw('the main text'), raw('slant', tilted(2)), raw('steep', tilted(45))])).toMatchObject({
      items: { length: 2 },
      rotated: { length: 1 },
    });
  });

  test('control codes go, and proof boxes of the AMS font come back', () => {
    const { items } = read([raw('a\u0003b\u0000'), raw('\u0004', undefined, { fontName: 'f2' })]);
    expect(items.map(({ text }) => text)).toEqual(['ab', '\u25a0']);
  });

  test('variables of a formula stand close, but not behind a comma or in another font', () => {
    const { items } = read([
      raw('P Q R', undefined, { fontName: 'f3' }),
      raw('x, y', undefined, { fontName: 'f3' }),
      raw('P Q'),
    ]);
    expect(items.map(({ text }) => text)).toEqual(['PQR', 'x, y', 'P Q']);
  });

  test('items without a place are left out', () => {
    expect(
      read([raw('nowhere', [10, 0, 0, 10, Number.NaN, 0]), raw('wide', undefined, { width: Infinity })])
        .items,
    ).toEqual([]);
  });

  test('an item without a transform stands at the corner', () => {
    expect(read([raw('x', [])]).items).toMatchObject([{ x: 0, y: 0, size: 1 }]);
  });

  test('a page without text is a page', () => {
    expect(read([])).toMatchObject({ items: [], rotated: [], width: 600, height: 800 });
  });
});

describe('fonts', () => {
  test.each([
    ['ABCDEF+Helvetica-Bold', true, false, false],
    ['TimesNewRoman,BoldItalic', true, true, false],
    ['CMBX12', true, false, false],
    ['SFTI1095', false, true, false],
    ['CMTT10', false, false, true],
    ['DejaVuSansMono', false, false, true],
    ['Helvetica', false, false, false],
  ])('%s', (name, bold, italic, monospace) => {
    expect(fontFacts(name, 'sans-serif').style).toEqual({ bold, italic, monospace });
  });

  test('the family that pdf.js names counts too', () => {
    expect(fontFacts('Unknown', 'monospace').style.monospace).toBe(true);
  });
});
