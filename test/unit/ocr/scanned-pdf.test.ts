import { describe, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import { MAX_PIXELS } from '../../../backbone/content/document/ocr/picture-size.ts';
import type { PagePicture } from '../../../backbone/content/document/ocr/recogniser.ts';
import {
  drawingScale,
  greyPicture,
  PagePictures,
} from '../../../backbone/content/document/pdf/page-pictures.ts';
import { parsePdf } from '../../../backbone/content/document/pdf/pdf-parser.ts';
import type { Extraction, JsonObject } from '../../../backbone/content/model.ts';
import { buildPdf, type PdfPageSpec } from '../../support/pdf-builder.ts';
import { drawnText, pictureFile } from '../../support/pictures.ts';
import { scriptedEngine, textLine, type Answer } from '../../support/scripted-engine.ts';

const AUTO = { ocrSettings: { mode: 'auto' } };
const SCAN: PdfPageSpec = { picture: true };
const written = (text: string): PdfPageSpec => ({ runs: [{ text, x: 70, y: 700 }] });

function read(
  pages: readonly PdfPageSpec[],
  answers: readonly Answer[],
  options: JsonObject = AUTO,
  progress = jest.fn(),
): Promise<Extraction> {
  const bytes = buildPdf({ pages });
  return parsePdf({ bytes, options }, { progress }, scriptedEngine(answers).open);
}

const placed = ({ blocks }: Extraction): readonly unknown[] =>
  blocks.map(({ text, locator, ocr }) => [text, locator.page, ocr?.confidence ?? null]);

describe('a PDF with scanned pages', () => {
  test('has those recognised, in their place, and the others untouched', async () => {
    const progress = jest.fn();
    const result = await read(
      [written('Written first.'), SCAN, written('Written last.'), SCAN],
      [[textLine('Scanned once.', 0.9)], [textLine('Scanned again.', 0.8)]],
      AUTO,
      progress,
    );
    expect(placed(result)).toEqual([
      ['Written first.', 1, null],
      ['Scanned once.', 2, 0.9],
      ['Written last.', 3, null],
      ['Scanned again.', 4, 0.8],
    ]);
    expect(result.warnings).toEqual([]);
    expect(result.typeMetadata).toMatchObject({ ocr: { pages: [2, 4], mean_confidence: 0.85 } });
    expect(progress.mock.calls.at(-1)).toEqual([4, 4]);
  });

  test('has all of them recognised when that is wanted, but keeps the text of those without words', async () => {
    const pages = [written('Written first.'), written('Written last.')];
    const result = await read(pages, [[textLine('Seen first.')], []], { ...AUTO, ocr: 'always' });
    expect(placed(result)).toEqual([
      ['Seen first.', 1, 0.95],
      ['Written last.', 2, null],
    ]);
    expect(result.warnings.map(({ code }) => code)).toEqual(['no_words_recognised']);
  });

  test('has none recognised when that is not wanted, and says how it could be', async () => {
    const result = await read([written('Written.'), SCAN], [], { ...AUTO, ocr: 'never' });
    expect(placed(result)).toEqual([['Written.', 1, null]]);
    expect(result.warnings).toEqual([
      { code: 'pages_without_text', message: expect.stringContaining('setting OCR') },
    ]);
    await expect(read([SCAN], [], { ocr: 'never' })).rejects.toMatchObject({ code: 'no_text_layer' });
  });

  test('and nothing else is text', async () => {
    expect(placed(await read([SCAN], [[textLine('Only this.')]]))).toEqual([['Only this.', 1, 0.95]]);
  });

  test('has pages recognised whose letters cannot be decoded', async () => {
    const garbage = written(`a${'\u0001\u0002\u0003'.repeat(7)}`);
    const result = await read([written('Readable.'), garbage], [[textLine('What it looks like.')]]);
    expect(placed(result)).toEqual([
      ['Readable.', 1, null],
      ['What it looks like.', 2, 0.95],
    ]);
    expect(result.warnings).toEqual([]);
  });

  test('without any words fails honestly', async () => {
    await expect(read([SCAN, {}], [[]])).rejects.toMatchObject({ code: 'no_words_recognised' });
    await expect(read([SCAN], [new Error('died')])).rejects.toMatchObject({ code: 'ocr_failed' });
    await expect(read([{}], [])).rejects.toMatchObject({ code: 'no_text' });
  });
});

describe('the picture of a page', () => {
  test('is drawn at 300 dots an inch, with its pictures', async () => {
    const jpeg = pictureFile(drawnText(['Dark'], { width: 1000, height: 1000, fontPixels: 400 }), 'jpeg');
    const pictures = new PagePictures(buildPdf({ pages: [SCAN], jpeg }));
    try {
      const drawn = await pictures.draw(1);
      expect([drawn.width, drawn.height]).toEqual([2479, 3508]);
      expect(inkOf(drawn)).toBeGreaterThan(100_000);
    } finally {
      await pictures.close();
    }
    await pictures.close();
  });

  test('cannot be had of a file that does not open, and closing it is no error', async () => {
    const pictures = new PagePictures(Buffer.from('%PDF-1.4 nothing'));
    await expect(pictures.draw(1)).rejects.toThrow();
    await pictures.close();
  });

  test('never has more pixels than the limit', () => {
    const points = fc.double({ min: 0.1, max: 1e7, noNaN: true });
    fc.assert(
      fc.property(points, points, (width, height) => {
        const scale = drawingScale(width, height);
        expect(scale).toBeLessThanOrEqual(300 / 72);
        expect(Math.floor(width * scale) * Math.floor(height * scale)).toBeLessThanOrEqual(MAX_PIXELS);
      }),
    );
  });

  test('is grey', () => {
    const { bytes } = greyPicture(Uint8ClampedArray.of(255, 255, 255, 255, 0, 0, 0, 255), 2, 1);
    expect(Buffer.from(bytes).toString('latin1')).toBe('P5 2 1 255\n\xff\0');
  });
});

function inkOf({ bytes }: PagePicture): number {
  return bytes.reduce((dark, grey) => dark + (grey < 100 ? 1 : 0), 0);
}
