/** Text recognition by Tesseract (WebAssembly, in a thread of its own). */
import { access } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import process from 'node:process';
import type { Worker as Thread } from 'node:worker_threads';
import { createWorker, OEM, PSM, type Block as TesseractBlock, type Worker } from 'tesseract.js';
import { AppError } from '../../../errors.ts';
import type { OcrSettings } from './ocr-settings.ts';
import type { PagePicture, RecognisedLine, Recogniser } from './recogniser.ts';

/** The language whose model is installed with the backbone. */
const MODEL_INSIDE = 'eng';
const LANGUAGE_CODE = /^[A-Za-z][A-Za-z0-9_]{1,31}$/;

type LanguageSettings = Pick<OcrSettings, 'languages' | 'dataFolder'>;

/**
 * Starts an engine, some 0.2 seconds. Models are read from the package of the model inside and from
 * `dataFolder`, never fetched. Errors: `ocr_language_missing`, for a model that cannot be used as well.
 */
export async function openTesseract({ languages, dataFolder }: LanguageSettings): Promise<Recogniser> {
  await checkLanguages({ languages, dataFolder });
  const { worker, thread } = await start(languages, dataFolder);
  const died = deathOf(thread);
  // What the engine says about resolutions and the like would go to the standard error of this process.
  await worker.setParameters({ tessedit_pageseg_mode: PSM.AUTO, debug_file: '/dev/null' });
  return {
    recognise: async (picture) => recognisedLines(await Promise.race([blocksOf(worker, picture), died])),
    close: async () => {
      await thread.terminate();
    },
  };
}

/** Tells which language has no model before anything is started. */
async function checkLanguages({ languages, dataFolder }: LanguageSettings): Promise<void> {
  for (const language of languages) {
    const missing = new AppError('ocr_language_missing', { params: { language: language.slice(0, 64) } });
    if (!LANGUAGE_CODE.test(language)) throw missing;
    if (dataFolder === null && language !== MODEL_INSIDE) throw missing;
    if (dataFolder === null || language === MODEL_INSIDE) continue;
    await access(path.join(dataFolder, `${language}.traineddata`)).catch(() => {
      throw missing;
    });
  }
}

interface Started {
  readonly worker: Worker;
  readonly thread: Thread;
}

/**
 * The library never settles its promise when a model is damaged, lets go of the thread, and trips over the
 * thread's next message: so the first error it tells of silences and ends the thread.
 */
async function start(languages: readonly string[], dataFolder: string | null): Promise<Started> {
  const { promise: failed, reject } = Promise.withResolvers<never>();
  failed.catch(() => undefined);
  const threads: Thread[] = [];
  const remember = (thread: Thread): void => void threads.push(thread);
  process.once('worker', remember);
  const starting = createWorker([...languages], OEM.LSTM_ONLY, {
    langPath: path.dirname(modelInside()),
    // Folders of the cache are asked first, and it is never written.
    ...(dataFolder === null ? { cacheMethod: 'none' } : { cacheMethod: 'readOnly', cachePath: dataFolder }),
    errorHandler: (error: unknown) => {
      for (const thread of threads) thread.removeAllListeners('message');
      reject(new Error(String(error)));
    },
  });
  try {
    const worker = await Promise.race([starting, failed]);
    // From here on an error rejects the call that it belongs to, and the thread is still of use.
    threads.length = 0;
    return { worker, thread: threadOf(worker) };
  } catch (error) {
    await Promise.all(threads.map((thread) => thread.terminate()));
    throw new AppError('ocr_language_missing', { params: { language: languages.join(', ') }, cause: error });
  } finally {
    process.removeListener('worker', remember);
  }
}

function modelInside(): string {
  return createRequire(import.meta.url).resolve('@tesseract.js-data/eng/4.0.0_best_int/eng.traineddata.gz');
}

/** The types of the library leave it out. */
function threadOf(worker: Worker): Thread {
  return (worker as Worker & { readonly worker: Thread }).worker;
}

/** Without it a call waits for ever when the engine dies, for lack of memory for example. */
function deathOf(thread: Thread): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>();
  promise.catch(() => undefined);
  thread.once('error', (error) => reject(error));
  thread.once('exit', () => reject(new Error('The thread of the engine ended.')));
  return promise;
}

async function blocksOf(worker: Worker, { bytes }: PagePicture): Promise<readonly TesseractBlock[]> {
  const { data } = await worker.recognize(Buffer.from(bytes), {}, { text: false, blocks: true });
  return data.blocks ?? [];
}

/** Pure. Lines of figures and rules come without text and stay out. */
export function recognisedLines(blocks: readonly TesseractBlock[]): readonly RecognisedLine[] {
  return blocks
    .flatMap(({ paragraphs }) => paragraphs)
    .flatMap(({ lines }, paragraph) =>
      lines.map(({ text, confidence, bbox }) => ({
        text: text.trim(),
        confidence: confidence / 100,
        box: { x0: bbox.x0, y0: bbox.y0, x1: bbox.x1, y1: bbox.y1 },
        paragraph,
      })),
    )
    .filter(({ text }) => text !== '');
}
