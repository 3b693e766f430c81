import { AppError } from '../../../errors.ts';
import { decodeText, type DecodedText } from '../../parsing/charset.ts';
import type { ParserInput } from '../../parsing/parser.ts';

/** A book has one MiB; logs beyond this are no documents, and a text takes several times its size in memory. */
export const DEFAULT_MAX_TEXT_BYTES = 32 * 1024 * 1024;

/**
 * The text of a file with line ends as `\n`. Option `maxTextBytes` (setting MAX_TEXT_MB). Errors:
 * `source_too_large`, `no_text`.
 */
export function readTextInput(input: ParserInput): DecodedText {
  const option = input.options['maxTextBytes'];
  const limit = typeof option === 'number' && option > 0 ? option : DEFAULT_MAX_TEXT_BYTES;
  if (input.bytes.length > limit) {
    const megabytes = `${Math.round((limit / 1024 / 1024) * 10) / 10} MB`;
    throw new AppError('source_too_large', { params: { limit: megabytes, setting: 'MAX_TEXT_MB' } });
  }
  const decoded = decodeText(input.bytes, { declared: input.declaredCharset, kind: 'text' });
  const text = decoded.text.includes('\r') ? decoded.text.replaceAll(/\r\n?/g, '\n') : decoded.text;
  if (!/\S/.test(text)) throw new AppError('no_text');
  return { ...decoded, text };
}
