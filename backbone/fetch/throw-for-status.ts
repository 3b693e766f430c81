import { AppError } from '../errors.ts';
import type { ErrorCode } from '../error-table.ts';
import type { FetchResponse } from './fetcher.ts';

/** Longest wait taken from a site, in ms: a day. A site that names more is asked again after a day. */
const MAX_RETRY_AFTER_MS = 24 * 60 * 60 * 1_000;
/** Shortest wait, in ms: waiting spends no attempt, so an answer of "0" must not become a busy loop. */
const MIN_RETRY_AFTER_MS = 1_000;
/** What 429 waits, in ms, when the site names no time. */
const DEFAULT_RETRY_AFTER_MS = 60_000;

const CODES: Readonly<Record<number, ErrorCode>> = {
  401: 'source_needs_login',
  403: 'source_forbidden',
  404: 'source_not_found',
  407: 'source_needs_login',
  408: 'source_timeout',
  410: 'source_gone',
  // Too Early: the server only wants the request once more, later.
  425: 'source_server_error',
  451: 'source_legal_block',
};

/**
 * Passes 2xx and 304; turns every other answer into its error. Reads no body: destroy it when this throws.
 * @param now ms since the epoch, against which a Retry-After date counts
 * @throws AppError source_*; `retryAfterMs` (1 s to 24 h) is set on source_throttled
 */
export function throwForStatus(
  response: Pick<FetchResponse, 'status' | 'url' | 'headers'>,
  now: number,
): void {
  const { status, url } = response;
  if ((status >= 200 && status < 300) || status === 304) return;
  const asked = parseRetryAfter(response.headers['retry-after'], now);
  if (status === 429 || (status === 503 && asked !== null)) {
    throw new AppError('source_throttled', { retryAfterMs: asked ?? DEFAULT_RETRY_AFTER_MS });
  }
  const code = CODES[status] ?? (status >= 500 && status < 600 ? 'source_server_error' : 'source_rejected');
  throw new AppError(code, { params: { status, host: URL.parse(url)?.hostname ?? url } });
}

/**
 * Retry-After as RFC 9110 defines it: whole seconds, or one of the three forms of an HTTP date.
 * @returns ms to wait from `now`, within 1 s and 24 h; null when absent or not understood
 */
export function parseRetryAfter(value: string | undefined, now: number): number | null {
  const text = value?.trim() ?? '';
  const delayMs = /^\d{1,15}$/.test(text) ? Number(text) * 1_000 : parseHttpDate(text) - now;
  if (Number.isNaN(delayMs)) return null;
  return Math.min(Math.max(delayMs, MIN_RETRY_AFTER_MS), MAX_RETRY_AFTER_MS);
}

/** `Date.parse` alone would accept "-5" and local times; an HTTP date begins with a weekday and is always in GMT. */
function parseHttpDate(text: string): number {
  if (text.length > 40 || !/^[a-z]{3,9},? /i.test(text)) return Number.NaN;
  return Date.parse(text.endsWith('GMT') ? text : `${text} GMT`);
}
