import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Fetcher } from '../../../backbone/fetch/fetcher.ts';
import { openFetcher } from '../../../backbone/fetch/open-fetcher.ts';
import { parseLlmUrl } from '../../../backbone/models/llm-url.ts';
import type { Llm, LlmReply } from '../../../backbone/models/llm.ts';
import { openLlm } from '../../../backbone/models/open-llm.ts';
import { startSite, type LoopbackSite } from '../../support/loopback-site.ts';

const PATH = '/v1/chat/completions';
const REQUEST = { instructions: 'Describe.', material: 'A text.', schema: { type: 'object' } };

let site: LoopbackSite;
let fetcher: Fetcher;

beforeAll(async () => {
  site = await startSite();
  fetcher = openFetcher({
    allowPrivate: [],
    callbackAllow: [],
    allowedPorts: [],
    userAgent: 'test/1',
    totalTimeoutMs: 10_000,
    connectTimeoutMs: 10_000,
    idleTimeoutMs: 10_000,
    maxRedirects: 1,
    perHostConcurrency: 1,
    perHostDelayMs: 0,
    robots: 'ignore',
  });
});

afterAll(async () => {
  await fetcher.close();
  await site.stop();
});

function opened(
  query = 'model=tiny',
  { apiKey = 's3cret', timeoutMs = 10_000, url = site.url }: Partial<Opening> = {},
): Llm {
  const llm = openLlm(`openai+${url}?${query}`, { fetcher, apiKey, timeoutMs, now });
  if (llm === null) throw new Error('There is none');
  return llm;
}

interface Opening {
  readonly apiKey: string | null;
  readonly timeoutMs: number;
  readonly url: string;
}

const now = (): number => 0;

const ask = (llm: Llm): Promise<LlmReply> => llm.ask(REQUEST, new AbortController().signal);
const completion = (content: unknown, usage?: unknown): { readonly body: string } => ({
  body: JSON.stringify({ choices: [{ message: { content } }], usage }),
});

/** Bodies of the requests that came since `before`. */
const sent = (before: number): readonly Readonly<Record<string, unknown>>[] =>
  site.requests.slice(before).map(({ body }) => JSON.parse(body.toString('utf8')) as Record<string, unknown>);

