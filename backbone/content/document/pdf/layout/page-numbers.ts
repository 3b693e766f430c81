/** Printed page numbers: `12`, `xiv`, `Page 3 of 9`, `- 7 -`. */

export interface PrintedNumber {
  readonly value: number;
  readonly style: 'arabic' | 'roman';
  readonly text: string;
}

const ROMAN = /^(?=[ivxlcdm])m{0,3}(?:c[md]|d?c{0,3})(?:x[cl]|l?x{0,3})(?:i[xv]|v?i{0,3})$/;
const ROMAN_VALUES: Readonly<Record<string, number>> = { i: 1, v: 5, x: 10, l: 50, c: 100, d: 500, m: 1000 };
const TRIM = /^[-\u2010-\u2015|\[\](){}.,:;\u00b7\u2022~]+|[-\u2010-\u2015|\[\](){}.,:;\u00b7\u2022~]+$/g;
const OF_TOTAL = /^(\d{1,5})\/(\d{1,5})$/;

/** A single word as a page number; null when it is none. */
export function pageNumberOf(word: string): PrintedNumber | null {
  const bare = word.replaceAll(TRIM, '');
  const digits = OF_TOTAL.exec(bare)?.[1] ?? bare;
  if (/^\d{1,5}$/.test(digits)) return { value: Number(digits), style: 'arabic', text: digits };
  const lower = bare.toLowerCase();
  if (lower.length > 0 && lower.length <= 12 && ROMAN.test(lower) && isOneCase(bare))
    return { value: romanValue(lower), style: 'roman', text: bare };
  return null;
}

/**
 * Numbers that may be the page's own: the first and the last word of the line, and the number after a
 * word such as "Page". At most four.
 */
export function pageNumbersIn(text: string): readonly PrintedNumber[] {
  const words = text
    .slice(0, 400)
    .split(/\s+/)
    .filter((word) => word !== '');
  const places = new Set([0, words.length - 1, 1, words.length - 3]);
  const found: PrintedNumber[] = [];
  for (const place of places) {
    const number = pageNumberOf(words[place] ?? '');
    if (number !== null) found.push(number);
  }
  return found;
}

/** Whether the line holds nothing but a page number and words that go with one. */
export function isBarePageNumber(text: string): boolean {
  const words = text.split(/\s+/).filter((word) => word.replaceAll(TRIM, '') !== '');
  if (words.length === 0 || words.length > 4) return false;
  const [first = ''] = words;
  if (words.length === 1) return pageNumberOf(first) !== null;
  const named = /^(?:page|p\.?|seite|s\.|pag\.?|p\u00e1gina|pagina|strona|sida)$/i.test(first);
  const rest = named ? words.slice(1) : words;
  return rest.every((word, index) =>
    index === 1 ? /^(?:of|von|de|di|sur|\/|z|av|\d{1,5})$/i.test(word) : pageNumberOf(word) !== null,
  );
}

/** The line with every digit run and roman number replaced, so that heads of different pages compare equal. */
export function maskNumbers(text: string): string {
  return text
    .slice(0, 400)
    .split(/\s+/)
    .map((word) => (pageNumberOf(word)?.style === 'roman' ? '#' : word.replaceAll(/\d+/g, '#')))
    .join(' ')
    .toLowerCase();
}

function isOneCase(text: string): boolean {
  return text === text.toLowerCase() || text === text.toUpperCase();
}

function romanValue(lower: string): number {
  let total = 0;
  for (let index = 0; index < lower.length; index++) {
    const value = ROMAN_VALUES[lower.charAt(index)] ?? 0;
    const next = ROMAN_VALUES[lower.charAt(index + 1)] ?? 0;
    total += value < next ? -value : value;
  }
  return total;
}
