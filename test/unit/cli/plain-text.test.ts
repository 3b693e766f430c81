import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { counted, displayWidth, padded, printable, shortened } from '../../../backbone/cli/plain-text.ts';

describe('text from strangers on a terminal', () => {
  test('cannot steer the terminal', () => {
    expect(printable('\u001b[2Jred\u0007 \u202egnp.exe\r\n next\u2028line')).toBe('[2Jred gnp.exe next line');
  });

  test('never holds a control or format character', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        (text) => !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(printable(text)),
      ),
    );
  });
});

describe('the width of text', () => {
  test.each([
    ['abc', 3],
    ['潮汐表', 6],
    ['e\u0301', 1],
    ['🌊', 2],
    ['', 0],
  ])('%j takes %d columns', (text, width) => {
    expect(displayWidth(text)).toBe(width);
  });

  test('shortened text fits and keeps its beginning', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 1, max: 30 }), (text, columns) => {
        const short = shortened(text, columns);
        expect(displayWidth(short)).toBeLessThanOrEqual(columns);
        expect(text.startsWith(short.replace(/…$/, ''))).toBe(true);
      }),
    );
  });

  test('short text stays as it is', () => {
    expect(shortened('tide', 4)).toBe('tide');
    expect(shortened('tides', 4)).toBe('tid…');
  });

  test('padding goes to either side and never cuts', () => {
    expect([padded('潮', 4), padded('7', 3, 'left'), padded('long', 2)]).toEqual(['潮  ', '  7', 'long']);
  });

  test('a count names what it counts', () => {
    expect([counted(1, 'page'), counted(0, 'page'), counted(1204, 'word')]).toEqual([
      '1 page',
      '0 pages',
      '1,204 words',
    ]);
  });
});
