import type { Line } from './page-text.ts';

const SOFT_HYPHEN = '\u00ad';
const WORD = /[\p{L}\p{M}]+(?:[-\u2010][\p{L}\p{M}]+)*/gu;
const BROKEN_END = /([\p{L}\p{M}]+)([-\u2010\u00ad])$/u;
const WORD_START = /^[\p{L}\p{M}]+/u;
/** After these the hyphen stands for a part left out ("in- and output") and is no word break. */
const ELLIPSIS_WORDS = /^(?:und|oder|bzw|sowie|and|or|to|et|ou|y|o|e|en|of)$/iu;
/** An address that goes on in the next line: broken behind one of its signs, whose hyphen is its own. */
const URL_END = /(?:\bhttps?:\/\/\S{0,200}[/_=&?#-]|\bhttps?:)$/;
const URL_START = /^[\p{L}\p{N}/_?#%]/u;
const URL_LETTERS = 210;
const MAX_WORDS = 200_000;
/** Longer than any word: keeps the search for a broken end away from the rest of the text. */
const END_LETTERS = 80;

export type Vocabulary = ReadonlyMap<string, number>;

/** How often each word, whole or hyphenated, stands inside the lines: words cut at a line end do not count. */
export function vocabularyOf(lines: Iterable<Pick<Line, 'text'>>): Vocabulary {
  const words = new Map<string, number>();
  for (const line of lines) {
    const broken = BROKEN_END.test(line.text.slice(-END_LETTERS));
    const found = line.text.match(WORD) ?? [];
    for (const word of broken ? found.slice(0, -1) : found) {
      const key = normalised(word);
      const count = words.get(key);
      if (count !== undefined || words.size < MAX_WORDS) words.set(key, (count ?? 0) + 1);
    }
  }
  return words;
}

/** The lines as one text: words broken at a line end are mended, soft hyphens go. O(text). */
export function joinLines(texts: readonly string[], vocabulary: Vocabulary): string {
  const parts: string[] = [];
  for (const text of texts) {
    const last = parts.pop();
    if (last === undefined) parts.push(text);
    else parts.push(...joined(last, text, vocabulary));
  }
  return parts.join('').replaceAll(SOFT_HYPHEN, '');
}

function joined(left: string, right: string, vocabulary: Vocabulary): readonly string[] {
  if (URL_END.test(left.slice(-URL_LETTERS)) && URL_START.test(right)) return [left, right];
  const broken = BROKEN_END.exec(left.slice(-END_LETTERS));
  const [start] = WORD_START.exec(right) ?? [];
  if (broken === null || start === undefined) {
    const tight = /[\p{L}\d][-\u2010]$/u.test(left.slice(-2)) && /^\p{N}/u.test(right);
    return [left, tight ? right : ` ${right}`];
  }
  const [, stem = '', hyphen = ''] = broken;
  if (hyphen !== SOFT_HYPHEN && ELLIPSIS_WORDS.test(start)) return [left, ` ${right}`];
  if (hyphen === SOFT_HYPHEN || !keepsHyphen(stem, start, vocabulary)) return [left.slice(0, -1), right];
  return [left, right];
}

function keepsHyphen(stem: string, start: string, vocabulary: Vocabulary): boolean {
  const whole = vocabulary.get(normalised(stem + start)) ?? 0;
  const hyphenated = vocabulary.get(normalised(`${stem}-${start}`)) ?? 0;
  if (whole !== hyphenated) return hyphenated > whole;
  const upper = start.charAt(0) !== start.charAt(0).toLowerCase();
  const capitals = stem.length > 1 && stem === stem.toUpperCase();
  return upper && !capitals;
}

function normalised(word: string): string {
  return word.replaceAll('\u2010', '-').toLowerCase();
}
