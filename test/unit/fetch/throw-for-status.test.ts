import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { AppError } from '../../../backbone/errors.ts';
import { parseRetryAfter, throwForStatus } from '../../../backbone/fetch/throw-for-status.ts';

const NOW = Date.UTC(2026, 0, 15, 12, 0, 0);
const DAY_MS = 24 * 60 * 60 * 1_000;

function errorOf(status: number, retryAfter?: string): AppError | null {
  const headers: Record<string, string> = retryAfter === undefined ? {} : { 'retry-after': retryAfter };
  try {
    throwForStatus({ status, url: 'https://example.org/a', headers }, NOW);
    return null;
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
}

describe('what the status of an answer means', () => {
  test.each([200, 201, 204, 206, 299, 304])('%i passes', (status) => {
    expect(errorOf(status)).toBeNull();
  });

  test.each([
    [401, 'source_needs_login', 'terminal'],
    [407, 'source_needs_login', 'terminal'],
    [403, 'source_forbidden', 'terminal'],
    [404, 'source_not_found', 'terminal'],
    [410, 'source_gone', 'terminal'],
    [451, 'source_legal_block', 'terminal'],
    [400, 'source_rejected', 'terminal'],
    [418, 'source_rejected', 'terminal'],
    [300, 'source_rejected', 'terminal'],
    [302, 'source_rejected', 'terminal'],
    [199, 'source_rejected', 'terminal'],
    [999, 'source_rejected', 'terminal'],
    [408, 'source_timeout', 'retryable'],
    [425, 'source_server_error', 'retryable'],
    [500, 'source_server_error', 'retryable'],
    [502, 'source_server_error', 'retryable'],
    [503, 'source_server_error', 'retryable'],
    [599, 'source_server_error', 'retryable'],
    [429, 'source_throttled', 'throttled'],
  ])('%i is %s, which is %s', (status, code, kind) => {
    expect(errorOf(status)).toMatchObject({ code, kind });
  });

  test('the sentence names the status or the host', () => {
    expect(errorOf(502)?.message).toContain('(502)');
    expect(errorOf(408)?.message).toContain('example.org');
  });

  test('an address that cannot be parsed stands for the host as it is', () => {
    expect(() => throwForStatus({ status: 408, url: 'there', headers: {} }, NOW)).toThrow('there');
  });

  test('429 without a time waits a minute', () => {
    expect(errorOf(429)?.retryAfterMs).toBe(60_000);
    expect(errorOf(429, 'soon')?.retryAfterMs).toBe(60_000);
  });

  test('503 with a time is throttled, and with garbage a server error', () => {
    expect(errorOf(503, '7')).toMatchObject({ code: 'source_throttled', retryAfterMs: 7_000 });
    expect(errorOf(503, '-7')).toMatchObject({ code: 'source_server_error' });
  });

  test('other statuses do not become throttled by a Retry-After', () => {
    expect(errorOf(500, '7')?.code).toBe('source_server_error');
    expect(errorOf(404, '7')?.code).toBe('source_not_found');
  });
});

describe('Retry-After', () => {
  test.each([
    ['120', 120_000],
    [' 5 ', 5_000],
    ['0', 1_000],
    ['999999999', DAY_MS],
    ['Thu, 15 Jan 2026 12:00:30 GMT', 30_000],
    ['Thursday, 15-Jan-26 12:00:30 GMT', 30_000],
    ['Thu Jan 15 12:00:30 2026', 30_000],
    ['Thu, 15 Jan 2026 11:00:00 GMT', 1_000],
    ['Thu, 15 Jan 2099 11:00:00 GMT', DAY_MS],
  ])('%s is %i ms', (text, expected) => {
    expect(parseRetryAfter(text, NOW)).toBe(expected);
  });

  test.each([
    '',
    '-5',
    '1.5',
    '5 s',
    'tomorrow',
    'Thu, 45 Foo 2026',
    '2026-01-15T12:00:30Z',
    '9'.repeat(16),
    undefined,
  ])('"%s" says nothing', (text) => {
    expect(parseRetryAfter(text, NOW)).toBeNull();
  });

  test('whatever is sent, the wait is null or within a second and a day', () => {
    const texts = fc.oneof(
      fc.string(),
      fc.integer().map(String),
      fc.date({ noInvalidDate: true }).map((d) => d.toUTCString()),
    );
    fc.assert(
      fc.property(texts, (text) => {
        const waitMs = parseRetryAfter(text, NOW);
        expect(waitMs === null || (waitMs >= 1_000 && waitMs <= DAY_MS)).toBe(true);
      }),
    );
  });
});
