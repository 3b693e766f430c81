/**
 * What cleaning removes from every text: characters that nobody sees and that poison vectors, break
 * comparisons or are refused by PostgreSQL (NUL). Each function is idempotent.
 */

/** Soft hyphen, zero-width space, word joiner and relatives, BOM, object replacement, tag characters. */
const INVISIBLE =
  /[\u00ad\u034f\u180e\u200b\u2060-\u2064\u206a-\u206f\ufeff\ufff9-\uffff\u{e0000}-\u{e007f}]/gu;

/** Marks and overrides of writing direction: they can make a text read otherwise than it is stored. */
const BIDI_CONTROLS = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** C0 and C1 controls but tab and line ends, and halves of surrogate pairs. */
const CONTROLS = /[\p{Cs}\u0000-\u0008\u000e-\u001f\u007f-\u0084\u0086-\u009f]/gu;

/** Joiners shape letters of these scripts and bind emoji; anywhere else they are invisible noise. */
const STRAY_JOINERS =
  /(?<![\p{Script=Arabic}\p{Script=Syriac}\p{Script=Mongolian}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Gurmukhi}\p{Script=Gujarati}\p{Script=Oriya}\p{Script=Tamil}\p{Script=Telugu}\p{Script=Kannada}\p{Script=Malayalam}\p{Script=Sinhala}\p{Script=Khmer}\p{Extended_Pictographic}\p{Emoji_Modifier}\ufe0f])[\u200c\u200d]/gu;

/**
 * Marks beyond the thirtieth upon one letter, which no writing has (UAX #15 draws the line there, too): composing
 * sorts the marks of a letter, in a time that grows with the square of their number.
 */
const HEAPED_MARKS = /(?<=\p{Mn}{30})\p{Mn}+/gu;

const LINE_ENDS = /\r\n|[\r\n\v\f\u0085\u2028\u2029]/g;

/** Removes what is invisible, unifies line ends to \n and composes characters (NFC). O(text). */
export function cleanCharacters(text: string): string {
  const visible = text
    .replaceAll(LINE_ENDS, '\n')
    .replaceAll(CONTROLS, '')
    .replaceAll(INVISIBLE, '')
    .replaceAll(BIDI_CONTROLS, '')
    .replaceAll(STRAY_JOINERS, '')
    .replaceAll(HEAPED_MARKS, '');
  // Some marks are composed of two.
  return visible.normalize('NFC').replaceAll(HEAPED_MARKS, '');
}

/** Running text: clean characters, runs of spaces as one, at most one empty line, nothing at the ends. */
export function cleanProse(text: string): string {
  return collapseSpaces(cleanCharacters(text))
    .replaceAll(/\n{3,}/g, '\n\n')
    .trim();
}

/** One line: as running text, line ends as spaces. */
export function cleanLine(text: string): string {
  return cleanCharacters(text).replaceAll(/\s+/g, ' ').trim();
}

/** Code: clean characters, ordinary spaces; only empty lines at its ends go. */
export function cleanCode(text: string): string {
  const lines = cleanCharacters(text).replaceAll('\u00a0', ' ').split('\n');
  const first = lines.findIndex((line) => line.trim() !== '');
  const last = lines.findLastIndex((line) => line.trim() !== '');
  return first === -1 ? '' : lines.slice(first, last + 1).join('\n');
}

/** A table's text: one row a line, cells parted by tabs, both kept; spaces inside cells as in prose. */
export function cleanTable(text: string): string {
  const rows = cleanCharacters(text).split('\n');
  const cleaned = rows.map((row) => row.split('\t').map(cleanLine).join('\t'));
  return cleaned.some((row) => row.trim() !== '') ? cleaned.join('\n') : '';
}

function collapseSpaces(text: string): string {
  return text
    .split('\n')
    .map((line) => line.replaceAll(/\s+/g, ' ').trim())
    .join('\n');
}
