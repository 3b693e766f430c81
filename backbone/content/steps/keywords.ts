import type { Keyword } from '../model.ts';
import { sentencesOf, type PhraseWord } from './phrases.ts';
import { stopWords } from './stop-words.ts';
import { termsOf } from './terms.ts';

const DEFAULT_LIMIT = 15;

/** More text does not change what a document is about, only the time. In UTF-16 units. */
const TEXT_LIMIT = 200_000;

const MAX_WORDS = 3;
const LONGEST_WORD = 64;

/** Word scores as YAKE counts them (Campos et al. 2020), and the surface forms met. */
interface WordStats {
  count: number;
  capitals: number;
  acronyms: number;
  readonly sentences: Set<number>;
  readonly left: Set<string>;
  readonly right: Set<string>;
  neighbours: number;
}

interface Candidate {
  readonly words: readonly string[];
  count: number;
  /** All words capitalised, and not because a sentence begins. */
  isName: boolean;
  readonly forms: Map<string, number>;
}

/**
 * The best terms of one to three words, best first, scored 0-1 (the best is 1). After YAKE: words
 * that come early, often, in many sentences, capitalised and beside few others count most; of terms
 * that share their words only the best is kept. Needs no corpus. O(text).
 */
export function extractKeywords(
  text: string,
  language: string | null,
  limit: number = DEFAULT_LIMIT,
): Keyword[] {
  const sentences = sentencesOf(text, language, TEXT_LIMIT);
  const stops = stopWords(language);
  const weights = weightsOf(statsOf(sentences, stops), sentences.length);
  const ranked = [...candidatesOf(sentences, stops).values()]
    .filter(isTerm)
    .map((candidate) => ({ candidate, weight: candidateWeight(candidate, weights) }))
    .sort((a, b) => a.weight - b.weight || compare(a.candidate.words.join(' '), b.candidate.words.join(' ')));
  const best = ranked[0]?.weight ?? 1;
  const kept: Keyword[] = [];
  const seen = new Set<string>();
  for (const { candidate, weight } of ranked) {
    if (kept.length >= limit) break;
    const term = surfaceOf(candidate);
    if (!addsSomething(term, language, seen)) continue;
    kept.push({ term, score: 1 / (1 + Math.log(weight / best)) });
  }
  return kept;
}

function statsOf(
  sentences: readonly (readonly PhraseWord[])[],
  stops: ReadonlySet<string>,
): Map<string, WordStats> {
  const stats = new Map<string, WordStats>();
  for (const [number, words] of sentences.entries()) {
    for (const [index, word] of words.entries()) {
      if (!isContent(word, stops)) continue;
      const entry = stats.get(word.lower) ?? newStats();
      stats.set(word.lower, entry);
      entry.count += 1;
      entry.sentences.add(number);
      if (!word.first && /^\p{Lu}/u.test(word.text)) entry.capitals += 1;
      if (/^\p{Lu}{2,}$/u.test(word.text)) entry.acronyms += 1;
      noteNeighbours(entry, word.joined ? words[index - 1] : undefined, words[index + 1]);
    }
  }
  return stats;
}

function newStats(): WordStats {
  return {
    count: 0,
    capitals: 0,
    acronyms: 0,
    sentences: new Set(),
    left: new Set(),
    right: new Set(),
    neighbours: 0,
  };
}

function noteNeighbours(
  entry: WordStats,
  before: PhraseWord | undefined,
  after: PhraseWord | undefined,
): void {
  if (before !== undefined) entry.left.add(before.lower);
  if (after?.joined === true) entry.right.add(after.lower);
  entry.neighbours += Number(before !== undefined) + Number(after?.joined === true);
}

/** Lower is better, as in YAKE. */
function weightsOf(stats: ReadonlyMap<string, WordStats>, sentenceCount: number): Map<string, number> {
  const counts = [...stats.values()].map(({ count }) => count);
  const mean = sum(counts) / Math.max(1, counts.length);
  const deviation = Math.sqrt(sum(counts.map((count) => (count - mean) ** 2)) / Math.max(1, counts.length));
  const most = counts.reduce((a, b) => Math.max(a, b), 1);
  const weights = new Map<string, number>();
  for (const [word, entry] of stats) {
    const casing = Math.max(entry.capitals, entry.acronyms) / (1 + Math.log(entry.count));
    const position = Math.log(Math.log(3 + median(entry.sentences)));
    const frequency = entry.count / (mean + deviation);
    const different = (entry.left.size + entry.right.size) / Math.max(1, entry.neighbours);
    const relatedness = 1 + different * (entry.count / most);
    const spread = entry.sentences.size / sentenceCount;
    weights.set(word, (relatedness * position) / (casing + frequency / relatedness + spread / relatedness));
  }
  return weights;
}

function candidatesOf(
  sentences: readonly (readonly PhraseWord[])[],
  stops: ReadonlySet<string>,
): Map<string, Candidate> {
  const candidates = new Map<string, Candidate>();
  for (const words of sentences) {
    for (const start of words.keys()) {
      for (let length = 1; length <= MAX_WORDS; length += 1) {
        const run = words.slice(start, start + length);
        const last = run.at(-1);
        if (run.length < length || last === undefined || !isContent(last, stops)) break;
        if (length > 1 && !last.joined) break;
        count(candidates, run);
      }
    }
  }
  return candidates;
}

function count(candidates: Map<string, Candidate>, run: readonly PhraseWord[]): void {
  const words = run.map(({ lower }) => lower);
  const key = words.join(' ');
  const candidate = candidates.get(key) ?? {
    words,
    count: 0,
    isName: false,
    forms: new Map<string, number>(),
  };
  candidates.set(key, candidate);
  candidate.count += 1;
  candidate.isName ||= run.every((word) => !word.first && /^\p{Lu}/u.test(word.text));
  const form = run.map(({ text }) => text).join(' ');
  candidate.forms.set(form, (candidate.forms.get(form) ?? 0) + 1);
}

/** Several words that stand together only once are a coincidence, unless they are a name. */
function isTerm({ words, count: times, isName }: Candidate): boolean {
  return words.length === 1 || times > 1 || isName;
}

function candidateWeight({ words, count: times }: Candidate, weights: ReadonlyMap<string, number>): number {
  const each = words.map((word) => weights.get(word) ?? 1);
  const product = each.reduce((a, b) => a * b, 1);
  return product / (times * (1 + sum(each)));
}

/** Words of two letters or more that are neither stop words (nor contractions of one: "I've") nor numbers. */
function isContent({ text, lower }: PhraseWord, stops: ReadonlySet<string>): boolean {
  if (text.length < 2 || text.length > LONGEST_WORD || !/\p{L}/u.test(text)) return false;
  return !stops.has(lower) && !stops.has(lower.replace(/['’].*$/u, ''));
}

/** The form met most often; of equal ones the one in lower case. */
function surfaceOf({ forms, words }: Candidate): string {
  const most = Math.max(...forms.values());
  const lower = words.join(' ');
  if (forms.get(lower) === most) return lower;
  return [...forms].find(([, times]) => times === most)?.[0] ?? lower;
}

/** False when most of the term's stems are in terms already kept. */
function addsSomething(term: string, language: string | null, seen: Set<string>): boolean {
  const stems = termsOf(term, language);
  const fresh = stems.filter((stem) => !seen.has(stem));
  for (const stem of stems) seen.add(stem);
  return fresh.length > 0 && fresh.length * 2 >= stems.length;
}

function median(numbers: ReadonlySet<number>): number {
  const sorted = [...numbers];
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => a + b, 0);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : 1;
}
