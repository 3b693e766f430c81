import { foldWord } from './steps/terms.ts';

/** What a person typed into a search box: quotes demand their words in that order, a minus excludes. */
export interface ParsedQuery {
  /** What is searched for: all words but the excluded ones, without quotes. Never blank unless the query was. */
  readonly text: string;
  /** The part of `text` that was not quoted: what may be misspelt. */
  readonly loose: string;
  /** Each must stand in a passage, folded as by `foldedWords`. */
  readonly phrases: readonly string[];
  /** None of them may. */
  readonly excluded: readonly string[];
}

/** A minus counts only before a word, after a blank: "lock-free" and "- a list" hold none. Quotes that never end are words. */
const PART = /(?<=^|\s)(-?)(?:["“”„«]([^"“”„«»]*)["“”»](?=\s|$)|(\S+))/gu;
const STARTS_A_WORD = /^[\p{L}\p{M}\p{N}]/u;

/**
 * Reads the syntax that search boxes share. A query of nothing but exclusions is searched for as plain
 * words, since somebody who types "-v" looks for it. O(length).
 */
export function parseQuery(query: string): ParsedQuery {
  const words: string[] = [];
  const loose: string[] = [];
  const phrases: string[] = [];
  const excluded: string[] = [];
  for (const [whole, minus = '', quoted, word = ''] of query.matchAll(PART)) {
    const folded = foldedWords(quoted ?? word);
    const excludes = minus !== '' && (quoted !== undefined || STARTS_A_WORD.test(word));
    if (excludes && folded !== '') excluded.push(folded);
    else if (quoted === undefined) {
      words.push(whole);
      loose.push(whole);
    } else {
      words.push(quoted);
      if (folded !== '') phrases.push(folded);
    }
  }
  const text = words.join(' ').trim();
  if (text === '') return { text: query.trim(), loose: '', phrases: [], excluded: [] };
  return { text, loose: loose.join(' '), phrases, excluded };
}

/** Whether the query names passages that it does not want, so that more candidates are needed to fill a page. */
export function restricts({ phrases, excluded }: ParsedQuery): boolean {
  return phrases.length + excluded.length > 0;
}

/** Whether a passage holds every phrase and nothing that is excluded. O(text) for each of them. */
export function admits(query: ParsedQuery, text: string): boolean {
  if (!restricts(query)) return true;
  const { phrases, excluded } = query;
  const words = foldedWords(text);
  return phrases.every((phrase) => holds(words, phrase)) && !excluded.some((phrase) => holds(words, phrase));
}

/** The words of a text, case and accents folded, parted by single spaces. Not stemmed: a quote is meant as it stands. */
export function foldedWords(text: string): string {
  const words =
    text
      .normalize('NFKC')
      .toLowerCase()
      .match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
  return words.map(foldWord).join(' ');
}

/** Scripts without spaces between words: there a phrase may begin and end anywhere. */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;

/** Whether it holds letters of such a script. */
export function isUnspaced(words: string): boolean {
  return UNSPACED.test(words);
}

function holds(words: string, phrase: string): boolean {
  return isUnspaced(phrase) ? words.includes(phrase) : ` ${words} `.includes(` ${phrase} `);
}
