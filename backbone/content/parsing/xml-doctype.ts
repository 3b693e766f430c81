import { AppError } from '../../errors.ts';

/** A DOCTYPE stands at the beginning, behind the XML declaration and perhaps comments. */
const PROLOG_CHARACTERS = 64 * 1024;

/**
 * The document without its DOCTYPE, which old feeds and e-books carry by rule and nobody needs: it is cut
 * out unread. One that declares entities can make a parser build gigabytes out of a few lines, so it is
 * refused with `file_unsafe`, and so is one that does not end within the first 64 Ki characters.
 */
export function withoutDoctype(text: string): string {
  const start = doctypeStart(text.slice(0, PROLOG_CHARACTERS));
  if (start < 0) return text;
  const doctype = text.slice(start, start + PROLOG_CHARACTERS);
  const length = doctypeLength(doctype);
  if (length < 0 || /<!ENTITY/i.test(doctype.slice(0, length))) throw new AppError('file_unsafe');
  return text.slice(0, start) + text.slice(start + length);
}

/** Where `<!DOCTYPE` begins in the prolog, or -1. */
function doctypeStart(prolog: string): number {
  let at = 0;
  while (at < prolog.length) {
    const next = prolog.indexOf('<', at);
    if (next < 0) return -1;
    const closing = prolog.startsWith('<!--', next) ? '-->' : prolog.startsWith('<?', next) ? '?>' : null;
    if (closing === null) return prolog.slice(next, next + 9).toLowerCase() === '<!doctype' ? next : -1;
    const end = prolog.indexOf(closing, next);
    if (end < 0) return -1;
    at = end + closing.length;
  }
  return -1;
}

/** Length up to the closing `>`, or -1. Quotes hide what is in them, and brackets hold the inner subset. */
function doctypeLength(text: string): number {
  let quote = '';
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (quote !== '') {
      if (character === quote) quote = '';
    } else if (text.startsWith('<!--', at)) {
      const end = text.indexOf('-->', at + 4);
      if (end < 0) return -1;
      at = end + 2;
    } else if (character === '"' || character === "'") quote = character;
    else if (character === '[') depth += 1;
    else if (character === ']') depth -= 1;
    else if (character === '>' && depth <= 0) return at + 1;
  }
  return -1;
}
