import { BroadcastChannel } from 'node:worker_threads';
import { afterEach, describe, expect, jest, test } from '@jest/globals';
import type { EmbedOptions, Embedder } from '../../../backbone/models/embedder.ts';
import { openUseLite, type UseLiteOptions } from '../../../backbone/models/use-lite.ts';
import { serve, type BatchReply, type BatchRequest } from '../../../backbone/models/embedding-worker.ts';

const FAKE = new URL('../../fixtures/models/fake-model.mjs', import.meta.url);

const never = new AbortController().signal;
const passage: EmbedOptions = { kind: 'passage', signal: never };
const query: EmbedOptions = { kind: 'query', signal: never };

const opened: Embedder[] = [];
const open = (options: UseLiteOptions = {}): Embedder => {
  const embedder = openUseLite({ workerUrl: FAKE, ...options });
  opened.push(embedder);
  return embedder;
};

afterEach(async () => {
  await Promise.all(opened.splice(0).map((embedder) => embedder.close()));
});

/** Length of the text a fake vector was made from, and of the batch it came in. */
const origin = (vector: Float32Array | undefined): { length: number; batch: number } => {
  const [first = 0, second = 0] = vector ?? [];
  return { length: first, batch: second };
};
const ratio = (vector: Float32Array | undefined): number => origin(vector).length / origin(vector).batch;

describe('batches', () => {
  test('answer one unit vector a text, in the order of the texts', async () => {
    const texts = ['ccc', 'a', 'bb', 'dddd'];
    const vectors = await open().embed(texts, passage);
    expect(vectors.map(ratio)).toEqual([3 / 4, 1 / 4, 2 / 4, 4 / 4].map((value) => expect.closeTo(value, 5)));
    for (const vector of vectors) expect(Math.hypot(...vector)).toBeCloseTo(1, 5);
  });

  test('hold at most four texts, and tell the progress', async () => {
    const done: number[] = [];
    const onProgress = (count: number): number => done.push(count);
    const texts = Array.from({ length: 10 }, () => 'x');
    await open({ threads: 1 }).embed(texts, { ...passage, onProgress });
    expect(done).toEqual([3, 7, 10]);
  });

  test('cut texts that are longer than what the model reads', async () => {
    const [vector] = await open().embed(['x'.repeat(1_000_000)], passage);
    expect(ratio(vector)).toBeCloseTo(2_400, 0);
  });

  test('of no texts are none', async () => {
    expect(await open().embed([], passage)).toEqual([]);
  });

  test('blank texts are refused before they reach the model', async () => {
    await expect(open().embed(['a', ' \n'], passage)).rejects.toThrow(RangeError);
  });

  test('an answer nobody waits for is passed over', async () => {
    expect(await open().embed(['stale'], passage)).toHaveLength(1);
  });
});

describe('order', () => {
  test('queries go before passages that wait', async () => {
    const embedder = open({ threads: 1 });
    const order: string[] = [];
    const log = (name: string) => (): number => order.push(name);
    await Promise.all([
      embedder.embed(['first'], passage).then(log('first')),
      embedder.embed(['second'], passage).then(log('second')),
      embedder.embed(['query'], query).then(log('query')),
    ]);
    expect(order).toEqual(['first', 'query', 'second']);
  });

  test('more than may wait are asked to come back', async () => {
    const embedder = open({ threads: 1, maxWaiting: 1 });
    const running = embedder.embed(['a'], passage);
    const waiting = embedder.embed(['b'], passage);
    await expect(embedder.embed(['c'], passage)).rejects.toMatchObject({
      code: 'embedder_throttled',
      retryAfterMs: 5_000,
    });
    await Promise.all([running, waiting]);
  });
});

describe('threads', () => {
  const manyTexts = Array.from({ length: 40 }, (_, index) => 'x'.repeat(index + 1));

  test('share the batches, and the vectors come in the order of the texts', async () => {
    const vectors = await open({ threads: 2 }).embed(manyTexts, passage);
    expect(vectors.map((vector) => Math.round(ratio(vector) * 4))).toEqual(
      manyTexts.map((text) => text.length),
    );
  });

  test('are as many as have work: a batch that hangs does not hold up the next', async () => {
    const embedder = open({ threads: 2 });
    const abort = new AbortController();
    const hanging = embedder.embed(['hang'], { ...passage, signal: abort.signal });
    expect(await embedder.embed(manyTexts, passage)).toHaveLength(40);
    abort.abort(new Error('cancelled'));
    await expect(hanging).rejects.toThrow('cancelled');
  });

  test('a fault in one of them fails the text’s call alone, not what runs on the other', async () => {
    const embedder = open({ threads: 2 });
    const [dying, other] = await Promise.allSettled([
      embedder.embed(['fail'], passage),
      embedder.embed(['a'], passage),
    ]);
    expect(dying).toMatchObject({ status: 'rejected', reason: { code: 'embedder_unavailable' } });
    expect(other).toMatchObject({ status: 'fulfilled' });
  });

  test('beside the first end when nobody needs them, and start again', async () => {
    const started = new Set<unknown>();
    const channel = new BroadcastChannel('fake-model');
    channel.onmessage = ({ data }: { data: unknown }) => started.add(data);
    const embedder = open({ threads: 2, idleMs: 0 });
    while (started.size < 4) expect(await embedder.embed(manyTexts, passage)).toHaveLength(40);
    channel.close();
  });
});

