import {
  CONNECTORS,
  GIVEN_NAMES,
  NO_NAMES,
  ORGANIZATIONS,
  PEOPLES,
  PERSON_TITLES,
  PLACES,
} from './gazetteer.ts';
import { sentencesOf, type PhraseWord } from './phrases.ts';
import { stopWords } from './stop-words.ts';

/** Looked at. In UTF-16 units. */
const TEXT_LIMIT = 300_000;

const LONGEST_NAME = 8;

/** A line with more capitalised words than this share is a title: its capitals say nothing. */
const TITLE_CASE_SHARE = 0.8;
const TITLE_CASE_WORDS = 5;

/** Languages that write every noun with a capital: there "Garten von Berlin" is no name. */
export const NOUN_CAPITALISERS: ReadonlySet<string> = new Set(['de', 'lb']);

/** A run of capitalised words that may be a name, and the words beside it. */
export interface NameSpan {
  readonly words: readonly string[];
  /** The words before, nearest last, lower case: at most two; empty at a sentence's start. */
  readonly before: readonly string[];
  /** The word after, lower case; '' at a sentence's end. */
  readonly after: string;
  /** A title that stood before the name and was taken off it, lower case. */
  readonly title: string | null;
}

/**
 * The capitalised runs of a text, in order. A word at a sentence's start counts only when the text
 * never has it in lower case; the languages that capitalise every noun need `evidence` in
 * `entities.ts` besides. O(text).
 */
export function nameSpansOf(text: string, language: string | null): NameSpan[] {
  const sentences = sentencesOf(text, language, TEXT_LIMIT);
  const ordinary = ordinaryWords(sentences);
  const stops = stopWords(language);
  return sentences
    .filter((sentence) => !isTitleCase(sentence))
    .flatMap((sentence) =>
      spansOf(sentence, {
        mayBe: (word) => mayBeName(word, ordinary, stops),
        connects: (first) => !NOUN_CAPITALISERS.has(language ?? '') || GIVEN_NAMES.has(first),
      }),
    )
    .filter((span) => span.title !== null || !isNoName(span.words, ordinary));
}

function ordinaryWords(sentences: readonly (readonly PhraseWord[])[]): ReadonlySet<string> {
  const found = new Set<string>();
  for (const sentence of sentences) {
    for (const word of sentence) if (/^\p{Ll}/u.test(word.text)) found.add(word.lower);
  }
  return found;
}

function isTitleCase(sentence: readonly PhraseWord[]): boolean {
  if (sentence.length < TITLE_CASE_WORDS) return false;
  return sentence.filter(isCapitalised).length / sentence.length > TITLE_CASE_SHARE;
}

function mayBeName(word: PhraseWord, ordinary: ReadonlySet<string>, stops: ReadonlySet<string>): boolean {
  const bare = withoutPossessive(word.lower);
  if (!isCapitalised(word) || NO_NAMES.has(bare)) return false;
  const acronym = /^\p{Lu}{2,}$/u.test(word.text);
  if (stops.has(bare.replace(/['’].*$/u, '')))
    return acronym && (PLACES.has(bare) || ORGANIZATIONS.has(bare));
  if (acronym || isListed(bare)) return true;
  return !word.first || (!ordinary.has(bare) && !/ly$/.test(bare));
}

function isListed(bare: string): boolean {
  return GIVEN_NAMES.has(bare) || PLACES.has(bare) || ORGANIZATIONS.has(bare);
}

/** A lone word that the text also writes small, the name of a people, a Roman numeral. */
function isNoName(words: readonly string[], ordinary: ReadonlySet<string>): boolean {
  const bare = words.join(' ').toLowerCase();
  if (words.length > 1 || isListed(bare)) return false;
  return ordinary.has(bare) || PEOPLES.has(bare) || /^[ivxlc]+$/.test(bare);
}

interface RunRules {
  readonly mayBe: (word: PhraseWord) => boolean;
  /** Whether small words may stand inside a run that begins with this one, in lower case. */
  readonly connects: (first: string) => boolean;
}

function spansOf(sentence: readonly PhraseWord[], rules: RunRules): NameSpan[] {
  const spans: NameSpan[] = [];
  let at = 0;
  while (at < sentence.length) {
    const end = runEnd(sentence, at, rules);
    if (end > at) {
      const span = spanAt(sentence, at, end);
      if (span !== null) spans.push(span);
    }
    at = Math.max(end, at + 1);
  }
  return spans;
}

/** Past the last capitalised word of the run that begins at `start`; `start` when none does. */
function runEnd(sentence: readonly PhraseWord[], start: number, { mayBe, connects }: RunRules): number {
  const first = sentence[start]?.lower ?? '';
  let end = start;
  for (let at = start; at < Math.min(sentence.length, start + LONGEST_NAME); at += 1) {
    const word = sentence[at];
    if (word === undefined || (at > start && !word.joined)) break;
    if (mayBe(word)) {
      end = at + 1;
      if (/['’]s$/u.test(word.text)) break;
    } else if (at === start || at > end + 1 || !CONNECTORS.has(word.lower) || !connects(first)) break;
  }
  return end;
}

function spanAt(sentence: readonly PhraseWord[], start: number, end: number): NameSpan | null {
  let from = start;
  let title: string | null = null;
  while (from < end && PERSON_TITLES.has(sentence[from]?.lower ?? '')) {
    title = sentence[from]?.lower ?? null;
    from += 1;
  }
  const words = sentence.slice(from, end).map((word) => word.text.replace(/['’]s?$/u, ''));
  if (words.length === 0) return null;
  const before = sentence.slice(Math.max(0, from - 2), from).map(({ lower }) => lower);
  const lowerTitle = before.at(-1) ?? '';
  return {
    words,
    before,
    after: sentence[end]?.lower ?? '',
    title: title ?? (PERSON_TITLES.has(lowerTitle) ? lowerTitle : null),
  };
}

function isCapitalised(word: PhraseWord): boolean {
  return /^\p{Lu}/u.test(word.text);
}

function withoutPossessive(word: string): string {
  return word.replace(/['’]s?$/u, '');
}
