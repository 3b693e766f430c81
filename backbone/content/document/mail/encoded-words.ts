/** Encoded words in header fields (RFC 2047). Pure; O(text). */
import { decodeText } from '../../parsing/charset.ts';
import { decodeQ } from './transfer-encoding.ts';

/** Programs write longer words than the 75 characters allowed, and spaces within them. */
const WORD = /=\?([\w.:+-]{1,40})(?:\*[\w-]{0,40})?\?([bq])\?([^?\n]{0,4000})\?=/gi;

interface OpenWords {
  readonly charset: string;
  readonly parts: Buffer[];
}

/**
 * White space between two words is none. The bytes of neighbours of one charset are decoded together,
 * since programs tear characters apart.
 */
export function decodeWords(text: string): string {
  if (!text.includes('=?')) return text;
  const done: string[] = [];
  let open: OpenWords | null = null;
  let at = 0;
  for (const match of text.matchAll(WORD)) {
    const [whole, charset = '', encoding = '', encoded = ''] = match;
    const between = text.slice(at, match.index);
    const joins = open !== null && between.trim() === '';
    if (open !== null && (!joins || open.charset !== charset.toLowerCase())) {
      done.push(wordsText(open));
      open = null;
    }
    if (!joins) done.push(between);
    open ??= { charset: charset.toLowerCase(), parts: [] };
    open.parts.push(/b/i.test(encoding) ? Buffer.from(encoded, 'base64') : decodeQ(encoded));
    at = match.index + whole.length;
  }
  if (open !== null) done.push(wordsText(open));
  return done.join('') + text.slice(at);
}

function wordsText({ charset, parts }: OpenWords): string {
  return decodeText(Buffer.concat(parts), { declared: charset, kind: 'text' }).text;
}