describe('a language model’s service', () => {
  test('gets instructions, material and schema, and tells what was used', async () => {
    site.on(PATH, completion('{"a":1}', { total_tokens: 42 }));
    const before = site.requests.length;
    const llm = opened('model=tiny&answer_tokens=300');
    expect(await ask(llm)).toEqual({ kind: 'answered', text: '{"a":1}', tokens: 42 });
    expect(llm).toMatchObject({ model: 'openai:tiny', answerTokens: 300 });
    expect(sent(before)).toEqual([
      {
        model: 'tiny',
        messages: [
          { role: 'system', content: 'Describe.' },
          { role: 'user', content: 'A text.' },
        ],
        response_format: {
          type: 'json_schema',
          json_schema: { name: 'answer', strict: true, schema: { type: 'object' } },
        },
        max_tokens: 300,
      },
    ]);
    expect(site.requests.at(-1)?.headers.authorization).toBe('Bearer s3cret');
    await llm.close();
  });

  test('gets no key where none is needed', async () => {
    site.on(PATH, completion('{}'));
    await ask(opened('model=tiny', { apiKey: null }));
    expect(site.requests.at(-1)?.headers.authorization).toBeUndefined();
  });

  test('that has no schemas is asked for plain JSON, from then on at once', async () => {
    const llm = opened();
    site.on(PATH, { status: 400, body: '{"error":"json_schema?"}' }, completion('{}'));
    const before = site.requests.length;
    expect(await ask(llm)).toMatchObject({ kind: 'answered' });
    expect(await ask(llm)).toMatchObject({ kind: 'answered' });
    expect(sent(before).map((body) => (body['response_format'] as { type: string }).type)).toEqual([
      'json_schema',
      'json_object',
      'json_object',
    ]);
  });

  test('that wants the newer name of the limit gets it', async () => {
    const body = '{"error":{"message":"Use max_completion_tokens instead."}}';
    site.on(PATH, { status: 400, body }, completion('{}'));
    const before = site.requests.length;
    expect(await ask(opened())).toMatchObject({ kind: 'answered' });
    expect(sent(before)[1]).toMatchObject({
      max_completion_tokens: 2000,
      response_format: { type: 'json_schema' },
    });
    expect(sent(before)[1]).not.toHaveProperty('max_tokens');
  });

  test('that refuses everything is asked three times at most', async () => {
    site.on(PATH, { status: 400, body: '{"error":"no max_completion_tokens, s3cret"}' });
    const before = site.requests.length;
    expect(await ask(opened())).toEqual({
      kind: 'failed',
      reason: 'it answered 400, no max_completion_tokens, ...',
      tokens: 0,
      restMs: 0,
    });
    expect(sent(before)).toHaveLength(3);
  });

  test.each([
    [{ status: 429, headers: { 'retry-after': '5' } }, 'it asks us to wait', 0, 5_000],
    [{ status: 401 }, 'it does not accept the key', 0, 0],
    [{ status: 403 }, 'it does not accept the key', 0, 0],
    [{ status: 500 }, 'it answered 500', 0, 0],
    [{ status: 502 }, 'it answered 502', 0, 60_000],
    [{ status: 503, body: '{"error":"loading"}' }, 'it answered 503, loading', 0, 60_000],
    [{ status: 503, headers: { 'retry-after': '7' } }, 'it answered 503', 0, 7_000],
    [{ body: '<html>' }, 'its answer is not in the form of OpenAI’s completions', null, 0],
    [{ body: '{"choices":[]}' }, 'its answer is not in the form of OpenAI’s completions', null, 0],
    [completion(null), 'its answer is not in the form of OpenAI’s completions', null, 0],
    [{ body: 'x'.repeat(1024 * 1024 + 1) }, 'its answer is larger than 1 MB', null, 0],
    [{ body: '{"choices":', partialBytes: 4, then: 'cut' as const }, 'it cannot be reached', null, 60_000],
  ])('that answers %j fails', async (answer, reason, tokens, restMs) => {
    site.on(PATH, answer);
    expect(await ask(opened())).toEqual({ kind: 'failed', reason, tokens, restMs });
  });

  test('is believed about what was used within reason only', async () => {
    site.on(PATH, completion('{}', { total_tokens: 9e15 }), completion('{}', { total_tokens: -1 }));
    const llm = opened();
    expect(await ask(llm)).toMatchObject({ tokens: 10_000_000 });
    expect(await ask(llm)).toMatchObject({ tokens: null });
  });

  test('that nobody listens at has used nothing', async () => {
    const gone = await startSite();
    await gone.stop();
    expect(await ask(opened('model=tiny', { url: gone.url }))).toEqual({
      kind: 'failed',
      reason: 'it cannot be reached',
      tokens: 0,
      restMs: 60_000,
    });
  });

  test('that is silent for too long fails', async () => {
    site.on(PATH, { silent: true });
    expect(await ask(opened('model=tiny', { timeoutMs: 50 }))).toMatchObject({
      kind: 'failed',
      tokens: null,
    });
  });

  test('is left when the job ends', async () => {
    site.on(PATH, { silent: true });
    const controller = new AbortController();
    const arrived = site.nextRequest(PATH);
    const asked = opened().ask(REQUEST, controller.signal);
    await arrived;
    controller.abort(new Error('cancelled'));
    await expect(asked).rejects.toThrow('cancelled');
  });

  test('does not hide a defect of ours', async () => {
    const broken = { ...fetcher, fetch: () => Promise.reject(new TypeError('a defect')) };
    const llm = openLlm('http://a.example?model=m', { fetcher: broken, apiKey: null, timeoutMs: 1, now });
    await expect(llm?.ask(REQUEST, new AbortController().signal)).rejects.toThrow('a defect');
  });
});

describe('an LLM_URL', () => {
  test.each([
    ['openai+https://api.example/v1?model=m', 'https://api.example/v1/chat/completions'],
    ['http://127.0.0.1:11434?model=m', 'http://127.0.0.1:11434/v1/chat/completions'],
    ['https://a.example/x/chat/completions/?model=m', 'https://a.example/x/chat/completions'],
  ])('%s leads to %s', (url, endpoint) => {
    expect(parseLlmUrl(url)).toEqual({ endpoint, model: 'm', answerTokens: 2000 });
  });

  test('none opens none', () => {
    expect(openLlm('none', { fetcher, apiKey: null, timeoutMs: 1, now })).toBeNull();
  });

  test.each([
    ['ftp://a.example', 'LLM_URL: it must be none, or begin with http:// or https://'],
    ['https://', 'it is no web address'],
    ['https://key@a.example/v1?model=m', 'the key belongs into LLM_KEY'],
    ['https://a.example/v1', 'the parameter model is missing'],
    ['https://a.example/v1?model=m&top=1', 'it has no parameter top'],
    ['https://a.example/v1?model=m&answer_tokens=many', 'answer_tokens must be a whole number'],
    ['https://a.example/v1?model=m&answer_tokens=5', 'from 200 to 32000'],
  ])('%s is refused', (url, said) => {
    expect(() => openLlm(url, { fetcher, apiKey: null, timeoutMs: 1, now })).toThrow(said);
  });
});
