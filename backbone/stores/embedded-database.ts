import { mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { pg_trgm } from '@electric-sql/pglite/contrib/pg_trgm';
import { createPgConfig, type PGlitePgConfig } from '@electric-sql/pglite/node-postgres';
import { vector } from '@electric-sql/pglite-pgvector';
import { AppError } from '../errors.ts';

/** PostgreSQL compiled to WebAssembly, with pgvector and trigrams, inside this process. */
export interface EmbeddedDatabase {
  /** Settings of a `pg.Pool` of one connection; every user of the database must share that one pool. */
  readonly poolConfig: PGlitePgConfig;
  close(): Promise<void>;
}

export interface EmbeddedDatabaseOptions {
  /** Null keeps everything in memory. */
  readonly folder: string | null;
  /** A cluster made by `dumpTemplate`, which spares a new folder the seconds of initdb. */
  readonly template?: Blob;
}

/**
 * Single-user mode has neither a checkpointer nor autovacuum: a small WAL bound keeps the folder and the
 * recovery after a crash short, and `maintenance.ts` vacuums. 16 MB of shared buffers instead of 128: the
 * operating system caches the files anyway.
 */
const SERVER_SETTINGS = {
  shared_buffers: '16MB',
  max_wal_size: '64MB',
  min_wal_size: '32MB',
  wal_level: 'minimal',
  max_wal_senders: '0',
  work_mem: '16MB',
  maintenance_work_mem: '32MB',
  timezone: 'UTC',
};

const START_MARK = '.initialising';

/**
 * Opens or creates the database. A first start takes seconds (initdb). One that was killed during initdb
 * is begun again; files of any other origin are never deleted.
 * @throws AppError data_folder_damaged
 */
export async function openEmbeddedDatabase(options: EmbeddedDatabaseOptions): Promise<EmbeddedDatabase> {
  const pglite =
    options.folder === null ? await create('memory://', options) : await openFolder(options.folder, options);
  return {
    poolConfig: createPgConfig(pglite),
    close: () => pglite.close(),
  };
}

/** Is this folder without a finished cluster, so that opening it runs initdb? */
export async function isFirstStart(folder: string): Promise<boolean> {
  return (await isEmpty(folder)) || (await exists(markOf(folder)));
}

/** An initialised, empty cluster as an archive. */
export async function dumpTemplate(): Promise<Blob> {
  const pglite = await create('memory://', { folder: null });
  const template = await pglite.dumpDataDir('none');
  await pglite.close();
  return template;
}

async function openFolder(folder: string, options: EmbeddedDatabaseOptions): Promise<PGlite> {
  try {
    if (await isFirstStart(folder)) return await initialise(folder, options);
    // PostgreSQL would take a folder without it for a new one.
    if (!(await exists(path.join(folder, 'PG_VERSION')))) throw new Error('its file PG_VERSION is missing');
    return await create(folder, { folder });
  } catch (error) {
    throw new AppError('data_folder_damaged', { params: { folder, reason: reasonOf(error) }, cause: error });
  }
}

/** As long as the mark is there the folder holds nothing of value. */
async function initialise(folder: string, options: EmbeddedDatabaseOptions): Promise<PGlite> {
  await mkdir(path.dirname(folder), { recursive: true });
  await writeFile(markOf(folder), '');
  await rm(folder, { recursive: true, force: true });
  const pglite = await create(folder, options);
  await rm(markOf(folder));
  return pglite;
}

async function create(dataDir: string, options: EmbeddedDatabaseOptions): Promise<PGlite> {
  const settings = Object.entries(SERVER_SETTINGS).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const pglite = await PGlite.create(dataDir, {
    extensions: { vector, pg_trgm },
    startParams: [...PGlite.defaultStartParams, ...settings],
    ...(options.template ? { loadDataDir: options.template } : {}),
  });
  await pglite.exec('CREATE EXTENSION IF NOT EXISTS vector');
  return pglite;
}

/** A server that gives up inside WebAssembly says nothing but that it aborted. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.name === 'RuntimeError' ? 'the database in it does not start' : error.message;
}

/** Beside the folder: initdb wants it empty. */
function markOf(folder: string): string {
  return `${folder}${START_MARK}`;
}

async function exists(file: string): Promise<boolean> {
  try {
    await stat(file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}

async function isEmpty(folder: string): Promise<boolean> {
  return !(await exists(folder)) || (await readdir(folder)).length === 0;
}
