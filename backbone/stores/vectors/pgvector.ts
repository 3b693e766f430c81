import { contentVersions } from '../content-versions.ts';
import { storableText } from '../postgres-text.ts';
import type { Database } from '../records/record-store.ts';
import { roundTripMs } from '../round-trip.ts';
import { pgvectorReplacement } from './pgvector-replacement.ts';
import { prepareTables } from './pgvector-schema.ts';
import {
  PAYLOAD_COLUMNS,
  deletePoints,
  insertPoints,
  payloadParams,
  signed,
  upsertContent,
  vectorBytes,
} from './pgvector-points.ts';
import { rank, type PostingList } from './posting-list.ts';
import { sparseVectorOf } from './term-id.ts';
import type { ContentVersion, PointRef, ScoredPoint, SearchFilter, VectorStore } from './vector-store.ts';

export interface PgvectorOptions {
  /** With the extension `vector`. Belongs to the caller, who closes it. */
  readonly database: Database;
}

/** A question has some ten terms; whole documents as questions are cut to their heaviest terms. */
const MAX_QUERY_TERMS = 64;

/** Parameters of `filterParams`, $1 to $13. An empty list matches nothing; of tags one is enough. */
const FILTER = `(c.user_id = $1
  AND ($2::text[] IS NULL OR c.content_type = ANY ($2))
  AND ($3::text[] IS NULL OR c.content_id = ANY ($3))
  AND ($4::text IS NULL OR c.language = $4)
  AND ($5::text[] IS NULL OR c.tags && $5)
  AND ($6::text IS NULL OR $6 = ANY (c.authors))
  AND ($7::timestamptz IS NULL OR c.published_at >= $7)
  AND ($8::timestamptz IS NULL OR c.published_at <= $8)
  AND ($9::text IS NULL OR c.site = $9 OR right(c.site, length($9) + 1) = '.' || $9)
  AND ($10::integer IS NULL OR c.pages >= $10)
  AND ($11::integer IS NULL OR c.pages <= $11)
  AND ($12::float8 IS NULL OR c.duration_seconds >= $12)
  AND ($13::float8 IS NULL OR c.duration_seconds <= $13))`;

const POINT = `c.user_id AS "userId", c.content_id AS "contentId", c.version, v.chunk_index AS "chunkIndex"`;

/**
 * Vectors by pgvector, terms as posting lists, in the database of the records. `prepare` comes first.
 *
 * Dense search compares with every vector of the tenant: 30-40 ms at 10,000 points of 512 dimensions. HNSW
 * answers in 4 ms, but an insert of 300 chunks then takes 1.5-4.7 s instead of 0.02 s, and a filter over its
 * result loses hits. Sparse search reads one row a term and content version and scores here: 15-25 ms over
 * those points, where one row a chunk and term took 230-600 ms in SQL and four times as long to write. Both
 * grow linearly: beyond some 50,000 points a server is the better place.
 */
export function pgvectorStore({ database }: PgvectorOptions): VectorStore {
  return {
    prepare: (model) => database.transaction((sql) => prepareTables(sql, model)),
    replacement: pgvectorReplacement(database),
    upsert: (of, payload, points) =>
      database.transaction(async (sql) => {
        const owner = await upsertContent(sql, of, payload, points.length);
        await deletePoints(sql, [owner]);
        await insertPoints(sql, owner, points);
      }),
    searchDense: (vector, filter, limit) =>
      database.query<ScoredPoint>(
        `SELECT ${POINT}, -(v.embedding <#> $14::vector) AS score
           FROM chunk_vectors v JOIN vector_contents c ON c.id = v.owner
          WHERE ${FILTER} ORDER BY v.embedding <#> $14::vector, v.owner, v.chunk_index LIMIT $15`,
        [...filterParams(filter), vectorBytes(vector), limit],
      ),
    searchSparse: (terms, filter, limit) => searchSparse(database, terms, filter, limit),
    denseScores: (vector, points) => denseScores(database, vector, points),
    async setPayload(of, payload) {
      await database.query(
        `UPDATE vector_contents SET (${PAYLOAD_COLUMNS})
           = ($3, $4, $5, $6, $7, $8, $9, $10, $11) WHERE user_id = $1 AND content_id = $2`,
        [of.userId, of.contentId, ...payloadParams(payload)],
      );
    },
    deleteContent: (of, options) =>
      deleteContents(database, `$3::integer IS NULL OR version <> $3`, [
        of.userId,
        of.contentId,
        options?.except ?? null,
      ]),
    deleteVersion: (of) => deleteContents(database, `version = $3`, [of.userId, of.contentId, of.version]),
    versions: () => contentVersions(database, 'vector_contents'),
    async count(of) {
      return sumOfPoints(
        await database.query<{ points: number }>(
          `SELECT points FROM vector_contents WHERE user_id = $1 AND content_id = $2`,
          [of.userId, of.contentId],
        ),
      );
    },
    probe: () => roundTripMs(() => database.query('SELECT 1')),
    close: () => Promise.resolve(),
  };
}

