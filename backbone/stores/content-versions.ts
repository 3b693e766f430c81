import type { Database } from './records/record-store.ts';
import type { ContentVersion } from './vectors/vector-store.ts';

/** Tables with one row a content version, keyed by an `id` that rises. */
export type VersionTable = 'graph_contents' | 'vector_contents';

const VERSIONS_PER_PAGE = 500;

/** Every content version of every tenant in the table, page by page, so that other work on the database gets its turn. */
export async function* contentVersions(
  database: Database,
  table: VersionTable,
): AsyncGenerator<ContentVersion> {
  let last = 0;
  for (;;) {
    const page = await database.query<ContentVersion & { id: number }>(
      `SELECT id, user_id AS "userId", content_id AS "contentId", version
         FROM ${table} WHERE id > $1 ORDER BY id LIMIT $2`,
      [last, VERSIONS_PER_PAGE],
    );
    for (const { id, ...version } of page) {
      yield version;
      last = id;
    }
    if (page.length < VERSIONS_PER_PAGE) return;
  }
}
