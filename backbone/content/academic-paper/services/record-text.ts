/** Bounds and mends what services write. Pure. */
import { parseHtml } from '../../parsing/html-tree.ts';

export const MOST_AUTHORS = 500;
export const MOST_SUBJECTS = 50;
const MAX_LINE_LENGTH = 2000;
const MAX_ABSTRACT_LENGTH = 20_000;
const ORCID = /(?<!\d)(\d{4}-\d{4}-\d{4}-\d{3}[\dX])$/i;

/** Titles and abstracts may hold tags of JATS or HTML and references to characters. Null when nothing is left. */
export function plainLine(markup: string | null | undefined): string | null {
  return plain(markup, MAX_LINE_LENGTH);
}

/** A heading `Abstract` in front says nothing. */
export function plainAbstract(markup: string | null | undefined): string | null {
  return plain(markup, MAX_ABSTRACT_LENGTH)?.replace(/^abstract[:.]?\s(?=\p{Lu})/iu, '') ?? null;
}

/** The bare id of an ORCID in any spelling, or null. */
export function orcidOf(text: string | null | undefined): string | null {
  return ORCID.exec(text?.trim() ?? '')?.[1]?.toUpperCase() ?? null;
}

/** Year, month and day as far as they are there: `[2012, 3]` is `2012-03`. */
export function isoDate(parts: readonly (number | null | undefined)[] | undefined): string | null {
  const known: string[] = [];
  for (const [index, part] of (parts ?? []).slice(0, 3).entries()) {
    const most = [9999, 12, 31][index] ?? 0;
    if (typeof part !== 'number' || !Number.isInteger(part) || part < 1 || part > most) break;
    known.push(String(part).padStart(index === 0 ? 4 : 2, '0'));
  }
  return known.length === 0 ? null : known.join('-');
}

/** The date in front of a time, when it is one. */
export function datePart(text: string | null | undefined): string | null {
  return /^\d{4}(?:-\d\d(?:-\d\d)?)?(?=$|T|\s)/.exec(text ?? '')?.[0] ?? null;
}

/** Each once, without empty ones, so many at most. */
export function distinct(texts: readonly (string | null)[], most: number): string[] {
  return [...new Set(texts.filter((text) => text !== null))].slice(0, most);
}

/** Addresses that may be fetched: whatever else stands there is none. */
export function webAddresses(texts: readonly (string | null | undefined)[]): string[] {
  const urls = texts.map((text) => URL.parse(text ?? ''));
  return distinct(
    urls.map((url) => (url !== null && /^https?:$/.test(url.protocol) ? url.href : null)),
    10,
  );
}

function plain(markup: string | null | undefined, maxLength: number): string | null {
  const cut = (markup ?? '').slice(0, 2 * maxLength);
  const read = /[<&]/.test(cut) ? parseHtml(withoutPrefixes(cut)).text() : cut;
  const text = read.replaceAll(/\s+/g, ' ').trim().slice(0, maxLength).toWellFormed();
  return text === '' ? null : text;
}

/** `</jats:p><jats:p>` parts words. */
function withoutPrefixes(markup: string): string {
  return markup.replaceAll(/<(\/?)(?:jats:)?(p|title|sec)>/g, ' <$1$2>');
}
