/** Loads a model on this machine by a package that the operator adds. Runs in a thread. */
import { access } from 'node:fs/promises';
import path from 'node:path';
import { LoadError, type EmbedBatch, type LoadNotice } from './embedding-worker.ts';
import type { LocalModelSource, Pooling, Weights } from './local-model-url.ts';

export interface LocalModelOptions {
  /** What is imported; another one in tests. */
  readonly packageName: string;
  readonly source: LocalModelSource;
  readonly weights: Weights;
  readonly pooling: Pooling;
  /** Where files that were fetched are kept. */
  readonly cacheFolder: string;
}

/** What we use of the package. */
interface Transformers {
  readonly env: {
    allowRemoteModels: boolean;
    allowLocalModels: boolean;
    localModelPath: string;
    cacheDir: string;
  };
  readonly pipeline: (
    task: 'feature-extraction',
    model: string,
    options: PipelineOptions,
  ) => Promise<Extractor>;
}

interface PipelineOptions {
  readonly dtype: Weights;
  readonly progress_callback: (progress: Progress) => void;
}

interface Progress {
  readonly status: string;
  readonly file?: string;
  readonly progress?: number;
}

type Extractor = (
  text: string,
  options: { readonly pooling: Pooling; readonly normalize: false },
) => Promise<{ readonly data: ArrayLike<number> }>;

const WEIGHT_FILES: Readonly<Record<Weights, string>> = {
  fp32: 'onnx/model.onnx',
  fp16: 'onnx/model_fp16.onnx',
  q8: 'onnx/model_quantized.onnx',
};
const OTHER_FILES = ['config.json', 'tokenizer.json', 'tokenizer_config.json'];

const REASON_LENGTH = 200;
/** Between two notices about one file, in percent. */
const NOTICE_STEP = 10;

/**
 * Texts longer than the model reads (512 tokens for most) are cut by its tokeniser. Each is embedded by itself: in a
 * batch, quantised weights make vectors that depend on the other texts (cosine .993).
 * @throws LoadError
 */
export async function loadLocalModel(
  options: LocalModelOptions,
  notify: (notice: LoadNotice) => void,
): Promise<EmbedBatch> {
  const { source, weights, pooling, cacheFolder } = options;
  if (source.kind === 'folder') await requireFiles(source.folder, weights);
  const { env, pipeline } = await importPackage(options.packageName);
  env.allowRemoteModels = source.kind === 'name';
  env.allowLocalModels = source.kind === 'folder';
  env.cacheDir = cacheFolder;
  if (source.kind === 'folder') env.localModelPath = path.dirname(source.folder);
  const model = source.kind === 'folder' ? path.basename(source.folder) : source.name;
  const extract = await pipeline('feature-extraction', model, {
    dtype: weights,
    // The package tells of files that it reads from the disk as well.
    progress_callback: source.kind === 'name' ? noticesOf(notify) : () => undefined,
  }).catch((error: unknown) => {
    throw new LoadError('embedder_not_loaded', reasonOf(error), { cause: error });
  });
  return async (texts) => {
    const vectors: ArrayLike<number>[] = [];
    for (const text of texts) vectors.push((await extract(text, { pooling, normalize: false })).data);
    return vectors;
  };
}

async function requireFiles(folder: string, weights: Weights): Promise<void> {
  for (const file of [...OTHER_FILES, WEIGHT_FILES[weights]]) {
    await access(path.join(folder, file)).catch((cause: unknown) => {
      throw new LoadError('embedder_not_loaded', `there is no file ${file} in its folder`, { cause });
    });
  }
}

async function importPackage(name: string): Promise<Transformers> {
  try {
    return (await import(name)) as Transformers;
  } catch (error) {
    throw new LoadError(
      isMissing(error, name) ? 'embedder_not_installed' : 'embedder_not_loaded',
      reasonOf(error),
      {
        cause: error,
      },
    );
  }
}

/** The package itself is not there, rather than something that it needs. */
function isMissing(error: unknown, name: string): boolean {
  const { code, message } = error as { readonly code?: unknown; readonly message?: unknown };
  return /MODULE_NOT_FOUND$/.test(String(code)) && String(message).includes(`'${name}'`);
}

/** One notice a file and step: the package tells every piece that comes in. */
function noticesOf(notify: (notice: LoadNotice) => void): (progress: Progress) => void {
  const told = new Map<string, number>();
  return ({ status, file, progress }) => {
    if (status !== 'progress' || file === undefined || progress === undefined) return;
    const step = Math.floor(progress / NOTICE_STEP) * NOTICE_STEP;
    if (step <= (told.get(file) ?? -1)) return;
    told.set(file, step);
    notify({ file, percent: step });
  };
}

function reasonOf(error: unknown): string {
  const said = String((error as { readonly message?: unknown }).message);
  return said.replaceAll(/\s+/g, ' ').slice(0, REASON_LENGTH).toWellFormed();
}
