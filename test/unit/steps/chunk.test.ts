import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { canonicalText, type Block, type Chunk } from '../../../backbone/content/model.ts';
import { chunkText, MAX_CHUNK_TOKENS } from '../../../backbone/content/steps/chunk.ts';
import { SHORT_SECTION_TOKENS } from '../../../backbone/content/steps/chunk-sections.ts';
import { countTokens } from '../../../backbone/content/steps/tokens.ts';

const PLAIN = { title: null, language: null };

const paragraph = (text: string, locator: Block['locator'] = {}): Block => ({
  kind: 'paragraph',
  text,
  locator,
});
const heading = (text: string, level: number): Block => ({ kind: 'heading', text, level, locator: {} });
const sentences = (count: number, word = 'word'): string =>
  Array.from({ length: count }, (_, at) => `This is ${word} number ${at} of a text about nothing.`).join(' ');
const chunksOf = (blocks: readonly Block[], options = {}): Chunk[] =>
  chunkText(canonicalText(blocks), { ...PLAIN, ...options });

const wordText = fc
  .array(
    fc.oneof(
      fc.constantFrom('alpha', 'beta.', 'Gamma', '漢字仮名。', 'x\ny', '👩‍👧', 'e\u0301'),
      fc.string({ maxLength: 12 }),
    ),
    {
      minLength: 1,
      maxLength: 150,
    },
  )
  .map((words) => words.join(' '));
const longWord = fc.integer({ min: 1, max: 4_000 }).map((length) => 'ab🙂'.repeat(length).slice(0, length));
const anyBlock: fc.Arbitrary<Block> = fc.oneof(
  wordText.map((text) => paragraph(text)),
  longWord.map((text) => paragraph(text)),
  fc
    .record({ text: wordText, level: fc.integer({ min: 1, max: 6 }) })
    .map(({ text, level }) => heading(text.slice(0, 60), level)),
  wordText.map((text): Block => ({ kind: 'code', text: text.replaceAll(' ', '\n  '), locator: {} })),
  wordText.map(
    (text): Block => ({ kind: 'table', text: text.replaceAll(' ', '\n'), headerRows: 1, locator: {} }),
  ),
);
const anyBlocks = fc.array(anyBlock, { maxLength: 12 });
const anyTarget = fc.constantFrom(50, 200, 300, 400);

const visible = (text: string): string => text.replaceAll(/\s+/g, '');

describe('chunks of any text', () => {
  test('are exact slices of it, in order and not overlapping', () => {
    fc.assert(
      fc.property(anyBlocks, anyTarget, (blocks, targetTokens) => {
        const { text } = canonicalText(blocks);
        let end = 0;
        for (const [index, chunk] of chunksOf(blocks, { targetTokens }).entries()) {
          expect(text.slice(chunk.start, chunk.end)).toBe(chunk.text);
          expect(chunk.index).toBe(index);
          expect(chunk.start).toBeGreaterThanOrEqual(end);
          ({ end } = chunk);
        }
      }),
      { numRuns: 60 },
    );
  });

  test('hold every character that is no white space exactly once', () => {
    fc.assert(
      fc.property(anyBlocks, anyTarget, (blocks, targetTokens) => {
        const chunks = chunksOf(blocks, { targetTokens });
        expect(visible(chunks.map((chunk) => chunk.text).join(''))).toBe(visible(canonicalText(blocks).text));
      }),
      { numRuns: 60 },
    );
  });

  test('are never empty, never above the maximum and counted exactly', () => {
    fc.assert(
      fc.property(anyBlocks, anyTarget, (blocks, targetTokens) => {
        for (const chunk of chunksOf(blocks, { targetTokens })) {
          expect(chunk.text.trim()).not.toBe('');
          expect(chunk.tokenCount).toBe(countTokens(chunk.text));
          expect(chunk.tokenCount).toBeLessThanOrEqual(MAX_CHUNK_TOKENS);
          expect(chunk.text.isWellFormed() || !canonicalText(blocks).text.isWellFormed()).toBe(true);
        }
      }),
      { numRuns: 60 },
    );
  });

  test('cross a heading of level 1 or 2 only after a short section', () => {
    fc.assert(
      fc.property(anyBlocks, (blocks) => {
        const canonical = canonicalText(blocks);
        const starts = canonical.placed
          .filter(
            ({ block }) => block.kind === 'heading' && (block.level ?? 1) <= 2 && block.text.trim() !== '',
          )
          .map(({ start, block }) => start + block.text.search(/\S/));
        for (const chunk of chunkText(canonical, PLAIN)) {
          const inside = starts.filter((start) => start > chunk.start && start < chunk.end);
          for (const start of inside) {
            const before = canonical.text.slice(chunk.start, start).trimEnd();
            expect(countTokens(before)).toBeLessThanOrEqual(SHORT_SECTION_TOKENS);
          }
        }
      }),
      { numRuns: 60 },
    );
  });
});

