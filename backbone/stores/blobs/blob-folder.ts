import type { Dirent } from 'node:fs';
import { lstat, mkdir, open, readdir, realpath, rename, rmdir } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '../../errors.ts';
import { fileNameOf, segmentOf } from './blob-key.ts';
import { codeOf, unless } from './file-faults.ts';

/** A file that stands for a key. Whether it is a whole blob, its trailer tells. */
export interface BlobFile {
  readonly key: string;
  readonly path: string;
}

const MISSING = ['ENOENT', 'ENOTDIR'];
/** A folder can vanish under a writer each time somebody deletes its last file. */
const PUBLISH_ATTEMPTS = 5;

/** @param root a real path: without symbolic links. */
export function pathOfKey(root: string, key: string): string {
  return path.join(root, ...key.split('/').map(fileNameOf));
}

/** False when there is nothing. Throws when a symbolic link stands anywhere on the way. */
export async function exists(file: string): Promise<boolean> {
  const real = await unless(MISSING, () => realpath(file));
  if (real !== null && real !== file) throw new Error('A symbolic link stands in the blob folder');
  return real !== null;
}

/** False also for a folder. Throws as `exists` does. */
export async function isFile(file: string): Promise<boolean> {
  if (!(await exists(file))) return false;
  const status = await unless(MISSING, () => lstat(file));
  return status?.isFile() ?? false;
}

/**
 * Gives a finished file its place, making folders as needed, durably.
 * @throws AppError conflict when the key is a folder of another key, or has another key as a folder
 */
export async function publish(root: string, from: string, key: string): Promise<void> {
  const file = pathOfKey(root, key);
  for (let attempt = 1; ; attempt += 1) {
    try {
      await makeFolders(root, path.dirname(file));
      await exists(file);
      await rename(from, file);
      await syncFolder(path.dirname(file));
      return;
    } catch (error) {
      if (['EEXIST', 'EISDIR', 'ENOTDIR', 'ENOTEMPTY'].includes(codeOf(error))) {
        const reason = `the key ${key} and another key would be file and folder of one name`;
        throw new AppError('conflict', { params: { reason }, cause: error });
      }
      if (codeOf(error) !== 'ENOENT' || attempt === PUBLISH_ATTEMPTS) throw error;
    }
  }
}

/** Removes the folder and those above it, as far as they are empty; the deletion below them is durable then. */
export async function pruneFolders(root: string, folder: string): Promise<void> {
  for (let at = folder; at !== root; at = path.dirname(at)) {
    const removed = await unless(['ENOTEMPTY', 'EEXIST'], () =>
      unless(['ENOENT'], () => rmdir(at)).then(() => true),
    );
    if (removed === null) return unless(['ENOENT'], () => syncFolder(at)).then(() => undefined);
  }
  await syncFolder(root);
}

/** Files whose key begins with the prefix, in the order of their keys. One folder's names at a time are in memory. */
export async function* filesOf(root: string, prefix: string): AsyncGenerator<BlobFile> {
  const whole = prefix.slice(0, prefix.lastIndexOf('/') + 1);
  const folder = whole === '' ? root : pathOfKey(root, whole.slice(0, -1));
  if (await exists(folder)) yield* walk(folder, whole, prefix);
}

async function* walk(folder: string, above: string, prefix: string): AsyncGenerator<BlobFile> {
  const entries = (await unless(MISSING, () => readdir(folder, { withFileTypes: true }))) ?? [];
  const found = entries.flatMap((entry) => keyPartOf(entry, above) ?? []);
  // A folder sorts as its keys do: behind its slash.
  found.sort((one, other) => (one.key < other.key ? -1 : 1));
  for (const { key, name, isFolder } of found) {
    const below = path.join(folder, name);
    if (isFolder && (key.startsWith(prefix) || prefix.startsWith(key))) yield* walk(below, key, prefix);
    if (!isFolder && key.startsWith(prefix)) yield { key, path: below };
  }
}

/** Null for what this store did not make: symbolic links, foreign names, the folder of unfinished writes. */
function keyPartOf(entry: Dirent, above: string): { key: string; name: string; isFolder: boolean } | null {
  const segment = segmentOf(entry.name);
  if (segment === null || !(entry.isDirectory() || entry.isFile())) return null;
  const isFolder = entry.isDirectory();
  return { key: `${above}${segment}${isFolder ? '/' : ''}`, name: entry.name, isFolder };
}

async function makeFolders(root: string, folder: string): Promise<void> {
  if (await exists(folder)) return;
  await makeFolders(root, path.dirname(folder));
  await unless(['EEXIST'], () => mkdir(folder));
  await syncFolder(path.dirname(folder));
}

/** Makes new names durable. Windows knows no such thing: it cannot open folders, and needs not. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await unless(['EISDIR', 'EPERM', 'EACCES'], () => open(folder));
  if (handle === null) return;
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