async function searchSparse(
  database: Database,
  terms: ReadonlyMap<string, number>,
  filter: SearchFilter,
  limit: number,
): Promise<ScoredPoint[]> {
  const heaviest = [...sparseVectorOf(terms)]
    .sort((one, other) => other[1] - one[1])
    .slice(0, MAX_QUERY_TERMS);
  const totals = await database.query<{ points: number }>(
    `SELECT sum(points)::integer AS points FROM vector_contents WHERE user_id = $1 GROUP BY user_id`,
    [filter.userId],
  );
  const rows = await database.query<PostingList & ContentVersion>(
    `SELECT p.term_id AS "termId", p.owner, p.points, CASE WHEN ${FILTER} THEN p.postings END AS bytes,
            c.user_id AS "userId", c.content_id AS "contentId", c.version
       FROM term_postings p JOIN vector_contents c ON c.id = p.owner
      WHERE c.user_id = $1 AND p.term_id = ANY ($14::integer[]) ORDER BY p.owner, p.slice, p.term_id`,
    [...filterParams(filter), heaviest.map(([id]) => signed(id))],
  );
  const lists = rows.map((row) => ({ ...row, termId: row.termId >>> 0 }));
  const owners = new Map(
    rows.map(({ owner, userId, contentId, version }) => [owner, { userId, contentId, version }]),
  );
  const ranked = rank({ query: new Map(heaviest), lists, totalPoints: sumOfPoints(totals), limit });
  return ranked.flatMap(({ owner, chunkIndex, score }) => {
    const of = owners.get(owner);
    return of ? [{ ...of, chunkIndex, score }] : [];
  });
}

function denseScores(
  database: Database,
  vector: Float32Array,
  points: readonly PointRef[],
): Promise<ScoredPoint[]> {
  return database.query<ScoredPoint>(
    `SELECT ${POINT}, -(v.embedding <#> $1::vector) AS score
       FROM unnest($2::text[], $3::text[], $4::integer[], $5::integer[])
            p (user_id, content_id, version, chunk_index)
       JOIN vector_contents c USING (user_id, content_id, version)
       JOIN chunk_vectors v ON v.owner = c.id AND v.chunk_index = p.chunk_index`,
    [
      vectorBytes(vector),
      points.map((point) => point.userId),
      points.map((point) => point.contentId),
      points.map((point) => point.version),
      points.map((point) => point.chunkIndex),
    ],
  );
}

function deleteContents(
  database: Database,
  which: `${string}$3${string}`,
  params: readonly [userId: string, contentId: string, version: number | null],
): Promise<number> {
  return database.transaction(async (sql) => {
    const deleted = await sql.query<{ id: number; points: number }>(
      `DELETE FROM vector_contents WHERE user_id = $1 AND content_id = $2 AND (${which}) RETURNING id, points`,
      params,
    );
    if (deleted.length > 0)
      await deletePoints(
        sql,
        deleted.map((row) => row.id),
      );
    return sumOfPoints(deleted);
  });
}

function sumOfPoints(rows: readonly { readonly points: number }[]): number {
  return rows.reduce((sum, row) => sum + row.points, 0);
}

function filterParams(filter: SearchFilter): unknown[] {
  const { contentTypes, contentIds, language, tags, author, publishedFrom, publishedTo } = filter;
  const { site, minPages, maxPages, minDuration, maxDuration } = filter;
  const texts = [
    filter.userId,
    contentTypes,
    contentIds,
    language,
    tags,
    author,
    publishedFrom,
    publishedTo,
    site,
  ];
  return [
    // As the payload was stored; PostgreSQL would refuse a NUL in a question too.
    ...texts.map((value) =>
      typeof value === 'string' ? storableText(value) : (value?.map(storableText) ?? null),
    ),
    ...[minPages, maxPages, minDuration, maxDuration].map((value) => value ?? null),
  ];
}