test('chunks of a section of short paragraphs have 200 to 400 tokens, the last one 150 at least', () => {
  const lengths = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 30, maxLength: 80 });
  fc.assert(
    fc.property(lengths, (counts) => {
      const sizes = chunksOf(counts.map((count) => paragraph(sentences(count)))).map((it) => it.tokenCount);
      // The sum of the pieces, which packing goes by, differs a little from the exact count.
      expect(Math.min(...sizes.slice(0, -1))).toBeGreaterThanOrEqual(190);
      expect(sizes.at(-1)).toBeGreaterThanOrEqual(150);
      expect(Math.max(...sizes)).toBeLessThanOrEqual(MAX_CHUNK_TOKENS);
    }),
    { numRuns: 60 },
  );
});

describe('structure', () => {
  test('an empty text has no chunks', () => {
    expect(chunksOf([])).toEqual([]);
    expect(chunksOf([paragraph(' \n ')])).toEqual([]);
  });

  test('each long section is a chunk of its own', () => {
    const blocks = [heading('One', 2), paragraph(sentences(8)), heading('Two', 2), paragraph(sentences(8))];
    expect(chunksOf(blocks).map((chunk) => chunk.text.slice(0, 3))).toEqual(['One', 'Two']);
  });

  test('a short section joins its next sibling', () => {
    const blocks = [heading('One', 2), paragraph('Brief.'), heading('Two', 2), paragraph(sentences(8))];
    expect(chunksOf(blocks)).toHaveLength(1);
  });

  test('a short section does not join one further out', () => {
    const blocks = [
      heading('Top', 1),
      paragraph(sentences(8)),
      heading('Sub', 2),
      paragraph('Brief.'),
      heading('Next', 1),
      paragraph(sentences(8)),
    ];
    expect(chunksOf(blocks).map((chunk) => chunk.text.slice(0, 3))).toEqual(['Top', 'Sub', 'Nex']);
  });

  test('a heading of level 3 stays with what follows it', () => {
    const blocks = [paragraph(sentences(20)), heading('Detail', 3), paragraph(sentences(20))];
    const chunks = chunksOf(blocks);
    expect(chunks.some((chunk) => chunk.text.endsWith('Detail'))).toBe(false);
    expect(chunks.some((chunk) => chunk.text.startsWith('Detail'))).toBe(true);
  });

  test('a heading that filled up a chunk moves on with the text below it', () => {
    const blocks = [
      paragraph(sentences(6)),
      heading('Detail and more '.repeat(12), 3),
      paragraph(sentences(14)),
    ];
    const chunks = chunksOf(blocks, { targetTokens: 100 });
    expect(chunks[1]?.text.startsWith('Detail')).toBe(true);
  });

  test('paragraphs are cut between sentences', () => {
    const chunks = chunksOf([paragraph(sentences(60))]);
    expect(chunks.length).toBeGreaterThan(2);
    for (const chunk of chunks) expect(chunk.text).toMatch(/^This is .*nothing\.$/s);
  });

  test('code lines stay whole and keep their indentation', () => {
    const lines = Array.from({ length: 120 }, (_, at) => `    const value${at} = compute(${at}, "text");`);
    const chunks = chunksOf([{ kind: 'code', text: lines.join('\n'), locator: {} }]);
    expect(chunks.length).toBeGreaterThan(1);
    expect(chunks.flatMap((chunk) => chunk.text.split('\n'))).toEqual(lines);
  });

  test('later parts of a table embed its header row and do not quote it', () => {
    const rows = [
      ['Name', 'Amount'],
      ...Array.from({ length: 90 }, (_, at) => [`Item ${at}`, `${at * 100}`]),
    ];
    const text = rows.map((row) => row.join('\t')).join('\n');
    const chunks = chunksOf([{ kind: 'table', text, rows, headerRows: 1, locator: {} }]);
    expect(chunks.length).toBeGreaterThan(1);
    for (const chunk of chunks.slice(1)) {
      expect(chunk.text).not.toContain('Name\tAmount');
      expect(chunk.embeddingText.startsWith('Name\tAmount\n')).toBe(true);
    }
    expect(chunks[0]?.embeddingText).toBe(chunks[0]?.text);
  });

  test('a table without a header row repeats nothing', () => {
    const text = Array.from({ length: 90 }, (_, at) => `Item ${at}\t${at * 100}`).join('\n');
    const chunks = chunksOf([{ kind: 'table', text, locator: {} }]);
    expect(chunks[1]?.embeddingText).toBe(chunks[1]?.text);
  });

  test('a change of speaker ends a chunk that is long enough', () => {
    const turn = (speaker: string, at: number): Block =>
      paragraph(sentences(6), { speaker, startSeconds: at, endSeconds: at + 9 });
    const chunks = chunksOf([turn('Ann', 0), turn('Bob', 10)]);
    expect(chunks.map((chunk) => chunk.locator.speaker)).toEqual(['Ann', 'Bob']);
  });

  test('a chapter is never left within a chunk', () => {
    const chunks = chunksOf([
      paragraph('Short.', { chapter: 'One' }),
      paragraph('Short too.', { chapter: 'Two' }),
    ]);
    expect(chunks.map((chunk) => chunk.locator.chapter)).toEqual(['One', 'Two']);
  });

  test('a short rest joins the chunk before it', () => {
    const chunks = chunksOf([paragraph(sentences(16)), paragraph('The end.')]);
    expect(chunks).toHaveLength(1);
  });
});

