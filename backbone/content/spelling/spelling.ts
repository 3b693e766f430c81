import { stopWords } from '../steps/stop-words.ts';
import { foldWord, queryTerms } from '../steps/terms.ts';
import { wordsOf, type Word } from '../steps/words.ts';
import { editDistance } from './edit-distance.ts';

/** A word of a query that may be misspelt. */
export interface QueryWord {
  /** As it was typed. */
  readonly typed: string;
  /** Lower case, without a possessive. */
  readonly text: string;
  /** Whichever of these a content holds shows that the word is one. */
  readonly terms: readonly string[];
}

/** A word as contents write it. */
export interface KnownWord {
  readonly word: string;
  /** What its passages are indexed under. */
  readonly term: string;
  /** How many contents of the tenant hold it. */
  readonly contents: number;
}

export interface Correction extends KnownWord {
  /** What stood in the query, as it was typed. */
  readonly from: string;
  /** What the term counts in the query, where a word as it was typed counts 1. */
  readonly weight: number;
}

/** In letters. Of shorter words too many are near each other; longer ones nobody types. */
const SHORTEST = 4;
const LONGEST = 32;
const SHORTEST_STEM = 3;
/** From here on two mistakes are tolerated. */
const LONG = 8;
/** Whole documents as questions are not gone through. */
const MAX_QUERY_WORDS = 16;
/** A word may be as near to several others; more of them would blur what is searched for. */
const MEANINGS = 3;
const WEIGHT_BY_DISTANCE: readonly number[] = [0.6, 0.6, 0.4];

/** Whether a word is of the kind that is corrected: letters alone. Numbers and identifiers mean what they say. */
export function isSpelt({ plain, text }: Word): boolean {
  return plain && text.length >= SHORTEST && text.length <= LONGEST && /^[\p{L}\p{M}]+$/u.test(text);
}

/**
 * The words of a query that may be misspelt, each once. `text` is what stands outside of quotes and exclusions;
 * `language` as for `queryTerms`. O(text).
 */
export function spelledWords(text: string, language: string | null): QueryWord[] {
  const words = [...wordsOf(text)];
  const found = new Map<string, QueryWord>();
  let reached = 0;
  for (const [index, word] of words.entries()) {
    // Wholes of identifiers come before their parts.
    const partOfOther = word.start < reached || (words[index + 1]?.start ?? Infinity) < word.end;
    reached = Math.max(reached, word.end);
    if (found.size === MAX_QUERY_WORDS) break;
    if (partOfOther || !isSpelt(word) || stopWords(null).has(word.text)) continue;
    found.set(word.text, {
      typed: text.slice(word.start, word.end),
      text: word.text,
      terms: formsOf(word.text, language),
    });
  }
  return [...found.values()];
}

/** How many mistakes a word may have. */
export function toleratedMistakes(word: string): number {
  const letters = Array.from(foldWord(word)).length;
  if (letters < SHORTEST) return 0;
  return letters < LONG ? 1 : 2;
}

/**
 * What a word that no content holds may mean: of the known words those with the fewest differences, the ones that
 * most contents hold first, each term once. O(candidates x length²).
 */
export function corrections(asked: QueryWord, candidates: readonly KnownWord[]): Correction[] {
  const most = toleratedMistakes(asked.text);
  const folded = foldWord(asked.text);
  const near = candidates
    .map((known) => ({ known, distance: editDistance(folded, foldWord(known.word)) }))
    .filter(({ distance }) => distance <= most);
  const least = near.reduce((fewest, { distance }) => Math.min(fewest, distance), Infinity);
  const byTerm = new Map<string, KnownWord>();
  const nearest = near.filter(({ distance }) => distance === least).map(({ known }) => known);
  for (const known of nearest.sort(byContents)) {
    if (!byTerm.has(known.term)) byTerm.set(known.term, known);
  }
  const weight = WEIGHT_BY_DISTANCE[least] ?? 0;
  return [...byTerm.values()].slice(0, MEANINGS).map((known) => ({ ...known, from: asked.typed, weight }));
}

/** The terms of a query with those of its corrections; a term that was typed keeps its weight. */
export function withCorrections(
  terms: ReadonlyMap<string, number>,
  found: readonly Correction[],
): ReadonlyMap<string, number> {
  const weights = new Map(terms);
  for (const { term, weight } of found) weights.set(term, Math.max(weight, weights.get(term) ?? 0));
  return weights;
}

/** Stems of two letters, which some language makes of nearly every word, show nothing. */
function formsOf(word: string, language: string | null): string[] {
  const stems = [...queryTerms(word, language).keys()].filter((stem) => stem.length >= SHORTEST_STEM);
  return [...new Set([foldWord(word), ...stems])];
}

function byContents(one: KnownWord, other: KnownWord): number {
  if (one.contents !== other.contents) return other.contents - one.contents;
  return one.word < other.word ? -1 : 1;
}
