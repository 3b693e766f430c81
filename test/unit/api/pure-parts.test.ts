import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { z } from 'zod';
import { AppError } from '../../../backbone/errors.ts';
import { attachment, etagMatches, etagOf, rangeOf, safeMediaType } from '../../../backbone/api/byte-range.ts';
import { parserProblem } from '../../../backbone/api/http-faults.ts';
import { canonicalJson, requestHash } from '../../../backbone/api/idempotency.ts';
import { parseJson } from '../../../backbone/api/json-body.ts';
import { keyIn } from '../../../backbone/api/middleware/authenticate.ts';
import { requestIdOf } from '../../../backbone/api/middleware/request-id.ts';
import { traceparentOf } from '../../../backbone/api/middleware/traceparent.ts';
import { presentEvent, presentJob } from '../../../backbone/api/presenters.ts';
import { fieldErrorsOf, problemOf, retryAfterSeconds } from '../../../backbone/api/problem.ts';
import { queryKinds, readQuery } from '../../../backbone/api/query-values.ts';
import { createReadiness } from '../../../backbone/api/readiness.ts';
import { isLoopback } from '../../../backbone/api/server.ts';
import { createStreamSlots } from '../../../backbone/api/stream-slots.ts';
import type { JobRow } from '../../../backbone/stores/records/entities.ts';
import { createFakeJobs, NOON } from '../../support/fake-jobs.ts';

describe('byte ranges', () => {
  test.each([
    [undefined, 'whole'],
    ['bytes=0-3', { start: 0, end: 3 }],
    ['bytes=4-', { start: 4, end: 9 }],
    ['bytes=-3', { start: 7, end: 9 }],
    ['bytes=-30', { start: 0, end: 9 }],
    ['bytes=5-100', { start: 5, end: 9 }],
    ['bytes=10-', 'unsatisfiable'],
    ['bytes=-0', 'unsatisfiable'],
    ['bytes=5-2', 'whole'],
    ['bytes=-', 'whole'],
    ['bytes=0-1,3-4', 'whole'],
    ['lines=0-1', 'whole'],
  ])('of ten bytes: %s', (header, expected) => {
    expect(rangeOf(header, 10)).toEqual(expected);
  });

  test('lie inside the file, whatever is asked', () => {
    fc.assert(
      fc.property(fc.string(), fc.nat(100), (text, size) => {
        const range = rangeOf(`bytes=${text}`, size);
        if (typeof range === 'object') {
          expect(range.start).toBeGreaterThanOrEqual(0);
          expect(range.end).toBeLessThan(size);
          expect(range.start).toBeLessThanOrEqual(range.end);
        }
      }),
    );
  });
});

describe('headers of files', () => {
  test('have an entity tag from the hash, or from the key where there is none', () => {
    expect(etagOf({ sha256: 'abc', key: 'k' })).toBe('"abc"');
    expect(etagOf({ sha256: null, key: 'k' })).toMatch(/^"[0-9a-f]{64}"$/);
  });

  test.each([
    [undefined, false],
    ['"a"', true],
    ['W/"a"', true],
    ['"b", "a"', true],
    ['*', true],
    ['"b"', false],
  ])('match If-None-Match %s', (header, expected) => {
    expect(etagMatches(header, '"a"')).toBe(expected);
  });

  test('carry the file name in both forms', () => {
    expect(attachment('Bericht "ä"/\n.pdf')).toBe(
      `attachment; filename="Bericht _____.pdf"; filename*=UTF-8''Bericht%20%22%C3%A4%22__.pdf`,
    );
    expect(attachment(null)).toContain('filename="file"');
  });

  test('never hold what would end a header, whatever the file is called', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (name) => {
        expect(attachment(name)).toMatch(
          /^attachment; filename="[^"\\\r\n]*"; filename\*=UTF-8''[\w.~!$&+^`|#%-]*$/,
        );
      }),
    );
  });

  test('fall back to bytes when the media type is none', () => {
    expect(safeMediaType('text/html')).toBe('text/html');
    expect(safeMediaType('text/html\r\nx: y')).toBe('application/octet-stream');
  });
});

