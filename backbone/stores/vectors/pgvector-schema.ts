import { AppError } from '../../errors.ts';
import type { SqlExecutor } from '../records/record-store.ts';

export interface VectorModel {
  readonly name: string;
  readonly dimensions: number;
}

/** Raised when the tables below change. */
const SCHEMA_VERSION = 1;
/** What pgvector's type `vector` can hold. */
const MAX_DIMENSIONS = 16_000;

/**
 * What all points of a content version share stands in one row. Postings are one row a term and slice of a
 * content version, not one a chunk (see `pgvector.ts`). No foreign keys: checking them row by row would
 * double the time of an insert, and every deletion is one transaction here.
 */
const TABLES = [
  `CREATE TABLE IF NOT EXISTS vector_collections (
     only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
     schema_version integer NOT NULL,
     model text NOT NULL,
     dimensions integer NOT NULL)`,
  `CREATE TABLE IF NOT EXISTS vector_contents (
     id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
     user_id text NOT NULL,
     content_id text NOT NULL,
     version integer NOT NULL,
     points integer NOT NULL,
     content_type text NOT NULL,
     language text,
     tags text[] NOT NULL,
     authors text[] NOT NULL,
     published_at timestamptz,
     created_at timestamptz NOT NULL,
     site text,
     pages integer,
     duration_seconds double precision,
     UNIQUE (user_id, content_id, version))`,
  // Folders of before these could be searched by.
  `ALTER TABLE vector_contents ADD COLUMN IF NOT EXISTS site text, ADD COLUMN IF NOT EXISTS pages integer,
     ADD COLUMN IF NOT EXISTS duration_seconds double precision, DROP COLUMN IF EXISTS extra`,
  `CREATE TABLE IF NOT EXISTS term_postings (
     term_id integer NOT NULL,
     owner integer NOT NULL,
     slice integer NOT NULL,
     points integer NOT NULL,
     postings bytea NOT NULL,
     PRIMARY KEY (term_id, owner, slice))`,
  `CREATE INDEX IF NOT EXISTS term_postings_owner ON term_postings (owner)`,
  // Numbers do not compress: trying to costs time at every insert.
  `ALTER TABLE term_postings ALTER COLUMN postings SET STORAGE EXTERNAL`,
];

/**
 * Makes the tables that are missing. Vectors of another model may only be followed by those of this one
 * when none are left. Run it in a transaction.
 * @throws AppError embedder_mismatch | conflict
 */
export async function prepareTables(sql: SqlExecutor, model: VectorModel): Promise<void> {
  const { name, dimensions } = model;
  if (!Number.isInteger(dimensions) || dimensions < 1 || dimensions > MAX_DIMENSIONS) {
    throw new RangeError(`Vectors of ${dimensions} dimensions cannot be stored`);
  }
  for (const statement of TABLES) await sql.query(statement);
  await sql.query(
    `INSERT INTO vector_collections (schema_version, model, dimensions) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`,
    [SCHEMA_VERSION, name, dimensions],
  );
  await checkCollection(sql, model);
  await sql.query(`CREATE TABLE IF NOT EXISTS chunk_vectors (
    owner integer NOT NULL,
    chunk_index integer NOT NULL,
    embedding vector(${dimensions}) NOT NULL,
    PRIMARY KEY (owner, chunk_index))`);
  // Within the row as long as it fits: a scan that fetches each vector from the TOAST table takes thrice as long.
  await sql.query(`ALTER TABLE chunk_vectors ALTER COLUMN embedding SET STORAGE MAIN`);
}

async function checkCollection(sql: SqlExecutor, { name, dimensions }: VectorModel): Promise<void> {
  const [stored] = await sql.query<{
    schema_version: number;
    model: string;
    dimensions: number;
    empty: boolean;
  }>(
    `SELECT schema_version, model, dimensions, NOT EXISTS (SELECT FROM vector_contents) AS empty
       FROM vector_collections`,
  );
  if (stored?.schema_version !== SCHEMA_VERSION) {
    throw new AppError('conflict', { params: { reason: 'the vectors were stored by another release' } });
  }
  if (stored.model === name && stored.dimensions === dimensions) return;
  if (!stored.empty) {
    const described = (model: string, size: number): string => `${model} (${size} dimensions)`;
    throw new AppError('embedder_mismatch', {
      params: { stored: described(stored.model, stored.dimensions), current: described(name, dimensions) },
    });
  }
  await sql.query(`DROP TABLE IF EXISTS chunk_vectors`);
  await sql.query(`UPDATE vector_collections SET model = $1, dimensions = $2`, [name, dimensions]);
}
