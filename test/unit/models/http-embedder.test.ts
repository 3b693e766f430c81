import { Readable } from 'node:stream';
import { describe, expect, test } from '@jest/globals';
import { AppError } from '../../../backbone/errors.ts';
import type { FetchRequest, FetchResponse, Fetcher } from '../../../backbone/fetch/fetcher.ts';
import { parseEmbedderUrl } from '../../../backbone/models/embedder-url.ts';
import type { Embedder } from '../../../backbone/models/embedder.ts';
import { openHttpEmbedder } from '../../../backbone/models/http-embedder.ts';
import { openEmbedder } from '../../../backbone/models/open-embedder.ts';

const NOW = Date.UTC(2026, 0, 1);
const URL_OF_TWO = 'openai+https://s3cret@models.example/v1?model=tiny&dimensions=2&batch=2';

interface Answer {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  readonly body?: unknown;
}

class FakeFetcher implements Fetcher {
  readonly requests: FetchRequest[] = [];
  readonly #answer: (request: FetchRequest) => Answer;

  constructor(answer: (request: FetchRequest) => Answer) {
    this.#answer = answer;
  }

  async fetch(request: FetchRequest): Promise<FetchResponse> {
    this.requests.push(request);
    const { status = 200, headers = {}, body } = this.#answer(request);
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const parts = [Buffer.from(text.slice(0, 5)), Buffer.from(text.slice(5))];
    return {
      status,
      url: request.url,
      permanentUrl: request.url,
      headers,
      mediaType: 'application/json',
      charset: null,
      fileName: null,
      sizeBytes: null,
      body: Readable.from(parts),
    };
  }

  check(url: string): URL {
    return new URL(url);
  }

  async close(): Promise<void> {
    await Promise.resolve();
  }
}

const inputOf = (request: FetchRequest): string[] =>
  (JSON.parse(String(request.body)) as { input: string[] }).input;
/** Vectors of the texts' lengths, in reverse order. */
const lengths = (request: FetchRequest): Answer => ({
  body: {
    data: inputOf(request)
      .map((text, index) => ({ index, embedding: [text.length, 1] }))
      .reverse(),
  },
});

const open = (
  answer: (request: FetchRequest) => Answer,
  url = URL_OF_TWO,
): { embedder: Embedder; fetcher: FakeFetcher } => {
  const fetcher = new FakeFetcher(answer);
  return { embedder: openHttpEmbedder(url, { fetcher, now: () => NOW }), fetcher };
};
const options = { kind: 'passage', signal: new AbortController().signal } as const;
const failure = (answer: Answer, texts = ['a']): Promise<unknown> =>
  open(() => answer)
    .embedder.embed(texts, options)
    .catch((error: unknown) => error);

describe('a request', () => {
  test('is sent as OpenAI’s interface wants it, the key in its header alone', async () => {
    const { embedder, fetcher } = open(lengths);
    await embedder.embed(['hello'], options);
    const [request] = fetcher.requests;
    expect(request).toMatchObject({
      url: 'https://models.example/v1/embeddings',
      purpose: 'service',
      method: 'POST',
      headers: { authorization: 'Bearer s3cret', 'content-type': 'application/json' },
    });
    expect(JSON.parse(String(request?.body))).toEqual({
      model: 'tiny',
      input: ['hello'],
      encoding_format: 'float',
    });
  });

  test('holds no key when there is none', async () => {
    const { embedder, fetcher } = open(lengths, 'http://127.0.0.1:11434/v1?model=tiny&dimensions=2');
    await embedder.embed(['hello'], options);
    expect(fetcher.requests[0]?.headers).not.toHaveProperty('authorization');
  });

  test.each([
    [
      'its setting when the URL holds none',
      'https://models.example/v1?model=tiny&dimensions=2',
      'Bearer own',
    ],
    ['the URL when both hold one', URL_OF_TWO, 'Bearer s3cret'],
  ])('takes the key from %s', async (_, url, authorization) => {
    const fetcher = new FakeFetcher(lengths);
    await openHttpEmbedder(url, { fetcher, key: 'own', now: () => NOW }).embed(['hello'], options);
    expect(fetcher.requests[0]?.headers).toMatchObject({ authorization });
  });

  test('asks for fewer dimensions of a model that gives more', async () => {
    const { embedder, fetcher } = open(
      () => ({ body: { data: [{ index: 0, embedding: [1, 2, 3] }] } }),
      'https://models.example?model=text-embedding-3-small&dimensions=3',
    );
    await embedder.embed(['a'], options);
    expect(JSON.parse(String(fetcher.requests[0]?.body))).toMatchObject({ dimensions: 3 });
  });

  test('holds as many texts as a batch may, and tells the progress', async () => {
    const { embedder, fetcher } = open(lengths);
    const done: number[] = [];
    await embedder.embed(['a', 'b', 'c', 'd', 'e'], { ...options, onProgress: (count) => done.push(count) });
    expect(fetcher.requests.map(inputOf)).toEqual([['a', 'b'], ['c', 'd'], ['e']]);
    expect(done).toEqual([2, 4, 5]);
  });

  test('holds no more text than services take', async () => {
    const { embedder, fetcher } = open(lengths, 'https://models.example?model=tiny&dimensions=2');
    await embedder.embed(
      Array.from({ length: 40 }, () => 'x'.repeat(100_000)),
      options,
    );
    expect(fetcher.requests.map((request) => inputOf(request).length)).toEqual([31, 9]);
    expect(inputOf(fetcher.requests[0] as FetchRequest)[0]).toHaveLength(8_000);
  });

  test('puts the prefix of its kind before each text', async () => {
    const { embedder, fetcher } = open(
      lengths,
      `${URL_OF_TWO}&query_prefix=query%3A%20&passage_prefix=passage%3A%20`,
    );
    await embedder.embed(['a'], { ...options, kind: 'query' });
    await embedder.embed(['a'], options);
    expect(fetcher.requests.map(inputOf)).toEqual([['query: a'], ['passage: a']]);
  });

  test('is not made for blank texts or after cancellation', async () => {
    const { embedder, fetcher } = open(lengths);
    await expect(embedder.embed([' '], options)).rejects.toThrow(RangeError);
    const signal = AbortSignal.abort(new Error('cancelled'));
    await expect(embedder.embed(['a'], { ...options, signal })).rejects.toThrow('cancelled');
    expect(fetcher.requests).toEqual([]);
  });
});