describe('JSON from outside', () => {
  const fault = (text: string): AppError => {
    try {
      parseJson(Buffer.from(text));
    } catch (error) {
      if (error instanceof AppError) return error;
    }
    throw new Error('it was accepted');
  };

  test.each(['', '{', '{"a":1}x', '\ufeff'])('that is none is malformed: %j', (text) => {
    expect(fault(text).code).toBe('malformed_json');
  });

  test('that is not UTF-8 is malformed', () => {
    expect(() => parseJson(Buffer.from([0x22, 0xff, 0x22]))).toThrow('not valid JSON');
  });

  test.each([
    ['a NUL', '{"a":{"b":["x","\\u0000"]}}', 'a.b.1'],
    ['half a surrogate pair', '{"a":"\\ud800"}', 'a'],
    ['a prototype', '{"a":{"__proto__":{}}}', 'a'],
    ['a NUL in a name', '{"a":{"\\u0000":1}}', 'a'],
  ])('with %s names the field', (_what, text, field) => {
    expect(fault(text)).toMatchObject({ code: 'invalid_request', fields: [{ field }] });
  });

  test('that is nested a thousand deep is refused without recursion', () => {
    expect(fault('['.repeat(100_000) + ']'.repeat(100_000)).fields[0]?.message).toBe('is nested too deeply');
  });

  test('with too many values is refused', () => {
    expect(fault(`[${'1,'.repeat(250_000)}1]`).fields[0]?.message).toBe('has too many values');
  });

  test('may use names that only look dangerous', () => {
    expect(parseJson(Buffer.from('{"constructor":1,"toString":2}'))).toEqual({ constructor: 1, toString: 2 });
  });
});

describe('query strings', () => {
  const schema = z.strictObject({
    text: z.string().optional(),
    count: z.int().default(1),
    share: z.number().optional(),
    flag: z.boolean().optional(),
    list: z.array(z.string()).optional(),
  });
  const read = (text: string): ReturnType<typeof readQuery> =>
    readQuery(queryKinds(schema), new URLSearchParams(text));

  test('become what the schema says', () => {
    expect(read('text=5&count=5&share=.5&flag=true&list=a,b&list=c').values).toEqual({
      text: '5',
      count: 5,
      share: '.5',
      flag: true,
      list: ['a', 'b', 'c'],
    });
    expect(read('share=0.5&flag=false&count=-3').values).toEqual({ share: 0.5, flag: false, count: -3 });
  });

  test.each(['count=', 'count=1e3', 'count=0x10', 'flag=yes', 'flag=1'])(
    'leave %s for the schema to refuse',
    (text) => {
      expect(schema.safeParse(read(text).values).success).toBe(false);
    },
  );

  test.each(['text=a&text=b', 'text=%00', 'unknown=%00'])('refuse %s', (text) => {
    expect(read(text).errors).toHaveLength(1);
  });

  test('cannot reach a prototype', () => {
    const { values } = read('__proto__=x');
    expect(Object.getPrototypeOf(values)).toBe(Object.prototype);
  });
});

describe('problems', () => {
  test('carry code, sentence, hint and fields', () => {
    const error = new AppError('invalid_request', { fields: [{ field: 'url', message: 'is required' }] });
    expect(problemOf(error, 'r1')).toEqual({
      type: 'urn:content-ingestion:problem:invalid_request',
      title: 'Invalid request',
      status: 422,
      detail: error.message,
      code: 'invalid_request',
      hint: error.hint,
      errors: [{ field: 'url', message: 'is required' }],
      request_id: 'r1',
    });
  });

  test('tell when to come back', () => {
    expect(retryAfterSeconds(new AppError('not_ready'))).toBe(5);
    expect(retryAfterSeconds(new AppError('source_throttled', { retryAfterMs: 1500 }))).toBe(2);
    expect(retryAfterSeconds(new AppError('not_found'))).toBeNull();
  });

  test('put a prefix before the paths of fields', () => {
    const { error } = z.strictObject({ a: z.string() }).safeParse({ b: 1 });
    expect(error && fieldErrorsOf(error, 'items.3')).toEqual([
      { field: 'items.3.a', message: 'is required' },
      { field: 'items.3.b', message: 'is not a known field' },
    ]);
  });

  test.each([
    ['HPE_HEADER_OVERFLOW', 431],
    ['ERR_HTTP_REQUEST_TIMEOUT', 408],
    ['HPE_INVALID_METHOD', 400],
    [undefined, 400],
  ])('stand for what the parser says: %s', (code, status) => {
    expect(parserProblem(code)?.status).toBe(status);
  });

  test('are not written for connections that broke', () => {
    expect(parserProblem('ECONNRESET')).toBeNull();
    expect(parserProblem('EPIPE')).toBeNull();
  });
});