describe('what a chunk tells', () => {
  test('page and headings come from its beginning, the end of speech from its end', () => {
    const chunks = chunksOf([
      paragraph('One.', { page: 3, headingPath: ['A'], startSeconds: 1, endSeconds: 2 }),
      paragraph('Two.', { page: 4, startSeconds: 2, endSeconds: 5 }),
    ]);
    expect(chunks.map((chunk) => chunk.locator)).toEqual([
      { page: 3, headingPath: ['A'], startSeconds: 1, endSeconds: 5 },
    ]);
  });

  test('a chunk that begins with its heading has the path of the text below', () => {
    const chunks = chunksOf([
      heading('Costs', 2),
      paragraph('They rose.', { headingPath: ['Report', 'Costs'] }),
    ]);
    expect(chunks[0]?.locator.headingPath).toEqual(['Report', 'Costs']);
  });

  test('title and heading path are embedded, the title once', () => {
    const blocks = [paragraph('They rose.', { headingPath: ['Report', 'Costs', 'Travel'] })];
    expect(chunksOf(blocks, { title: 'Report' })[0]?.embeddingText).toBe(
      'Report\nCosts > Travel\nThey rose.',
    );
  });

  test('an endless title is cut', () => {
    const [chunk] = chunksOf([paragraph('Text.')], { title: 'long '.repeat(1_000) });
    expect(chunk?.embeddingText.length).toBeLessThan(400);
  });

  test('a language that is none is ignored', () => {
    expect(chunksOf([paragraph('Text.')], { language: 'not a language!' })).toHaveLength(1);
    expect(chunksOf([paragraph(sentences(60))], { language: 'en' }).length).toBeGreaterThan(1);
  });
});

describe('hostile input', () => {
  test('a megabyte without a space is cut in linear time', () => {
    const startedAt = performance.now();
    const chunks = chunksOf([paragraph('a'.repeat(1_000_000))]);
    expect(chunks.every((chunk) => chunk.tokenCount <= MAX_CHUNK_TOKENS)).toBe(true);
    expect(chunks.reduce((sum, chunk) => sum + chunk.text.length, 0)).toBe(1_000_000);
    expect(performance.now() - startedAt).toBeLessThan(20_000);
  });

  test('white space without end inside a line is left out', () => {
    const chunks = chunksOf([paragraph(`x${' '.repeat(300_000)}y`)]);
    expect(chunks.map((chunk) => chunk.text)).toEqual(['x', 'y']);
  });

  test('names of special tokens are plain text', () => {
    expect(chunksOf([paragraph('before <|endoftext|> after')])[0]?.tokenCount).toBeGreaterThan(3);
  });
});
