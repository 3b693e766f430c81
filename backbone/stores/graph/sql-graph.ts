import { contentVersions } from '../content-versions.ts';
import { storableText } from '../postgres-text.ts';
import type { Database, SqlExecutor } from '../records/record-store.ts';
import { roundTripMs } from '../round-trip.ts';
import type { ContentVersion } from '../vectors/vector-store.ts';
import type {
  ContentGraph,
  ContentProperties,
  GraphDeletion,
  GraphStore,
  RelatedContent,
} from './graph-store.ts';
import { neighboursOf, workKey } from './neighbours.ts';
import { RELATED_QUERY } from './related-query.ts';
import { deleteEdges, deleteOrphans, insertEdges } from './sql-graph-edges.ts';
import { prepareGraphTables } from './sql-graph-schema.ts';

export interface SqlGraphOptions {
  /** Belongs to the caller, who closes it. */
  readonly database: Database;
}

type ContentRef = Omit<ContentVersion, 'version'>;

/**
 * The graph as node and edge tables in the database of the records: two hops are all that is asked, which
 * SQL answers as well as a graph language does, with parameters and without another extension.
 */
export async function openSqlGraph({ database }: SqlGraphOptions): Promise<GraphStore> {
  await database.transaction(prepareGraphTables);
  return {
    merge: (graph) => database.transaction((sql) => merge(sql, graph)),
    setProperties: (of, properties) => database.transaction((sql) => setProperties(sql, of, properties)),
    related: (of, limit) =>
      database.query<RelatedContent>(RELATED_QUERY, [of.userId, of.contentId, of.version, limit]),
    deleteContent: (of, options) =>
      database.transaction((sql) =>
        deleteVersions(sql, of, `$3::integer IS NULL OR version <> $3`, options?.except ?? null),
      ),
    deleteVersion: (of) => database.transaction((sql) => deleteVersions(sql, of, `version = $3`, of.version)),
    versions: () => contentVersions(database, 'graph_contents'),
    async count(of) {
      return (await idsOf(database, of)).length;
    },
    probe: () => roundTripMs(() => database.query('SELECT 1')),
    close: () => Promise.resolve(),
  };
}

async function merge(sql: SqlExecutor, graph: ContentGraph): Promise<void> {
  const rows = await sql.query<{ id: number }>(
    `INSERT INTO graph_contents (user_id, content_id, version, content_type, title, url)
     VALUES ($1, $2, $3, $4, $5, $6)
     ON CONFLICT (user_id, content_id, version) DO UPDATE SET (content_type, title, url) = ($4, $5, $6)
     RETURNING id`,
    [
      graph.userId,
      graph.contentId,
      graph.version,
      graph.contentType,
      textOrNull(graph.title),
      textOrNull(graph.url),
    ],
  );
  const ids = rows.map((row) => row.id);
  const former = await deleteEdges(sql, ids);
  await sql.query(`DELETE FROM graph_links WHERE content = ANY ($1::integer[])`, [ids]);
  await insertEdges(sql, graph.userId, ids, neighboursOf(graph));
  await sql.query(
    `INSERT INTO graph_links (content, user_id, target_id)
     SELECT DISTINCT c.id, $2, t.id FROM unnest($1::integer[]) c (id) CROSS JOIN unnest($3::text[]) t (id)
      WHERE t.id <> $4`,
    [ids, graph.userId, graph.linksTo, graph.contentId],
  );
  await replaceWorks(sql, graph.userId, ids, graph.paper?.keys ?? []);
  await deleteOrphans(sql, former);
}

async function replaceWorks(
  sql: SqlExecutor,
  userId: string,
  contents: readonly number[],
  keys: readonly string[],
): Promise<void> {
  await sql.query(`DELETE FROM graph_works WHERE content = ANY ($1::integer[])`, [contents]);
  await sql.query(
    `INSERT INTO graph_works (content, user_id, key)
     SELECT DISTINCT c.id, $2, k.key FROM unnest($1::integer[]) c (id) CROSS JOIN unnest($3::text[]) k (key)`,
    [contents, userId, keys.map(workKey)],
  );
}

async function setProperties(
  sql: SqlExecutor,
  of: ContentRef,
  { title, authors }: ContentProperties,
): Promise<void> {
  const ids = await idsOf(sql, of);
  await sql.query(`UPDATE graph_contents SET title = $2 WHERE id = ANY ($1::integer[])`, [
    ids,
    textOrNull(title),
  ]);
  const former = await deleteEdges(sql, ids, 'author');
  if (ids.length > 0) {
    await insertEdges(
      sql,
      of.userId,
      ids,
      neighboursOf({ authors, siteName: null, entities: [], keywords: [] }),
    );
  }
  await deleteOrphans(sql, former);
}

async function deleteVersions(
  sql: SqlExecutor,
  of: ContentRef,
  which: `${string}$3${string}`,
  version: number | null,
): Promise<GraphDeletion> {
  const deleted = await sql.query<{ id: number }>(
    `DELETE FROM graph_contents WHERE user_id = $1 AND content_id = $2 AND (${which}) RETURNING id`,
    [of.userId, of.contentId, version],
  );
  const ids = deleted.map((row) => row.id);
  const former = await deleteEdges(sql, ids);
  await sql.query(`DELETE FROM graph_links WHERE content = ANY ($1::integer[])`, [ids]);
  await replaceWorks(sql, of.userId, ids, []);
  // Links to it point at nothing once its last version is gone.
  await sql.query(
    `DELETE FROM graph_links WHERE user_id = $1 AND target_id = $2
        AND NOT EXISTS (SELECT FROM graph_contents WHERE user_id = $1 AND content_id = $2)`,
    [of.userId, of.contentId],
  );
  return { contents: ids.length, neighbours: await deleteOrphans(sql, former) };
}

async function idsOf(sql: SqlExecutor, of: ContentRef): Promise<number[]> {
  const rows = await sql.query<{ id: number }>(
    `SELECT id FROM graph_contents WHERE user_id = $1 AND content_id = $2`,
    [of.userId, of.contentId],
  );
  return rows.map((row) => row.id);
}

function textOrNull(text: string | null): string | null {
  return text === null ? null : storableText(text);
}
