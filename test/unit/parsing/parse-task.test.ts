import { describe, expect, test } from '@jest/globals';
import {
  appErrorOf,
  describeThrown,
  recordOf,
  type ParseReply,
  type ParseRequest,
} from '../../../backbone/content/parsing/parse-protocol.ts';
import { serveParseRequests, type ParsePort } from '../../../backbone/content/parsing/parse-task.ts';
import { AppError } from '../../../backbone/errors.ts';
import { parseRequest } from '../../support/parse-request.ts';

/** All replies to one request, up to the final one. */
function repliesTo(sent: ParseRequest, now: () => number = () => 0): Promise<readonly ParseReply[]> {
  return new Promise((resolve) => {
    const replies: ParseReply[] = [];
    const port: ParsePort = {
      on: (_event, listener) => listener(sent),
      postMessage: (reply) => {
        structuredClone(reply);
        replies.push(reply);
        if (reply.kind !== 'progress') resolve(replies);
      },
    };
    serveParseRequests(port, now);
  });
}

describe('a parse thread', () => {
  test('answers with the extraction', async () => {
    const replies = await repliesTo(parseRequest('sound'));
    expect(replies.map((reply) => reply.kind)).toEqual(['progress', 'done']);
  });

  test('reports progress ten times a second, and the end', async () => {
    let at = 0;
    const replies = await repliesTo(parseRequest('sound', { reports: 100 }), () => (at += 1));
    const seen = replies.flatMap((reply) => (reply.kind === 'progress' ? [reply.done] : []));
    expect(seen).toEqual([1, 100]);
    at = 0;
    const slow = await repliesTo(parseRequest('sound', { reports: 9 }), () => (at += 1000));
    expect(slow.filter((reply) => reply.kind === 'progress')).toHaveLength(9);
  });

  test.each([
    ['failing', { throw: 'no_text' }, 'refused'],
    ['failing', { throw: 'something else' }, 'crashed'],
    ['no-parser', {}, 'crashed'],
    ['missing', {}, 'crashed'],
    ['unsendable', {}, 'crashed'],
  ])('answers a parser "%s" with options %j by "%s"', async (parser, options, kind) => {
    expect((await repliesTo(parseRequest(parser, options))).at(-1)?.kind).toBe(kind);
  });
});

describe('errors on their way', () => {
  test('a bare one comes out equal', () => {
    const error = appErrorOf(structuredClone(recordOf(new AppError('no_text'))));
    expect(error).toMatchObject({ code: 'no_text', kind: 'terminal', retryAfterMs: null, fields: [] });
    expect(error.cause).toBeUndefined();
  });

  test('a full one keeps everything, its cause as text', () => {
    const sent = new AppError('source_too_large', {
      params: { limit: '2 MB', setting: 'MAX_BYTES' },
      fields: [{ field: 'a', message: 'b' }],
      retryAfterMs: 5,
      cause: new Error('deep'),
    });
    const error = appErrorOf(structuredClone(recordOf(sent)));
    expect(error.message).toBe(sent.message);
    expect(error.hint).toBe(sent.hint);
    expect(error).toMatchObject({ fields: sent.fields, retryAfterMs: 5 });
    expect(String(error.cause)).toContain('deep');
  });

  test('anything thrown can be described', () => {
    const bare = new Error('no stack');
    delete bare.stack;
    expect(describeThrown(bare)).toBe('no stack');
    expect(describeThrown('text')).toBe('text');
    expect(describeThrown(Object.create(null))).toBe('a value that cannot be shown');
  });
});
