import { AppError } from '../../errors.ts';
import type { ParserInput } from './parser.ts';

/** A book has one MiB; logs beyond this are no documents, and a text takes several times its size in memory. */
const DEFAULT_MAX_TEXT_BYTES = 32 * 1024 * 1024;

/** Option `maxTextBytes` (setting MAX_TEXT_MB). */
export function textLimitOf({ options }: ParserInput): number {
  const limit = options['maxTextBytes'];
  return typeof limit === 'number' && limit > 0 ? limit : DEFAULT_MAX_TEXT_BYTES;
}

/** `source_too_large`, for a text of more than `limit` bytes. */
export function textTooLarge(limit: number): AppError {
  const megabytes = `${Math.round((limit / 1024 / 1024) * 10) / 10} MB`;
  return new AppError('source_too_large', { params: { limit: megabytes, setting: 'MAX_TEXT_MB' } });
}
