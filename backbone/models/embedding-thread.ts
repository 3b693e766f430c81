import { Worker } from 'node:worker_threads';
import { AppError } from '../errors.ts';
import type { BatchReply, BatchRequest } from './use-lite-worker.ts';

export interface EmbeddingThreadOptions {
  readonly workerUrl: URL;
  readonly workerData: string;
  /** A batch that takes longer ends the thread. */
  readonly batchTimeoutMs: number;
  /** Batches that may wait; further ones are told to come back. */
  readonly maxWaiting: number;
  readonly retryAfterMs: number;
}

interface Batch {
  readonly texts: readonly string[];
  readonly settle: (outcome: Float32Array | AppError) => void;
}

/** V8's share of the thread's memory: small, since the weights lie in the WASM heap. In MB. */
const RESOURCE_LIMITS = { maxOldGenerationSizeMb: 128, maxYoungGenerationSizeMb: 8 };

/**
 * One worker thread that embeds one batch at a time; queries go before passages. It is started by
 * the first batch, does not keep the process alive while idle, and when it dies everybody who waits
 * gets `embedder_unavailable` and the next batch starts a fresh one.
 */
export class EmbeddingThread {
  readonly #options: EmbeddingThreadOptions;
  readonly #urgent: Batch[] = [];
  readonly #waiting: Batch[] = [];
  #worker: Worker | null = null;
  #running: (Batch & { readonly id: number; readonly deadline: NodeJS.Timeout }) | null = null;
  #lastId = 0;
  #closed = false;

  constructor(options: EmbeddingThreadOptions) {
    this.#options = options;
  }

  /**
   * The batch's vectors one after the other, as the model gave them.
   * @throws AppError embedder_unavailable, embedder_throttled (too many wait); the signal's reason
   */
  run(texts: readonly string[], urgent: boolean, signal: AbortSignal): Promise<Float32Array> {
    return new Promise((resolve, reject) => {
      signal.throwIfAborted();
      if (this.#closed) throw new AppError('embedder_unavailable');
      if (this.#urgent.length + this.#waiting.length >= this.#options.maxWaiting) {
        throw new AppError('embedder_throttled', { retryAfterMs: this.#options.retryAfterMs });
      }
      const queue = urgent ? this.#urgent : this.#waiting;
      const onAbort = (): void => {
        const at = queue.indexOf(batch);
        if (at !== -1) queue.splice(at, 1);
        reject(signal.reason as Error);
      };
      const batch: Batch = {
        texts,
        settle: (outcome) => {
          signal.removeEventListener('abort', onAbort);
          if (outcome instanceof AppError) reject(outcome);
          else resolve(outcome);
        },
      };
      signal.addEventListener('abort', onAbort, { once: true });
      queue.push(batch);
      this.#next();
    });
  }

  /** Ends the thread; whoever waits gets `embedder_unavailable`. Resolves when it is gone. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#end(new AppError('embedder_unavailable'));
  }

  #next(): void {
    if (this.#running !== null) return;
    const batch = this.#urgent.shift() ?? this.#waiting.shift();
    if (batch === undefined) return;
    const worker = (this.#worker ??= this.#start());
    worker.ref();
    const id = (this.#lastId += 1);
    const deadline = setTimeout(() => {
      void this.#end(new AppError('embedder_unavailable', { cause: new Error('The batch took too long.') }));
    }, this.#options.batchTimeoutMs);
    this.#running = { ...batch, id, deadline };
    const request: BatchRequest = { id, texts: batch.texts };
    worker.postMessage(request);
  }

  #start(): Worker {
    const { workerUrl, workerData } = this.#options;
    const worker = new Worker(workerUrl, { workerData, resourceLimits: RESOURCE_LIMITS });
    const lost = (cause: unknown): void => {
      if (this.#worker === worker) void this.#end(new AppError('embedder_unavailable', { cause }));
    };
    worker.on('error', lost);
    worker.on('exit', (code) => lost(new Error(`The embedding thread ended with code ${code}.`)));
    worker.on('message', (reply: BatchReply) => {
      if (this.#worker === worker) this.#received(worker, reply);
    });
    return worker;
  }

  #received(worker: Worker, reply: BatchReply): void {
    const running = this.#running;
    if (running?.id !== reply.id) return;
    clearTimeout(running.deadline);
    this.#running = null;
    worker.unref();
    if ('error' in reply) {
      running.settle(new AppError('embedder_unavailable', { cause: new Error(reply.error) }));
    } else {
      running.settle(reply.vectors);
    }
    this.#next();
  }

  async #end(error: AppError): Promise<void> {
    const worker = this.#worker;
    const running = this.#running;
    this.#worker = null;
    this.#running = null;
    if (running !== null) clearTimeout(running.deadline);
    const lost = [
      ...(running === null ? [] : [running]),
      ...this.#urgent.splice(0),
      ...this.#waiting.splice(0),
    ];
    for (const batch of lost) batch.settle(error);
    await worker?.terminate();
  }
}