describe('small decisions', () => {
  test('canonical JSON does not depend on the order of keys', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const turned = Object.fromEntries(Object.entries(value).reverse());
        expect(canonicalJson(turned)).toBe(canonicalJson(value));
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  test('a request hash depends on method, path and body', () => {
    const request = { method: 'POST', path: '/a', body: { x: [1, 2] } };
    const others = [
      { ...request, method: 'PUT' },
      { ...request, path: '/b' },
      { ...request, body: { x: [2, 1] } },
    ];
    const hashes = [request, ...others].map(requestHash);
    expect(new Set(hashes).size).toBe(4);
  });

  test.each([
    ['00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01', true],
    ['00-00000000000000000000000000000000-b7ad6b7169203331-01', false],
    ['00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01', false],
    ['ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01', false],
    ['nonsense', false],
    [undefined, false],
  ])('a traceparent is taken only when it is one: %s', (header, taken) => {
    expect(traceparentOf(header)).toBe(taken ? header : null);
  });

  test.each(['a b', '', 'x'.repeat(129), 'ä', undefined, ['a', 'b']])(
    'a request id that is not harmless is replaced: %j',
    (id) => {
      expect(requestIdOf(id, () => 'new')).toBe('new');
    },
  );

  test.each([
    [{ authorization: 'Bearer k' }, 'k'],
    [{ authorization: 'bearer k' }, 'k'],
    [{ 'x-api-key': 'k' }, 'k'],
    [{ authorization: 'Basic k' }, null],
    [{ authorization: `Bearer ${'k'.repeat(300)}` }, null],
    [{ 'x-api-key': '' }, null],
    [{}, null],
  ])('the key is found in %j', (headers, key) => {
    expect(keyIn(headers)).toBe(key);
  });

  test.each([
    ['127.0.0.1', true],
    ['127.9.9.9', true],
    ['::1', true],
    ['localhost', true],
    ['0.0.0.0', false],
    ['127.evil.example', false],
    ['192.168.1.2', false],
  ])('%s is loopback: %s', (host, expected) => {
    expect(isLoopback(host)).toBe(expected);
  });

  test('slots of streams are given back once, and count by key', () => {
    const slots = createStreamSlots(2);
    const release = slots.take('a');
    slots.take('a');
    expect(() => slots.take('a')).toThrow('already follows 2 jobs');
    slots.take('b');
    release();
    release();
    slots.take('a');
    expect(() => slots.take('a')).toThrow(AppError);
  });

  test('the last slot of a key leaves nothing behind', () => {
    const slots = createStreamSlots(1);
    slots.take('a')();
    expect(() => slots.take('a')).not.toThrow();
  });
});

describe('presenters', () => {
  const event = {
    jobId: 'j',
    seq: 3,
    type: 'failed',
    status: 'failed',
    stage: 'download',
    progress: 10,
    at: NOON,
  } as const;

  test('lift the error of an event out of its detail', () => {
    const error = { code: 'no_text', message: 'm', hint: 'h', retryable: true };
    expect(presentEvent({ ...event, detail: { error, attempt: 1 } })).toMatchObject({
      error,
      detail: { attempt: 1 },
    });
  });

  test.each([null, 'text', ['list'], { code: 1 }, { code: 'unheard_of' }])(
    'know %j for no error',
    (error) => {
      expect(presentEvent({ ...event, detail: { error } }).error).toBeNull();
    },
  );

  test('fill in what an error does not say', () => {
    expect(presentEvent({ ...event, detail: { error: { code: 'no_text' } } }).error).toEqual({
      code: 'no_text',
      message: '',
      hint: '',
      retryable: false,
    });
  });

  test('show the error of a job, whole or in part', async () => {
    const jobs = createFakeJobs();
    await jobs.submit(SUBMISSION, { userId: 'u', traceparent: null });
    const { job } = await jobs.get('u', 'webpage_000000000001');
    const failed: JobRow = {
      ...job,
      error_code: 'no_text',
      error_message: 'm',
      error_hint: 'h',
      error_retryable: true,
    };
    expect(presentJob(failed).error).toEqual({ code: 'no_text', message: 'm', hint: 'h', retryable: true });
    expect(presentJob({ ...job, error_code: 'no_text' }).error).toEqual({
      code: 'no_text',
      message: '',
      hint: '',
      retryable: false,
    });
    const warned = { ...job, warnings: [{ code: 'w', message: 'm' }] };
    expect(presentJob(warned).warnings).toEqual([{ code: 'w', message: 'm' }]);
  });
});

const SUBMISSION = {
  url: 'https://example.org/',
  uploadId: null,
  contentType: null,
  priority: 5,
  metadata: {},
  options: {},
  ifExists: 'refresh',
  callbackUrl: null,
} as const;

describe('readiness', () => {
  test('asks the ports once a second, however many ask', async () => {
    let asked = 0;
    let at = 0;
    const probes = new Map([['records', async () => (asked += 1)]]);
    const read = createReadiness({
      services: { probes, isReady: () => true, reembedding: () => null },
      elapsed: () => at,
    });
    await Promise.all([read(), read()]);
    expect(asked).toBe(1);
    at = 1001;
    expect(await read()).toEqual({
      status: 'ready',
      ports: [{ name: 'records', status: 'up', latency_ms: 2 }],
      reembedding: null,
    });
  });

  test('names the port that is down', async () => {
    const probes = new Map([['vectors', () => Promise.reject(new Error('refused'))]]);
    const read = createReadiness({
      services: {
        probes,
        isReady: () => true,
        reembedding: () => ({ model: 'm/2', chunksDone: 3, chunks: 5, problem: null }),
      },
      elapsed: () => 0,
    });
    expect(await read()).toEqual({
      status: 'not_ready',
      ports: [{ name: 'vectors', status: 'down', latency_ms: null }],
      reembedding: { model: 'm/2', chunks_done: 3, chunks: 5, problem: null },
    });
  });
});
