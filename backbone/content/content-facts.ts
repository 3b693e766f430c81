import type { Crash } from '../crash-points.ts';
import type { GraphStore } from '../stores/graph/graph-store.ts';
import type { ContentRow } from '../stores/records/entities.ts';
import type { RecordStore } from '../stores/records/record-store.ts';
import type { PointPayload, VectorStore } from '../stores/vectors/vector-store.ts';
import { publicationInstant } from './publication-instant.ts';
import type { JsonObject } from './model.ts';
import { siteOf } from './site-of.ts';

export interface FactsPorts {
  readonly records: RecordStore;
  readonly graph: GraphStore;
  readonly vectors: VectorStore;
  readonly crash: Crash;
}

interface ContentOf {
  readonly userId: string;
  readonly contentId: string;
}

/** So many changes in a row overtake one of us at most; later the background goes on. */
const ROUNDS = 10;
const PAGE = 20;

/**
 * Makes the graph and the vectors show what the records say of a content, until they show its last change.
 * Whoever wrote an older state notices that it was overtaken and writes again, so that whatever the order of
 * edits and of new versions the last state wins. Resolves with that row; null when there is no such content.
 */
export async function showFacts(ports: FactsPorts, of: ContentOf): Promise<ContentRow | null> {
  let last: ContentRow | null = null;
  for (let round = 0; round < ROUNDS; round += 1) {
    const row = await currentRow(ports.records, of);
    if (row === null || (last === null && row.shown_revision === row.facts_revision)) return row;
    last = row;
    ports.crash('edit_after_records');
    await ports.graph.setProperties(of, { title: row.title, authors: row.authors });
    ports.crash('edit_after_graph');
    await ports.vectors.setPayload(of, payloadOf(row));
    if (await isStillCurrent(ports.records, of, row.facts_revision)) return row;
  }
  return last;
}

/** Goes on with changes that were interrupted between the stores. Resolves with how many contents. */
export async function showPendingFacts(ports: FactsPorts): Promise<number> {
  const rows = await ports.records.query<{ user_id: string; content_id: string }>(
    `SELECT user_id, content_id FROM contents WHERE shown_revision <> facts_revision ORDER BY updated_at LIMIT ${PAGE}`,
  );
  for (const { user_id, content_id } of rows) {
    await showFacts(ports, { userId: user_id, contentId: content_id });
  }
  return rows.length;
}

/** What search filters by, from the current row. */
export function payloadOf(row: ContentRow): PointPayload {
  return {
    contentType: row.content_type,
    language: row.language,
    tags: row.tags,
    authors: row.authors,
    publishedAt: publicationInstant(row.published_at),
    createdAt: row.created_at.toISOString(),
    site: siteOf(row.url),
    pages: row.page_count,
    durationSeconds: durationOf(row.type_metadata),
  };
}

/** What types with a playing time name it in their metadata. Seconds. */
export function durationOf({ durationSeconds }: JsonObject): number | null {
  return typeof durationSeconds === 'number' ? durationSeconds : null;
}

async function currentRow(records: RecordStore, of: ContentOf): Promise<ContentRow | null> {
  const [row] = await records.query<ContentRow>(
    'SELECT * FROM contents WHERE user_id = $1 AND content_id = $2',
    [of.userId, of.contentId],
  );
  return row ?? null;
}

async function isStillCurrent(records: RecordStore, of: ContentOf, revision: number): Promise<boolean> {
  const rows = await records.query(
    `UPDATE contents SET shown_revision = $3 WHERE user_id = $1 AND content_id = $2 AND facts_revision = $3 RETURNING 1`,
    [of.userId, of.contentId, revision],
  );
  return rows.length > 0;
}
