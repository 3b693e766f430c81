import { AppError } from '../../errors.ts';
import type { SqlExecutor } from '../records/record-store.ts';

/** Raised when the tables below change. */
const SCHEMA_VERSION = 1;

/** No foreign keys: every deletion is one transaction in `sql-graph.ts`, which counts what it deletes. */
const TABLES = [
  `CREATE TABLE IF NOT EXISTS graph_schema (
     only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
     schema_version integer NOT NULL)`,
  `CREATE TABLE IF NOT EXISTS graph_contents (
     id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
     user_id text NOT NULL,
     content_id text NOT NULL,
     version integer NOT NULL,
     content_type text NOT NULL,
     title text,
     url text,
     UNIQUE (user_id, content_id, version))`,
  `CREATE TABLE IF NOT EXISTS graph_neighbours (
     id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
     user_id text NOT NULL,
     kind text NOT NULL,
     key text NOT NULL,
     name text NOT NULL,
     UNIQUE (user_id, kind, key))`,
  `CREATE TABLE IF NOT EXISTS graph_edges (
     content integer NOT NULL,
     neighbour integer NOT NULL,
     weight double precision NOT NULL,
     PRIMARY KEY (content, neighbour))`,
  `CREATE INDEX IF NOT EXISTS graph_edges_neighbour ON graph_edges (neighbour)`,
  `CREATE TABLE IF NOT EXISTS graph_links (
     content integer NOT NULL,
     user_id text NOT NULL,
     target_id text NOT NULL,
     PRIMARY KEY (content, target_id))`,
  // The keys that a content is cited by: neighbours of the kind `reference` with such a key are that content.
  `CREATE TABLE IF NOT EXISTS graph_works (
     content integer NOT NULL,
     user_id text NOT NULL,
     key text NOT NULL,
     PRIMARY KEY (content, key))`,
  `CREATE INDEX IF NOT EXISTS graph_works_key ON graph_works (user_id, key)`,
  `CREATE INDEX IF NOT EXISTS graph_links_target ON graph_links (user_id, target_id)`,
];

/** Makes the tables that are missing. Run it in a transaction. @throws AppError conflict */
export async function prepareGraphTables(sql: SqlExecutor): Promise<void> {
  for (const statement of TABLES) await sql.query(statement);
  await sql.query(`INSERT INTO graph_schema (schema_version) VALUES ($1) ON CONFLICT DO NOTHING`, [
    SCHEMA_VERSION,
  ]);
  const [stored] = await sql.query<{ schema_version: number }>(`SELECT schema_version FROM graph_schema`);
  if (stored?.schema_version === SCHEMA_VERSION) return;
  throw new AppError('conflict', { params: { reason: 'the graph was stored by another release' } });
}
