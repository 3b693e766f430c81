import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { parse } from '../../../backbone/content/document/pdf/pdf-parser.ts';
import type { Extraction } from '../../../backbone/content/model.ts';
import { buildPdf, columnOf } from '../../support/pdf-builder.ts';

const SAMPLE = join(import.meta.dirname, '../../../backbone/samples/two-columns.pdf');
const TITLE = 'How Tide Tables Are Made';

function read(bytes: Uint8Array): Promise<Extraction> {
  const input = { bytes, mediaType: 'application/pdf', declaredCharset: null, baseUrl: null, fileName: null };
  return parse({ ...input, options: {} }, { progress: () => undefined });
}

describe('the sample article in two columns', () => {
  let article: Extraction;
  beforeAll(async () => {
    article = await read(readFileSync(SAMPLE));
  });

  test('has its running heads nowhere and its title once', () => {
    const texts = article.blocks.map(({ text }) => text);
    expect(texts.filter((text) => text.includes('Harbour Notes, No. 4'))).toEqual([]);
    expect(article.blocks.filter(({ text }) => text.includes(TITLE))).toEqual([
      { kind: 'heading', text: TITLE, level: 1, locator: { page: 1 } },
    ]);
  });

  test('has the paragraph whole that runs from one column to the next under a head', () => {
    const [paragraph] = article.blocks.filter(({ text }) => text.startsWith('To find the constants'));
    expect(paragraph?.text).toContain(
      'one solves a problem of least squares: which amplitudes and phases, added up, come closest',
    );
  });

  test('has its authors as a paragraph', () => {
    const names = article.blocks.filter(({ text }) => text.startsWith('Mara Ellingsen'));
    expect(names.map(({ kind, text }) => [kind, text])).toEqual([
      ['paragraph', 'Mara Ellingsen Tobias Rook'],
    ]);
  });

  test('has three columns in its table, the header too', () => {
    const [table] = article.blocks.filter(({ kind }) => kind === 'table');
    expect(table?.rows?.[0]).toEqual(['Name', 'Cause', 'Period (h)']);
    expect(new Set(table?.rows?.map((row) => row.length))).toEqual(new Set([3]));
  });
});

test('a PDF of two pages loses the head that repeats its stated title, and no more', async () => {
  const body = columnOf(['The sea rises and falls, and', 'a table says when.'], { x: 70, y: 600 });
  const result = await read(
    buildPdf({
      info: { Title: TITLE, Author: 'Ada Example' },
      pages: [
        { runs: [{ text: TITLE, x: 70, y: 700, size: 20 }, ...body] },
        { runs: [{ text: TITLE, x: 70, y: 800, size: 8 }, ...body] },
      ],
    }),
  );
  expect(result.blocks.map(({ kind, locator }) => [kind, locator.page])).toEqual([
    ['heading', 1],
    ['paragraph', 1],
    ['paragraph', 2],
  ]);
});
