import { Worker } from 'node:worker_threads';
import { AppError } from '../errors.ts';
import type { BatchReply, BatchRequest, LoadNotice } from './embedding-worker.ts';

export interface EmbeddingThreadsOptions {
  readonly workerUrl: URL;
  readonly workerData: unknown;
  /** V8's share of a thread's memory, in MB: small where the weights lie elsewhere, in a WASM heap or a library's own. */
  readonly heapMb: number;
  /** Told while a model is loaded. */
  readonly onNotice?: (notice: LoadNotice) => void;
  /** Threads at most, each with the model's weights of its own. */
  readonly threads: number;
  /** A thread beside the first that nobody needed for so long ends, and gives its memory back. */
  readonly idleMs: number;
  /** A batch that takes longer ends its thread. */
  readonly batchTimeoutMs: number;
  /** Batches that may wait; further ones are told to come back. */
  readonly maxWaiting: number;
  readonly retryAfterMs: number;
}

interface Batch {
  readonly texts: readonly string[];
  readonly settle: (outcome: Float32Array | AppError) => void;
}

interface Running extends Batch {
  readonly id: number;
  readonly deadline: NodeJS.Timeout;
}

interface Thread {
  readonly worker: Worker;
  running: Running | null;
  idle: NodeJS.Timeout | null;
}

const YOUNG_GENERATION_MB = 8;

/**
 * Worker threads that embed one batch at a time each; queries go before passages. A thread starts
 * when a batch finds none free, up to `threads`; the first then stays, the others end when idle.
 * Idle ones do not keep the process alive. When one dies, everybody whose batch it had or who waits
 * gets `embedder_unavailable`, and the next batch starts a fresh one.
 */
export class EmbeddingThreads {
  readonly #options: EmbeddingThreadsOptions;
  readonly #urgent: Batch[] = [];
  readonly #waiting: Batch[] = [];
  readonly #threads = new Set<Thread>();
  #lastId = 0;
  #closed = false;

  constructor(options: EmbeddingThreadsOptions) {
    this.#options = options;
  }

  /** Threads at most. */
  get size(): number {
    return this.#options.threads;
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
      this.#dispatch();
    });
  }

  /** Ends every thread; whoever waits gets `embedder_unavailable`. Resolves when they are gone. */
  async close(): Promise<void> {
    this.#closed = true;
    const error = new AppError('embedder_unavailable');
    this.#refuseWaiting(error);
    await Promise.all([...this.#threads].map((thread) => this.#end(thread, error)));
  }

  #dispatch(): void {
    while (this.#urgent.length + this.#waiting.length > 0) {
      const thread = this.#freeThread();
      if (thread === null) return;
      const batch = this.#urgent.shift() ?? this.#waiting.shift();
      if (batch !== undefined) this.#send(thread, batch);
    }
  }

  #freeThread(): Thread | null {
    for (const thread of this.#threads) if (thread.running === null) return thread;
    return this.#threads.size < this.#options.threads ? this.#start() : null;
  }

  #send(thread: Thread, batch: Batch): void {
    const { worker } = thread;
    if (thread.idle !== null) clearTimeout(thread.idle);
    worker.ref();
    const id = (this.#lastId += 1);
    const deadline = setTimeout(() => {
      this.#lose(thread, new Error('The batch took too long.'));
    }, this.#options.batchTimeoutMs);
    thread.running = { ...batch, id, deadline };
    const request: BatchRequest = { id, texts: batch.texts };
    worker.postMessage(request);
  }

  #start(): Thread {
    const { workerUrl, workerData, heapMb } = this.#options;
    const resourceLimits = { maxOldGenerationSizeMb: heapMb, maxYoungGenerationSizeMb: YOUNG_GENERATION_MB };
    const worker = new Worker(workerUrl, { workerData, resourceLimits });
    const thread: Thread = { worker, running: null, idle: null };
    this.#threads.add(thread);
    worker.on('error', (error) => this.#lose(thread, error));
    worker.on('exit', (code) =>
      this.#lose(thread, new Error(`The embedding thread ended with code ${code}.`)),
    );
    worker.on('message', (reply: BatchReply) => this.#received(thread, reply));
    return thread;
  }

  #received(thread: Thread, reply: BatchReply): void {
    const { running } = thread;
    if ('notice' in reply) {
      running?.deadline.refresh();
      this.#options.onNotice?.(reply.notice);
      return;
    }
    if (running?.id !== reply.id) return;
    clearTimeout(running.deadline);
    thread.running = null;
    thread.worker.unref();
    if ('error' in reply) {
      const { fault = 'embedder_unavailable', error: reason } = reply;
      running.settle(new AppError(fault, { params: { reason }, cause: new Error(reason) }));
    } else {
      running.settle(reply.vectors);
    }
    this.#endWhenIdle(thread);
    this.#dispatch();
  }

  #endWhenIdle(thread: Thread): void {
    const [first] = this.#threads;
    if (thread === first) return;
    thread.idle = setTimeout(() => void this.#end(thread), this.#options.idleMs).unref();
  }

  #lose(thread: Thread, cause: unknown): void {
    if (!this.#threads.has(thread)) return;
    const error = new AppError('embedder_unavailable', { cause });
    this.#refuseWaiting(error);
    void this.#end(thread, error);
  }

  #refuseWaiting(error: AppError): void {
    for (const batch of [...this.#urgent.splice(0), ...this.#waiting.splice(0)]) batch.settle(error);
  }

  async #end(thread: Thread, error = new AppError('embedder_unavailable')): Promise<void> {
    this.#threads.delete(thread);
    const { running } = thread;
    if (running !== null) clearTimeout(running.deadline);
    if (thread.idle !== null) clearTimeout(thread.idle);
    running?.settle(error);
    await thread.worker.terminate();
  }
}
