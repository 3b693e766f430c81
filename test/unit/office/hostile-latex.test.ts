import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parse } from '../../../backbone/content/document/latex-parser.ts';
import { AppError } from '../../../backbone/errors.ts';
import { parsed } from '../document/parsed.ts';

/** Far more than is needed on any machine, far less than anything quadratic would take. */
const SECONDS = 20_000;
const MANY = 300_000;

const read = (text: string) => parsed(parse, text);

describe('hostile LaTeX', () => {
  test.each([
    ['groups that never close', '{'],
    ['groups that were never opened', '}'],
    ['environments that never end', '\\begin{quote}'],
    ['tables that never end', '\\begin{tabular}{l}a&'],
    ['ends without a beginning', '\\end{quote}'],
    ['notes in notes', '\\footnote{a'],
    ['headings in headings', '\\section{a'],
    ['brackets that never close', '\\foo[a'],
    ['arguments that never close', '\\newcommand{\\a}{'],
    ['formulas that never close', '$a\n\n'],
    ['long formulas', '$\\a'],
    ['displayed formulas', '$$a'],
    ['verbatim that never ends', '\\begin{verbatim}'],
    ['accents of nothing', "\\'"],
    ['comments', '%\n'],
    ['blank lines', '\n \n'],
    ['backslashes', '\\'],
    ['references', '\\cite[a]{'],
    ['definitions', '\\def\\a#1{#1}\\a'],
    ['rows', 'a & b \\\\'],
  ])(
    '%s are read in time',
    async (_, piece) => {
      const outcome = await read(`x ${piece.repeat(MANY / 10)} y`).catch((error: unknown) => error);
      if (outcome instanceof Error) expect(outcome).toBeInstanceOf(AppError);
      else expect(outcome).toMatchObject({ pageCount: null });
    },
    SECONDS,
  );

  test(
    'of one long word, line or space is read whole',
    async () => {
      for (const piece of ['a', 'a ', '~']) {
        const { blocks } = await read(`x${piece.repeat(MANY * 10)}y`);
        expect(blocks.at(-1)?.text.endsWith('y')).toBe(true);
      }
    },
    SECONDS,
  );

  test(
    'macros of macros stay within their share',
    async () => {
      const definitions = Array.from(
        { length: 15 },
        (_, at) => `\\newcommand{\\${'m'.repeat(at + 2)}}{${`\\${'m'.repeat(at + 1)}{}`.repeat(10)}}`,
      ).join('');
      const { blocks, warnings } = await read(`\\newcommand{\\m}{x}${definitions}\\${'m'.repeat(16)} end`);
      expect(blocks[0]?.text.endsWith('end')).toBe(true);
      expect(warnings).toHaveLength(1);
      const long = 'y'.repeat(100_000);
      const copied = await read(`\\newcommand{\\c}[1]{${'#1'.repeat(1000)}}\\c{${long}} end`);
      expect(copied.blocks[0]?.text).toBe(`${long} end`);
    },
    SECONDS,
  );

  test.each(['a\n\n', '\\section{a}', '$$a$$', '\\begin{tabular}{l}a\\end{tabular}'])(
    'countless blocks, each of %j, are refused by the limit of text',
    async (piece) => {
      const options = { maxTextBytes: 1024 * 1024 };
      await expect(parsed(parse, piece.repeat(33_000), { options })).rejects.toMatchObject({
        code: 'source_too_large',
      });
    },
  );

  test('tables wider or longer than any are kept', async () => {
    const wide = `\\begin{tabular}{l}${'a & '.repeat(500)} b \\\\ ${'c \\\\ '.repeat(2000)}\\end{tabular}`;
    const { blocks } = await read(wide);
    expect(blocks).toHaveLength(2001);
    expect(blocks[0]?.text).toMatch(/^(?:a\t){199}a(?: a){300} b$/);
  });

  test('of any kind ends in text or in an error we know', async () => {
    const piece = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      '\\',
      '\\begin{',
      '\\end{',
      'tabular',
      'itemize',
      '\\item',
      '&',
      '\\\\',
      '$',
      '%',
      '\n',
      '\n\n',
      'x',
      '\\section{',
      '\\footnote{',
      '\\def\\a',
      '#1',
      '\\a',
      '\\title{',
      "\\'",
      '\\verb|',
      '\\begin{document}',
      '\\cite',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 60 }), async (pieces) => {
        try {
          const { blocks } = await read(pieces.join(''));
          expect(
            blocks.every(({ kind, text }) => text.isWellFormed() && (text !== '' || kind === 'table')),
          ).toBe(true);
        } catch (error) {
          if (!(error instanceof AppError)) throw error;
          expect(error.code).toBe('no_text');
        }
      }),
      { numRuns: 500 },
    );
  });
});
