import type { z } from 'zod';
import type { Stage } from '../pipeline/stages.ts';
import type { PaperGraph } from '../stores/graph/graph-store.ts';
import type { TypeTables } from '../stores/records/open-records.ts';
import type { SqlExecutor } from '../stores/records/record-store.ts';
import type { ContentManager, ManagerPorts } from './content-manager.ts';
import type { AttachmentSource } from './attachments.ts';
import type { ExtractedFacts } from './artifacts.ts';
import type { JsonObject } from './model.ts';
import type { Expansion, ExpansionRequest } from './expansion.ts';

/** Where content comes from, as far as its identity goes. */
export type IdentitySource =
  | {
      readonly kind: 'url';
      readonly url: URL;
      /** As the type's `options` reads them, for types whose address alone does not name the content; left out for links in texts. */
      readonly options?: Readonly<Record<string, unknown>>;
    }
  | {
      readonly kind: 'upload';
      readonly sha256: string;
      /** What the file calls itself, as `nativeIdUrl` reads it; null when it does not. */
      readonly nativeId: string | null;
    };

/** One version of a content, for the type's own tables. */
export interface VersionKey {
  readonly userId: string;
  readonly contentId: string;
  readonly version: number;
}

/** A filter of the list endpoint that only this type has: the SQL condition with one `?` for the value. */
export interface TypeFilter {
  readonly name: 'min_pages' | 'min_duration' | 'page_kind' | 'venue' | 'year';
  readonly condition: string;
}

/**
 * All there is to know of a content type: its folder exports one of these, and `content-types.ts` lists it.
 * The pipeline, the API and the tests read the list; nothing else names a type.
 */
export interface ContentType {
  /** Lower case and underscores: part of job ids, topics and paths. */
  readonly type: string;
  /** For people: "web page". */
  readonly label: string;
  readonly stages: readonly Stage[];
  /** Media types whose bytes this type can read; the first type in the list that has one gets it. */
  readonly mediaTypes: readonly string[];
  /** Further ones that it reads when somebody uploads such a file and names this type. */
  readonly fileMediaTypes: readonly string[];
  /** Further ones that another type usually gets: this one reads them when it is named or claims the address. */
  readonly claimedMediaTypes?: readonly string[];
  /** First part of blob keys, with a slash at the end. */
  readonly blobPrefix: string;
  /** Module with an exported `parse`, loaded by the parse workers. */
  readonly parserUrl: string;
  /**
   * Module with an exported `nativeId` (see `native-ids.ts`), loaded by the parse workers: reads from an uploaded file
   * what the world calls it, such as an ISBN. Left out by types whose files do not say.
   */
  readonly nativeIdUrl?: string;
  /** The setting that bounds the sources that are read. */
  readonly sizeLimit: 'MAX_PAGE_MB' | 'MAX_DOCUMENT_MB' | 'MAX_VIDEO_MB';
  /** What `options` may hold. */
  readonly options: z.ZodObject;
  readonly tables: TypeTables;
  /** The table that `saveMetadata` writes, keyed by (user_id, content_id). */
  readonly metadataTable: string;
  readonly filters: readonly TypeFilter[];
  /** Does an address belong to this type by its looks alone? The bytes may still say otherwise. */
  readonly claimsUrl: (url: URL) => boolean;
  /** The same source gives the same id, so that doing it twice converges. */
  readonly identify: (source: IdentitySource) => string;
  /** Writes the type's own metadata row, inside the transaction that flips the version. */
  readonly saveMetadata: (sql: SqlExecutor, key: VersionKey, extraction: ExtractedFacts) => Promise<void>;
  /** The items that a content lists, for the option `expand`; null when it lists none. Left out by types that never do. */
  readonly expand?: (request: ExpansionRequest) => Expansion | null;
  /** What the graph holds of a paper, from its type metadata. Left out by types that are no papers. */
  readonly paperGraph?: (typeMetadata: JsonObject) => PaperGraph;
  /** Sources that carry files, for the option `attachments`. Left out by types whose sources never do. */
  readonly attachments?: AttachmentSource;
  readonly createManager: (ports: ManagerPorts) => ContentManager;
}
