/**
 * Parsers run in threads of their own, so that a file which hangs or kills its parser costs that attempt
 * and nothing else. The pool is our own since the well-known one leaves waiting tasks unserved when a
 * thread dies while none is kept alive on purpose.
 */
import { AppError } from '../../errors.ts';
import type { Extraction } from '../model.ts';
import type { ParseRequest } from './parse-protocol.ts';
import { ParseThread } from './parse-thread.ts';
import type { ParserInput } from './parser.ts';

export interface ParsePoolOptions {
  /** Files parsed at the same time. */
  readonly threads: number;
  /**
   * Of JavaScript objects, a thread; twice as much of what files unpack to outside of the heap (byte arrays), for which the
   * file itself does not count. A file that takes more of the latter is refused as `file_unsafe`.
   */
  readonly maxHeapMb: number;
  /** For one file, from when it gets its thread. */
  readonly timeoutMs: number;
  /** The most that a parser may ask for on top, for work that takes long by its nature. None unless given. */
  readonly maxMoreTimeMs?: number;
  /** Name of the setting behind `timeoutMs`, for the message. */
  readonly timeoutSetting: string;
  /** After this long without work a thread is ended and its memory given back. */
  readonly idleMs?: number;
}

export interface ParseOptions {
  readonly signal: AbortSignal;
  /** Work done out of work known, at most some ten times a second. */
  onProgress(done: number, total: number): void;
}

export interface ParsePool {
  /**
   * Parses in a thread. `moduleUrl` is the `file:` URL of a module of ours that exports `parse`. Bytes that
   * fill their buffer are moved to the thread, so that a large file is in memory once, and the caller's are
   * empty afterwards; a view of a larger buffer is copied. Errors: whatever AppError the parser throws;
   * `parser_crashed`, `parser_timeout`, `file_unsafe`; the signal's reason.
   */
  parse(moduleUrl: string, input: ParserInput, options: ParseOptions): Promise<Extraction>;
  /** The same for any other work that would block the event loop. */
  run<T>(request: ParseRequest, options: ParseOptions): Promise<T>;
  /** Files that wait for a thread. Callers bound it: they hold the bytes. */
  readonly queueSize: number;
  /** Threads that exist, busy or idle. */
  readonly threadCount: number;
  /** Ends all threads at once; what runs or waits rejects with an `AbortError`. */
  close(): Promise<void>;
}

export function createParsePool(options: ParsePoolOptions): ParsePool {
  return new ThreadPool(options);
}

const DEFAULT_IDLE_MS = 60_000;
const MEBIBYTE = 1024 * 1024;
/** What unpacks grows by some hundred megabytes a second, and asking costs next to nothing. */
const MEMORY_CHECK_MS = 200;
/** Of `maxHeapMb`: drawing a page for text recognition takes some hundred megabytes. */
const OFF_HEAP_SHARE = 2;
/** Readers of honest files hold their bytes a few times: as they came, as a copy, as text. */
const COPIES_OF_INPUT = 4;

interface WaitingTask {
  readonly start: (thread: ParseThread) => void;
  readonly reject: (reason: unknown) => void;
}

class ThreadPool implements ParsePool {
  readonly #options: ParsePoolOptions;
  readonly #waiting = new Set<WaitingTask>();
  readonly #threads = new Set<ParseThread>();
  /** Idle threads, each with the timer that will end it. */
  readonly #idle = new Map<ParseThread, NodeJS.Timeout>();
  readonly #ending = new Set<Promise<void>>();
  #closed = false;

  constructor(options: ParsePoolOptions) {
    this.#options = options;
  }

  get queueSize(): number {
    return this.#waiting.size;
  }

  get threadCount(): number {
    return this.#threads.size;
  }

  parse(moduleUrl: string, input: ParserInput, options: ParseOptions): Promise<Extraction> {
    return this.run<Extraction>({ moduleUrl, exportName: 'parse', input }, options);
  }

