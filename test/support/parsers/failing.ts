import { AppError, isErrorCode } from '../../../backbone/errors.ts';
import type { Parser } from '../../../backbone/content/parsing/parser.ts';

/** Throws what `options.throw` names: an error code, or anything else. */
export const parse: Parser = async (input) => {
  const wanted = input.options['throw'];
  if (typeof wanted !== 'string' || !isErrorCode(wanted)) throw new TypeError(JSON.stringify(wanted));
  throw new AppError(wanted, {
    params: { pages: 12_000, limit: 5_000, setting: 'MAX_PAGES' },
    fields: [{ field: 'pages', message: 'too many' }],
    retryAfterMs: 250,
    cause: new Error('the reason'),
  });
};
