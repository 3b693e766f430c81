/** The bytes of a page or feed as text. Pure. */
import { AppError } from '../../errors.ts';
import { decodeText, type DecodedText } from '../parsing/charset.ts';
import type { ParserInput } from '../parsing/parser.ts';
import type { ReadingOptions } from './reading-options.ts';

/** Throws `source_empty` and `source_too_large`. */
export function readText(
  input: Pick<ParserInput, 'bytes' | 'declaredCharset'>,
  { maxPageBytes }: ReadingOptions,
): DecodedText {
  if (input.bytes.length > maxPageBytes) throw tooLarge(maxPageBytes);
  const decoded = decodeText(input.bytes, { declared: input.declaredCharset, kind: 'html' });
  if (decoded.text.length > maxPageBytes) throw tooLarge(maxPageBytes);
  if (decoded.text.trim() === '') throw new AppError('source_empty');
  return decoded;
}

function tooLarge(limit: number): AppError {
  const megabytes = `${Math.round(limit / 1024 / 1024)} MB`;
  return new AppError('source_too_large', { params: { limit: megabytes, setting: 'MAX_PAGE_MB' } });
}
