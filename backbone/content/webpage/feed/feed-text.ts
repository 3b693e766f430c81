/** Texts of feeds, which are HTML more often than their formats say. Pure. */
import { webUrl } from '../../parsing/html-references.ts';
import { labelOf, parseHtml } from '../../parsing/html-tree.ts';

const MARKUP = /<\/?[a-z][^<>]{0,2000}>/i;
const ESCAPED_MARKUP = /&lt;\/?(?:p|br|div|a|img|b|i|em|strong|ul|ol|li|h[1-6]|span|table|blockquote)\b/i;
const REFERENCE = /&(?:#\d{1,7}|#x[\da-f]{1,6}|[a-z]\w{1,31});/i;
const LONGEST_SOURCE = 10_000;
const LONGEST = 1000;

/** A title or the like as plain text, in one line; null when nothing is left of it. */
export function plainText(text: string | null | undefined): string | null {
  const source = (text ?? '').slice(0, LONGEST_SOURCE);
  const plain =
    MARKUP.test(source) || REFERENCE.test(source)
      ? parseHtml(source)('body')
          .toArray()
          .map((body) => labelOf(body, LIMITS))
          .join('')
      : source;
  const line = plain.replaceAll(/\s+/g, ' ').trim().slice(0, LONGEST).toWellFormed();
  return line === '' ? null : line;
}

/** The texts without those that are empty, each once. */
export function plainTexts(texts: readonly (string | undefined)[]): string[] {
  return [...new Set(texts.slice(0, 50).flatMap((text) => plainText(text) ?? []))];
}

/** HTML that was escaped once too often, unescaped. */
export function htmlOf(text: string): string {
  if (MARKUP.test(text) || !ESCAPED_MARKUP.test(text)) return text;
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&');
}

/** Whether a text that is called plain holds markup all the same. */
export function looksLikeHtml(text: string): boolean {
  return MARKUP.test(text);
}

/** Plain text as HTML: a paragraph for each run of lines. */
export function htmlOfPlain(text: string): string {
  return text
    .split(/\n[^\S\n]*\n/)
    .map((part) => `<p>${part.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('\n', '<br>')}</p>`)
    .join('');
}

/** An address on the web, made absolute; null for everything else. */
export function addressOf(reference: string | null | undefined, baseUrl: string | null): string | null {
  const text = (reference ?? '').trim();
  return text === '' ? null : webUrl(text, baseUrl);
}

const LIMITS = { maxNodes: 500, maxLength: LONGEST };
