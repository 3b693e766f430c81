import type { PointRef, ScoredPoint } from '../stores/vectors/vector-store.ts';
import { termOf } from './steps/terms.ts';
import { wordsOf } from './steps/words.ts';

/** Where a point ended up and why; scores are normalised to 0-1 within one search. */
export interface FusedPoint extends PointRef {
  /** Weighted sum of the two normalised scores, 0-1. */
  readonly score: number;
  readonly denseScore: number;
  readonly sparseScore: number;
}

/** A half-open range of UTF-16 units. */
export interface TextRange {
  readonly start: number;
  readonly end: number;
}

export interface FusionInput {
  /** Cosine similarities; the caller adds those of points that only the sparse search returned. */
  readonly dense: readonly ScoredPoint[];
  /** BM25 scores; a point that is missing shares no term and scores 0. */
  readonly sparse: readonly ScoredPoint[];
  /** 0-1: how much the dense score counts; see `Embedder.denseWeight`. */
  readonly denseWeight: number;
}

/**
 * One ranking of two: each side's scores are normalised, then weighted and added. By score and not
 * by rank, since reciprocal rank fusion with a weak dense model ranks worse than BM25 alone.
 *
 * Dense scores are min-max normalised over the points given. Sparse scores are divided by the best
 * one, their true minimum being 0 (no shared term). With a dense weight of 0 the order is that of
 * the sparse search, and points that share no term are left out. Ties: higher sparse score, then
 * higher dense score, then by content id, version and chunk.
 */
export function fuse(input: FusionInput): FusedPoint[] {
  const denseWeight = Math.min(1, Math.max(0, input.denseWeight));
  const dense = scoresByKey(input.dense);
  const sparse = scoresByKey(input.sparse);
  const scaleDense = minMax([...dense.values()]);
  const bestSparse = [...sparse.values()].reduce((best, score) => Math.max(best, score), 0);
  const points = new Map<string, ScoredPoint>();
  const sources = denseWeight === 0 ? [input.sparse] : [input.sparse, input.dense];
  for (const point of sources.flat()) points.set(keyOf(point), point);
  const fused = [...points].map(([key, point]) => {
    const denseScore = scaleDense(dense.get(key));
    const sparseScore = bestSparse === 0 ? 0 : Math.max(0, sparse.get(key) ?? 0) / bestSparse;
    return {
      userId: point.userId,
      contentId: point.contentId,
      version: point.version,
      chunkIndex: point.chunkIndex,
      score: denseWeight * denseScore + (1 - denseWeight) * sparseScore,
      denseScore,
      sparseScore,
    };
  });
  return fused.sort(byRank);
}

/**
 * The words of a text that a query's terms match, in order and not overlapping.
 * `terms`: the keys of `queryTerms`; `language`: the text's. O(text).
 */
export function highlight(text: string, terms: Iterable<string>, language: string | null): TextRange[] {
  const wanted = new Set(terms);
  const ranges: TextRange[] = [];
  if (wanted.size === 0) return ranges;
  for (const word of wordsOf(text)) {
    const term = termOf(word, language);
    if (term === null || !wanted.has(term)) continue;
    const last = ranges.at(-1);
    if (last === undefined || word.start >= last.end) ranges.push({ start: word.start, end: word.end });
    else if (word.end > last.end) ranges[ranges.length - 1] = { start: last.start, end: word.end };
  }
  return ranges;
}

function keyOf(point: PointRef): string {
  return JSON.stringify([point.userId, point.contentId, point.version, point.chunkIndex]);
}

/** A point named twice keeps its best score; a score that is no number counts as absent. */
function scoresByKey(points: readonly ScoredPoint[]): Map<string, number> {
  const scores = new Map<string, number>();
  for (const point of points) {
    if (!Number.isFinite(point.score)) continue;
    const key = keyOf(point);
    scores.set(key, Math.max(point.score, scores.get(key) ?? -Infinity));
  }
  return scores;
}

/** Into 0-1; an absent score is 0, and when all are alike they say nothing: all are 0. */
function minMax(scores: readonly number[]): (score: number | undefined) => number {
  const low = scores.reduce((least, score) => Math.min(least, score), Infinity);
  const high = scores.reduce((most, score) => Math.max(most, score), -Infinity);
  return (score) => (score === undefined || high <= low ? 0 : (score - low) / (high - low));
}

function byRank(a: FusedPoint, b: FusedPoint): number {
  return (
    b.score - a.score ||
    b.sparseScore - a.sparseScore ||
    b.denseScore - a.denseScore ||
    compare(a.userId, b.userId) ||
    compare(a.contentId, b.contentId) ||
    a.version - b.version ||
    a.chunkIndex - b.chunkIndex
  );
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
