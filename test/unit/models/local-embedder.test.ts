import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import type { Embedder } from '../../../backbone/models/embedder.ts';
import type { LoadNotice } from '../../../backbone/models/embedding-worker.ts';
import { openLocalEmbedder } from '../../../backbone/models/local-embedder.ts';
import { loadLocalModel, type LocalModelOptions } from '../../../backbone/models/local-model.ts';
import { parseLocalModelUrl } from '../../../backbone/models/local-model-url.ts';
import { openEmbedder } from '../../../backbone/models/open-embedder.ts';
import { newDataFolder } from '../../support/data-folder.ts';

const fixture = (name: string): string => new URL(`../../fixtures/models/${name}`, import.meta.url).href;
const FAKE = fixture('fake-transformers.mjs');
const ABSENT = '@operators/have-not-added-it';
const URL_OF_NAME = 'local:owner/small?dimensions=4';

const signal = new AbortController().signal;
const opened: Embedder[] = [];
const folders: string[] = [];
const notices: LoadNotice[] = [];

function open(url: string, packageName = FAKE): Embedder {
  const onNotice = (notice: LoadNotice): void => void notices.push(notice);
  const embedder = openLocalEmbedder(url, { cacheFolder: '/nowhere', onNotice, packageName });
  opened.push(embedder);
  return embedder;
}

afterEach(async () => {
  notices.length = 0;
  await Promise.all(opened.splice(0).map((embedder) => embedder.close()));
  await Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true, force: true })));
});

/** A folder as a model has it, with files that only have to be there. */
async function modelFolder(weights: string): Promise<string> {
  const root = await newDataFolder();
  folders.push(root);
  const folder = path.join(root, 'small');
  await mkdir(path.join(folder, 'onnx'), { recursive: true });
  const files = ['config.json', 'tokenizer.json', 'tokenizer_config.json', `onnx/${weights}`];
  for (const file of files) await writeFile(path.join(folder, file), '{}');
  return folder;
}

/** A fake vector as it was before it was made one long; the length of the pooling's name gives the scale. */
const numbersOf = (vector: Float32Array | undefined, pooling: string): number[] => {
  const [, scale = 1] = vector ?? [];
  return [...(vector ?? [])].map((value) => Math.round((value / scale) * pooling.length));
};

describe('a model on this machine', () => {
  test('embeds in its thread, with prefixes, and tells what it fetches', async () => {
    const embedder = open(`${URL_OF_NAME}&query_prefix=query:%20&passage_prefix=passage:%20&batch=2`);
    const done: number[] = [];
    const onProgress = (count: number): number => done.push(count);
    const vectors = await embedder.embed(['a', 'bb', 'c'.repeat(9_000)], {
      kind: 'passage',
      signal,
      onProgress,
    });
    expect(vectors.map((vector) => numbersOf(vector, 'mean'))).toEqual([
      [10, 4, 4, 1],
      [11, 4, 4, 1],
      [8_009, 4, 4, 1],
    ]);
    for (const vector of vectors) expect(Math.hypot(...vector)).toBeCloseTo(1, 5);
    expect(done).toEqual([2, 3]);
    const [question] = await embedder.embed(['a'], { kind: 'query', signal });
    expect(numbersOf(question, 'mean')).toEqual([8, 4, 4, 1]);
    expect(notices).toEqual([0, 50, 100].map((percent) => ({ file: 'model.onnx', percent })));
    expect(embedder).toMatchObject({ model: 'local:owner/small/fp32/mean/4', dimensions: 4 });
    expect(await embedder.probe()).toBeGreaterThan(0);
  });

  test('is read from a folder, and nothing is fetched then', async () => {
    const folder = await modelFolder('model_quantized.onnx');
    const embedder = open(`local:${folder}?dimensions=4&weights=q8&pooling=cls`);
    const [vector] = await embedder.embed(['a'], { kind: 'passage', signal });
    expect(numbersOf(vector, 'cls')).toEqual([1, 3, 2, 0]);
    expect(notices).toEqual([]);
    expect(embedder.model).toBe('local:small/q8/cls/4');
  });

  test('says which file its folder has not, and is loaded once it is there', async () => {
    const folder = await modelFolder('model_fp16.onnx');
    const embedder = open(`local:${folder}?dimensions=4`);
    const embed = (): Promise<Float32Array[]> => embedder.embed(['a'], { kind: 'passage', signal });
    await expect(embed()).rejects.toMatchObject({
      code: 'embedder_not_loaded',
      kind: 'systemic',
      message: 'The embedding model cannot be loaded: there is no file onnx/model.onnx in its folder.',
    });
    await writeFile(path.join(folder, 'onnx/model.onnx'), '');
    expect(await embed()).toHaveLength(1);
  });

  test('needs a package, and says by which command it comes', async () => {
    await expect(open(URL_OF_NAME, ABSENT).embed(['a'], { kind: 'passage', signal })).rejects.toMatchObject({
      code: 'embedder_not_installed',
      kind: 'systemic',
      hint: expect.stringContaining('npm install --no-save @huggingface/transformers@4') as unknown,
    });
  });

  test.each([
    ['local:owner/offline?dimensions=4', FAKE, 'fetch failed'],
    [URL_OF_NAME, fixture('broken-transformers.mjs'), 'libonnxruntime.so cannot be opened'],
  ])('%s of %s cannot be loaded: %s', async (url, packageName, reason) => {
    await expect(open(url, packageName).embed(['a'], { kind: 'passage', signal })).rejects.toMatchObject({
      code: 'embedder_not_loaded',
      message: expect.stringContaining(reason) as unknown,
    });
  });

  test.each([
    ['short', 'embedder_refused'],
    ['zero', 'embedder_refused'],
    ['throw', 'embedder_unavailable'],
  ])('that misbehaves at the text %s is told as %s', async (text, code) => {
    await expect(open(URL_OF_NAME).embed([text], { kind: 'passage', signal })).rejects.toMatchObject({
      code,
    });
  });

  test('takes no blank texts', async () => {
    await expect(open(URL_OF_NAME).embed([' '], { kind: 'passage', signal })).rejects.toThrow(RangeError);
  });
});

