import { AppError } from '../errors.ts';
import type { EmbedOptions, Embedder } from './embedder.ts';
import { EmbeddingThread } from './embedding-thread.ts';
import { WORKER_ROLE } from './use-lite-worker.ts';
import { refuseBlanks, unitVector } from './vectors.ts';

export const USE_LITE_MODEL = 'universal-sentence-encoder-lite@0.2.0';
export const USE_LITE_DIMENSIONS = 512;

/**
 * Weight of its dense score for English, measured with test/samples/search.ts (recall at 1, 3, 5, 8,
 * 10 on Chroma's questions): .2 gives .565 .782 .854 .911 .921, words alone .557 .764 .868 .906 .922,
 * .35 less than either on average. The model knows no other language.
 */
const ENGLISH_WEIGHT = 0.2;
const UNKNOWN_LANGUAGE_WEIGHT = 0.1;

/** Texts a batch, and a batch's padded size in UTF-16 units: the WASM heap grows with it and never shrinks. */
const BATCH_TEXTS = 8;
const BATCH_SIZE = 4_800;

/** Longer texts are cut: the package's tokeniser is quadratic. Longest chunks with context stay below. In UTF-16 units. */
const TEXT_LIMIT = 2_400;

const BATCH_TIMEOUT_MS = 120_000;
const MAX_WAITING = 256;
const RETRY_AFTER_MS = 5_000;

export interface UseLiteOptions {
  /** Another script for the thread, for tests. */
  readonly workerUrl?: URL;
  readonly batchTimeoutMs?: number;
  readonly maxWaiting?: number;
}

/**
 * Universal Sentence Encoder lite, offline and for English, in one worker thread that is started by
 * the first use (or probe). Batches hold texts of like length; the signal is heard between them.
 */
export function openUseLite(options: UseLiteOptions = {}): Embedder {
  const thread = new EmbeddingThread({
    workerUrl: options.workerUrl ?? new URL('./use-lite-worker.ts', import.meta.url),
    workerData: WORKER_ROLE,
    batchTimeoutMs: options.batchTimeoutMs ?? BATCH_TIMEOUT_MS,
    maxWaiting: options.maxWaiting ?? MAX_WAITING,
    retryAfterMs: RETRY_AFTER_MS,
  });
  return {
    model: USE_LITE_MODEL,
    dimensions: USE_LITE_DIMENSIONS,
    denseWeight,
    embed: (texts, embedOptions) => embedAll(thread, texts, embedOptions),
    probe: async () => {
      const startedAt = performance.now();
      await embedAll(thread, ['probe'], { kind: 'query', signal: AbortSignal.timeout(BATCH_TIMEOUT_MS) });
      return performance.now() - startedAt;
    },
    close: () => thread.close(),
  };
}

function denseWeight(language: string | null): number {
  if (language === null) return UNKNOWN_LANGUAGE_WEIGHT;
  return language === 'en' ? ENGLISH_WEIGHT : 0;
}

async function embedAll(
  thread: EmbeddingThread,
  texts: readonly string[],
  { kind, signal, onProgress }: EmbedOptions,
): Promise<Float32Array[]> {
  refuseBlanks(texts);
  const vectors = new Map<number, Float32Array>();
  for (const batch of batchesOf(texts)) {
    const cut = batch.map((index) => (texts[index] ?? '').slice(0, TEXT_LIMIT));
    const flat = await thread.run(cut, kind === 'query', signal);
    for (const [place, vector] of unpack(flat, batch.length).entries())
      vectors.set(batch[place] ?? 0, vector);
    onProgress?.(vectors.size);
  }
  return texts.flatMap((_, index) => vectors.get(index) ?? []);
}

/** Indices of the texts, those of like length together: a batch is padded to its longest text. */
function batchesOf(texts: readonly string[]): number[][] {
  const lengthOf = (index: number): number => Math.min(TEXT_LIMIT, texts[index]?.length ?? 0);
  const byLength = texts.map((_, index) => index).sort((a, b) => lengthOf(a) - lengthOf(b) || a - b);
  const batches: number[][] = [];
  for (const index of byLength) {
    const open = batches.at(-1);
    const fits = open !== undefined && (open.length + 1) * lengthOf(index) <= BATCH_SIZE;
    if (fits && open.length < BATCH_TEXTS) open.push(index);
    else batches.push([index]);
  }
  return batches;
}

function unpack(flat: Float32Array, count: number): Float32Array[] {
  if (flat.length !== count * USE_LITE_DIMENSIONS) {
    throw unusable(`${flat.length} numbers for ${count} texts`);
  }
  return Array.from({ length: count }, (_, at) => {
    const vector = unitVector(flat.subarray(at * USE_LITE_DIMENSIONS, (at + 1) * USE_LITE_DIMENSIONS));
    if (vector === null) throw unusable('a vector without length');
    return vector;
  });
}

function unusable(reason: string): AppError {
  return new AppError('embedder_refused', { params: { reason: `the model gave ${reason}` } });
}
