import { MSG_TYPE } from '../../parsing/media-type.ts';
import type { ParserInput } from '../../parsing/parser.ts';
import { textLimitOf, textTooLarge } from '../../parsing/text-limit.ts';
import { mimeOfMsg } from '../msg/msg-message.ts';

/** A message of either form in the form of the Internet. Errors: `file_damaged`, `file_unsafe`, `source_too_large`. */
export function messageBytes(input: ParserInput): Buffer {
  const { bytes, mediaType } = input;
  if (mediaType !== MSG_TYPE) return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const maxTextBytes = textLimitOf(input);
  return mimeOfMsg(bytes, { maxTextBytes, textTooLarge: () => textTooLarge(maxTextBytes) });
}
