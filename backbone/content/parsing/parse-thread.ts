import { Worker } from 'node:worker_threads';
import { AppError } from '../../errors.ts';
import { appErrorOf, type ParseReply, type ParseRequest } from './parse-protocol.ts';
import type { ParserEvents } from './parser.ts';

const WORKER = new URL('./parse-worker.ts', import.meta.url);

/** V8's own choice, some 48 MB, makes a thread larger by 130 MB at its peak and parsing no faster. */
const YOUNG_HEAP_MB = 16;

interface RunningTask {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: unknown) => void;
  readonly events: Required<ParserEvents>;
}

/** One worker thread that parses one file at a time and can be used again until it is ended. */
export class ParseThread {
  readonly #worker: Worker;
  readonly #exited: Promise<void>;
  readonly #onDeath: (thread: ParseThread) => void;
  #running: RunningTask | null = null;
  /** Why the thread takes no more files. */
  #death: { readonly reason: Error } | null = null;

  /** `onDeath` is called once, when the thread dies or is ended, before its file's promise rejects. */
  constructor(maxHeapMb: number, onDeath: (thread: ParseThread) => void) {
    this.#onDeath = onDeath;
    const resourceLimits = { maxOldGenerationSizeMb: maxHeapMb, maxYoungGenerationSizeMb: YOUNG_HEAP_MB };
    this.#worker = new Worker(WORKER, { resourceLimits });
    this.#worker.unref();
    this.#worker.on('message', (reply: ParseReply) => this.#receive(reply));
    this.#worker.on('error', (error) => this.#fail(new AppError('parser_crashed', { cause: error })));
    this.#exited = new Promise((resolve) => {
      this.#worker.once('exit', (code) => {
        this.#fail(new AppError('parser_crashed', { cause: new Error(`the thread exited with ${code}`) }));
        resolve();
      });
    });
  }

  get alive(): boolean {
    return this.#death === null;
  }

  /**
   * Bytes outside of the heap, which its limit does not count: what files unpack to. Answers while the thread is
   * busy. Only a thread that no longer runs refuses: it holds none, and its own events say why it ended.
   */
  offHeapBytes(): Promise<number> {
    return this.#worker.getHeapStatistics().then(
      (heap) => heap.external_memory,
      () => 0,
    );
  }

  /** Errors: what the parser refused with, or `parser_crashed`. */
  run(request: ParseRequest, events: RunningTask['events']): Promise<unknown> {
    if (this.#death !== null) return Promise.reject(this.#death.reason);
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    this.#running = { resolve, reject, events };
    this.#worker.ref();
    try {
      const { input, moved } = withMovableBytes(request.input);
      this.#worker.postMessage({ ...request, input }, moved);
    } catch (error) {
      this.#settle()?.reject(error);
    }
    return promise;
  }

  /** Stops whatever runs, at once; its promise rejects with `reason`. Resolves when the thread is gone. */
  async end(reason: Error): Promise<void> {
    this.#fail(reason);
    await this.#worker.terminate();
    await this.#exited;
  }

  #receive(reply: ParseReply): void {
    switch (reply.kind) {
      case 'progress':
        this.#running?.events.progress(reply.done, reply.total);
        return;
      case 'more-time':
        this.#running?.events.moreTime(reply.ms);
        return;
      case 'done':
        this.#settle()?.resolve(reply.result);
        return;
      case 'refused':
        this.#settle()?.reject(appErrorOf(reply.error));
        return;
      case 'crashed':
        this.#settle()?.reject(new AppError('parser_crashed', { cause: new Error(reply.cause) }));
    }
  }

  #fail(reason: Error): void {
    if (this.#death !== null) return;
    this.#death = { reason };
    this.#onDeath(this);
    this.#settle()?.reject(reason);
  }

  /** An idle thread must not keep the process from ending. */
  #settle(): RunningTask | null {
    const running = this.#running;
    this.#running = null;
    this.#worker.unref();
    return running;
  }
}

/**
 * Bytes that fill their buffer are moved to the thread. Of others a copy is: a view would take the whole
 * memory behind it along, and shared memory cannot be moved.
 */
function withMovableBytes(input: unknown): { readonly input: unknown; readonly moved: ArrayBuffer[] } {
  if (typeof input !== 'object' || input === null || !('bytes' in input)) return { input, moved: [] };
  if (!(input.bytes instanceof Uint8Array)) return { input, moved: [] };
  const { bytes } = input;
  const { buffer } = bytes;
  if (buffer instanceof ArrayBuffer && bytes.byteLength === buffer.byteLength) {
    return { input: { ...input, bytes: new Uint8Array(buffer) }, moved: [buffer] };
  }
  const copy = new Uint8Array(bytes);
  return { input: { ...input, bytes: copy }, moved: [copy.buffer] };
}
