/**
 * Splits the text of a reference into fields, where its style leaves no doubt: author-date with the year in
 * brackets (APA, Harvard), and titles in quotation marks (IEEE, Chicago). Of all others only the year is read.
 * Pure; O(text).
 */

export interface ReferenceFields {
  /** As printed. Empty when they could not be told from the rest. */
  readonly authors: readonly string[];
  readonly title: string | null;
  readonly venue: string | null;
  readonly year: number | null;
}

const MAX_AUTHORS = 200;
const YEAR_IN_BRACKETS = /\((1[6-9]\d{2}|20\d{2})[a-z]?(?:,[^()]{0,40})?\)/;
const ANY_YEAR = /(?<![\d.\-–/:])(1[6-9]\d{2}|20\d{2})[a-z]?(?![\d\-–/]|\.\d)/g;
/** From here on a reference is an address. */
const ADDRESS = /\s?(?:https?:\/\/|\bdoi\s?[:.]|\barxiv:|\bURL\b:?)/i;
/** The end of a title: a stop, and a capital after it. */
const SENTENCE_END = /[.?!]\s(?=[\p{Lu}\d(“"])/u;
const QUOTED = /[“"„«]([^“”"„«»]{4,600}?)[,.]?[”"“»]/;
/** `Smith, J. A.` or `O’Neil, M.-C.`: a comma parts surname and initials, so authors go by pairs. */
const INITIALS = /^(?:\p{Lu}[.’'-]?\s?-?){1,6}$/u;

export function referenceFields(text: string): ReferenceFields {
  return (
    authorDate(text) ?? quotedTitle(text) ?? { authors: [], title: null, venue: null, year: lastYear(text) }
  );
}

function authorDate(text: string): ReferenceFields | null {
  const date = YEAR_IN_BRACKETS.exec(text);
  if (date === null || date.index === 0) return null;
  const after = /^[.,:]?\s/.exec(text.slice(date.index + date[0].length));
  const authors = authorsOf(text.slice(0, date.index));
  if (after === null || authors.length === 0) return null;
  const rest = text.slice(date.index + date[0].length + after[0].length);
  return { authors, ...titleAndVenue(rest), year: Number(date[1]) };
}

function quotedTitle(text: string): ReferenceFields | null {
  const quoted = QUOTED.exec(text);
  if (quoted === null || quoted.index === 0) return null;
  const authors = authorsOf(text.slice(0, quoted.index));
  if (authors.length === 0) return null;
  const rest = text.slice(quoted.index + quoted[0].length).replace(/^[\s,.]{1,4}(?:in\s)?/i, '');
  const venue = /^[^,]{2,200}/.exec(withoutAddress(rest))?.[0] ?? null;
  return { authors, title: tidy(quoted[1] ?? ''), venue: tidy(venue ?? ''), year: lastYear(text) };
}

function titleAndVenue(rest: string): Pick<ReferenceFields, 'title' | 'venue'> {
  const words = withoutAddress(rest);
  const end = SENTENCE_END.exec(words);
  if (end === null) return { title: tidy(words), venue: null };
  const venue = words
    .slice(end.index + end[0].length)
    .replace(/^In[:\s]\s?/, '')
    .split(/,\s(?=(?:vol|no|pp)?\.?\s?[A-Z]?\d)|\.\s|\s\(/, 1)[0];
  return { title: tidy(words.slice(0, end.index + 1)), venue: tidy(venue ?? '') };
}

function withoutAddress(text: string): string {
  const address = ADDRESS.exec(text);
  return address === null ? text : text.slice(0, address.index);
}

/** `Smith, J., & Doe, A.` by pairs, `J. Smith, A. Doe and B. Roe` one by one. */
function authorsOf(text: string): readonly string[] {
  const parts = text
    .replaceAll(/\s?(?:…|\.\.\.)\s?/g, ' ')
    .replace(/\bet\sal\.?|\bal\.$/i, '')
    .split(/\s?[;,]\s(?:&\s|and\s|und\s)?|\s(?:&|and|und)\s|,$/)
    .map((part) => part.trim().replace(/^(?:&|and)\s/, ''))
    .filter((part) => /\p{L}/u.test(part));
  const authors: string[] = [];
  for (const part of parts.slice(0, 2 * MAX_AUTHORS)) {
    const last = authors.at(-1);
    if (last !== undefined && INITIALS.test(part) && !last.includes(','))
      authors[authors.length - 1] = `${last}, ${part}`;
    else authors.push(part);
  }
  return authors.slice(0, MAX_AUTHORS);
}

/** Volumes and pages may look like years: the last one that stands alone is it. */
function lastYear(text: string): number | null {
  const bracketed = YEAR_IN_BRACKETS.exec(text)?.[1];
  const year = bracketed ?? [...withoutAddress(text).matchAll(ANY_YEAR)].at(-1)?.[1];
  return year === undefined ? null : Number(year);
}

function tidy(text: string): string | null {
  const words = text.trim().replace(/[\s.,;:]{1,4}$/, '');
  return /\p{L}/u.test(words) ? words : null;
}
