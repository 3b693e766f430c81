import type { Locator } from '../../content/model.ts';

export interface SearchService {
  search(query: SearchQuery): Promise<SearchResult>;
}

export interface SearchQuery {
  readonly userId: string;
  /** Words; "quoted ones" must stand so, -these must not. */
  readonly query: string;
  /** By words and meaning, by words alone, or by meaning alone. */
  readonly mode: 'hybrid' | 'lexical' | 'dense';
  readonly contentTypes?: readonly string[];
  readonly contentIds?: readonly string[];
  readonly language?: string;
  readonly tags?: readonly string[];
  readonly author?: string;
  readonly publishedFrom?: string;
  readonly publishedTo?: string;
  /** A host; those below it count too. */
  readonly site?: string;
  readonly minPages?: number;
  readonly maxPages?: number;
  /** Seconds. */
  readonly minDuration?: number;
  readonly maxDuration?: number;
  readonly limit: number;
  readonly offset: number;
  readonly signal: AbortSignal;
}

export interface SearchHit {
  readonly contentId: string;
  readonly contentType: string;
  readonly title: string | null;
  readonly url: string | null;
  readonly chunkId: string;
  readonly text: string;
  /** Offsets into `text`. */
  readonly highlights: readonly { readonly start: number; readonly end: number }[];
  readonly score: number;
  readonly locator: Locator;
  /** Opens the source at the passage, where its kind allows it. */
  readonly link: string | null;
}

export interface SearchResult {
  readonly total: number;
  readonly hits: readonly SearchHit[];
  readonly facets: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** Words that no content holds, and what was searched for besides; `to` stands in one of the passages found. */
  readonly corrections: readonly { readonly from: string; readonly to: string }[];
}