describe('an answer', () => {
  test('is sorted by index and normalised', async () => {
    const vectors = await open(lengths).embedder.embed(['aaa', 'a'], options);
    expect(vectors.map((vector) => [...vector])).toEqual([
      [expect.closeTo(3 / Math.sqrt(10), 5), expect.closeTo(1 / Math.sqrt(10), 5)],
      [expect.closeTo(Math.SQRT1_2, 5), expect.closeTo(Math.SQRT1_2, 5)],
    ]);
  });

  test('without indices is taken in its order', async () => {
    const { embedder } = open(() => ({ body: { data: [{ embedding: [1, 0] }, { embedding: [0, 1] }] } }));
    expect((await embedder.embed(['a', 'b'], options)).map((vector) => [...vector])).toEqual([
      [1, 0],
      [0, 1],
    ]);
  });

  test.each([
    ['too few vectors', { data: [{ index: 0, embedding: [1, 0] }] }, 'it gave 1 vectors for 2 texts'],
    [
      'an index twice',
      {
        data: [
          { index: 0, embedding: [1, 0] },
          { index: 0, embedding: [1, 0] },
        ],
      },
      'it gave 2 vectors for 2 texts',
    ],
    [
      'a strange index',
      {
        data: [
          { index: 5, embedding: [1, 0] },
          { index: 0, embedding: [1, 0] },
        ],
      },
      '0 numbers a vector where 2',
    ],
    [
      'another dimension',
      {
        data: [
          { index: 0, embedding: [1] },
          { index: 1, embedding: [1] },
        ],
      },
      'it gave 1 numbers a vector where 2 are expected',
    ],
    [
      'zeros',
      {
        data: [
          { index: 0, embedding: [0, 0] },
          { index: 1, embedding: [1, 0] },
        ],
      },
      'a vector without length',
    ],
    ['another form', { vectors: [] }, 'not in the form'],
    ['no JSON', '<html>', 'not in the form'],
  ])('with %s is refused', async (_, body, reason) => {
    expect(await failure({ body }, ['a', 'b'])).toMatchObject({
      code: 'embedder_refused',
      message: expect.stringContaining(reason),
    });
  });
});

describe('a failure', () => {
  test.each([
    [{ 'retry-after': '7' }, 7_000],
    [{ 'retry-after': new Date(NOW + 30_000).toUTCString() }, 30_000],
    [{ 'retry-after': new Date(NOW - 30_000).toUTCString() }, 0],
    [{ 'retry-after': '999999' }, 3_600_000],
    [{ 'retry-after': 'soon' }, 10_000],
    [{}, 10_000],
  ])('429 with %j waits %i ms', async (headers, retryAfterMs) => {
    expect(await failure({ status: 429, headers, body: {} })).toMatchObject({
      code: 'embedder_throttled',
      retryAfterMs,
    });
  });

  test('503 waits when told how long, else the service is down', async () => {
    expect(await failure({ status: 503, headers: { 'retry-after': '1' }, body: '' })).toMatchObject({
      code: 'embedder_throttled',
    });
    expect(await failure({ status: 503, body: '' })).toMatchObject({ code: 'embedder_unavailable' });
  });

  test.each([400, 401, 403, 404, 413])('%i is refused with the service’s words', async (status) => {
    expect(await failure({ status, body: { error: { message: 'Bad  thing' } } })).toMatchObject({
      code: 'embedder_refused',
      message: expect.stringContaining(`it answered ${status}, Bad thing`),
    });
  });

  test('never repeats the key', async () => {
    const error = await failure({ status: 401, body: { error: 'Incorrect key: s3cret.' } });
    expect((error as Error).message).toContain('Incorrect key: ...');
  });

  test('of a service without a key is told as it is', async () => {
    const { embedder } = open(
      () => ({ status: 400, body: { error: 'No.' } }),
      'http://127.0.0.1/v1?model=tiny&dimensions=2',
    );
    await expect(embedder.embed(['a'], options)).rejects.toThrow('it answered 400, No.');
  });

  test('without words is told by its number', async () => {
    expect((await failure({ status: 400, body: 'x' })) as Error).toMatchObject({
      message: expect.stringMatching(/it answered 400\.$/),
    });
  });

  test.each([500, 502])('%i means the service is down', async (status) => {
    expect(await failure({ status, body: 'oops' })).toMatchObject({ code: 'embedder_unavailable' });
  });

  test('of the network means the service is down', async () => {
    const { embedder } = open(() => {
      throw new AppError('connection_refused', { params: { host: 'models.example' } });
    });
    await expect(embedder.embed(['a'], options)).rejects.toMatchObject({
      code: 'embedder_unavailable',
      cause: expect.objectContaining({ code: 'connection_refused' }),
    });
  });

  test('by cancellation keeps its reason', async () => {
    const abort = new AbortController();
    const { embedder } = open(() => {
      abort.abort(new Error('cancelled'));
      throw new AppError('connection_failed');
    });
    await expect(embedder.embed(['a'], { ...options, signal: abort.signal })).rejects.toThrow('cancelled');
  });
});

