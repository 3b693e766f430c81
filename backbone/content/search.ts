import type { SearchHit, SearchQuery, SearchResult, SearchService } from '../api/services/search-service.ts';
import type { Embedder } from '../models/embedder.ts';
import type { RecordStore } from '../stores/records/record-store.ts';
import type { PointRef, ScoredPoint, SearchFilter, VectorStore } from '../stores/vectors/vector-store.ts';
import { chunkId } from './chunk-page.ts';
import { NOT_BEING_DELETED } from './visibility.ts';
import { fuse, highlight, type FusedPoint } from './fusion.ts';
import type { Locator } from './model.ts';
import { admits, parseQuery, restricts, type ParsedQuery } from './query-syntax.ts';
import { siteNamed } from './site-of.ts';
import { queryTerms } from './steps/terms.ts';

export interface SearchOptions {
  readonly records: RecordStore;
  readonly vectors: VectorStore;
  readonly embedder: Embedder;
}

/** Candidates a side: enough that scores can be normalised over them and that near-duplicates may drop out. */
const CANDIDATES = 200;
/** A side, when passages are left out by their words: those are known only once they are read. */
const CANDIDATES_TO_RESTRICT = 1_000;
/** Passages of one content in a result, so that one long document does not crowd out the rest. */
const PER_CONTENT = 3;
const LONGEST_FRAGMENT = 300;

/** Hybrid search: lexical and dense scores of chunks, fused; current versions of visible contents only. */
export class ContentSearch implements SearchService {
  readonly #options: SearchOptions;

  constructor(options: SearchOptions) {
    this.#options = options;
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
    const terms = queryTerms(parsed.text, language);
    const points = await this.#candidates(query, { parsed, terms, language });
    const rows = await this.#rows(query.userId, points);
    const shown = ranked(points, rows, parsed);
    const hits = shown
      .slice(query.offset, query.offset + query.limit)
      .map(({ point, row }) => hitOf(point, row, terms));
    return { total: shown.length, hits, facets: facetsOf(shown.map(({ row }) => row)) };
  }

  async #candidates(
    query: SearchQuery,
    { parsed, terms, language }: Understood,
  ): Promise<readonly FusedPoint[]> {
    const { vectors, embedder } = this.#options;
    const filter = filterOf(query);
    const count = restricts(parsed) ? CANDIDATES_TO_RESTRICT : CANDIDATES;
    const denseWeight = weightOf(query.mode, embedder.denseWeight(language));
    const needsWords = denseWeight < 1 && terms.size > 0;
    const sparse = needsWords ? await vectors.searchSparse(terms, filter, count) : [];
    if (denseWeight === 0) return fuse({ dense: [], sparse, denseWeight });
    const [vector] = await embedder.embed([parsed.text], { kind: 'query', signal: query.signal });
    if (!vector) throw new Error('The embedder answered without a vector');
    const dense = await vectors.searchDense(vector, filter, count);
    const missing = await vectors.denseScores(vector, without(sparse, dense));
    return fuse({ dense: [...dense, ...missing], sparse, denseWeight });
  }

  /** The chunks behind the points, of current versions of visible contents. */
  async #rows(userId: string, points: readonly PointRef[]): Promise<ReadonlyMap<string, ChunkWithContent>> {
    if (points.length === 0) return new Map();
    const rows = await this.#options.records.query<ChunkWithContent>(
      `SELECT content.content_id, content.content_type, content.version, content.title, content.url, content.language, content.tags,
              k.chunk_index, k.text, k.locator
         FROM unnest($2::text[], $3::int[], $4::int[]) AS p(content_id, version, chunk_index)
         JOIN contents content ON content.user_id = $1 AND content.content_id = p.content_id AND content.version = p.version
         JOIN content_chunks k ON k.content_type = content.content_type AND k.user_id = $1 AND k.content_id = p.content_id
              AND k.version = p.version AND k.chunk_index = p.chunk_index
        WHERE content.deleted_at IS NULL AND ${NOT_BEING_DELETED}`,
      [
        userId,
        points.map((point) => point.contentId),
        points.map((point) => point.version),
        points.map((point) => point.chunkIndex),
      ],
    );
    return new Map(rows.map((row) => [keyOf(row.content_id, row.chunk_index), row]));
  }
}

