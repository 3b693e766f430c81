import { AppError } from '../errors.ts';
import type { ErrorCode } from '../error-table.ts';

/** Codes of node:dns, node:net and undici that say more than "the connection broke off". */
const CODES: Readonly<Record<string, ErrorCode>> = {
  ENOTFOUND: 'host_not_found',
  ENODATA: 'host_not_found',
  EAI_AGAIN: 'host_not_found',
  EAI_FAIL: 'host_not_found',
  EAI_NODATA: 'host_not_found',
  EAI_NONAME: 'host_not_found',
  ECONNREFUSED: 'connection_refused',
  ETIMEDOUT: 'source_timeout',
  UND_ERR_CONNECT_TIMEOUT: 'source_timeout',
  UND_ERR_HEADERS_TIMEOUT: 'source_timeout',
  UND_ERR_BODY_TIMEOUT: 'source_timeout',
};

/** OpenSSL's verification results and Node's TLS errors, as the end of "no secure connection could be made: ...". */
const TLS_REASONS: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: 'its certificate has expired',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet',
  CERT_REVOKED: 'its certificate was revoked',
  CERT_UNTRUSTED: 'its certificate is not trusted',
  CERT_SIGNATURE_FAILURE: 'its certificate has a wrong signature',
  CERT_CHAIN_TOO_LONG: 'its chain of certificates is too long',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is signed by nobody but itself',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate comes from an unknown issuer',
  UNABLE_TO_GET_ISSUER_CERT: 'its certificate comes from an unknown issuer',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its certificate comes from an unknown issuer',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'it does not send the whole chain of certificates',
  HOSTNAME_MISMATCH: 'its certificate is for another name',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name',
  ERR_SSL_WRONG_VERSION_NUMBER: 'it does not speak TLS at this port',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'it does not speak TLS at this port',
  EPROTO: 'the two sides could not agree on a way to encrypt',
};
const OTHER_TLS_REASON = 'the two sides could not agree on a way to encrypt';

/** Causes and parts looked at: errors of a connection nest two deep, and an attempt by address is one part. */
const MAX_ERRORS_SEEN = 20;

/**
 * Turns what node:dns, node:net, node:tls and undici throw into our errors, with the original as cause.
 * What bears no system code is a defect of ours and comes back unchanged.
 */
export function toFetchError(error: unknown, host: string): Error {
  const codes: string[] = [];
  for (const one of unfold(error)) {
    if (one instanceof AppError) return one;
    if ('code' in one && typeof one.code === 'string') codes.push(one.code);
    // undici's own parser leaves its code out for some faults.
    else if (one.name === 'HTTPParserError') codes.push(one.name);
  }
  const [first] = codes;
  if (first === undefined) return asError(error);
  const reason = codes.map(tlsReason).find((found) => found !== null);
  if (reason !== undefined) return new AppError('tls_failed', { params: { host, reason }, cause: error });
  const code = codes.map((one) => CODES[one]).find((found) => found !== undefined);
  return new AppError(code ?? 'connection_failed', { params: { host }, cause: error });
}

/** The reason a signal was aborted with, as an Error to be thrown. */
export function abortReason(signal: AbortSignal): Error {
  return isError(signal.reason) ? signal.reason : new DOMException('Aborted', 'AbortError');
}

/** What was thrown, as an Error. */
export function asError(thrown: unknown): Error {
  return isError(thrown) ? thrown : new Error(String(thrown));
}

/** Told by its shape: `instanceof Error` misses errors of another realm, as those of Node are under a test runner. */
function isError(value: unknown): value is Error {
  return (
    typeof value === 'object' && value !== null && 'name' in value && 'message' in value && 'stack' in value
  );
}

/** The error, its causes and, of an AggregateError, its parts: the outermost first. */
function unfold(error: unknown): readonly Error[] {
  const found: unknown[] = [error];
  for (let index = 0; index < found.length && index < MAX_ERRORS_SEEN; index += 1) {
    const one = found[index];
    if (!isError(one)) continue;
    if ('errors' in one && Array.isArray(one.errors)) {
      found.push(...(one.errors as readonly unknown[]).slice(0, MAX_ERRORS_SEEN));
    }
    if (one.cause !== undefined) found.push(one.cause);
  }
  return found.filter(isError);
}

function tlsReason(code: string): string | null {
  const known = TLS_REASONS[code];
  if (known !== undefined) return known;
  return /^(ERR_TLS_|ERR_SSL_|CERT_|UNABLE_TO_)/.test(code) ? OTHER_TLS_REASON : null;
}
