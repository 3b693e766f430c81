import type { BlobStore } from '../stores/blobs/blob-store.ts';
import type { GraphStore } from '../stores/graph/graph-store.ts';
import type { RecordStore } from '../stores/records/record-store.ts';
import type { VectorStore } from '../stores/vectors/vector-store.ts';
import { reprocessPrefix, workPrefix } from './artifacts.ts';
import type { ContentCache } from './content-cache.ts';
import { removeRows } from './content-remover.ts';
import type { TypeRegistry } from './content-types.ts';
import { contentPrefix } from './steps/kept-files.ts';

/** The stores in the order in which they are emptied. */
export const DELETION_STORES = ['cache', 'graph', 'records', 'vectors', 'blobs'] as const;
export type DeletionStore = (typeof DELETION_STORES)[number];

export interface DeletionStepPorts {
  readonly records: RecordStore;
  readonly contentCache: ContentCache;
  readonly graph: GraphStore;
  readonly vectors: VectorStore;
  readonly blobs: BlobStore;
  readonly types: TypeRegistry;
}

interface ContentOf {
  readonly userId: string;
  readonly contentId: string;
}

/** Removes from one store everything it holds of a content; idempotent. Resolves with what was removed, by kind. */
export async function emptyStore(
  store: DeletionStore,
  of: ContentOf,
  ports: DeletionStepPorts,
): Promise<Readonly<Record<string, number>>> {
  switch (store) {
    case 'cache':
      return { entries: await ports.contentCache.purge(of.userId, of.contentId) };
    case 'graph': {
      const { contents, neighbours } = await ports.graph.deleteContent(of);
      return { contents, neighbours };
    }
    case 'records':
      return removeRows(ports.records, of.userId, of.contentId);
    case 'vectors':
      return { points: await ports.vectors.deleteContent(of) };
    case 'blobs':
      return { files: await deleteFiles(of, ports) };
  }
}

async function deleteFiles(of: ContentOf, { records, blobs, types }: DeletionStepPorts): Promise<number> {
  const jobs = await records.query<{ job_id: string; blob_key: string | null }>(
    `SELECT job_id, file_paths->>'upload' AS blob_key FROM processing_jobs WHERE user_id = $1 AND content_id = $2`,
    [of.userId, of.contentId],
  );
  let files = await blobs.deletePrefix(reprocessPrefix(of.userId, of.contentId));
  // The content may have changed its type since some of its files were written.
  for (const type of types.all) files += await blobs.deletePrefix(contentPrefix(type, of));
  for (const { job_id, blob_key } of jobs) {
    files += await blobs.deletePrefix(workPrefix(job_id));
    if (blob_key !== null && (await blobs.delete(blob_key))) files += 1;
  }
  return files;
}
