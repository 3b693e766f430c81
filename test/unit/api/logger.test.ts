import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createLogger, withoutSecrets, type Logger, type LogLevel } from '../../../backbone/logger.ts';

const KEY = `ci_0123456789ab_${'s'.repeat(43)}`;

function recording(level: LogLevel = 'trace'): { logger: Logger; lines: string[] } {
  const lines: string[] = [];
  return { lines, logger: createLogger({ level, destination: { write: (line) => void lines.push(line) } }) };
}

describe('the logger', () => {
  test('writes one JSON line with level, UTC time, bindings and fields', () => {
    const { logger, lines } = recording();
    logger.child({ job_id: 'j' }).warn({ attempt: 2 }, 'a stage failed');
    expect(JSON.parse(lines[0] ?? '')).toEqual({
      level: 'warn',
      time: expect.stringMatching(/^\d{4}-.*Z$/),
      job_id: 'j',
      attempt: 2,
      msg: 'a stage failed',
    });
  });

  test('leaves out what is less severe than its level', () => {
    const { logger, lines } = recording('warn');
    logger.info({}, 'no');
    logger.error({}, 'yes');
    expect(lines).toHaveLength(1);
  });

  test.each(['err', 'error'])('shows an error given as %s with its stack and cause', (name) => {
    const { logger, lines } = recording();
    logger.error({ [name]: new Error('outer', { cause: new Error('inner') }) }, 'failed');
    expect(lines[0]).toContain('outer: inner');
  });

  test('writes to standard output unless told otherwise', () => {
    expect(() => createLogger({ level: 'silent' }).info({}, 'nothing')).not.toThrow();
  });

  test.each([
    ['an API key', { note: `key ${KEY}` }, KEY],
    ['an Authorization header', { headers: { authorization: 'Bearer abc.def' } }, 'abc.def'],
    ['an X-API-Key header', { headers: { 'x-api-key': 'topsecret' } }, 'topsecret'],
    ['user info in an address', { url: 'https://user:topsecret@example.org/' }, 'topsecret'],
    ['a secret in a query string', { url: 'https://example.org/?a=b&token=topsecret' }, 'topsecret'],
    ['a password with quotes in it', { password: 'top"secret' }, 'secret'],
    ['a secret in an error', { err: new Error(`bad key ${KEY}`) }, KEY],
    ['a key offered as a subprotocol', { protocol: 'bearer.topsecret' }, 'topsecret'],
  ])('takes %s out of the line', (_what, fields, secret) => {
    const { logger, lines } = recording();
    logger.info(fields, 'message');
    expect(lines[0]).not.toContain(secret);
    expect(lines[0]).toContain('[redacted]');
    expect(() => JSON.parse(lines[0] ?? '') as unknown).not.toThrow();
  });

  test('keeps the id of an API key, so that it can be found and revoked', () => {
    expect(withoutSecrets(KEY)).toBe('ci_0123456789ab_[redacted]');
  });

  test('keeps every line valid JSON, whatever is logged', () => {
    fc.assert(
      fc.property(fc.object(), fc.string(), (fields, message) => {
        const line = withoutSecrets(
          JSON.stringify({ fields, message, url: `https://${message}@x?key=${message}` }),
        );
        JSON.parse(line);
      }),
    );
  });

  test('takes time that grows with the line and no faster', () => {
    const startedAt = performance.now();
    withoutSecrets('://'.repeat(50_000) + '"key":"'.repeat(20_000) + 'bearer '.repeat(20_000));
    expect(performance.now() - startedAt).toBeLessThan(2000);
  });
});
