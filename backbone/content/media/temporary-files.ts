/** Files on this machine for as long as a program works on them. */
import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** The port that stages get at disk space by. */
export interface TemporaryFiles {
  /** A folder that is there for as long as `use` runs. */
  withFolder<Result>(use: (folder: string) => Promise<Result>): Promise<Result>;
  /** Writes the stream into a file that is there for as long as `use` runs. @throws the signal's reason */
  withCopy<Result>(
    bytes: Readable,
    signal: AbortSignal,
    use: (file: string) => Promise<Result>,
  ): Promise<Result>;
}

/**
 * Removes what a process that was killed has left behind, so nobody else may use the folder at that time.
 * @param folder absolute; made for its owner alone
 */
export async function openTemporaryFiles(folder: string): Promise<TemporaryFiles> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const withFolder: TemporaryFiles['withFolder'] = async (use) => {
    const own = await mkdtemp(path.join(folder, 'work-'));
    try {
      return await use(own);
    } finally {
      await rm(own, { recursive: true, force: true, maxRetries: 3 });
    }
  };
  return {
    withFolder,
    withCopy: (bytes, signal, use) =>
      withFolder(async (own) => {
        const file = path.join(own, 'recording');
        await pipeline(bytes, createWriteStream(file), { signal });
        return use(file);
      }),
  };
}
