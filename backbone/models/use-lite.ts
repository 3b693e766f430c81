import { availableParallelism } from 'node:os';
import { AppError } from '../errors.ts';
import type { EmbedOptions, Embedder } from './embedder.ts';
import { EmbeddingThreads } from './embedding-threads.ts';
import { WORKER_ROLE } from './use-lite-worker.ts';
import { refuseBlanks, unitVector } from './vectors.ts';

export const USE_LITE_MODEL = 'universal-sentence-encoder-lite@0.2.0';
export const USE_LITE_DIMENSIONS = 512;

/**
 * Weight of its dense score for English, measured with test/samples/search.ts (recall at 1, 3, 5, 8,
 * 10 on Chroma's questions): .1 gives .605 .846 .923 .956 .962, words alone .607 .848 .926 .960 .962,
 * .2 .606 .817 .920 .956 .965, .35 less. Vectors that average a text's windows of 128 word pieces find
 * more alone (.660 against .539 at 5 with a target of 300) and no more when fused, for twice the time.
 * The model knows no other language.
 */
const ENGLISH_WEIGHT = 0.1;
const UNKNOWN_LANGUAGE_WEIGHT = 0.05;

/** Small, since the WASM heap grows with it and never shrinks, and larger ones are hardly faster a text. */
const BATCH_TEXTS = 4;

/**
 * A text's first 128 word pieces, more than are read, were 260 to 700 characters in 750 samples of five
 * kinds of text, and of no text more than this. In UTF-16 units.
 */
const TEXT_LIMIT = 2_400;

/** Each thread takes some 120 MB while it works. */
const MAX_THREADS = 2;
const IDLE_MS = 60_000;
/** The weights lie in the WASM heap. */
const HEAP_MB = 128;

const BATCH_TIMEOUT_MS = 120_000;
const MAX_WAITING = 256;
const RETRY_AFTER_MS = 5_000;

export interface UseLiteOptions {
  /** Another script for the thread, for tests. */
  readonly workerUrl?: URL;
  readonly threads?: number;
  readonly idleMs?: number;
  readonly batchTimeoutMs?: number;
  readonly maxWaiting?: number;
}

/**
 * Universal Sentence Encoder lite, offline and for English, in one worker thread that is started by
 * the first use (or probe) and a second one while there is more to do. Batches hold texts of like
 * length; the signal is heard between them.
 */
export function openUseLite(options: UseLiteOptions = {}): Embedder {
  const threads = new EmbeddingThreads({
    workerUrl: options.workerUrl ?? new URL('./use-lite-worker.ts', import.meta.url),
    workerData: WORKER_ROLE,
    heapMb: HEAP_MB,
    threads: options.threads ?? Math.min(availableParallelism(), MAX_THREADS),
    idleMs: options.idleMs ?? IDLE_MS,
    batchTimeoutMs: options.batchTimeoutMs ?? BATCH_TIMEOUT_MS,
    maxWaiting: options.maxWaiting ?? MAX_WAITING,
    retryAfterMs: RETRY_AFTER_MS,
  });
  return {
    model: USE_LITE_MODEL,
    dimensions: USE_LITE_DIMENSIONS,
    denseWeight,
    embed: (texts, embedOptions) => embedAll(threads, texts, embedOptions),
    probe: async () => {
      const startedAt = performance.now();
      await embedAll(threads, ['probe'], { kind: 'query', signal: AbortSignal.timeout(BATCH_TIMEOUT_MS) });
      return performance.now() - startedAt;
    },
    close: () => threads.close(),
  };
}

function denseWeight(language: string | null): number {
  if (language === null) return UNKNOWN_LANGUAGE_WEIGHT;
  return language === 'en' ? ENGLISH_WEIGHT : 0;
}

/** As many batches under way as there may be threads; the first fault stops the others. */
async function embedAll(
  threads: EmbeddingThreads,
  texts: readonly string[],
  { kind, signal, onProgress }: EmbedOptions,
): Promise<Float32Array[]> {
  refuseBlanks(texts);
  const failed = new AbortController();
  const either = AbortSignal.any([signal, failed.signal]);
  const embedded: IndexedVector[] = [];
  const batches = batchesOf(texts, threads.size).values();
  const embedBatches = async (): Promise<void> => {
    for (const batch of batches) {
      const flat = await threads.run(
        batch.map(({ text }) => text),
        kind === 'query',
        either,
      );
      embedded.push(...unpack(flat, batch));
      onProgress?.(embedded.length);
    }
  };
  try {
    await Promise.all(Array.from({ length: threads.size }, embedBatches));
  } finally {
    failed.abort();
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

/**
 * Texts of like length together, since a batch is padded to its longest; the batches of like size and
 * as many for each thread, so that none waits for another at the end. Few texts are worth one thread.
 */
function batchesOf(texts: readonly string[], threads: number): IndexedText[][] {
  const byLength = texts
    .map((text, index): IndexedText => ({ index, text: text.slice(0, TEXT_LIMIT) }))
    .sort((a, b) => a.text.length - b.text.length || a.index - b.index);
  const rounds = Math.ceil(byLength.length / (threads * BATCH_TEXTS));
  const count = byLength.length <= BATCH_TEXTS ? Math.min(1, byLength.length) : rounds * threads;
  const boundary = (batch: number): number => Math.round((batch * byLength.length) / count);
  return Array.from({ length: count }, (_, batch) => byLength.slice(boundary(batch), boundary(batch + 1)));
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