interface ChunkWithContent {
  readonly content_id: string;
  readonly content_type: string;
  readonly version: number;
  readonly title: string | null;
  readonly url: string | null;
  readonly language: string | null;
  readonly tags: readonly string[];
  readonly chunk_index: number;
  readonly text: string;
  readonly locator: Locator;
}

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

interface Ranked {
  readonly point: FusedPoint;
  readonly row: ChunkWithContent;
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

/** Drops what is not visible or not wanted, the same passage met twice, and the fourth passage of one content. */
function ranked(
  points: readonly FusedPoint[],
  rows: ReadonlyMap<string, ChunkWithContent>,
  parsed: ParsedQuery,
): readonly Ranked[] {
  const seen = new Set<string>();
  const perContent = new Map<string, number>();
  return points.flatMap((point) => {
    const row = rows.get(keyOf(point.contentId, point.chunkIndex));
    if (row?.version !== point.version || !admits(parsed, row.text)) return [];
    const fingerprint = row.text.toLowerCase().replaceAll(/\W+/g, ' ').slice(0, 400);
    const count = perContent.get(row.content_id) ?? 0;
    if (seen.has(fingerprint) || count >= PER_CONTENT) return [];
    seen.add(fingerprint);
    perContent.set(row.content_id, count + 1);
    return [{ point, row }];
  });
}

function hitOf(point: FusedPoint, row: ChunkWithContent, terms: ReadonlyMap<string, number>): SearchHit {
  return {
    contentId: row.content_id,
    contentType: row.content_type,
    title: row.title,
    url: row.url,
    chunkId: chunkId(row.content_id, row.version, row.chunk_index),
    text: row.text,
    highlights: highlight(row.text, terms.keys(), row.language),
    score: Math.round(point.score * 1e6) / 1e6,
    locator: row.locator,
    link: linkTo(row),
  };
}

/** Players that take the moment in the query: `&t=95s`. */
const NAMES_MOMENT = /[?&]t=\d{1,9}s$/;

/** Opens the source at the passage: a page of a PDF, a moment of a recording, or the passage's own words in a web page. */
export function linkTo(row: Pick<ChunkWithContent, 'url' | 'text' | 'locator'>): string | null {
  const { startSeconds, href } = row.locator;
  if (href !== undefined && NAMES_MOMENT.test(href)) return href;
  if (startSeconds !== undefined) return momentLink(href ?? row.url, startSeconds);
  if (row.url === null) return null;
  const [address = row.url] = row.url.split('#');
  if (row.locator.page !== undefined) return `${address}#page=${row.locator.page}`;
  const words = row.text.trim().split(/\s+/).slice(0, 8).join(' ');
  return `${address}#:~:text=${encodeFragment(words.slice(0, LONGEST_FRAGMENT))}`;
}

/** A media fragment (W3C), in whole seconds. A recording is often not at the address of its content but named by it. */
function momentLink(url: string | null, startSeconds: number): string | null {
  const [address = ''] = (url ?? '').split('#');
  return address === '' ? null : `${address}#t=${Math.floor(startSeconds)}`;
}

/** A hyphen, comma or ampersand would read as syntax of the text fragment. */
function encodeFragment(text: string): string {
  return encodeURIComponent(text).replaceAll('-', '%2D');
}

function facetsOf(rows: readonly ChunkWithContent[]): SearchResult['facets'] {
  const facets: Record<'content_type' | 'language' | 'tag', Record<string, number>> = {
    content_type: {},
    language: {},
    tag: {},
  };
  const add = (facet: keyof typeof facets, value: string): void => {
    facets[facet][value] = (facets[facet][value] ?? 0) + 1;
  };
  for (const row of rows) {
    add('content_type', row.content_type);
    if (row.language !== null) add('language', row.language);
    for (const tag of row.tags) add('tag', tag);
  }
  return facets;
}

function keyOf(contentId: string, chunkIndex: number): string {
  return `${contentId}\u0000${chunkIndex}`;
}
