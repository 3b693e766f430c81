import type { Database } from '../records/record-store.ts';
import { insertVectors } from './pgvector-points.ts';
import { NEXT_VECTORS, writtenTable } from './pgvector-schema.ts';
import type { IncompleteContent, VectorReplacement } from './vector-store.ts';

/**
 * The vectors of a model to come, in a table beside the one that is searched. What has to be done is read from the
 * tables themselves, so there is no position to be kept, and nothing to be lost with it.
 */
export function pgvectorReplacement(database: Database): VectorReplacement {
  return {
    incomplete: (after) =>
      database.transaction(async (sql) => {
        const table = await writtenTable(sql);
        const [first] = await sql.query<IncompleteContent>(
          `SELECT c.id AS cursor, c.user_id AS "userId", c.content_id AS "contentId", c.version, n.embedded
             FROM vector_contents c
            CROSS JOIN LATERAL (SELECT count(*)::integer AS embedded FROM ${table} v WHERE v.owner = c.id) n
            WHERE c.id > $1 AND n.embedded < c.points ORDER BY c.id LIMIT 1`,
          [after],
        );
        return first ?? null;
      }),
    add: (of, vectors) =>
      database.transaction(async (sql) => {
        const [owner] = await sql.query<{ id: number }>(
          `SELECT id FROM vector_contents WHERE user_id = $1 AND content_id = $2 AND version = $3 FOR UPDATE`,
          [of.userId, of.contentId, of.version],
        );
        if (!owner) return false;
        await insertVectors(sql, await writtenTable(sql), owner.id, vectors);
        return true;
      }),
    takeOver: () =>
      database.transaction(async (sql) => {
        const [next] = await sql.query(
          `UPDATE vector_collections SET model = next_model, dimensions = next_dimensions, next_model = NULL,
                  next_dimensions = NULL WHERE next_model IS NOT NULL RETURNING model`,
        );
        if (!next) return;
        await sql.query(`DROP TABLE chunk_vectors`);
        await sql.query(`ALTER TABLE ${NEXT_VECTORS} RENAME TO chunk_vectors`);
        await sql.query(`ALTER INDEX ${NEXT_VECTORS}_pkey RENAME TO chunk_vectors_pkey`);
      }),
    progress: () =>
      database.transaction(async (sql) => {
        const table = await writtenTable(sql);
        const [row] = await sql.query<{ embedded: number; points: number }>(
          `SELECT (SELECT count(*)::integer FROM ${table}) AS embedded,
                  (SELECT coalesce(sum(points), 0)::integer FROM vector_contents) AS points`,
        );
        return row ?? { embedded: 0, points: 0 };
      }),
  };
}
