/** A content version of one tenant: what points belong to. */
export interface ContentVersion {
  readonly userId: string;
  readonly contentId: string;
  readonly version: number;
}

export interface ChunkPoint {
  readonly chunkIndex: number;
  /** Unit length, of the collection's dimension. */
  readonly vector: Float32Array;
  /** Term -> weight, from `content/steps/terms.ts`; the store multiplies by its idf when searching. */
  readonly terms: ReadonlyMap<string, number>;
}

/** What search can filter by; the same for all points of a content. Times are ISO 8601 in UTC. */
export interface PointPayload {
  readonly contentType: string;
  readonly language: string | null;
  readonly tags: readonly string[];
  readonly authors: readonly string[];
  readonly publishedAt: string | null;
  readonly createdAt: string;
  /** Host in lower case without `www.`. */
  readonly site: string | null;
  readonly pages: number | null;
  readonly durationSeconds: number | null;
}

export interface SearchFilter {
  readonly userId: string;
  readonly contentTypes?: readonly string[];
  readonly contentIds?: readonly string[];
  readonly language?: string;
  readonly tags?: readonly string[];
  readonly author?: string;
  readonly publishedFrom?: string;
  readonly publishedTo?: string;
  /** The site itself and every host below it. */
  readonly site?: string;
  readonly minPages?: number;
  readonly maxPages?: number;
  /** Seconds. */
  readonly minDuration?: number;
  readonly maxDuration?: number;
}

export interface ScoredPoint extends ContentVersion {
  readonly chunkIndex: number;
  readonly score: number;
}

/** Both scores of one point; fusion is ours (`content/fusion.ts`), so that every store ranks alike. */
export type PointRef = Omit<ScoredPoint, 'score'>;

/**
 * Dense and sparse vectors of chunks. Writes converge: the same version written twice is there once.
 * Methods may throw `store_unavailable` (systemic).
 */
export interface VectorStore {
  /** Creates or checks the collection. @throws AppError embedder_mismatch when it holds another model's vectors */
  prepare(model: { readonly name: string; readonly dimensions: number }): Promise<void>;
  upsert(of: ContentVersion, payload: PointPayload, points: readonly ChunkPoint[]): Promise<void>;
  /** Best first by cosine similarity. */
  searchDense(vector: Float32Array, filter: SearchFilter, limit: number): Promise<ScoredPoint[]>;
  /** Best first by idf-weighted term overlap (BM25 with the weights of `terms.ts`); only points that share a term. */
  searchSparse(
    terms: ReadonlyMap<string, number>,
    filter: SearchFilter,
    limit: number,
  ): Promise<ScoredPoint[]>;
  /** Cosine similarity of the named points, for those that a dense search did not return. */
  denseScores(vector: Float32Array, points: readonly PointRef[]): Promise<ScoredPoint[]>;
  setPayload(of: Omit<ContentVersion, 'version'>, payload: PointPayload): Promise<void>;
  /** Deletes all versions, or all but `except`. Resolves with the number of points. */
  deleteContent(of: Omit<ContentVersion, 'version'>, options?: { readonly except?: number }): Promise<number>;
  deleteVersion(of: ContentVersion): Promise<number>;
  /** Every version present, for the orphan sweeper; paged inside. */
  versions(): AsyncIterable<ContentVersion>;
  count(of: Omit<ContentVersion, 'version'>): Promise<number>;
  probe(): Promise<number>;
  close(): Promise<void>;
}
