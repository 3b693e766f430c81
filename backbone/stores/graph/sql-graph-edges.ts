import type { SqlExecutor } from '../records/record-store.ts';
import type { Neighbour } from './neighbours.ts';

/** Ties each of these contents to each of the neighbours, which are made where they are missing. */
export async function insertEdges(
  sql: SqlExecutor,
  userId: string,
  contents: readonly number[],
  neighbours: readonly Neighbour[],
): Promise<void> {
  const columns = [
    userId,
    neighbours.map((neighbour) => neighbour.kind),
    neighbours.map((neighbour) => neighbour.key),
  ];
  await sql.query(
    `INSERT INTO graph_neighbours (user_id, kind, key, name)
     SELECT $1, n.kind, n.key, n.name FROM unnest($2::text[], $3::text[], $4::text[]) n (kind, key, name)
     ON CONFLICT DO NOTHING`,
    [...columns, neighbours.map((neighbour) => neighbour.name)],
  );
  await sql.query(
    `INSERT INTO graph_edges (content, neighbour, weight)
     SELECT c.id, g.id, n.weight
       FROM unnest($2::text[], $3::text[], $4::double precision[]) n (kind, key, weight)
       JOIN graph_neighbours g ON g.user_id = $1 AND g.kind = n.kind AND g.key = n.key
      CROSS JOIN unnest($5::integer[]) c (id)`,
    [...columns, neighbours.map((neighbour) => neighbour.weight), contents],
  );
}

/**
 * Takes the edges away, of one kind of neighbour or of all.
 * Resolves with the neighbours that they led to: candidates for `deleteOrphans`.
 */
export async function deleteEdges(
  sql: SqlExecutor,
  contents: readonly number[],
  kind: Neighbour['kind'] | null = null,
): Promise<number[]> {
  const deleted = await sql.query<{ neighbour: number }>(
    `DELETE FROM graph_edges e USING graph_neighbours n
      WHERE n.id = e.neighbour AND e.content = ANY ($1::integer[]) AND ($2::text IS NULL OR n.kind = $2)
      RETURNING e.neighbour`,
    [contents, kind],
  );
  return [...new Set(deleted.map((edge) => edge.neighbour))];
}

/** Resolves with how many of the candidates had no content left. */
export async function deleteOrphans(sql: SqlExecutor, candidates: readonly number[]): Promise<number> {
  const deleted = await sql.query(
    `DELETE FROM graph_neighbours n WHERE n.id = ANY ($1::integer[])
        AND NOT EXISTS (SELECT FROM graph_edges e WHERE e.neighbour = n.id) RETURNING n.id`,
    [candidates],
  );
  return deleted.length;
}
