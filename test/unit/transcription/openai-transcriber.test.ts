import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Fetcher } from '../../../backbone/fetch/fetcher.ts';
import { openFetcher } from '../../../backbone/fetch/open-fetcher.ts';
import { languageCode, readHeard } from '../../../backbone/models/heard-answer.ts';
import { openTranscriber } from '../../../backbone/models/open-transcriber.ts';
import { parseTranscriberUrl } from '../../../backbone/models/transcriber-url.ts';
import type { Heard, Transcriber } from '../../../backbone/models/transcriber.ts';
import { startSite, type LoopbackSite } from '../../support/loopback-site.ts';

const PATH = '/v1/audio/transcriptions';
const SLICE = {
  bytes: Buffer.from('sound'),
  mediaType: 'audio/wav',
  fileName: 'slice.wav',
  durationSeconds: 8,
};

let site: LoopbackSite;
let fetcher: Fetcher;
let transcriber: Transcriber;

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

beforeEach(() => {
  transcriber = opened(`${site.url}?model=tiny&language=de`);
});

function opened(url: string, timeoutMs = 10_000): Transcriber {
  const one = openTranscriber(url, { fetcher, apiKey: 's3cret', timeoutMs, now: () => 0 });
  if (one === null) throw new Error('There is none');
  return one;
}

const hear = (one = transcriber): Promise<Heard> => one.hear(SLICE, new AbortController().signal);
const bodies = (): readonly string[] =>
  site.requests.filter(({ path }) => path === PATH).map(({ body }) => body.toString('latin1'));

describe('a transcription service', () => {
  test('gets the slice, the model and the language, and answers segments with times', async () => {
    const segments = [
      { start: 4, end: 99, text: ' world ', avg_logprob: -0.5, no_speech_prob: 2 },
      { start: -1, end: 3, text: 'Hello' },
      { start: 3, end: 4, text: '  ' },
    ];
    site.on(PATH, { body: JSON.stringify({ text: 'x', language: 'German', segments }) });
    expect(await hear()).toEqual({
      language: 'de',
      segments: [
        { startSeconds: 0, endSeconds: 3, text: 'Hello', confidence: null, noSpeech: null },
        { startSeconds: 4, endSeconds: 8, text: 'world', confidence: 0.607, noSpeech: 1 },
      ],
    });
    const sent = bodies().at(-1) ?? '';
    for (const part of ['slice.wav', 'sound', 'name="model"', 'tiny', 'verbose_json', 'name="language"'])
      expect(sent).toContain(part);
    expect([transcriber.engine, transcriber.quality]).toEqual(['openai:tiny', 'normal']);
    await transcriber.close();
  });

  test('that refuses times is asked for text alone, from then on', async () => {
    const before = bodies().length;
    site.on(PATH, { status: 400, body: '{"error": "no verbose_json"}' }, { body: '{"text": " Hi "}' });
    const whole = { startSeconds: 0, endSeconds: 8, text: 'Hi', confidence: null, noSpeech: null };
    expect(await hear()).toEqual({ language: null, segments: [whole] });
    expect(await hear()).toMatchObject({ segments: [whole] });
    const formats = bodies()
      .slice(before)
      .map((body) => body.includes('verbose_json'));
    expect(formats).toEqual([true, false, false]);
  });

  test.each([
    [
      { status: 429, headers: { 'retry-after': '3' } },
      { code: 'transcriber_throttled', retryAfterMs: 3000 },
    ],
    [{ status: 503, headers: { 'retry-after': '1' } }, { code: 'transcriber_throttled' }],
    [{ status: 503 }, { code: 'transcriber_unavailable' }],
    [{ status: 500, body: '{"error": {"message": "no memory"}}' }, { code: 'transcriber_failed' }],
    [{ status: 401 }, { code: 'transcriber_unauthorized' }],
    [
      { status: 404, body: '{"error": "no model, s3cret"}' },
      { params: { reason: 'it answered 404, no model, ...' } },
    ],
    [{ status: 422 }, { params: { reason: 'it answered 422' } }],
    [{ body: 'no JSON' }, { code: 'transcriber_refused' }],
    [{ body: '{"text": 7}' }, { code: 'transcriber_refused' }],
    [{ body: 'x'.repeat(9 * 1024 * 1024) }, { params: { reason: 'its answer is larger than 8 MB' } }],
  ])('answering %j fails as what it means', async (answer, expected) => {
    site.on(PATH, answer);
    await expect(hear()).rejects.toMatchObject(expected);
  });

  test('that cannot be reached or says nothing is unavailable', async () => {
    await expect(hear(opened('http://127.0.0.1:1/v1?model=x'))).rejects.toMatchObject({
      code: 'transcriber_unavailable',
    });
    site.on(PATH, { silent: true });
    await expect(hear(opened(`${site.url}?model=x`, 50))).rejects.toMatchObject({
      code: 'transcriber_unavailable',
    });
  });

  test('is left when the work is stopped', async () => {
    site.on(PATH, { silent: true });
    const stopping = new AbortController();
    const asked = site.nextRequest(PATH);
    const hearing = transcriber.hear(SLICE, stopping.signal);
    await asked;
    stopping.abort(new Error('stop'));
    await expect(hearing).rejects.toThrow('stop');
  });
});

describe('a TRANSCRIBER_URL', () => {
  test('names a service, or none', () => {
    const deps = { fetcher, apiKey: null, timeoutMs: 1, now: () => 0 };
    expect(openTranscriber('none', deps)).toBeNull();
    expect(() => openTranscriber('whisper:', deps)).toThrow('TRANSCRIBER_URL');
    expect(parseTranscriberUrl('OPENAI+http://a.example/openai/v1/?model=m')).toEqual({
      endpoint: 'http://a.example/openai/v1/audio/transcriptions',
      model: 'm',
      language: null,
    });
    expect(parseTranscriberUrl('http://a.example:8080/inference')).toMatchObject({
      endpoint: 'http://a.example:8080/inference',
      model: 'whisper.cpp',
    });
    expect(parseTranscriberUrl('https://a.example/v1/audio/transcriptions?model=m').endpoint).toBe(
      'https://a.example/v1/audio/transcriptions',
    );
  });

  test.each([
    ['openai+ftp://a.example', 'no web address'],
    ['http:', 'no web address'],
    ['http://key@a.example/v1?model=m', 'TRANSCRIBER_KEY'],
    ['http://a.example/v1', 'model is missing'],
    ['http://a.example/v1?model=m&speed=2', 'no parameter speed'],
    ['http://a.example/v1?model=m&language=English', 'a code such as en'],
  ])('%s is refused and says why', (url, reason) => {
    expect(() => parseTranscriberUrl(url)).toThrow(reason);
  });
});

describe('an answer', () => {
  test('without times stands for the length that the service tells, or for none', () => {
    expect(readHeard({ text: 'a', duration: 4 }, null)?.segments).toMatchObject([{ endSeconds: 4 }]);
    expect(readHeard({ text: 'a' }, null)?.segments).toMatchObject([
      { startSeconds: null, endSeconds: null },
    ]);
    expect(readHeard({ text: ' ' }, 3)).toEqual({ segments: [], language: null });
    expect(
      readHeard({ text: '', segments: [{ start: 9, end: 1, text: 'a' }] }, null)?.segments,
    ).toMatchObject([{ startSeconds: 9, endSeconds: 9 }]);
  });

  test('names its language by code or in English', () => {
    expect(['en', 'English', 'german ', 'klingonese', ''].map(languageCode)).toEqual([
      'en',
      'en',
      'de',
      null,
      null,
    ]);
  });
});