describe('cancellation', () => {
  test('a signal that was given before stops the call at once', async () => {
    const signal = AbortSignal.abort(new Error('cancelled'));
    await expect(open().embed(['a'], { ...passage, signal })).rejects.toThrow('cancelled');
  });

  test('a batch that waits is taken back', async () => {
    const embedder = open({ threads: 1 });
    const abort = new AbortController();
    const running = embedder.embed(['a'], passage);
    const waiting = embedder.embed(['b'], { ...passage, signal: abort.signal });
    abort.abort(new Error('cancelled'));
    await expect(waiting).rejects.toThrow('cancelled');
    await running;
  });

  test('a batch that runs is left behind, and no further one is sent', async () => {
    const embedder = open({ threads: 1 });
    const abort = new AbortController();
    const onProgress = jest.fn(() => abort.abort(new Error('cancelled')));
    const texts = Array.from({ length: 20 }, () => 'x');
    await expect(embedder.embed(texts, { ...passage, signal: abort.signal, onProgress })).rejects.toThrow(
      'cancelled',
    );
    expect(onProgress).toHaveBeenCalledTimes(1);
    const late = new AbortController();
    const running = embedder.embed(['a'], { ...passage, signal: late.signal });
    late.abort(new Error('cancelled'));
    await expect(running).rejects.toThrow('cancelled');
    expect(await embedder.embed(['b'], passage)).toHaveLength(1);
  });
});

describe('faults', () => {
  test.each(['die', 'throw'])(
    'a thread that ends (%s) fails everybody who waits, and a fresh one serves the next',
    async (how) => {
      const embedder = open({ threads: 1 });
      const lost = [
        embedder.embed([how], passage),
        embedder.embed(['a'], passage),
        embedder.embed(['b'], query),
      ];
      for (const result of await Promise.allSettled(lost)) {
        expect(result).toMatchObject({ status: 'rejected', reason: { code: 'embedder_unavailable' } });
      }
      expect(await embedder.embed(['a'], passage)).toHaveLength(1);
    },
  );

  test('a thread that hangs is ended', async () => {
    const embedder = open({ batchTimeoutMs: 20 });
    await expect(embedder.embed(['hang'], passage)).rejects.toMatchObject({ code: 'embedder_unavailable' });
  });

  test('an error of the model is told, and the thread goes on', async () => {
    const embedder = open();
    await expect(embedder.embed(['fail'], passage)).rejects.toMatchObject({
      code: 'embedder_unavailable',
      cause: expect.objectContaining({ message: 'no such model' }),
    });
    expect(await embedder.embed(['a'], passage)).toHaveLength(1);
  });

  test.each([
    ['short', 'the model gave 3 numbers for 1 texts'],
    ['zero', 'the model gave a vector without length'],
  ])('an answer of the wrong shape (%s) is refused', async (text, reason) => {
    await expect(open().embed([text], passage)).rejects.toMatchObject({
      code: 'embedder_refused',
      message: expect.stringContaining(reason),
    });
  });

  test('closing fails who waits and whoever comes later', async () => {
    const embedder = open();
    const waiting = [embedder.embed(['hang'], passage), embedder.embed(['a'], passage)];
    const results = Promise.allSettled(waiting);
    await embedder.close();
    for (const result of await results)
      expect(result).toMatchObject({ reason: { code: 'embedder_unavailable' } });
    await expect(embedder.embed(['a'], passage)).rejects.toMatchObject({ code: 'embedder_unavailable' });
  });

  test('closing what was never used does nothing', async () => {
    await expect(open().close()).resolves.toBeUndefined();
  });
});

test('the vectors count little for English, less when unsure and nothing elsewhere', () => {
  const embedder = open();
  expect(embedder.denseWeight('en')).toBeGreaterThan(embedder.denseWeight(null));
  expect(embedder.denseWeight(null)).toBeGreaterThan(0);
  expect(embedder.denseWeight('de')).toBe(0);
});

describe('the thread’s side', () => {
  const connect = (load: () => Promise<(texts: readonly string[]) => Promise<number[][]>>) => {
    const replies: BatchReply[] = [];
    let send: (request: BatchRequest) => void = () => undefined;
    let arrived: () => void = () => undefined;
    const port = {
      on: (_: 'message', listener: (request: BatchRequest) => void) => (send = listener),
      postMessage: (reply: BatchReply) => {
        replies.push(reply);
        arrived();
      },
    };
    serve(port, load);
    const ask = (request: BatchRequest): Promise<BatchReply | undefined> =>
      new Promise((resolve) => {
        arrived = () => resolve(replies.at(-1));
        send(request);
      });
    return ask;
  };

  test('loads the model once and answers flat vectors', async () => {
    const load = jest.fn(() =>
      Promise.resolve((texts: readonly string[]) => Promise.resolve(texts.map((text) => [text.length, 1]))),
    );
    const ask = connect(load);
    expect(await ask({ id: 1, texts: ['a', 'bb'] })).toEqual({
      id: 1,
      vectors: Float32Array.from([1, 1, 2, 1]),
    });
    expect(await ask({ id: 2, texts: ['ccc'] })).toEqual({ id: 2, vectors: Float32Array.from([3, 1]) });
    expect(load).toHaveBeenCalledTimes(1);
  });

  test('answers what went wrong', async () => {
    const ask = connect(() => Promise.reject(new Error('no weights')));
    expect(await ask({ id: 7, texts: ['a'] })).toEqual({ id: 7, error: 'Error: no weights' });
  });
});
