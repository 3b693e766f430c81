import { describe, expect, jest, test } from '@jest/globals';
import { parse, parseImage } from '../../../backbone/content/document/image-parser.ts';
import type { Extraction, JsonObject } from '../../../backbone/content/model.ts';
import { drawnText, greyPage, pictureFile, tiffFile, turnedLeft, withExif } from '../../support/pictures.ts';
import { scriptedEngine, textLine, type Answer } from '../../support/scripted-engine.ts';

const SENTENCE = 'The keeper lights the lamp at dusk.';
const canvas = drawnText([SENTENCE], { width: 800 });
const AUTO = { ocrSettings: { mode: 'auto' } };

const input = (
  bytes: Uint8Array,
  mediaType: string,
  options: JsonObject = AUTO,
): Parameters<typeof parse>[0] => ({
  bytes,
  mediaType,
  declaredCharset: null,
  baseUrl: null,
  fileName: 'scan',
  options,
});

function read(
  bytes: Uint8Array,
  mediaType: string,
  answers: readonly Answer[],
  options: JsonObject = AUTO,
): Promise<Extraction> {
  const events = { progress: () => undefined };
  return parseImage(input(bytes, mediaType, options), events, scriptedEngine(answers).open);
}

const texts = ({ blocks }: Extraction): readonly string[] => blocks.map(({ text }) => text);

describe('a picture, by the real engine', () => {
  const jpeg = withExif(pictureFile(turnedLeft(canvas), 'jpeg').bytes, 6);
  test.each([
    ['image/png', pictureFile(canvas, 'png').bytes],
    ['image/webp', pictureFile(canvas, 'webp').bytes],
    ['image/jpeg', jpeg],
  ])('%s is read, upright or not', async (mediaType, bytes) => {
    const moreTime = jest.fn();
    const progress = jest.fn();
    const result = await parse(input(bytes, mediaType), { progress, moreTime });
    expect(texts(result)).toEqual([SENTENCE]);
    const [block] = result.blocks;
    expect(block?.ocr?.confidence).toBeGreaterThan(0.8);
    const [left = 1, top = 1, right = 0, bottom = 0] = block?.ocr?.box ?? [];
    expect(left).toBeLessThan(0.1);
    expect(top).toBeGreaterThan(0.2);
    expect(right).toBeGreaterThan(0.6);
    expect(bottom).toBeLessThan(0.7);
    expect(result).toMatchObject({ pageCount: 1, warnings: [], typeMetadata: { ocr: { pages: [1] } } });
    expect(moreTime).toHaveBeenCalledTimes(1);
    expect(progress.mock.calls).toEqual([[1, 1]]);
  });

  test('a TIFF is read with all its pages', async () => {
    const second = drawnText(['The second page follows.'], { width: 800 });
    const bytes = tiffFile([greyPage(canvas), greyPage(second)]);
    const progress = jest.fn();
    const result = await parse(input(bytes, 'image/tiff'), { progress });
    expect(texts(result)).toEqual([SENTENCE, 'The second page follows.']);
    expect(result.blocks.map(({ locator }) => locator)).toEqual([{ page: 1 }, { page: 2 }]);
    expect(progress.mock.calls).toEqual([
      [1, 2],
      [2, 2],
    ]);
  });

  test('one that is cut off is told of', async () => {
    const { bytes } = pictureFile(canvas, 'png');
    const cut = bytes.slice(0, 100);
    await expect(parse(input(cut, 'image/png'), { progress: () => undefined })).rejects.toMatchObject({
      code: 'ocr_failed',
    });
  });
});

describe('a picture', () => {
  const { bytes } = pictureFile(canvas, 'png');

  test('without words fails honestly', async () => {
    await expect(read(bytes, 'image/png', [[]])).rejects.toMatchObject({ code: 'no_words_recognised' });
  });

  test.each([{}, { ocr: 'never', ...AUTO }])('is not read with %j', async (options) => {
    await expect(read(bytes, 'image/png', [[textLine('No.')]], options)).rejects.toMatchObject({
      code: 'no_text_layer',
    });
  });

  test('that is no picture is damaged', async () => {
    await expect(read(Buffer.from('hello'), 'image/png', [])).rejects.toMatchObject({ code: 'file_damaged' });
  });

  test('of a TIFF that cannot be read costs its page alone', async () => {
    const page = greyPage(drawnText(['A'], { width: 60, height: 60 }));
    const result = await read(tiffFile([page, page]), 'image/tiff', [
      new Error('damaged'),
      [textLine('Two.')],
    ]);
    expect(texts(result)).toEqual(['Two.']);
    expect(result.warnings.map(({ code }) => code)).toEqual(['ocr_page_failed']);
  });
});