describe('an embedder by URL', () => {
  test('names its model with the dimensions, probes and closes', async () => {
    const { embedder } = open(lengths);
    expect([embedder.model, embedder.dimensions]).toEqual(['tiny/2', 2]);
    expect(await embedder.probe()).toBeGreaterThanOrEqual(0);
    await embedder.close();
  });

  test('weighs as its URL says, for the languages it names', () => {
    const all = open(lengths).embedder;
    expect([all.denseWeight('en'), all.denseWeight('zh'), all.denseWeight(null)]).toEqual([0.5, 0.5, 0.5]);
    const some = open(lengths, `${URL_OF_TWO}&dense_weight=.7&languages=en,%20DE`).embedder;
    expect([some.denseWeight('de'), some.denseWeight('fr'), some.denseWeight(null)]).toEqual([0.7, 0, 0.7]);
  });
});

describe('the address', () => {
  test.each([
    ['https://h?model=text-embedding-3-small', 'https://h/v1/embeddings', 1536],
    ['https://h/api/?model=bge-m3', 'https://h/api/embeddings', 1024],
    ['http://h:1/v1/embeddings?model=nomic-embed-text:latest', 'http://h:1/v1/embeddings', 768],
  ])('%s', (url, endpoint, dimensions) => {
    expect(parseEmbedderUrl(url)).toMatchObject({ endpoint, dimensions, apiKey: null, shortened: false });
  });

  test('may hold a key with encoded characters, as user or as password', () => {
    expect(parseEmbedderUrl('https://a%2Fb@h?model=bge-m3').apiKey).toBe('a/b');
    expect(parseEmbedderUrl('https://:key@h?model=bge-m3').apiKey).toBe('key');
  });

  test.each([
    ['nonsense', 'it is no web address'],
    ['ftp://h?model=bge-m3', 'it is no web address'],
    ['https://h', 'the parameter model is missing; the parameter dimensions is missing'],
    ['https://h?model=bge-m3&speed=9', 'it has no parameter speed'],
    ['https://h?model=bge-m3&dimensions=0', 'dimensions must be a whole number from 1 to 16000'],
    ['https://h?model=bge-m3&dimensions=1.5', 'dimensions must be a whole number'],
    ['https://h?model=bge-m3&dense_weight=2', 'dense_weight must be a number from 0 to 1'],
    ['https://h?model=bge-m3&batch=', 'batch must be a whole number'],
    ['https://h?model=bge-m3&batch=many', 'batch must be a whole number'],
    ['https://k%0Aey@h?model=bge-m3', 'the key has characters that cannot be sent'],
    ['https://k%zzey@h?model=bge-m3', 'the key has characters that cannot be sent'],
  ])('%s is refused', (url, fault) => {
    expect(() => parseEmbedderUrl(url)).toThrow(fault);
  });
});

describe('opening', () => {
  const fetcher = new FakeFetcher(lengths);

  test.each([
    ['use-lite:', 'universal-sentence-encoder-lite@0.2.0'],
    ['http://h?model=bge-m3', 'bge-m3/1024'],
    ['openai+https://k@h/v1?model=bge-m3', 'bge-m3/1024'],
  ])('%s gives %s', async (url, model) => {
    const embedder = openEmbedder(url, { fetcher, local: { cacheFolder: '', onNotice: () => undefined } });
    expect(embedder.model).toBe(model);
    await embedder.close();
  });

  test.each(['', 'bert', 'file:///model'])('“%s” is refused', (url) => {
    expect(() =>
      openEmbedder(url, { fetcher, local: { cacheFolder: '', onNotice: () => undefined } }),
    ).toThrow('EMBEDDER_URL: it must begin with');
  });
});
