import type { SearchQuery, SearchResult, SearchService } from '../api/services/search-service.ts';
import type { Embedder } from '../models/embedder.ts';
import type { RecordStore } from '../stores/records/record-store.ts';
import type { PointRef, ScoredPoint, SearchFilter, VectorStore } from '../stores/vectors/vector-store.ts';
import { fuse, type FusedPoint } from './fusion.ts';
import { parseQuery, restricts, type ParsedQuery } from './query-syntax.ts';
import { QuestionVectors } from './question-vectors.ts';
import {
  facetsOf,
  highlightsOf,
  hitOf,
  keyOf,
  rankedRows,
  shownCorrections,
  type ChunkWithContent,
} from './search-hits.ts';
import { siteNamed } from './site-of.ts';
import { spelledWords, withCorrections, type Correction } from './spelling/spelling.ts';
import { findCorrections } from './spelling/vocabulary.ts';
import { queryTerms } from './steps/terms.ts';
import { NOT_BEING_DELETED } from './visibility.ts';

export interface SearchOptions {
  readonly records: RecordStore;
  readonly vectors: VectorStore;
  readonly embedder: Embedder;
}

/** Candidates a side: enough that scores can be normalised over them and that near-duplicates may drop out. */
const CANDIDATES = 200;
/** A side, when passages are left out by their words: those are known only once they are read. */
const CANDIDATES_TO_RESTRICT = 1_000;

/** Hybrid search: lexical and dense scores of chunks, fused; current versions of visible contents only. */
export class ContentSearch implements SearchService {
  readonly #options: SearchOptions;
  readonly #questions: QuestionVectors;

  constructor(options: SearchOptions) {
    this.#options = options;
    this.#questions = new QuestionVectors(options.embedder);
  }

  async search(query: SearchQuery): Promise<SearchResult> {
    const { embedder } = this.#options;
    const { model } = embedder;
    try {
      const result = await this.#searchOnce(query);
      if (embedder.model === model) return result;
    } catch (error) {
      if (embedder.model === model) throw error;
    }
    // Another model's vectors took over between the question's vector and the comparison.
    return this.#searchOnce(query);
  }

  async #searchOnce(query: SearchQuery): Promise<SearchResult> {
    // A few words do not tell their language: without one the terms cover every plausible stem.
    const language = query.language ?? null;
    const parsed = parseQuery(query.query);
    const typed = queryTerms(parsed.text, language);
    const { points, corrections } = await this.#candidates(query, { parsed, terms: typed, language });
    const rows = await this.#rows(query.userId, points);
    const shown = rankedRows(points, rows, parsed);
    const terms = withCorrections(typed, corrections);
    const hits = shown
      .slice(query.offset, query.offset + query.limit)
      .map(({ point, row }) => hitOf(point, row, highlightsOf(row, terms, parsed)));
    const shownRows = shown.map(({ row }) => row);
    return {
      total: shown.length,
      hits,
      facets: facetsOf(shownRows),
      corrections: shownCorrections(corrections, shownRows),
    };
  }

  async #candidates(
    query: SearchQuery,
    understood: Understood,
  ): Promise<{ readonly points: readonly FusedPoint[]; readonly corrections: readonly Correction[] }> {
    const { vectors, embedder } = this.#options;
    const { parsed, language } = understood;
    const filter = filterOf(query);
    const count = restricts(parsed) ? CANDIDATES_TO_RESTRICT : CANDIDATES;
    const denseWeight = weightOf(query.mode, embedder.denseWeight(language));
    // The model answers in a thread of its own, or elsewhere: the words are looked for meanwhile.
    const [vector, { sparse, corrections }] = await Promise.all([
      denseWeight === 0 ? null : this.#questions.vectorOf(parsed.text, query.signal),
      denseWeight === 1 ? NO_WORDS : this.#byWords(understood, filter, count),
    ]);
    if (vector === null) return { points: fuse({ dense: [], sparse, denseWeight }), corrections };
    const dense = await vectors.searchDense(vector, filter, count);
    const missing = await vectors.denseScores(vector, without(sparse, dense));
    return { points: fuse({ dense: [...dense, ...missing], sparse, denseWeight }), corrections };
  }

  async #byWords(
    { parsed, terms, language }: Understood,
    filter: SearchFilter,
    count: number,
  ): Promise<typeof NO_WORDS> {
    if (terms.size === 0) return NO_WORDS;
    const { records, vectors } = this.#options;
    const asked = spelledWords(parsed.loose, language);
    const corrections = await findCorrections(records, filter.userId, asked);
    const sparse = await vectors.searchSparse(withCorrections(terms, corrections), filter, count);
    return { sparse, corrections };
  }

  /** The chunks behind the points, of current versions of visible contents. */
  async #rows(userId: string, points: readonly PointRef[]): Promise<ReadonlyMap<string, ChunkWithContent>> {
    if (points.length === 0) return new Map();
    const rows = await this.#options.records.query<ChunkWithContent>(ROWS, [
      userId,
      points.map((point) => point.contentId),
      points.map((point) => point.version),
      points.map((point) => point.chunkIndex),
    ]);
    return new Map(rows.map((row) => [keyOf(row.content_id, row.chunk_index), row]));
  }
}

