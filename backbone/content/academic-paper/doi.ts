/**
 * Digital object identifiers in any spelling. Pure. ISO 26324 compares them without regard to the case of
 * ASCII letters; here they are lower case.
 */

/** Longest suffix looked at, in UTF-16 units: the longest registered ones have some 200. */
const MAX_SUFFIX_LENGTH = 255;
const START = /(?<!\d|\d\.)10\.\d{4,9}(?:\.\d{1,9}){0,3}(?:\/|%(?:25){0,2}2f)/gi;
const SCHEME =
  /^(?:(?:https?:\/\/)?(?:www\.|dx\.)?doi\.org\/(?:doi:)?|doi\s{0,3}[:=]?\s{0,3}|info:doi\/|urn:doi:)/i;
const IS_ADDRESS = /^(?:https?:\/\/)?(?:www\.|dx\.)?doi\.org\//i;
const NEVER_INSIDE = /[\s"“”„«»{}|\\^`\p{Cc}\p{Cf}]/u;
const ENDINGS = /[.,;:!?'’‘…*/&=+~<([–—-]/;
const NEXT_ADDRESS = /^[,;]?(?:https?:\/\/|doi:|10\.\d{4,9}\/)/i;
const CLOSERS: ReadonlyMap<string, string> = new Map([
  [')', '('],
  [']', '['],
  ['>', '<'],
]);

/**
 * The DOI that a text consists of, or null: `10.1000/ABC`, `doi:10.1000/abc`, `https://dx.doi.org/10.1000%2Fabc`.
 * Query and fragment of an address at doi.org are no part of it.
 */
export function normalizeDoi(text: string): string | null {
  const spelled = withoutEscapes(text).trim();
  const bare = spelled.replace(SCHEME, '');
  const whole = IS_ADDRESS.test(spelled) ? bare.replace(/[?#].*$/s, '') : bare;
  const start = whole.matchAll(START).next().value;
  const doi = start === undefined ? null : doiAt(whole, start.index, start[0]);
  return doi?.at === 0 && isPunctuation(whole.slice(doi.length)) ? doi.doi : null;
}

/**
 * DOIs in running text, each once, in the order of their first mention: without the punctuation of the sentence
 * and without a bracket that was opened before the DOI. O(text).
 */
export function findDois(text: string): readonly string[] {
  const plain = withoutEscapes(text);
  const found = new Set<string>();
  for (const start of plain.matchAll(START)) {
    const doi = doiAt(plain, start.index, start[0]);
    if (doi !== null) found.add(doi.doi);
  }
  return [...found];
}

interface FoundDoi {
  readonly doi: string;
  readonly at: number;
  /** As it is spelled in the text. */
  readonly length: number;
}

function doiAt(text: string, at: number, prefix: string): FoundDoi | null {
  const from = at + prefix.length;
  const spelled = text.slice(from, suffixEnd(text, from));
  const isEncoded = prefix.endsWith('/') ? /%[0-9a-f]{2}/i.test(spelled) : true;
  const suffix = trimEnd(isEncoded ? decoded(spelled) : spelled);
  if (suffix === '') return null;
  const registrant = prefix.replace(/(?:\/|%(?:25){0,2}2f)$/i, '');
  return { doi: `${registrant}/${suffix}`.toLowerCase(), at, length: prefix.length + spelled.length };
}

/** Ends at white space, quotes, a bracket that closes nothing, and where the next address begins. */
function suffixEnd(text: string, from: number): number {
  const most = Math.min(text.length, from + MAX_SUFFIX_LENGTH);
  // Serial item identifiers, `(SICI)1097-4571(199806)49:8<693::AID>3.0.CO;2-O`, are the only ones with angles.
  const hasAngles = text.slice(from, from + 6).toUpperCase() === '(SICI)';
  const open: string[] = [];
  let at = from;
  for (; at < most; at++) {
    const character = text.charAt(at);
    if (NEVER_INSIDE.test(character)) break;
    if (/[<>]/.test(character) && !hasAngles) break;
    if (/[hd1,;]/i.test(character) && at > from && NEXT_ADDRESS.test(text.slice(at, at + 16))) break;
    const opener = CLOSERS.get(character);
    if (opener !== undefined && open.pop() !== opener) break;
    if (/[(<[]/.test(character)) open.push(character);
  }
  return at;
}

function trimEnd(suffix: string): string {
  let end = suffix.length;
  while (end > 0 && ENDINGS.test(suffix.charAt(end - 1))) end -= 1;
  return suffix.slice(0, end);
}

/** Twice, since addresses inside addresses are escaped twice. Broken escapes stay as they are. */
function decoded(text: string): string {
  let result = text;
  for (let round = 0; round < 2 && /%[0-9a-f]{2}/i.test(result); round++) {
    try {
      result = decodeURIComponent(result);
    } catch {
      return result;
    }
  }
  // What was hidden by escapes may be what no DOI holds.
  return result.slice(0, suffixEnd(result, 0));
}

/** BibTeX writes `\_` for `_`. Invisible characters are hints for line breaks. */
function withoutEscapes(text: string): string {
  return text.replaceAll(/\\([_%&#$])|[\u00ad\u200b\u2060\ufeff]/g, '$1');
}

function isPunctuation(text: string): boolean {
  return /^[\s\p{P}>]*$/u.test(text);
}
