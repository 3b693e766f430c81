import type { TextRange } from './fusion.ts';
import { foldedWords, isUnspaced } from './query-syntax.ts';

/**
 * Where phrases stand in a text, in the order of the phrases: folded as by `foldedWords`, so that exactly the texts
 * that `admits` takes have a range for each. O(text + occurrences) for each phrase.
 */
export function phraseRanges(text: string, phrases: readonly string[]): TextRange[] {
  if (phrases.length === 0) return [];
  const folded = foldWithPlaces(text);
  return phrases.flatMap((phrase) => occurrences(folded, phrase));
}

/** Ranges in order; those that touch or overlap become one. O(n log n). */
export function mergeRanges(ranges: readonly TextRange[]): TextRange[] {
  const merged: TextRange[] = [];
  for (const range of ranges.toSorted((one, other) => one.start - other.start)) {
    const last = merged.at(-1);
    if (last === undefined || range.start >= last.end) merged.push(range);
    else if (range.end > last.end) merged[merged.length - 1] = { start: last.start, end: range.end };
  }
  return merged;
}

interface FoldedText {
  readonly words: string;
  /** For each unit of `words` the place in the text that it comes from. */
  readonly places: readonly TextRange[];
}

const RUN = /[\p{L}\p{M}\p{N}]+/gu;

function foldWithPlaces(text: string): FoldedText {
  let words = '';
  const places: TextRange[] = [];
  for (const { 0: run, index } of text.matchAll(RUN)) {
    const folded = foldedWords(run);
    if (folded === '') continue;
    const whole = { start: index, end: index + run.length };
    if (words !== '') {
      words += ' ';
      places.push(whole);
    }
    // Letters of unspaced scripts fold to themselves, and a phrase may begin at any of them.
    const byLetter = isUnspaced(run) && folded.length === run.length;
    for (let at = 0; at < folded.length; at += 1) {
      places.push(byLetter ? { start: index + at, end: index + at + 1 } : whole);
    }
    words += folded;
  }
  return { words, places };
}

function occurrences({ words, places }: FoldedText, phrase: string): TextRange[] {
  const ranges: TextRange[] = [];
  const anywhere = isUnspaced(phrase);
  let at = words.indexOf(phrase);
  while (at !== -1 && phrase !== '') {
    const end = at + phrase.length;
    const first = places[at];
    const last = places[end - 1];
    const bounded = (at === 0 || words[at - 1] === ' ') && (end === words.length || words[end] === ' ');
    const found = anywhere || bounded;
    if (found && first && last) ranges.push({ start: first.start, end: last.end });
    at = words.indexOf(phrase, found ? end : at + 1);
  }
  return ranges;
}
