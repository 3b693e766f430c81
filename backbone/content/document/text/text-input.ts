import { AppError } from '../../../errors.ts';
import { decodeText, type DecodedText } from '../../parsing/charset.ts';
import type { ParserInput } from '../../parsing/parser.ts';
import { textLimitOf, textTooLarge } from '../../parsing/text-limit.ts';

/**
 * The text of a file with line ends as `\n`. Option `maxTextBytes` (setting MAX_TEXT_MB). Errors:
 * `source_too_large`, `no_text`.
 */
export function readTextInput(input: ParserInput): DecodedText {
  const limit = textLimitOf(input);
  if (input.bytes.length > limit) throw textTooLarge(limit);
  const decoded = decodeText(input.bytes, { declared: input.declaredCharset, kind: 'text' });
  const text = decoded.text.includes('\r') ? decoded.text.replaceAll(/\r\n?/g, '\n') : decoded.text;
  if (!/\S/.test(text)) throw new AppError('no_text');
  return { ...decoded, text };
}
