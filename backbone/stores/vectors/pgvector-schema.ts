import { AppError } from '../../errors.ts';
import type { SqlExecutor } from '../records/record-store.ts';
import type { VectorModel } from './vector-store.ts';

/** The vectors that are searched, and those of a model that is to follow. */
export type VectorTable = 'chunk_vectors' | typeof NEXT_VECTORS;
export const NEXT_VECTORS = 'chunk_vectors_next';

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
  // Filled while the vectors of a model are made that is to take the place of the one above.
  `ALTER TABLE vector_collections ADD COLUMN IF NOT EXISTS next_model text,
     ADD COLUMN IF NOT EXISTS next_dimensions integer`,
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
 * Makes the tables that are missing. While vectors of another model are stored, those of this one get a second table.
 * Resolves with the model that is searched. Run it in a transaction.
 * @throws AppError conflict
 */
export async function prepareTables(sql: SqlExecutor, model: VectorModel): Promise<VectorModel> {
  const { name, dimensions } = model;
  if (!Number.isInteger(dimensions) || dimensions < 1 || dimensions > MAX_DIMENSIONS) {
    throw new RangeError(`Vectors of ${dimensions} dimensions cannot be stored`);
  }
  for (const statement of TABLES) await sql.query(statement);
  await sql.query(
    `INSERT INTO vector_collections (schema_version, model, dimensions) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`,
    [SCHEMA_VERSION, name, dimensions],
  );
  const searched = await chooseCollection(sql, model);
  await createVectors(sql, 'chunk_vectors', searched.dimensions);
  return searched;
}

interface CollectionRow extends VectorModel {
  readonly schemaVersion: number;
  readonly nextName: string | null;
  readonly nextDimensions: number | null;
  readonly isEmpty: boolean;
}

async function chooseCollection(sql: SqlExecutor, model: VectorModel): Promise<VectorModel> {
  const [stored] = await sql.query<CollectionRow>(
    `SELECT schema_version AS "schemaVersion", model AS name, dimensions, next_model AS "nextName",
            next_dimensions AS "nextDimensions", NOT EXISTS (SELECT FROM vector_contents) AS "isEmpty"
       FROM vector_collections`,
  );
  if (stored?.schemaVersion !== SCHEMA_VERSION) {
    throw new AppError('conflict', { params: { reason: 'the vectors were stored by another release' } });
  }
  const { name, dimensions } = stored;
  if (stored.nextName === model.name && stored.nextDimensions === model.dimensions)
    return { name, dimensions };
  await sql.query(`DROP TABLE IF EXISTS ${NEXT_VECTORS}`);
  const isSame = name === model.name && dimensions === model.dimensions;
  if (isSame || stored.isEmpty) {
    if (!isSame) await sql.query(`DROP TABLE IF EXISTS chunk_vectors`);
    await sql.query(
      `UPDATE vector_collections SET model = $1, dimensions = $2, next_model = NULL, next_dimensions = NULL`,
      [model.name, model.dimensions],
    );
    return model;
  }
  await createVectors(sql, NEXT_VECTORS, model.dimensions);
  await sql.query(`UPDATE vector_collections SET next_model = $1, next_dimensions = $2`, [
    model.name,
    model.dimensions,
  ]);
  return { name, dimensions };
}

/** Where vectors are written. Until the transaction ends, no other vectors take over. */
export async function writtenTable(sql: SqlExecutor): Promise<VectorTable> {
  const [row] = await sql.query<{ hasNext: boolean }>(
    `SELECT next_model IS NOT NULL AS "hasNext" FROM vector_collections FOR SHARE`,
  );
  return row?.hasNext === true ? NEXT_VECTORS : 'chunk_vectors';
}

async function createVectors(sql: SqlExecutor, table: VectorTable, dimensions: number): Promise<void> {
  await sql.query(`CREATE TABLE IF NOT EXISTS ${table} (
    owner integer NOT NULL,
    chunk_index integer NOT NULL,
    embedding vector(${dimensions}) NOT NULL,
    PRIMARY KEY (owner, chunk_index))`);
  // Within the row as long as it fits: a scan that fetches each vector from the TOAST table takes thrice as long.
  await sql.query(`ALTER TABLE ${table} ALTER COLUMN embedding SET STORAGE MAIN`);
}
