import type { Entity, Keyword } from '../../content/model.ts';
import type { ContentVersion } from '../vectors/vector-store.ts';

/**
 * One content version and its neighbours: (:Content:<Type>)-[:WRITTEN_BY]->(:Author),
 * -[:PUBLISHED_ON]->(:Site), -[:MENTIONS {count}]->(:Entity), -[:ABOUT {score}]->(:Keyword),
 * -[:LINKS_TO]->(:Content) when the target is known. All nodes belong to one tenant.
 */
export interface ContentGraph extends ContentVersion {
  readonly contentType: string;
  readonly title: string | null;
  readonly url: string | null;
  readonly authors: readonly string[];
  readonly siteName: string | null;
  readonly entities: readonly Entity[];
  readonly keywords: readonly Keyword[];
  /** Content ids of the same tenant that this content links to. */
  readonly linksTo: readonly string[];
  /** Left out by contents that are no papers. */
  readonly paper?: PaperGraph;
}

/**
 * What a paper adds: (:AcademicPaper)-[:CITES]->(:Reference), -[:PUBLISHED_IN]->(:Venue), -[:ON]->(:Topic). A paper
 * is the reference of its own keys, whether it came before those that cite it or after, and no longer once it is deleted.
 */
export interface PaperGraph {
  /** What others cite it by: `doi:10.1000/a`, `arxiv:1706.03762`. */
  readonly keys: readonly string[];
  readonly cites: readonly CitedWork[];
  readonly venue: string | null;
  readonly topics: readonly string[];
}

export interface CitedWork {
  /** At least one. */
  readonly keys: readonly string[];
  /** Its title, or how it is printed. */
  readonly name: string;
}

export interface RelatedContent extends ContentVersion {
  /** Higher is closer; sum over shared neighbours of weight / log2(1 + degree). */
  readonly score: number;
  readonly reasons: readonly RelationReason[];
}

export interface RelationReason {
  /** `citation`: one cites the other; `reference`: both cite the same work. */
  readonly kind:
    | 'author'
    | 'site'
    | 'entity'
    | 'keyword'
    | 'link'
    | 'citation'
    | 'reference'
    | 'venue'
    | 'topic';
  readonly name: string;
}

export interface GraphDeletion {
  readonly contents: number;
  /** Neighbours that nothing else pointed to. */
  readonly neighbours: number;
}

export interface ContentProperties {
  readonly title: string | null;
  readonly authors: readonly string[];
}

/** Writes converge: the same version merged twice is there once. Methods may throw `store_unavailable`. */
export interface GraphStore {
  merge(graph: ContentGraph): Promise<void>;
  /** Changes title and authors of every version present. */
  setProperties(of: Omit<ContentVersion, 'version'>, properties: ContentProperties): Promise<void>;
  /** Other contents of the tenant by shared neighbours, best first. The caller drops versions that are not current. */
  related(of: ContentVersion, limit: number): Promise<RelatedContent[]>;
  /** Deletes all versions, or all but `except`, and neighbours left without any content. */
  deleteContent(
    of: Omit<ContentVersion, 'version'>,
    options?: { readonly except?: number },
  ): Promise<GraphDeletion>;
  deleteVersion(of: ContentVersion): Promise<GraphDeletion>;
  versions(): AsyncIterable<ContentVersion>;
  /** Content nodes of the tenant and id, over all versions. */
  count(of: Omit<ContentVersion, 'version'>): Promise<number>;
  probe(): Promise<number>;
  close(): Promise<void>;
}
