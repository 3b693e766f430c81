import { describe, expect, jest, test } from '@jest/globals';
import { ocrSettings, type OcrSettings } from '../../../backbone/content/document/ocr/ocr-settings.ts';
import { TextRecognition } from '../../../backbone/content/document/ocr/text-recognition.ts';
import type { PagePicture, RecognisedLine } from '../../../backbone/content/document/ocr/recogniser.ts';
import { AppError } from '../../../backbone/errors.ts';
import { scriptedEngine, textLine, type Answer } from '../../support/scripted-engine.ts';

const PICTURE: PagePicture = { bytes: new Uint8Array(1), width: 100, height: 100 };
const picture = (): Promise<PagePicture> => Promise.resolve(PICTURE);
const HANGS = new Promise<readonly RecognisedLine[]>(() => undefined);

function recognition(
  answers: readonly Answer[],
  limits: Partial<OcrSettings> = {},
  now: () => number = () => 0,
): {
  readonly text: TextRecognition;
  readonly engine: ReturnType<typeof scriptedEngine>;
  readonly onBegin: jest.Mock;
} {
  const engine = scriptedEngine(answers);
  const onBegin = jest.fn();
  const text = new TextRecognition({ ...ocrSettings({}), ...limits }, { open: engine.open, now, onBegin });
  return { text, engine, onBegin };
}

async function readAll(text: TextRecognition, pages: number): Promise<readonly (string | null)[]> {
  const found: (string | null)[] = [];
  for (let page = 1; page <= pages; page++) {
    const blocks = await text.read(page, picture);
    found.push(blocks === null ? null : blocks.map((block) => block.text).join('|'));
  }
  return found;
}

const warned = ({ warnings }: TextRecognition): readonly (readonly [string, string])[] =>
  warnings.map(({ code, message }) => [code, message]);

describe('the recognition of pages', () => {
  test('uses one engine for all of them and says what it read', async () => {
    const { text, engine, onBegin } = recognition([[textLine('One.', 0.9)], [textLine('Two.', 0.8)]]);
    expect(await readAll(text, 2)).toEqual(['One.', 'Two.']);
    expect(text.metadata).toEqual({ ocr: { pages: [1, 2], mean_confidence: 0.85 } });
    expect(text.warnings).toEqual([]);
    expect(onBegin.mock.calls).toEqual([[1_800_000]]);
    await text.close();
    expect(engine.counts).toEqual({ opened: 1, closed: 1 });
  });

  test('opens no engine when no page needs it', async () => {
    const { text, engine, onBegin } = recognition([]);
    await text.close();
    expect(engine.counts).toEqual({ opened: 0, closed: 0 });
    expect(onBegin).not.toHaveBeenCalled();
    expect(text.metadata).toEqual({});
  });

  test('warns of pages that are hard to read and of pictures without words', async () => {
    const { text } = recognition([[textLine('Blurred.', 0.5)], [], [], [textLine('Clear.', 0.95)]]);
    expect(await readAll(text, 4)).toEqual(['Blurred.', '', '', 'Clear.']);
    expect(warned(text)).toEqual([
      ['ocr_low_confidence', 'Page 1 was hard to recognise: its text may hold mistakes.'],
      ['no_words_recognised', 'Pages 2-3 were pictures in which no words were recognised.'],
    ]);
  });

  test('ends at the most pages', async () => {
    const { text } = recognition([[textLine('One.')], [textLine('Two.')]], { maxPages: 1 });
    expect(await readAll(text, 3)).toEqual(['One.', null, null]);
    expect(warned(text)).toEqual([
      [
        'ocr_pages_left_out',
        'Pages 2-3 were not recognised, since the limit is 1 pages a document (OCR_MAX_PAGES).',
      ],
    ]);
  });

  test('goes on with a new engine after a page that takes too long', async () => {
    const { text, engine } = recognition([HANGS, [textLine('Two.')]], { pageTimeoutMs: 5 });
    expect(await readAll(text, 2)).toEqual([null, 'Two.']);
    expect(engine.counts).toEqual({ opened: 2, closed: 1 });
    expect(warned(text)).toEqual([
      ['ocr_page_time_limit', 'Page 1 was not recognised within 0.005 seconds (OCR_PAGE_SECONDS).'],
    ]);
  });

  test('ends when all pages together have taken their time', async () => {
    let at = 0;
    const { text } = recognition([[textLine('One.')]], { totalTimeoutMs: 2000 }, () => (at += 1100));
    expect(await readAll(text, 2)).toEqual(['One.', null]);
    expect(warned(text)).toEqual([
      [
        'ocr_time_limit',
        'Page 2 was not recognised, since the pages before took longer than 2 seconds (OCR_SECONDS).',
      ],
    ]);
  });

  test('loses a page alone when its engine dies', async () => {
    const { text, engine } = recognition([new Error('out of memory'), [textLine('Two.')]]);
    expect(await readAll(text, 2)).toEqual([null, 'Two.']);
    expect(engine.counts.opened).toBe(2);
    expect(warned(text)).toEqual([['ocr_page_failed', 'Page 1 was a picture that could not be read.']]);
  });

  test('fails at once when there is no model for the language', async () => {
    const missing = new AppError('ocr_language_missing', { params: { language: 'deu' } });
    const text = new TextRecognition(ocrSettings({}), {
      open: () => Promise.reject(missing),
      now: () => 0,
      onBegin: () => undefined,
    });
    await expect(text.read(1, picture)).rejects.toBe(missing);
  });

  test('says why there is no text', async () => {
    const wordless = recognition([[]]).text;
    await readAll(wordless, 1);
    expect(wordless.emptyReason.code).toBe('no_words_recognised');
    const failing = recognition([new Error('damaged')]).text;
    await readAll(failing, 1);
    expect(failing.emptyReason).toMatchObject({
      code: 'ocr_failed',
      message:
        'The text in the pictures could not be recognised. Page 1 was a picture that could not be read.',
    });
  });
});

describe('settings of text recognition', () => {
  test('are off unless something is said', () => {
    expect(ocrSettings({})).toMatchObject({ mode: 'never', languages: ['eng'], dataFolder: null });
  });

  test('take the mode of the job before that of the backbone', () => {
    const given = { mode: 'auto', languages: ['deu', 'eng'], dataFolder: '/models', maxPages: 3 };
    expect(ocrSettings({ ocrSettings: given })).toMatchObject(given);
    expect(ocrSettings({ ocr: 'always', ocrSettings: given }).mode).toBe('always');
  });

  test.each([
    { ocr: 'sometimes', ocrSettings: ['auto'] },
    { ocrSettings: { mode: 1, languages: 'eng', dataFolder: 7, maxPages: -1, pageTimeoutMs: 'long' } },
    { ocrSettings: { languages: [], totalTimeoutMs: Infinity } },
    { ocrSettings: null },
  ])('ignore what cannot be used: %j', (options) => {
    expect(ocrSettings(options)).toEqual(ocrSettings({}));
  });
});
