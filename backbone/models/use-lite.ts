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
  const embedded: IndexedVector[] = [];
  for (const batch of batchesOf(texts)) {
    const cut = batch.map(({ text }) => text);
    const flat = await thread.run(cut, kind === 'query', signal);
    embedded.push(...unpack(flat, batch));
    onProgress?.(embedded.length);
  }
  return embedded.sort((a, b) => a.index - b.index).map(({ vector }) => vector);
}

interface IndexedVector {
  readonly index: number;
  readonly vector: Float32Array;
}

interface IndexedText {
  readonly index: number;
  readonly text: string;
}

/** Texts of like length together, since a batch is padded to its longest. */
function batchesOf(texts: readonly string[]): IndexedText[][] {
  const byLength = texts
    .map((text, index): IndexedText => ({ index, text: text.slice(0, TEXT_LIMIT) }))
    .sort((a, b) => a.text.length - b.text.length || a.index - b.index);
  const batches: IndexedText[][] = [];
  for (const item of byLength) {
    const open = batches.at(-1);
    const fits = open !== undefined && (open.length + 1) * item.text.length <= BATCH_SIZE;
    if (fits && open.length < BATCH_TEXTS) open.push(item);
    else batches.push([item]);
  }
  return batches;
}

function unpack(flat: Float32Array, batch: readonly IndexedText[]): IndexedVector[] {
  if (flat.length !== batch.length * USE_LITE_DIMENSIONS) {
    throw unusable(`${flat.length} numbers for ${batch.length} texts`);
  }
  return batch.map(({ index }, place) => {
    const at = place * USE_LITE_DIMENSIONS;
    const vector = unitVector(flat.subarray(at, at + USE_LITE_DIMENSIONS));
    if (vector === null) throw unusable('a vector without length');
    return { index, vector };
  });
}

function unusable(reason: string): AppError {
  return new AppError('embedder_refused', { params: { reason: `the model gave ${reason}` } });
}
