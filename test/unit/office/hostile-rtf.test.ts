import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { AppError } from '../../../backbone/errors.ts';
import { parse } from '../../../backbone/content/document/rtf-parser.ts';
import { row, rtfFile } from '../../support/rtf-file.ts';
import { parsed } from '../document/parsed.ts';

/** Far more than is needed on any machine, far less than anything quadratic would take. */
const SECONDS = 15_000;
const MANY = 300_000;

const read = (content: string | Uint8Array, maxTextBytes = 4 * 1024 * 1024) =>
  parsed(parse, typeof content === 'string' ? Buffer.from(content, 'latin1') : content, {
    options: { maxTextBytes },
  });
const textOf = async (content: string | Uint8Array) =>
  (await read(content)).blocks.map(({ text }) => text).join('|');

describe('hostile RTF', () => {
  test('nested too deep is refused', async () => {
    await expect(read(`{\\rtf1 ${'{'.repeat(MANY)}`)).rejects.toMatchObject({ code: 'file_damaged' });
  });

  test(
    'of countless groups one after the other is read',
    async () => {
      expect(await textOf(`{\\rtf1 ${'{}'.repeat(MANY)}${'{\\footnote }'.repeat(100_000)}x}`)).toBe('x');
    },
    SECONDS,
  );

  test('that never closes its groups is read as far as it goes', async () => {
    const { blocks, warnings } = await read('{\\rtf1 a{\\b b{\\footnote c');
    expect(blocks.map(({ text }) => text)).toEqual(['ab[1]', '[1] c']);
    expect(warnings.map(({ code }) => code)).toEqual(['partial_text']);
  });

  test('ends with its outermost group', async () => {
    expect(await textOf('{\\rtf1 a}}b{\\rtf1 c}')).toBe('a');
  });

  test.each([
    ['longer than the file', 'a{\\pict\\bin999999999 x}b', 'a'],
    ['of a negative length', 'a{\\pict\\bin-5 {}}b', 'ab'],
    ['with braces in it', 'a{\\pict\\bin3 }}}}b', 'ab'],
  ])('with binary data %s steps over it', async (_, body, expected) => {
    expect(await textOf(`{\\rtf1 ${body}}`)).toBe(expected);
  });

  test(
    'of countless fonts and styles is read',
    async () => {
      const fonts = Array.from({ length: MANY }, (_, at) => `{\\f${at}\\fcharset204 x;}`).join('');
      expect(await textOf(rtfFile({ body: "\\f5 \\'ef\\f900000 \\'ef", fonts }))).toBe('пï');
      const styles = Array.from({ length: 20_000 }, (_, at) => `{\\s${at}\\sbasedon${at - 1} s;}`).join('');
      const body = Array.from({ length: 20_000 }, (_, at) => `\\s${at} x\\par`).join('');
      expect((await read(rtfFile({ body, styles }))).blocks).toHaveLength(20_000);
    },
    2 * SECONDS,
  );

  test(
    'of countless empty paragraphs, cells or long texts is refused by the limit of text',
    async () => {
      for (const body of ['\\par'.repeat(4 * MANY), '\\cell x'.repeat(4 * MANY), 'x'.repeat(17 * MANY)]) {
        await expect(read(`{\\rtf1 ${body}}`)).rejects.toMatchObject({ code: 'source_too_large' });
      }
    },
    SECONDS,
  );

  test('of rows without an end keeps all text in narrow tables or paragraphs', async () => {
    const { blocks } = await read(rtfFile({ body: row(['x']).repeat(25_000) }));
    expect(blocks.map((block) => block.rows?.length)).toEqual([10_000, 10_000, 5000]);
    const wide = await read(rtfFile({ body: row(Array<string>(300).fill('y')) + row(['z']).repeat(1500) }));
    expect(wide.blocks).toHaveLength(1501);
    expect(wide.blocks[0]?.text).toMatch(/^(?:y\t){199}y(?: y){100}$/);
  });

  test('of words and numbers without an end is read', async () => {
    expect(await textOf(`{\\rtf1 \\${'a'.repeat(MANY)}${'9'.repeat(MANY)} x}`)).toBe('x');
    expect(await textOf(`{\\rtf1 \\f${'9'.repeat(40)} \\s${'9'.repeat(40)} \\ilvl999999999\\ls1 x}`)).toBe(
      'x',
    );
  });

  test('of bytes without a word between them is decoded in parts', async () => {
    expect(await textOf(`{\\rtf1 ${"\\'e9".repeat(200_000)}}`)).toBe('é'.repeat(200_000));
  });

  test(
    'of links and instructions without an end is read',
    async () => {
      const field = (text: string): string =>
        `{\\field{\\*\\fldinst HYPERLINK "https://example.org/"}{\\fldrslt ${text}}}`;
      const { links } = await read(
        `{\\rtf1 ${field('{}x'.repeat(MANY / 4))}{\\field{\\*\\fldinst ${' '.repeat(MANY)}}}}`,
      );
      expect(links[0]?.text).toHaveLength(1000);
    },
    SECONDS,
  );

  test('of any kind ends in text or in an error we know', async () => {
    const piece = fc.constantFrom(
      '{',
      '}',
      '\\',
      "\\'",
      "\\'e9",
      '\\u-3 ',
      '\\uc9 ',
      '\\*',
      '\\par ',
      '\\cell',
      '\\row',
      'x',
      ';',
      '\\field',
      '\\fldinst ',
      '\\fldrslt ',
      '\\footnote ',
      '\\stylesheet',
      '\\info',
      '\\title ',
      '\\fonttbl',
      '\\upr',
      '\\bin2 ',
      '\\v',
      '\\plain',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 60 }), async (pieces) => {
        try {
          const { blocks } = await read(`{\\rtf1 ${pieces.join('')}`);
          expect(blocks.every(({ text }) => text.isWellFormed() && text !== '')).toBe(true);
        } catch (error) {
          if (!(error instanceof AppError)) throw error;
          expect(['no_text', 'file_damaged']).toContain(error.code);
        }
      }),
      { numRuns: 500 },
    );
  });
});
