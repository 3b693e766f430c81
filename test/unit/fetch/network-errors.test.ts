import { describe, expect, test } from '@jest/globals';
import { AppError } from '../../../backbone/errors.ts';
import { abortReason, asError, toFetchError } from '../../../backbone/fetch/network-errors.ts';

const withCode = (code: string, more: object = {}): Error => Object.assign(new Error(code), { code }, more);

describe('what the network throws', () => {
  test.each([
    ['ENOTFOUND', 'host_not_found'],
    ['EAI_AGAIN', 'host_not_found'],
    ['ECONNREFUSED', 'connection_refused'],
    ['ETIMEDOUT', 'source_timeout'],
    ['UND_ERR_CONNECT_TIMEOUT', 'source_timeout'],
    ['UND_ERR_HEADERS_TIMEOUT', 'source_timeout'],
    ['UND_ERR_BODY_TIMEOUT', 'source_timeout'],
    ['ECONNRESET', 'connection_failed'],
    ['UND_ERR_SOCKET', 'connection_failed'],
    ['EHOSTUNREACH', 'connection_failed'],
    ['HPE_INVALID_CONSTANT', 'connection_failed'],
    ['CERT_HAS_EXPIRED', 'tls_failed'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'tls_failed'],
    ['ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', 'tls_failed'],
    ['UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY', 'tls_failed'],
  ])('%s is %s and keeps its cause', (code, expected) => {
    const error = withCode(code);
    expect(toFetchError(error, 'example.org')).toMatchObject({ code: expected, cause: error });
  });

  test('the reason of a TLS failure is in plain words', () => {
    expect(toFetchError(withCode('CERT_HAS_EXPIRED'), 'example.org').message).toBe(
      'No secure connection to example.org could be made: its certificate has expired.',
    );
    expect(toFetchError(withCode('ERR_SSL_OTHER'), 'a').message).toContain(
      'could not agree on a way to encrypt',
    );
  });

  test('the code may stand at a cause or at one of several attempts', () => {
    const attempts = new AggregateError([withCode('EHOSTUNREACH'), withCode('ECONNREFUSED')]);
    expect(toFetchError(new Error('failed', { cause: attempts }), 'a')).toMatchObject({
      code: 'connection_refused',
    });
  });

  test('an error of ours comes back as it is, also from inside', () => {
    const ours = new AppError('url_forbidden', { params: { reason: 'a' } });
    expect(toFetchError(ours, 'a')).toBe(ours);
    expect(toFetchError(withCode('ECONNRESET', { cause: ours }), 'a')).toBe(ours);
  });

  test('a defect is not dressed up as a failure of the network', () => {
    const defect = new TypeError('a is not a function');
    expect(toFetchError(defect, 'a')).toBe(defect);
    expect(toFetchError('thrown text', 'a').message).toBe('thrown text');
    expect(toFetchError(Object.assign(new Error('odd'), { code: 7 }), 'a').message).toBe('odd');
  });

  test('an error that is its own cause does not make it hang', () => {
    const error = new Error('round');
    error.cause = error;
    expect(toFetchError(error, 'a')).toBe(error);
  });
});

describe('reasons', () => {
  test('an Error stays the very one', () => {
    const reason = new Error('cancelled');
    expect(abortReason(AbortSignal.abort(reason))).toBe(reason);
    expect(asError(reason)).toBe(reason);
  });

  test('anything else becomes one', () => {
    expect(abortReason(AbortSignal.abort('because'))).toMatchObject({ name: 'AbortError' });
    expect(abortReason(AbortSignal.abort(null))).toMatchObject({ name: 'AbortError' });
    expect(asError({ name: 'half an error' })).toMatchObject({ message: '[object Object]' });
  });
});