/**
 * One chunk after the other by its whole key. Without OFFSET 0 and statistics, which the embedded PostgreSQL does not
 * gather, the planner reads all chunks of a content for each of its points: 48,000 for 390.
 */
const ROWS = `
WITH wanted AS MATERIALIZED (
  SELECT content.content_id, content.content_type, content.version, content.title, content.url, content.language,
         content.tags, content.authors, content.published_at, p.chunk_index
    FROM unnest($2::text[], $3::int[], $4::int[]) AS p(content_id, version, chunk_index)
    JOIN contents content ON content.user_id = $1 AND content.content_id = p.content_id AND content.version = p.version
   WHERE content.deleted_at IS NULL AND ${NOT_BEING_DELETED})
SELECT w.*, chunk.text, chunk.locator
  FROM wanted w CROSS JOIN LATERAL (
    SELECT k.text, k.locator FROM content_chunks k
     WHERE k.content_type = w.content_type AND k.user_id = $1 AND k.content_id = w.content_id
       AND k.version = w.version AND k.chunk_index = w.chunk_index OFFSET 0) chunk`;

const NO_WORDS: { readonly sparse: readonly ScoredPoint[]; readonly corrections: readonly Correction[] } = {
  sparse: [],
  corrections: [],
};

/** A query as it was understood. */
interface Understood {
  readonly parsed: ParsedQuery;
  readonly terms: ReadonlyMap<string, number>;
  /** Null: unknown. */
  readonly language: string | null;
}

function weightOf(mode: SearchQuery['mode'], hybrid: number): number {
  return { hybrid, lexical: 0, dense: 1 }[mode];
}

function filterOf(query: SearchQuery): SearchFilter {
  return {
    userId: query.userId,
    ...(query.contentTypes ? { contentTypes: query.contentTypes } : {}),
    ...(query.contentIds ? { contentIds: query.contentIds } : {}),
    ...(query.language !== undefined ? { language: query.language } : {}),
    ...(query.tags ? { tags: query.tags } : {}),
    ...(query.author !== undefined ? { author: query.author } : {}),
    ...(query.publishedFrom !== undefined ? { publishedFrom: query.publishedFrom } : {}),
    ...(query.publishedTo !== undefined ? { publishedTo: query.publishedTo } : {}),
    ...(query.site !== undefined ? { site: siteNamed(query.site) } : {}),
    ...(query.minPages !== undefined ? { minPages: query.minPages } : {}),
    ...(query.maxPages !== undefined ? { maxPages: query.maxPages } : {}),
    ...(query.minDuration !== undefined ? { minDuration: query.minDuration } : {}),
    ...(query.maxDuration !== undefined ? { maxDuration: query.maxDuration } : {}),
  };
}

function without(points: readonly ScoredPoint[], known: readonly ScoredPoint[]): readonly PointRef[] {
  const keys = new Set(known.map((point) => keyOf(point.contentId, point.chunkIndex)));
  return points.filter((point) => !keys.has(keyOf(point.contentId, point.chunkIndex)));
}
