import type { ManagerPorts } from '../../backbone/content/content-manager.ts';
import type { ContentType } from '../../backbone/content/content-type.ts';

/** A content of a tenant, as stores know it. */
export interface HeldContent {
  readonly userId: string;
  readonly contentId: string;
}

/** How much each store holds of one content. */
export interface Holdings {
  readonly contents: number;
  readonly texts: number;
  readonly chunks: number;
  readonly fingerprints: number;
  readonly metadata: number;
  readonly points: number;
  readonly nodes: number;
  readonly files: number;
}

/** What is held of a content that was removed. */
export const NOTHING: Holdings = {
  contents: 0,
  texts: 0,
  chunks: 0,
  fingerprints: 0,
  metadata: 0,
  points: 0,
  nodes: 0,
  files: 0,
};

/** Counts what the stores themselves hold, past everything that hides or caches. */
export async function holdingsOf(ports: ManagerPorts, type: ContentType, of: HeldContent): Promise<Holdings> {
  const { records, graph, vectors, blobs } = ports;
  const rows = async (table: string): Promise<number> =>
    (
      await records.query(`SELECT 1 FROM ${table} WHERE user_id = $1 AND content_id = $2`, [
        of.userId,
        of.contentId,
      ])
    ).length;
  let files = 0;
  for (const prefix of [type.blobPrefix, 'work/', 'uploads/']) {
    for await (const { key } of blobs.list(prefix)) if (key.includes(of.contentId)) files += 1;
  }
  return {
    contents: await rows('contents'),
    texts: await rows('content_texts'),
    chunks: await rows('content_chunks'),
    fingerprints: await rows('content_fingerprints'),
    metadata: await rows(type.metadataTable),
    points: await vectors.count(of),
    nodes: await graph.count(of),
    files,
  };
}
