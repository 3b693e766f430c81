/** A content version of one tenant: what points belong to. */
export interface ContentVersion {
  readonly userId: string;
  readonly contentId: string;
  readonly version: number;
}

/** Whose vectors a collection holds; those of two models never mix. */
export interface VectorModel {
  readonly name: string;
  readonly dimensions: number;
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

/** A content version, and how many of its points, from the first on, have a vector of the model of `prepare`. */
export interface IncompleteContent extends ContentVersion {
  /** Rises from one to the next. */
  readonly cursor: number;
  readonly embedded: number;
}

/** Fills in the vectors of a new model. Terms and payloads are the same for every model, and stay. */
export interface VectorReplacement {
  /** The first content version after the cursor that lacks vectors of the model of `prepare`; null when none does. */
  incomplete(after: number): Promise<IncompleteContent | null>;
  /** Those that are there already stay. Resolves with false when the content version is gone. */
  add(of: ContentVersion, vectors: readonly Omit<ChunkPoint, 'terms'>[]): Promise<boolean>;
  /** The new model's vectors are searched from now on, the former ones are gone: at once or not at all. */
  takeOver(): Promise<void>;
  /** Points in all, and those with a vector of the model of `prepare`. */
  progress(): Promise<{ embedded: number; readonly points: number }>;
}

/**
 * Dense and sparse vectors of chunks. Writes converge: the same version written twice is there once.
 * Methods may throw `store_unavailable` (systemic).
 */
export interface VectorStore {
  /**
   * Creates or checks the collection. Where another model's vectors are stored, those stay and are searched, and
   * everything is written for this model from now on, until `replacement.takeOver`.
   * Resolves with the model whose vectors are searched.
   */
  prepare(model: VectorModel): Promise<VectorModel>;
  readonly replacement: VectorReplacement;
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