describe('loading', () => {
  const options: LocalModelOptions = {
    packageName: FAKE,
    source: { kind: 'name', name: 'owner/small' },
    weights: 'fp32',
    pooling: 'mean',
    cacheFolder: '/nowhere',
  };

  test('works without a thread as well', async () => {
    const told: LoadNotice[] = [];
    const embed = await loadLocalModel(options, (notice) => told.push(notice));
    expect((await embed(['ab'])).map((vector) => [...Array.from(vector)])).toEqual([[2, 4, 4, 1]]);
    expect(told).toHaveLength(3);
  });

  test('from a folder fetches nothing', async () => {
    const folder = await modelFolder('model.onnx');
    const embed = await loadLocalModel({ ...options, source: { kind: 'folder', folder } }, () => undefined);
    expect((await embed(['ab'])).map((vector) => [...Array.from(vector)])).toEqual([[2, 4, 4, 0]]);
  });

  test.each([
    [{ packageName: ABSENT }, 'embedder_not_installed'],
    [{ packageName: fixture('broken-transformers.mjs') }, 'embedder_not_loaded'],
    [{ source: { kind: 'name', name: 'owner/offline' } as const }, 'embedder_not_loaded'],
    [{ source: { kind: 'folder', folder: '/nowhere' } as const }, 'embedder_not_loaded'],
  ])('with %j fails as %s', async (changes, fault) => {
    await expect(loadLocalModel({ ...options, ...changes }, () => undefined)).rejects.toMatchObject({
      fault,
    });
  });
});

describe('an EMBEDDER_URL of a model on this machine', () => {
  test('has what it leaves out from what is known of the model', () => {
    expect(parseLocalModelUrl('local:Xenova/all-MiniLM-L6-v2')).toEqual({
      source: { kind: 'name', name: 'Xenova/all-MiniLM-L6-v2' },
      model: 'Xenova/all-MiniLM-L6-v2',
      weights: 'fp32',
      pooling: 'mean',
      dimensions: 384,
      denseWeight: 0.5,
      languages: null,
      batchTexts: 8,
      queryPrefix: '',
      passagePrefix: '',
    });
    expect(parseLocalModelUrl('local:/models/multilingual-e5-base/?languages=de,EN')).toMatchObject({
      source: { kind: 'folder', folder: '/models/multilingual-e5-base' },
      model: 'multilingual-e5-base',
      dimensions: 768,
      languages: ['de', 'en'],
    });
  });

  test.each([
    ['local:', 'it must name a model'],
    ['local:models/../secrets', 'it must name a model'],
    ['local:../x', 'it must name a model'],
    ['local:owner/../../x', 'it must name a model'],
    ['local:owner/unheard-of', 'the parameter dimensions is missing'],
    [`${URL_OF_NAME}&weights=int3`, 'weights must be one of fp32, fp16, q8'],
    [`${URL_OF_NAME}&pooling=max`, 'pooling must be one of mean, cls'],
    [`${URL_OF_NAME}&model=x`, 'it has no parameter model'],
  ])('%s is refused', (url, said) => {
    expect(() => parseLocalModelUrl(url)).toThrow(said);
  });

  test('is opened by its scheme', async () => {
    const fetcher = {
      fetch: () => Promise.reject(new Error()),
      check: () => new URL('a:b'),
      close: async () => undefined,
    };
    const local = { cacheFolder: '/nowhere', onNotice: () => undefined };
    const embedder = openEmbedder('local:Xenova/all-MiniLM-L6-v2?languages=en', { fetcher, local });
    expect([embedder.denseWeight('en'), embedder.denseWeight('de'), embedder.denseWeight(null)]).toEqual([
      0.5, 0, 0.5,
    ]);
    await embedder.close();
  });
});
