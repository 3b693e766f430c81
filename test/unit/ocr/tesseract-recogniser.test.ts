import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  openTesseract,
  recognisedLines,
} from '../../../backbone/content/document/ocr/tesseract-recogniser.ts';
import { drawnText, pictureFile } from '../../support/pictures.ts';

const MODEL = createRequire(import.meta.url).resolve(
  '@tesseract.js-data/eng/4.0.0_best_int/eng.traineddata.gz',
);
const words = pictureFile(drawnText(['Eight bells.'], { width: 400 }), 'png');

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'models-'));
  await writeFile(path.join(folder, 'deu.traineddata'), gunzipSync(readFileSync(MODEL)));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('an engine', () => {
  test('reads with the models of a folder and the one inside together', async () => {
    const engine = await openTesseract({ languages: ['deu', 'eng'], dataFolder: folder });
    try {
      const lines = await engine.recognise(words);
      expect(lines.map(({ text }) => text)).toEqual(['Eight bells.']);
    } finally {
      await engine.close();
    }
  });

  test('that is closed rejects what it was doing', async () => {
    const engine = await openTesseract({ languages: ['eng'], dataFolder: null });
    const reading = engine.recognise(words);
    await Promise.all([expect(reading).rejects.toThrow('ended'), engine.close()]);
  });

  test.each([
    ['a language without a folder of models', ['deu'], false],
    ['a language that the folder does not have', ['ita'], true],
    ['a name that is none', ['../deu'], true],
  ])('does not start with %s', async (_what, languages, hasFolder) => {
    const opening = openTesseract({ languages, dataFolder: hasFolder ? folder : null });
    await expect(opening).rejects.toMatchObject({
      code: 'ocr_language_missing',
      params: { language: languages.join() },
    });
  });
});

test('lines of figures are left out, and paragraphs are numbered through all blocks', () => {
  const bbox = { x0: 1, y0: 2, x1: 3, y1: 4 };
  const block = (...texts: readonly string[]): unknown => ({
    paragraphs: texts.map((text) => ({ lines: [{ text, confidence: 88, bbox }] })),
  });
  const blocks = [block('One.\n', ' \n'), block('Two.\n')] as Parameters<typeof recognisedLines>[0];
  expect(recognisedLines(blocks)).toEqual([
    { text: 'One.', confidence: 0.88, box: bbox, paragraph: 0 },
    { text: 'Two.', confidence: 0.88, box: bbox, paragraph: 2 },
  ]);
});
