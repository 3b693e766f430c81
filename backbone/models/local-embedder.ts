import { AppError } from '../errors.ts';
import type { EmbedOptions, Embedder } from './embedder.ts';
import { EmbeddingThreads } from './embedding-threads.ts';
import type { LoadNotice } from './embedding-worker.ts';
import { denseWeightFor } from './embedder-parameters.ts';
import type { LocalModelOptions } from './local-model.ts';
import { parseLocalModelUrl, type LocalModelUrl } from './local-model-url.ts';
import { refuseBlanks, unitVector } from './vectors.ts';

export interface LocalEmbedderOptions {
  /** Where files that were fetched are kept. */
  readonly cacheFolder: string;
  /** Told while a model is fetched. */
  readonly onNotice: (notice: LoadNotice) => void;
  /** What is imported; another one in tests. */
  readonly packageName?: string;
  readonly batchTimeoutMs?: number;
}

const PACKAGE = '@huggingface/transformers';

/** Longer than any model here reads: 512 tokens of one to six letters, but for the few that read 8,192. In UTF-16 units. */
const TEXT_LIMIT = 8_000;

/** Tokenisers of many languages are JSON files of 17 MB, which take some ten times that while they are read. */
const HEAP_MB = 1_024;
/** Starts anew with each piece of a download that is told. */
const BATCH_TIMEOUT_MS = 300_000;
const MAX_WAITING = 256;
const RETRY_AFTER_MS = 5_000;
const IDLE_MS = 60_000;

/**
 * A model on this machine by its EMBEDDER_URL (`local-model-url.ts`), in a worker thread that the first use starts. One
 * thread: the library that computes uses all cores by itself.
 * @throws AppError config_invalid
 */
export function openLocalEmbedder(url: string, options: LocalEmbedderOptions): Embedder {
  const settings = parseLocalModelUrl(url);
  const { source, weights, pooling, dimensions } = settings;
  const { cacheFolder, onNotice, packageName = PACKAGE, batchTimeoutMs = BATCH_TIMEOUT_MS } = options;
  const workerData: LocalModelOptions = { packageName, source, weights, pooling, cacheFolder };
  const threads = new EmbeddingThreads({
    workerUrl: new URL('./local-embedder-worker.ts', import.meta.url),
    workerData,
    heapMb: HEAP_MB,
    threads: 1,
    idleMs: IDLE_MS,
    batchTimeoutMs,
    maxWaiting: MAX_WAITING,
    retryAfterMs: RETRY_AFTER_MS,
    onNotice,
  });
  return {
    model: `local:${settings.model}/${weights}/${pooling}/${dimensions}`,
    dimensions,
    denseWeight: (language) => denseWeightFor(settings, language),
    embed: (texts, embedOptions) => embedAll(threads, settings, texts, embedOptions),
    probe: async () => {
      const startedAt = performance.now();
      await embedAll(threads, settings, ['probe'], {
        kind: 'query',
        signal: AbortSignal.timeout(batchTimeoutMs),
      });
      return performance.now() - startedAt;
    },
    close: () => threads.close(),
  };
}

async function embedAll(
  threads: EmbeddingThreads,
  { batchTexts, dimensions, queryPrefix, passagePrefix }: LocalModelUrl,
  texts: readonly string[],
  { kind, signal, onProgress }: EmbedOptions,
): Promise<Float32Array[]> {
  refuseBlanks(texts);
  const prefix = kind === 'query' ? queryPrefix : passagePrefix;
  const vectors: Float32Array[] = [];
  for (let at = 0; at < texts.length; at += batchTexts) {
    const batch = texts
      .slice(at, at + batchTexts)
      .map((text) => prefix + text.slice(0, TEXT_LIMIT).toWellFormed());
    const flat = await threads.run(batch, kind === 'query', signal);
    vectors.push(...unpack(flat, batch.length, dimensions));
    onProgress?.(vectors.length);
  }
  return vectors;
}

function unpack(flat: Float32Array, count: number, dimensions: number): Float32Array[] {
  if (flat.length !== count * dimensions)
    throw refused(`vectors of ${flat.length / count} numbers where ${dimensions} are expected`);
  return Array.from({ length: count }, (_, index) => {
    const vector = unitVector(flat.subarray(index * dimensions, (index + 1) * dimensions));
    if (vector === null) throw refused('a vector without length');
    return vector;
  });
}

function refused(reason: string): AppError {
  return new AppError('embedder_refused', { params: { reason: `the model gave ${reason}` } });
}
