import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ocrSettings } from '../../backbone/content/document/ocr/ocr-settings.ts';
import type { PagePicture, Recogniser } from '../../backbone/content/document/ocr/recogniser.ts';
import { openTesseract } from '../../backbone/content/document/ocr/tesseract-recogniser.ts';
import { parse } from '../../backbone/content/document/pdf/pdf-parser.ts';
import { canonicalText } from '../../backbone/content/model.ts';
import { AppError } from '../../backbone/errors.ts';
import { drawnText, pictureFile } from '../support/pictures.ts';

/**
 * Measures text recognition: the share of wrong characters (edit distance by length of the text) and the seconds a
 * page, on a page that is drawn from known text, clean and small, and on a sample PDF against its own text layer;
 * then what becomes of samples with pictures. Exits 1 when the clean page has more wrong characters than the goal.
 */

const GOAL = 0.01;
const TEXT_LAYER = 'pdflatex-4-pages.pdf';
const PICTURES = ['imagemagick-images.pdf', 'inline-image.pdf', 'grayscale-image.pdf'];
const PARAGRAPH = [
  'A lighthouse gets its rhythm from a lens that turns',
  'around the lamp. Each of its faces sends out a beam,',
  'and a ship that counts the seconds between flashes',
  'knows which light it sees: 5 seconds at Eddystone,',
  '20 at Bishop Rock, and 7.5 at Longships (since 1988).',
];
const LINES = Array.from({ length: 8 }, () => [...PARAGRAPH, '']).flat();

const folder = join(
  process.env['SAMPLES_DIR'] ?? resolve(import.meta.dirname, '../../../shared/samples'),
  'pdf',
);
process.exitCode = await measure();

async function measure(): Promise<number> {
  const engine = await openTesseract(ocrSettings({}));
  const clean = await drawn(engine, 42);
  await drawn(engine, 21);
  await engine.close();
  if (existsSync(folder)) await measureSamples();
  else print(`No samples in ${folder}: drawn pages were measured alone.`);
  print(clean > GOAL ? `more than ${GOAL} wrong characters` : `at most ${GOAL} wrong characters`);
  return clean > GOAL ? 1 : 0;
}

async function drawn(engine: Recogniser, fontPixels: number): Promise<number> {
  const width = fontPixels * 34;
  const picture: PagePicture = pictureFile(drawnText(LINES, { width, fontPixels }), 'png');
  const began = performance.now();
  const lines = await engine.recognise(picture);
  const seconds = (performance.now() - began) / 1000;
  const wrong = errorRate(lines.map(({ text }) => text).join(' '), LINES.join(' '));
  print(
    `drawn page, letters of ${fontPixels} pixels: ${percent(wrong)} wrong characters, ${seconds.toFixed(2)} s`,
  );
  return wrong;
}

async function measureSamples(): Promise<void> {
  const layer = await read(TEXT_LAYER, 'never');
  const began = performance.now();
  const seen = await read(TEXT_LAYER, 'always');
  const seconds = (performance.now() - began) / 1000 / 4;
  const wrong = percent(errorRate(seen, layer));
  print(`${TEXT_LAYER} against its text layer: ${wrong} wrong characters, ${seconds.toFixed(2)} s a page`);
  for (const name of PICTURES) {
    const start = performance.now();
    const text = await read(name, 'auto');
    print(
      `${name}: ${JSON.stringify(text.slice(0, 100))}, ${((performance.now() - start) / 1000).toFixed(2)} s`,
    );
  }
}

/** The text, or the code of the error. */
async function read(name: string, mode: string): Promise<string> {
  const input = {
    bytes: readFileSync(join(folder, name)),
    mediaType: 'application/pdf',
    declaredCharset: null,
    baseUrl: null,
    fileName: name,
    options: { ocrSettings: { mode } },
  };
  try {
    return canonicalText((await parse(input, { progress: () => undefined })).blocks).text;
  } catch (error) {
    if (error instanceof AppError) return error.code;
    throw error;
  }
}

/** Levenshtein distance by length, white space collapsed. */
function errorRate(found: string, wanted: string): number {
  const [left, right] = [found, wanted].map((text) => text.normalize('NFKC').replaceAll(/\s+/g, ' ').trim());
  if (left === undefined || right === undefined) return 1;
  let row = Uint32Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let i = 1; i <= left.length; i++) {
    const next = new Uint32Array(row.length);
    next[0] = i;
    for (let j = 1; j < row.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (left[i - 1] === right[j - 1] ? 0 : 1);
      next[j] = Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1);
    }
    row = next;
  }
  return (row.at(-1) ?? 0) / right.length;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(2)} %`;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
