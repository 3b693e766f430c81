import { setImmediate } from 'node:timers/promises';
import { afterEach, describe, expect, jest, test } from '@jest/globals';
import {
  createParsePool,
  type ParsePool,
  type ParsePoolOptions,
} from '../../../backbone/content/parsing/parse-pool.ts';
import type { ParserInput } from '../../../backbone/content/parsing/parser.ts';
import { AppError } from '../../../backbone/errors.ts';
import type { Extraction, JsonObject } from '../../../backbone/content/model.ts';

/** The parser "late" listens here. */
const FAULT_CHANNEL = 'fault-after-the-answer';

type ParserName =
  | 'sound'
  | 'endless'
  | 'greedy'
  | 'swelling'
  | 'failing'
  | 'exiting'
  | 'unsendable'
  | 'no-parser'
  | 'late'
  | 'patient';

const pools: ParsePool[] = [];

function open(options: Partial<ParsePoolOptions> = {}): ParsePool {
  const pool = createParsePool({
    threads: 1,
    maxHeapMb: 64,
    timeoutMs: 30_000,
    timeoutSetting: 'PARSE_TIMEOUT_MS',
    ...options,
  });
  pools.push(pool);
  return pool;
}

afterEach(async () => {
  await Promise.all(pools.splice(0).map((pool) => pool.close()));
});

interface Run {
  readonly text?: string | Uint8Array;
  readonly options?: JsonObject;
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
}

function run(pool: ParsePool, parser: ParserName, given: Run = {}): Promise<Extraction> {
  const input: ParserInput = {
    bytes: typeof given.text === 'object' ? given.text : Buffer.from(given.text ?? ''),
    mediaType: 'text/plain',
    declaredCharset: null,
    baseUrl: null,
    fileName: null,
    options: given.options ?? {},
  };
  return pool.parse(new URL(`../../support/parsers/${parser}.ts`, import.meta.url).href, input, {
    signal: given.signal ?? new AbortController().signal,
    onProgress: given.onProgress ?? (() => undefined),
  });
}

const textOf = (extraction: Extraction): string | undefined => extraction.blocks[0]?.text;

async function rejection(promise: Promise<unknown>): Promise<AppError> {
  const error: unknown = await promise.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof AppError)) throw new Error(`expected an AppError, got ${String(error)}`);
  return error;
}

describe('a sound parser', () => {
  test('returns what it made of the bytes', async () => {
    expect(textOf(await run(open(), 'sound', { text: 'the lamp room' }))).toBe('the lamp room');
  });

  test('reports its progress, throttled but always the end', async () => {
    const seen: number[] = [];
    const onProgress = (done: number, total: number): void => void seen.push(done / total);
    await run(open(), 'sound', { options: { reports: 5000 }, onProgress });
    expect(seen[0]).toBe(1 / 5000);
    expect(seen.at(-1)).toBe(1);
    expect(seen.length).toBeLessThan(500);
  });

  test('gets bytes that fill their buffer without a copy', async () => {
    const whole = new Uint8Array(10).fill(65);
    const { typeMetadata } = await run(open(), 'sound', { text: whole });
    expect(typeMetadata).toEqual({ byteLength: 10, bufferLength: 10 });
    expect(whole).toHaveLength(0);
  });

  test('gets a copy of a view, without what lies around it', async () => {
    const around = new Uint8Array(1000).fill(65);
    const view = around.subarray(100, 110);
    const { typeMetadata } = await run(open(), 'sound', { text: view });
    expect(typeMetadata).toEqual({ byteLength: 10, bufferLength: 10 });
    expect(view).toHaveLength(10);
  });

  test('gets a copy of shared memory', async () => {
    const shared = new Uint8Array(new SharedArrayBuffer(4)).fill(66);
    expect(textOf(await run(open(), 'sound', { text: shared }))).toBe('BBBB');
  });

  test('uses its thread again for the next file', async () => {
    const pool = open({ threads: 2 });
    await run(pool, 'sound');
    await run(pool, 'sound');
    expect(pool.threadCount).toBe(1);
  });
});

describe('a failing parser', () => {
  test('an AppError arrives with its code, sentence, hint, fields and cause', async () => {
    const error = await rejection(run(open(), 'failing', { options: { throw: 'too_many_pages' } }));
    expect(error.code).toBe('too_many_pages');
    expect(error.message).toBe('The document has 12000 pages, more than the limit of 5000.');
    expect(error.hint).toBe('Split it, or raise MAX_PAGES.');
    expect(error.fields).toEqual([{ field: 'pages', message: 'too many' }]);
    expect(error.retryAfterMs).toBe(250);
    expect(String(error.cause)).toContain('the reason');
  });

  test.each([
    ['failing', 'an odd fault'],
    ['no-parser', 'exports no function parse'],
    ['unsendable', 'could not be cloned'],
    ['exiting', 'the thread exited with 7'],
    ['greedy', 'memory limit'],
  ] as const)(
    'whatever else happens in "%s" is parser_crashed, and the next file is parsed',
    async (parser, cause) => {
      const pool = open();
      const error = await rejection(run(pool, parser, { options: { throw: 'an odd fault' } }));
      expect(error.code).toBe('parser_crashed');
      expect(String(error.cause)).toContain(cause);
      expect(textOf(await run(pool, 'sound', { text: 'after' }))).toBe('after');
    },
  );

  test('what unpacks to more than the limit outside of the heap is refused, and the next file is parsed', async () => {
    const pool = open();
    const error = await rejection(run(pool, 'swelling'));
    expect(error).toMatchObject({ code: 'file_unsafe' });
    expect(textOf(await run(pool, 'sound', { text: 'after' }))).toBe('after');
  });

  test('input that no thread can be sent rejects and leaves the thread usable', async () => {
    const pool = open();
    const options = { bad: (() => 1) as unknown as string };
    await expect(run(pool, 'sound', { options })).rejects.toThrow('could not be cloned');
    expect(textOf(await run(pool, 'sound', { text: 'after' }))).toBe('after');
    expect(pool.threadCount).toBe(1);
  });

  test('a thread that dies while it is idle is forgotten', async () => {
    const pool = open();
    expect(textOf(await run(pool, 'late', { text: 'answered' }))).toBe('answered');
    const channel = new BroadcastChannel(FAULT_CHANNEL);
    channel.postMessage('now');
    while (pool.threadCount > 0) await setImmediate();
    channel.close();
    expect(textOf(await run(pool, 'sound', { text: 'next' }))).toBe('next');
  });
});

