import { randomUUID } from 'node:crypto';
import { open, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { SCOPES, type ApiKeys } from './api-keys.ts';

export interface FirstKey {
  readonly key: string;
  /** Absolute path of the file that holds it. */
  readonly file: string;
  /** False when the file held a working key already. */
  readonly created: boolean;
}

export interface FirstKeyOptions {
  /** Absolute; must exist. */
  readonly dataDir: string;
  readonly userId: string;
}

const FILE_NAME = 'api-key';

/**
 * Sees to it that the data folder holds a key that works, readable by its owner alone, so that programs on
 * this machine find it. A file that is missing or whose key is unknown or revoked is written anew with a
 * new key, and earlier first-start keys are revoked. The row comes before the file: after a crash between the
 * two the next start makes another key.
 */
export async function ensureFirstKey(
  keys: Pick<ApiKeys, 'createKey' | 'revokeFirstKeys' | 'verify'>,
  { dataDir, userId }: FirstKeyOptions,
): Promise<FirstKey> {
  const file = path.join(dataDir, FILE_NAME);
  const present = await readKey(file);
  if (present !== null && (await keys.verify(present)) !== null)
    return { key: present, file, created: false };
  await keys.revokeFirstKeys();
  const { key } = await keys.createKey({
    userId,
    name: 'made at the first start',
    scopes: SCOPES,
    firstStart: true,
  });
  await writePrivately(file, `${key}\n`);
  return { key, file, created: true };
}

/** A key is 60 characters long; of anything larger no more is looked at. */
async function readKey(file: string): Promise<string | null> {
  try {
    return (await readFile(file, 'utf8')).slice(0, 200).trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** Never readable by others, not even for a moment, and never half written. */
async function writePrivately(file: string, text: string): Promise<void> {
  const draft = `${file}.${randomUUID()}`;
  try {
    const handle = await open(draft, 'wx', 0o600);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(draft, file);
  } finally {
    await rm(draft, { force: true });
  }
}
