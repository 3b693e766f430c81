import { describe, expect, test } from '@jest/globals';
import { parse } from '../../../backbone/content/academic-paper/paper-parser.ts';
import type { Extraction } from '../../../backbone/content/model.ts';
import { buildPdf, columnOf } from '../../support/pdf-builder.ts';

const FILE = buildPdf({
  pages: [
    { runs: columnOf(['A keeper climbed the stairs at dusk.', 'She trimmed the wick.'], { x: 60, y: 700 }) },
  ],
});

const read = (bytes: Uint8Array, baseUrl: string | null): Promise<Extraction> =>
  parse(
    {
      bytes,
      mediaType: 'application/pdf',
      declaredCharset: null,
      baseUrl,
      fileName: 'lamps.pdf',
      options: {},
    },
    { progress: () => undefined },
  );

describe('the file of a paper', () => {
  test('is named by the address it came from', async () => {
    const { typeMetadata, metadata } = await read(FILE, 'https://arxiv.org/pdf/1706.03762v2');
    expect(typeMetadata).toMatchObject({
      arxivId: '1706.03762',
      paperUrl: 'https://arxiv.org/abs/1706.03762',
      pages: 1,
    });
    expect(metadata.title).toEqual({ value: 'lamps', source: 'file-name' });
  });

  test('has no id when nothing names one', async () => {
    expect((await read(FILE, null)).typeMetadata).toMatchObject({ arxivId: null, doi: null, paperUrl: null });
  });

  test('that is no PDF fails as one', async () => {
    await expect(read(Buffer.from('no'), null)).rejects.toMatchObject({ code: 'file_damaged' });
  });
});