describe('a parser that hangs', () => {
  test('is stopped when its time is over, and says how long that was', async () => {
    const error = await rejection(run(open({ timeoutMs: 300 }), 'endless'));
    expect(error.code).toBe('parser_timeout');
    expect(error.message).toBe('Reading the file took longer than 0.3 seconds.');
    expect(error.hint).toContain('PARSE_TIMEOUT_MS');
  });

  test('does not keep others from being parsed', async () => {
    const pool = open({ threads: 2 });
    const controller = new AbortController();
    const hanging = run(pool, 'endless', { signal: controller.signal });
    expect(textOf(await run(pool, 'sound', { text: 'beside it' }))).toBe('beside it');
    controller.abort(new Error('enough'));
    await expect(hanging).rejects.toThrow('enough');
  });

  test('gives its place to the file that waits behind it', async () => {
    const pool = open({ timeoutMs: 1500 });
    const hanging = rejection(run(pool, 'endless'));
    const waiting = run(pool, 'sound', { text: 'waited' });
    expect(pool.queueSize).toBe(1);
    expect((await hanging).code).toBe('parser_timeout');
    expect(textOf(await waiting)).toBe('waited');
    expect(pool.queueSize).toBe(0);
  });
});

describe('a parser that asks for more time', () => {
  test('gets it, up to the limit for that', async () => {
    const began = performance.now();
    const error = await rejection(
      run(open({ timeoutMs: 300, maxMoreTimeMs: 400 }), 'patient', { options: { more: 60_000 } }),
    );
    expect(error.code).toBe('parser_timeout');
    expect(performance.now() - began).toBeGreaterThan(690);
  });

  test('gets none where none may be given', async () => {
    const error = await rejection(run(open({ timeoutMs: 300 }), 'patient', { options: { more: 60_000 } }));
    expect(error.code).toBe('parser_timeout');
  });
});

describe('cancelling', () => {
  test('stops a running parser with the signal’s reason', async () => {
    const controller = new AbortController();
    const reason = new Error('cancelled by its owner');
    const onProgress = (): void => controller.abort(reason);
    await expect(run(open(), 'endless', { signal: controller.signal, onProgress })).rejects.toBe(reason);
  });

  test('takes a waiting file out of the queue', async () => {
    const pool = open();
    const first = new AbortController();
    const second = new AbortController();
    const hanging = run(pool, 'endless', { signal: first.signal });
    const waiting = run(pool, 'sound', { signal: second.signal });
    second.abort(new Error('not wanted'));
    await expect(waiting).rejects.toThrow('not wanted');
    expect(pool.queueSize).toBe(0);
    first.abort(new Error('enough'));
    await expect(hanging).rejects.toThrow('enough');
  });

  test('of a file that was just handed a thread leaves the thread to the next', async () => {
    const pool = open();
    const controller = new AbortController();
    const first = run(pool, 'sound');
    const waiting = run(pool, 'sound', { signal: controller.signal });
    void first.then(() => controller.abort(new Error('just now')));
    await first;
    await waiting.catch((error: unknown) => expect(String(error)).toContain('just now'));
    expect(textOf(await run(pool, 'sound', { text: 'next' }))).toBe('next');
  });

  test('before the start rejects at once', async () => {
    const reason = new Error('never mind');
    const pool = open();
    await expect(run(pool, 'sound', { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(pool.threadCount).toBe(0);
  });
});

describe('idle threads', () => {
  test('end after a while without work', async () => {
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask', 'performance'] });
    try {
      const pool = open();
      await run(pool, 'sound');
      jest.advanceTimersByTime(59_999);
      await run(pool, 'sound');
      jest.advanceTimersByTime(59_999);
      expect(pool.threadCount).toBe(1);
      jest.advanceTimersByTime(1);
      expect(pool.threadCount).toBe(0);
    } finally {
      jest.useRealTimers();
    }
  });
});

describe('closing', () => {
  test('ends what runs and what waits, and takes nothing new', async () => {
    const pool = open();
    const all = [run(pool, 'endless'), run(pool, 'sound')];
    const outcomes = Promise.allSettled(all);
    await pool.close();
    expect(await outcomes).toEqual(all.map(() => ({ status: 'rejected', reason: expect.any(DOMException) })));
    await expect(run(pool, 'sound')).rejects.toThrow('closed');
    expect(pool.threadCount).toBe(0);
  });

  test('also ends idle threads, and may be done twice', async () => {
    const pool = open();
    await run(pool, 'sound');
    await pool.close();
    await pool.close();
    expect(pool.threadCount).toBe(0);
  });
});
