import { segmenterOf } from './segmenter.ts';
import { termsOf } from './terms.ts';

const DEFAULT_SENTENCES = 3;

/** Ranking compares every two sentences, so only the first so many take part. */
const SENTENCE_LIMIT = 400;

/** Looked at. In UTF-16 units. */
const TEXT_LIMIT = 150_000;

const LEAST_WORDS = 6;
const MOST_WORDS = 60;
const MOST_UNITS = 600;

/** A block without a full stop at its end is prose only from this many words on, else a heading, label or list item. */
const UNPUNCTUATED_WORDS = 25;

/** PageRank's damping, and how strongly the beginning is preferred: its half-life in sentences. */
const DAMPING = 0.85;
const POSITION_HALF_LIFE = 12;
const ROUNDS = 30;

/** Maximal marginal relevance: rank against likeness to what is already chosen. */
const RELEVANCE = 0.7;

export interface SummaryOptions {
  /** ISO 639-1; null unknown. */
  readonly language: string | null;
  readonly maxSentences?: number;
}

type Vector = ReadonlyMap<string, number>;

/**
 * The most telling sentences of a text in their order: TextRank over tf-idf vectors (Mihalcea and
 * Tarau 2004) that prefers early ones, then maximal marginal relevance, so that they do not repeat
 * each other. Headings and list labels are no sentences; '' when there is none. O(400^2) at most.
 */
export function summarise(text: string, options: SummaryOptions): string {
  const wanted = options.maxSentences ?? DEFAULT_SENTENCES;
  const sentences = proseSentences(text, options.language);
  const vectors = tfIdfVectors(sentences, options.language);
  const likeness = likenessOf(vectors);
  const chosen = choose(ranksOf(likeness), likeness, wanted);
  return chosen.map((index) => sentences[index]).join(' ');
}

function proseSentences(text: string, language: string | null): string[] {
  const segmenter = segmenterOf('sentence', language);
  const sentences: string[] = [];
  const seen = new Set<string>();
  for (const block of text
    .slice(0, TEXT_LIMIT)
    .toWellFormed()
    .split(/\n{2,}/)) {
    if (!isProse(block)) continue;
    for (const { segment } of segmenter.segment(block)) {
      const sentence = segment.replaceAll(/\s+/g, ' ').trim();
      if (!isUsable(sentence) || seen.has(sentence)) continue;
      seen.add(sentence);
      sentences.push(sentence);
      if (sentences.length === SENTENCE_LIMIT) return sentences;
    }
  }
  return sentences;
}

/** Tables (tabs) and code (braces and semicolons at line ends) are none. */
function isProse(block: string): boolean {
  if (block.includes('\t') || /[{};]\s*$/m.test(block)) return false;
  return /[.!?…。！？]["'”’»)\]]*\s*$/u.test(block) || wordCount(block) >= UNPUNCTUATED_WORDS;
}

function isUsable(sentence: string): boolean {
  const words = wordCount(sentence);
  return (
    words >= LEAST_WORDS && words <= MOST_WORDS && sentence.length <= MOST_UNITS && /\p{L}/u.test(sentence)
  );
}

/** White space parts words; two ideographs count as one. */
function wordCount(text: string): number {
  const ideographs =
    text.match(/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/gu)?.length ?? 0;
  return (text.match(/\S+/g)?.length ?? 0) + Math.floor(ideographs / 2);
}

/** Unit vectors of the sentences' terms. */
function tfIdfVectors(sentences: readonly string[], language: string | null): Vector[] {
  const counts = sentences.map((sentence) => countsOf(termsOf(sentence, language)));
  const frequencies = countsOf(counts.flatMap((terms) => [...terms.keys()]));
  return counts.map((terms) => {
    const weighted = [...terms].map(([term, count]): [string, number] => [
      term,
      count * Math.log(1 + sentences.length / (frequencies.get(term) ?? 1)),
    ]);
    const length = Math.hypot(...weighted.map(([, weight]) => weight));
    return new Map(weighted.map(([term, weight]) => [term, weight / (length || 1)]));
  });
}

function countsOf(terms: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const term of terms) counts.set(term, (counts.get(term) ?? 0) + 1);
  return counts;
}

/** Cosine of every two sentences; 0 with itself. */
function likenessOf(vectors: readonly Vector[]): number[][] {
  return vectors.map((a, row) => vectors.map((b, column) => (row === column ? 0 : cosine(a, b))));
}

function cosine(a: Vector, b: Vector): number {
  let sum = 0;
  for (const [term, weight] of a) sum += weight * (b.get(term) ?? 0);
  return sum;
}

function ranksOf(likeness: readonly (readonly number[])[]): number[] {
  const prior = normalised(likeness.map((_, index) => 2 ** (-index / POSITION_HALF_LIFE) + 0.2));
  const links = likeness.map((row) => row.reduce((sum, value) => sum + value, 0));
  let ranks = prior;
  for (let round = 0; round < ROUNDS; round += 1) {
    const shares = ranks.map((rank, index) => rank / (links[index] || 1));
    ranks = prior.map((own, index) => {
      const row = likeness[index] ?? [];
      const received = row.reduce((sum, value, from) => sum + value * (shares[from] ?? 0), 0);
      return (1 - DAMPING) * own + DAMPING * received;
    });
  }
  return ranks;
}

function normalised(values: readonly number[]): number[] {
  const total = values.reduce((sum, value) => sum + value, 0);
  return values.map((value) => value / total);
}

/** Indices of the sentences chosen, in the text's order. */
function choose(
  ranks: readonly number[],
  likeness: readonly (readonly number[])[],
  wanted: number,
): number[] {
  const best = ranks.reduce((most, rank) => Math.max(most, rank), 0);
  const chosen: number[] = [];
  const left = new Set(ranks.keys());
  while (chosen.length < wanted && left.size > 0) {
    const next = [...left].reduce((a, b) => (marginal(b) > marginal(a) ? b : a));
    left.delete(next);
    chosen.push(next);
  }
  return chosen.sort((a, b) => a - b);

  function marginal(index: number): number {
    const nearest = chosen.reduce((most, other) => Math.max(most, likeness[index]?.[other] ?? 0), 0);
    return RELEVANCE * ((ranks[index] ?? 0) / best) - (1 - RELEVANCE) * nearest;
  }
}
