import { randomUUID } from 'node:crypto';
import { accessSync, constants, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { AppError } from './errors.ts';

/** The right to use a data folder, and the note that tells other programs where its backbone listens. */
export interface DataFolderLock {
  /** To be called once the API listens. */
  announce(address: { readonly url: string }): void;
  /** Takes the note away and gives the folder free; further calls do nothing. */
  release(): void;
}

export interface RunningBackbone {
  readonly pid: number;
  /** Origin of its API, such as `http://127.0.0.1:8480`. */
  readonly url: string;
}

interface Note {
  readonly pid: number;
  /** Null while it starts. */
  readonly url: string | null;
}

const LOCK_FILE = 'backbone.lock';
const NOTE_FILE = 'backbone.json';
/** Somebody who only looks holds a shared lock for an instant: a start must not fail because of that. */
const PATIENCE_MS = 250;
/** Result code of SQLite for "locked by another connection": https://sqlite.org/rescode.html#busy */
const SQLITE_BUSY = 5;
/** Refers to every lock held, since one that nothing refers to is closed, and so lost, by the garbage collector. */
const held = new Set<DatabaseSync>();

/**
 * Makes the folder, for its owner alone, when it is missing, and takes it for this process. The lock is
 * SQLite's lock on an empty database file, hence one of the operating system: it ends with the process,
 * however that dies, so there is no stale lock to clear away. Nothing else may open the lock file: closing
 * any other handle of it would drop a POSIX lock.
 * @throws AppError data_folder_locked, data_folder_damaged
 */
export function lockDataFolder(dataDir: string): DataFolderLock {
  try {
    prepareFolder(dataDir);
    const lock = takeLock(path.join(dataDir, LOCK_FILE));
    try {
      writeNote(dataDir, { pid: process.pid, url: null });
    } catch (error) {
      lock.close();
      throw error;
    }
    return heldLock(dataDir, lock);
  } catch (error) {
    if (isBusy(error)) {
      const pid = readNote(dataDir)?.pid ?? 'unknown';
      throw new AppError('data_folder_locked', { params: { folder: dataDir, pid } });
    }
    throw new AppError('data_folder_damaged', {
      params: { folder: dataDir, reason: (error as Error).message },
      cause: error,
    });
  }
}

/** The backbone whose API listens for this data folder. The note counts only while its lock is really held. */
export function findRunning(dataDir: string): RunningBackbone | null {
  const note = readNote(dataDir);
  if (note === null || note.url === null || !isLocked(dataDir)) return null;
  return { pid: note.pid, url: note.url };
}

function heldLock(dataDir: string, lock: DatabaseSync): DataFolderLock {
  held.add(lock);
  return {
    announce: ({ url }) => writeNote(dataDir, { pid: process.pid, url }),
    release: () => {
      if (!held.delete(lock)) return;
      try {
        rmSync(path.join(dataDir, NOTE_FILE), { force: true });
      } finally {
        lock.close();
      }
    },
  };
}

function prepareFolder(dataDir: string): void {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  accessSync(dataDir, constants.R_OK | constants.W_OK | constants.X_OK);
}

function takeLock(file: string): DatabaseSync {
  const lock = new DatabaseSync(file, { timeout: PATIENCE_MS });
  try {
    // On a file that cannot be written SQLite would quietly begin a reading transaction, which locks nobody out.
    accessSync(file, constants.R_OK | constants.W_OK);
    lock.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
    return lock;
  } catch (error) {
    lock.close();
    throw error;
  }
}

/** Tries to read the lock file, which an exclusive lock forbids; whoever else looks is not disturbed. */
function isLocked(dataDir: string): boolean {
  let lock: DatabaseSync | null = null;
  try {
    lock = new DatabaseSync(path.join(dataDir, LOCK_FILE), { readOnly: true });
    lock.prepare('SELECT count(*) FROM sqlite_schema').get();
    return false;
  } catch (error) {
    return isBusy(error);
  } finally {
    lock?.close();
  }
}

/** Replaced in one step, so that a reader never sees half a note. */
function writeNote(dataDir: string, note: Note): void {
  const file = path.join(dataDir, NOTE_FILE);
  const draft = `${file}.${randomUUID()}`;
  try {
    writeFileSync(draft, `${JSON.stringify(note)}\n`, { mode: 0o600 });
    renameSync(draft, file);
  } finally {
    rmSync(draft, { force: true });
  }
}

function readNote(dataDir: string): Note | null {
  try {
    const note: unknown = JSON.parse(readFileSync(path.join(dataDir, NOTE_FILE), 'utf8'));
    return isNote(note) ? note : null;
  } catch {
    // Missing, unreadable or not JSON: there is no note.
    return null;
  }
}

function isNote(value: unknown): value is Note {
  if (typeof value !== 'object' || value === null) return false;
  const { pid, url } = value as Readonly<Record<string, unknown>>;
  return typeof pid === 'number' && (typeof url === 'string' || url === null);
}

function isBusy(error: unknown): boolean {
  const { errcode } = error as { readonly errcode?: number };
  return errcode !== undefined && (errcode & 0xff) === SQLITE_BUSY;
}
