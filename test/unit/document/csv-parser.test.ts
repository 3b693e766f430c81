import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parse } from '../../../backbone/content/document/csv-parser.ts';
import { sniffDelimiter } from '../../../backbone/content/document/text/delimiter.ts';
import { parsed } from './parsed.ts';

const csv = (text: string, mediaType = 'text/csv') => parsed(parse, text, { mediaType });

describe('a table', () => {
  test('becomes rows under their header', async () => {
    const { blocks, typeMetadata } = await csv(
      'port,high,low\nDover,"6,8",0.8\n\n"Ply ""mouth""\nSound",5.5,\n',
    );
    expect(blocks).toEqual([
      {
        kind: 'table',
        text: 'port\thigh\tlow\nDover\t6,8\t0.8\nPly "mouth" Sound\t5.5\t',
        rows: [
          ['port', 'high', 'low'],
          ['Dover', '6,8', '0.8'],
          ['Ply "mouth" Sound', '5.5', ''],
        ],
        headerRows: 1,
        locator: { line: 2 },
      },
    ]);
    expect(typeMetadata).toEqual({ charset: 'utf-8', delimiter: ',', columns: 3, rows: 2 });
  });

  test('of too many columns keeps the first, and says a long header once', async () => {
    const names = Array.from({ length: 20_000 }, (_, at) => `c${at}`).join(',');
    const { blocks, typeMetadata } = await csv(`${names}\n${'1,2\n'.repeat(120)}`);
    expect(typeMetadata).toMatchObject({ columns: 16_384, rows: 120 });
    expect(blocks.map(({ headerRows, rows }) => [headerRows, rows?.[0]?.length])).toEqual([
      [1, 16_384],
      [0, 2],
      [0, 2],
    ]);
  });

  test('of many rows is cut into blocks that repeat the header and know their line', async () => {
    const rows = Array.from({ length: 120 }, (_, index) => `${index},x`).join('\n');
    const { blocks } = await csv(`number,letter\n${rows}`);
    expect(blocks.map(({ rows: kept, locator }) => [kept?.length, locator.line])).toEqual([
      [51, 2],
      [51, 52],
      [21, 102],
    ]);
    expect(blocks.every(({ text }) => text.startsWith('number\tletter\n'))).toBe(true);
  });

  test('of long rows is cut earlier', async () => {
    const { blocks } = await csv(`a,b\n${`${'x'.repeat(3000)},y\n`.repeat(4)}`);
    expect(blocks.map(({ rows }) => rows?.length)).toEqual([3, 3]);
  });

  test.each(['1,2\n3,4', 'a,a\n1,2', 'a,\n1,2', 'a,b'])(
    'without names in its first row has no header: %j',
    async (text) => {
      expect((await csv(text)).blocks[0]?.headerRows).toBe(0);
    },
  );

  test('of tabs is read by its type, whatever else occurs in it', async () => {
    const { blocks } = await csv('a\tb;c\n1\t2;3', 'text/tab-separated-values');
    expect(blocks[0]?.rows).toEqual([
      ['a', 'b;c'],
      ['1', '2;3'],
    ]);
  });
});

describe('bad input', () => {
  test('quotes that do not match up are read as they stand', async () => {
    expect((await csv('a,b\n"open,1\n2,3')).blocks[0]?.rows).toEqual([
      ['a', 'b'],
      ['"open', '1'],
      ['2', '3'],
    ]);
  });

  test('rows of unequal length are kept', async () => {
    expect((await csv('a,b\n1\n1,2,3')).blocks[0]?.rows).toEqual([['a', 'b'], ['1'], ['1', '2', '3']]);
  });

  test('a row longer than a record can be is refused', async () => {
    await expect(csv(`a,b\n${'x'.repeat(1_100_000)}`)).rejects.toMatchObject({ code: 'file_damaged' });
  });

  test('a table without any value is refused', async () => {
    await expect(csv(',,\n,,')).rejects.toMatchObject({ code: 'no_text' });
  });

  test('rows beyond the limit are left out with a warning', async () => {
    const { warnings, typeMetadata } = await csv(`n,m\n${'1,2\n'.repeat(100_000)}`);
    expect(warnings.map(({ code }) => code)).toEqual(['rows_left_out']);
    expect(typeMetadata['rows']).toBe(99_999);
  });

  test('any table comes back cell by cell', async () => {
    const cell = fc.stringMatching(/^[a-z"',;| ]{0,8}$/).map((text) => `x${text}`.trim());
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(cell, cell, cell), { minLength: 2, maxLength: 8 }), async (rows) => {
        const quoted = rows
          .map((row) => row.map((value) => `"${value.replaceAll('"', '""')}"`).join(','))
          .join('\n');
        const { blocks } = await csv(quoted);
        expect(blocks[0]?.rows).toEqual(rows.map((row) => row.map((value) => value.replaceAll(/\s+/g, ' '))));
      }),
      { numRuns: 50 },
    );
  });
});

test.each([
  ['a,b\n1,2', ','],
  ['a;b\n1,5;2,5', ';'],
  ['a\tb\n1\t2', '\t'],
  ['a|b|c\n1|2|3', '|'],
  ['"x;y",b\n1,2', ','],
  ['one column\nonly', ','],
  ['', ','],
])('the delimiter of %j is %j', (text, delimiter) => {
  expect(sniffDelimiter(text)).toBe(delimiter);
});
