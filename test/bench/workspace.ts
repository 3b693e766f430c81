import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** Where one run of the bench keeps its files. */
export interface Workspace {
  readonly folder: string;
  /** A data folder that does not exist yet. */
  newData(): string;
  /** A copy of what `prepared` holds: a data folder with a migrated database and a key. */
  copiedData(): Promise<string>;
  /** The data folder of the first start. */
  readonly prepared: string;
  remove(): Promise<void>;
}

export async function openWorkspace(): Promise<Workspace> {
  const folder = await mkdtemp(path.join(tmpdir(), 'content-ingestion-bench-'));
  const prepared = path.join(folder, 'prepared');
  let count = 0;
  const newData = (): string => path.join(folder, `data-${(count += 1)}`);
  return {
    folder,
    prepared,
    newData,
    copiedData: async () => {
      const copy = newData();
      await cp(prepared, copy, { recursive: true });
      return copy;
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
