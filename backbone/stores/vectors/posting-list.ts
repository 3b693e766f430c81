import { sparseVectorOf } from './term-id.ts';
import type { ChunkPoint } from './vector-store.ts';

/** One chunk's weight for one term. */
export interface Posting {
  readonly chunkIndex: number;
  readonly weight: number;
}

/** Chunk index as uint32, weight as float32, little-endian. */
const POSTING_BYTES = 8;

/** The chunks of one content version that hold a term. */
export interface PostingList {
  readonly termId: number;
  /** Any number that stands for the content version. */
  readonly owner: number;
  /** How many postings there are, also where `bytes` is left out. */
  readonly points: number;
  /** Null when the content does not pass the filter: it then counts for the idf alone. */
  readonly bytes: Buffer | null;
}

export interface ScoredPosting {
  readonly owner: number;
  readonly chunkIndex: number;
  readonly score: number;
}

export interface RankingInput {
  /** Weights of the query by term number. */
  readonly query: ReadonlyMap<number, number>;
  readonly lists: readonly PostingList[];
  /** N of the idf: all points of the tenant. */
  readonly totalPoints: number;
  readonly limit: number;
}

/** Turns points into the postings of each term. O(terms of all points). */
export function invert(points: readonly ChunkPoint[]): Map<number, Posting[]> {
  const byTerm = new Map<number, Posting[]>();
  for (const { chunkIndex, terms } of points) {
    for (const [id, weight] of sparseVectorOf(terms)) {
      const postings = byTerm.get(id);
      if (postings) postings.push({ chunkIndex, weight });
      else byTerm.set(id, [{ chunkIndex, weight }]);
    }
  }
  return byTerm;
}

export function encodePostings(postings: readonly Posting[]): Buffer {
  const bytes = Buffer.alloc(postings.length * POSTING_BYTES);
  for (const [index, { chunkIndex, weight }] of postings.entries()) {
    bytes.writeUInt32LE(chunkIndex, index * POSTING_BYTES);
    bytes.writeFloatLE(weight, index * POSTING_BYTES + 4);
  }
  return bytes;
}

export function decodePostings(bytes: Buffer): Posting[] {
  return Array.from({ length: Math.floor(bytes.length / POSTING_BYTES) }, (_, index) => ({
    chunkIndex: bytes.readUInt32LE(index * POSTING_BYTES),
    weight: bytes.readFloatLE(index * POSTING_BYTES + 4),
  }));
}

/**
 * Sum over the shared terms of query weight x document weight x idf, best first, equal scores in the
 * order of the lists. The idf is that of Lucene's BM25 and of Qdrant, never negative:
 * ln(1 + (N - df + 0.5) / (df + 0.5)). O(postings + points found x log).
 */
export function rank({ query, lists, totalPoints, limit }: RankingInput): ScoredPosting[] {
  const frequencies = new Map<number, number>();
  for (const { termId, points } of lists) frequencies.set(termId, (frequencies.get(termId) ?? 0) + points);

  const scores = new Map<number, Map<number, number>>();
  for (const { termId, owner, bytes } of lists) {
    if (bytes === null) continue;
    const factor = (query.get(termId) ?? 0) * idf(totalPoints, frequencies.get(termId) ?? 0);
    const ofOwner = scores.get(owner) ?? new Map<number, number>();
    scores.set(owner, ofOwner);
    for (const { chunkIndex, weight } of decodePostings(bytes)) {
      ofOwner.set(chunkIndex, (ofOwner.get(chunkIndex) ?? 0) + factor * weight);
    }
  }
  return [...scores]
    .flatMap(([owner, ofOwner]) => [...ofOwner].map(([chunkIndex, score]) => ({ owner, chunkIndex, score })))
    .sort((one, other) => other.score - one.score)
    .slice(0, limit);
}

function idf(points: number, frequency: number): number {
  return Math.log(1 + (points - frequency + 0.5) / (frequency + 0.5));
}
