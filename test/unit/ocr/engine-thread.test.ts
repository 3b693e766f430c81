import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { afterEach, describe, expect, test } from '@jest/globals';
import { documentType } from '../../../backbone/content/document/document-type.ts';
import type { Extraction, JsonObject } from '../../../backbone/content/model.ts';
import { createParsePool, type ParsePool } from '../../../backbone/content/parsing/parse-pool.ts';
import { drawnText, pictureFile } from '../../support/pictures.ts';
import { until } from '../../support/until.ts';

const LINE = 'A line of many words that takes an engine its time to read, again and again and again.';
const words = (): Uint8Array => pictureFile(drawnText(['Eight bells.'], { width: 400 }), 'png').bytes;

let pool: ParsePool | null = null;
afterEach(async () => {
  await pool?.close();
  pool = null;
});

function parsePicture(
  bytes: Uint8Array,
  options: JsonObject = {},
  signal?: AbortSignal,
): Promise<Extraction> {
  pool ??= createParsePool({
    threads: 1,
    maxHeapMb: 256,
    timeoutMs: 60_000,
    timeoutSetting: 'PARSER_TIMEOUT_SECONDS',
  });
  return pool.parse(
    documentType.parserUrl,
    {
      bytes,
      mediaType: 'image/png',
      declaredCharset: null,
      baseUrl: null,
      fileName: 'harbour/eight-bells.png',
      options: { ocrSettings: { mode: 'auto', ...options } },
    },
    { signal: signal ?? new AbortController().signal, onProgress: () => undefined },
  );
}

describe('the thread of an engine', () => {
  test('starts and ends with the file, and with the pool while it is at work', async () => {
    if (process.platform !== 'linux') return;
    const before = await workerThreads();
    const controller = new AbortController();
    const large = pictureFile(
      drawnText(
        Array.from({ length: 60 }, () => LINE),
        { width: 1600 },
      ),
      'png',
    );
    const reading = parsePicture(large.bytes, {}, controller.signal);
    await until(async () => (await workerThreads()) >= before + 2);
    controller.abort(new Error('cancelled'));
    await expect(reading).rejects.toThrow('cancelled');
    await until(async () => (await workerThreads()) === before);

    const read = await parsePicture(words());
    expect(read.blocks.map(({ text }) => text)).toEqual(['Eight bells.']);
    expect(read.metadata.title).toEqual({ value: 'eight-bells', source: 'file-name' });
    await until(async () => (await workerThreads()) === before + 1);
  });

  test('is ended when its model is damaged, and the next file is read', async () => {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'models-'));
    try {
      await writeFile(path.join(folder, 'fra.traineddata'), 'not a model');
      const damaged = { languages: ['fra'], dataFolder: folder };
      await expect(parsePicture(words(), damaged)).rejects.toMatchObject({
        code: 'ocr_language_missing',
      });
      await expect(parsePicture(pictureFile(drawnText(['Again.']), 'png').bytes)).resolves.toMatchObject({
        blocks: [{ text: 'Again.' }],
      });
      expect(pool?.threadCount).toBe(1);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});

/** Node's worker threads in this process, those within others included, as Linux names them. */
async function workerThreads(): Promise<number> {
  const tasks = await readdir('/proc/self/task');
  const names = await Promise.all(
    tasks.map((task) => readFile(`/proc/self/task/${task}/comm`, 'utf8').catch(() => '')),
  );
  return names.filter((name) => name.startsWith('WorkerThread')).length;
}
