import { segmenterOf } from './segmenter.ts';

/** Sentences and words for keywords and entities: quick, by punctuation, with bounded input. */

/** A word with what surrounds it. */
export interface PhraseWord {
  readonly text: string;
  readonly lower: string;
  /** First word of a sentence or line, or after an opening quote. */
  readonly first: boolean;
  /** True when nothing but spaces stands between it and the word before, or the full stop of an initial. */
  readonly joined: boolean;
  /** UTF-16 offset into the text. */
  readonly at: number;
}

/** After these, and after initials, a full stop ends no sentence and parts no name. */
const ABBREVIATED = 'Dr|Mr|Mrs|Ms|Prof|St|Sen|Rep|Gov|Gen|Lt|Col|Capt|Sgt|Sra?|Jr|Hr|Fr|vs|\\p{Lu}';
const SENTENCE = new RegExp(
  `[^\\n]+?(?:(?:[!?…]|(?<!(?<![\\p{L}])(?:${ABBREVIATED}))\\.)(?=["'”’)\\]]?(?:\\s|$))|[。！？]|\\n|$)`,
  'gu',
);
const SHORTENED = new RegExp(`^(?:${ABBREVIATED})$`, 'u');
const WORD = /[\p{L}\p{N}][\p{L}\p{M}\p{N}]*(?:[-'’&.](?=[\p{L}\p{N}])[\p{L}\p{M}\p{N}]+)*/gu;
const SPACED_ONLY = /^[^\S\n]+$/u;
const STOP_AND_SPACE = /^\.[^\S\n]*$/u;
const OPENS_SENTENCE = /["“„«‹(]\s*$|:\s*$/u;

/** Languages that put no spaces between words: these are cut by ICU's dictionaries. */
const UNSPACED: ReadonlySet<string> = new Set(['zh', 'ja', 'th', 'lo', 'km', 'my']);

/** The words of a text by sentence; at most `limit` UTF-16 units are looked at. O(limit). */
export function sentencesOf(text: string, language: string | null, limit: number): PhraseWord[][] {
  const sentences: PhraseWord[][] = [];
  const segmenter = language !== null && UNSPACED.has(language) ? segmenterOf('word', language) : null;
  for (const match of text.slice(0, limit).toWellFormed().matchAll(SENTENCE)) {
    const spans = segmenter === null ? spacedWords(match[0]) : segmentedWords(match[0], segmenter);
    if (spans.length > 0) sentences.push(wordsIn(match[0], match.index, spans));
  }
  return sentences;
}

interface Span {
  readonly text: string;
  readonly at: number;
}

function spacedWords(sentence: string): Span[] {
  return [...sentence.matchAll(WORD)].map((match) => ({ text: match[0], at: match.index }));
}

function segmentedWords(sentence: string, segmenter: Intl.Segmenter): Span[] {
  return [...segmenter.segment(sentence)]
    .filter(({ isWordLike }) => isWordLike === true)
    .map(({ segment, index }) => ({ text: segment, at: index }));
}

function wordsIn(sentence: string, at: number, spans: readonly Span[]): PhraseWord[] {
  let end = 0;
  let before = '';
  return spans.map((span, index) => {
    const between = sentence.slice(end, span.at);
    const joined = index > 0 && joins(between, before);
    end = span.at + span.text.length;
    before = span.text;
    return {
      text: span.text,
      lower: span.text.toLowerCase(),
      first: index === 0 || OPENS_SENTENCE.test(between.slice(-8)),
      joined,
      at: at + span.at,
    };
  });
}

function joins(between: string, before: string): boolean {
  if (between === '' || SPACED_ONLY.test(between)) return true;
  return STOP_AND_SPACE.test(between) && SHORTENED.test(before);
}