  async run<T>(request: ParseRequest, options: ParseOptions): Promise<T> {
    const { signal } = options;
    signal.throwIfAborted();
    if (this.#closed) throw closedReason();
    const thread = await this.#acquire(signal);
    const stop = (): void => this.#end(thread, signal.reason as Error);
    const timeOut = (): void => this.#end(thread, this.#timeout());
    let timer = setTimeout(timeOut, this.#options.timeoutMs);
    const moreTime = (ms: number): void => {
      clearTimeout(timer);
      timer = setTimeout(timeOut, this.#options.timeoutMs + this.#granted(ms));
    };
    const stopWatching = this.#watchMemory(thread, request);
    signal.addEventListener('abort', stop, { once: true });
    try {
      signal.throwIfAborted();
      return (await thread.run(request, {
        progress: (done, total) => options.onProgress(done, total),
        moreTime,
      })) as T;
    } finally {
      clearTimeout(timer);
      stopWatching();
      signal.removeEventListener('abort', stop);
      this.#release(thread);
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const task of this.#waiting) task.reject(closedReason());
    this.#waiting.clear();
    for (const thread of this.#threads) this.#end(thread, closedReason());
    await Promise.all(this.#ending);
  }

  /** A thread that is idle, or a new one, or the next that becomes free. */
  #acquire(signal: AbortSignal): Promise<ParseThread> {
    const thread = this.#takeIdle() ?? this.#startThread();
    if (thread !== null) return Promise.resolve(thread);
    const { promise, resolve, reject } = Promise.withResolvers<ParseThread>();
    const cancel = (): void => {
      this.#waiting.delete(task);
      reject(signal.reason as Error);
    };
    const task: WaitingTask = {
      start: (free) => {
        signal.removeEventListener('abort', cancel);
        resolve(free);
      },
      reject,
    };
    signal.addEventListener('abort', cancel, { once: true });
    this.#waiting.add(task);
    return promise;
  }

  #takeIdle(): ParseThread | null {
    const [entry] = this.#idle;
    if (entry === undefined) return null;
    const [thread, timer] = entry;
    clearTimeout(timer);
    this.#idle.delete(thread);
    return thread;
  }

  #startThread(): ParseThread | null {
    if (this.#threads.size >= this.#options.threads) return null;
    const thread = new ParseThread(this.#options.maxHeapMb, (dead) => this.#forget(dead));
    this.#threads.add(thread);
    return thread;
  }

  #forget(thread: ParseThread): void {
    clearTimeout(this.#idle.get(thread));
    this.#idle.delete(thread);
    this.#threads.delete(thread);
  }

  /** Hands the thread, or a new one in the place of a dead one, to whoever has waited longest. */
  #release(thread: ParseThread): void {
    const [next] = this.#waiting;
    if (next === undefined) {
      if (thread.alive) this.#rest(thread);
      return;
    }
    const free = thread.alive ? thread : this.#startThread();
    if (free === null) return;
    this.#waiting.delete(next);
    next.start(free);
  }

  #rest(thread: ParseThread): void {
    const endIdle = (): void => this.#end(thread, closedReason());
    this.#idle.set(thread, setTimeout(endIdle, this.#options.idleMs ?? DEFAULT_IDLE_MS).unref());
  }

  /** The limit of the heap does not see byte arrays: a page of a PDF could unpack to all memory there is. */
  #watchMemory(thread: ParseThread, { input }: ParseRequest): () => void {
    const limit = OFF_HEAP_SHARE * this.#options.maxHeapMb * MEBIBYTE + COPIES_OF_INPUT * bytesIn(input);
    let watched = true;
    const look = async (): Promise<void> => {
      const bytes = await thread.offHeapBytes();
      if (watched && bytes > limit) this.#end(thread, new AppError('file_unsafe'));
    };
    const timer = setInterval(() => void look(), MEMORY_CHECK_MS);
    return () => {
      watched = false;
      clearInterval(timer);
    };
  }

  #end(thread: ParseThread, reason: Error): void {
    const gone = thread.end(reason).finally(() => this.#ending.delete(gone));
    this.#ending.add(gone);
  }

  #granted(ms: number): number {
    return Math.min(ms, this.#options.maxMoreTimeMs ?? 0);
  }

  #timeout(): AppError {
    const limit = `${this.#options.timeoutMs / 1000} seconds`;
    return new AppError('parser_timeout', { params: { limit, setting: this.#options.timeoutSetting } });
  }
}

/** Taken before they are moved to the thread, which leaves none here. */
function bytesIn(input: unknown): number {
  if (typeof input !== 'object' || input === null || !('bytes' in input)) return 0;
  return input.bytes instanceof Uint8Array ? input.bytes.byteLength : 0;
}

function closedReason(): DOMException {
  return new DOMException('The parse pool was closed.', 'AbortError');
}
