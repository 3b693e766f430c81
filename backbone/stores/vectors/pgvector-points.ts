import type { SqlExecutor } from '../records/record-store.ts';
import { storableText } from '../postgres-text.ts';
import { encodePostings, invert } from './posting-list.ts';
import { NEXT_VECTORS, writtenTable, type VectorTable } from './pgvector-schema.ts';
import type { ChunkPoint, ContentVersion, PointPayload } from './vector-store.ts';

/** PostgreSQL takes 65,535 parameters; this many vectors hold the process up for some 5 ms. */
const VECTORS_PER_STATEMENT = 100;
/** Large, so that a term's postings share a row; bounded, so that memory and rows are. */
const POINTS_PER_SLICE = 512;
const TERMS_PER_STATEMENT = 4_000;

/** Resolves with the number that stands for this content version. */
export async function upsertContent(
  sql: SqlExecutor,
  of: ContentVersion,
  payload: PointPayload,
  points: number,
): Promise<number> {
  const [row] = await sql.query<{ id: number }>(
    `INSERT INTO vector_contents (user_id, content_id, version, points,
       ${PAYLOAD_COLUMNS})
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
     ON CONFLICT (user_id, content_id, version) DO UPDATE SET (points,
       ${PAYLOAD_COLUMNS})
       = ($4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
     RETURNING id`,
    [of.userId, of.contentId, of.version, points, ...payloadParams(payload)],
  );
  if (!row) throw new Error('The upsert returned no row');
  return row.id;
}

export async function insertPoints(
  sql: SqlExecutor,
  owner: number,
  points: readonly ChunkPoint[],
): Promise<void> {
  const table = await writtenTable(sql);
  for (const slice of slicesOf(points, POINTS_PER_SLICE)) {
    await insertVectors(sql, table, owner, slice);
    await insertPostings(sql, owner, slice);
  }
}

export async function deletePoints(sql: SqlExecutor, owners: readonly number[]): Promise<void> {
  await sql.query(`DELETE FROM chunk_vectors WHERE owner = ANY ($1::integer[])`, [owners]);
  if ((await writtenTable(sql)) === NEXT_VECTORS)
    await sql.query(`DELETE FROM ${NEXT_VECTORS} WHERE owner = ANY ($1::integer[])`, [owners]);
  await sql.query(`DELETE FROM term_postings WHERE owner = ANY ($1::integer[])`, [owners]);
}

export const PAYLOAD_COLUMNS =
  'content_type, language, tags, authors, published_at, created_at, site, pages, duration_seconds';

/** In the order of the columns. */
export function payloadParams(payload: PointPayload): unknown[] {
  return [
    payload.contentType,
    payload.language,
    payload.tags.map(storableText),
    payload.authors.map(storableText),
    payload.publishedAt,
    payload.createdAt,
    payload.site === null ? null : storableText(payload.site),
    payload.pages,
    payload.durationSeconds,
  ];
}

/**
 * Of unit length, so that the inner product is the cosine; a vector of zeros stays one, and is like nothing.
 * In pgvector's binary format, which the driver passes on as it is: writing and reading 300 vectors as text
 * took 300 ms, as bytes it takes 15.
 */
export function vectorBytes(vector: Float32Array): Buffer {
  const length = Math.hypot(...vector);
  const bytes = Buffer.alloc(4 + 4 * vector.length);
  bytes.writeUInt16BE(vector.length, 0);
  if (length === 0) return bytes;
  for (const [at, component] of vector.entries()) bytes.writeFloatBE(component / length, 4 + 4 * at);
  return bytes;
}

/** Term numbers are unsigned, PostgreSQL's integers are not. */
export function signed(id: number): number {
  return id | 0;
}

/** Those that are there already stay. */
export async function insertVectors(
  sql: SqlExecutor,
  table: VectorTable,
  owner: number,
  points: readonly Omit<ChunkPoint, 'terms'>[],
): Promise<void> {
  for (const part of slicesOf(points, VECTORS_PER_STATEMENT)) {
    const places = part.map((_, at) => `($1, $${2 * at + 2}, $${2 * at + 3}::vector)`);
    await sql.query(
      `INSERT INTO ${table} (owner, chunk_index, embedding) VALUES ${places.join(', ')} ON CONFLICT DO NOTHING`,
      [owner, ...part.flatMap((point) => [point.chunkIndex, vectorBytes(point.vector)])],
    );
  }
}

async function insertPostings(sql: SqlExecutor, owner: number, points: readonly ChunkPoint[]): Promise<void> {
  const slice = points[0]?.chunkIndex ?? 0;
  for (const part of slicesOf([...invert(points)], TERMS_PER_STATEMENT)) {
    await sql.query(
      `INSERT INTO term_postings (owner, slice, term_id, points, postings)
       SELECT $1, $2, t.term_id, t.points, decode(t.postings, 'base64')
         FROM unnest($3::integer[], $4::integer[], $5::text[]) t (term_id, points, postings)`,
      [
        owner,
        slice,
        part.map(([id]) => signed(id)),
        part.map(([, postings]) => postings.length),
        part.map(([, postings]) => encodePostings(postings).toString('base64')),
      ],
    );
  }
}

function* slicesOf<T>(items: readonly T[], size: number): Generator<readonly T[]> {
  for (let at = 0; at < items.length; at += size) yield items.slice(at, at + size);
}
