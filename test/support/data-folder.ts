import { constants } from 'node:fs';
import { cp, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** A data folder of its own with a migrated, empty database: a copy of the one that `global-setup.mjs` made. */
export async function newDataFolder(): Promise<string> {
  const prepared = process.env['TEST_DATA'];
  if (prepared === undefined) throw new Error('TEST_DATA is not set: run the tests through jest');
  const folder = await mkdtemp(path.join(tmpdir(), 'content-ingestion-'));
  await cp(prepared, folder, { recursive: true, mode: constants.COPYFILE_FICLONE });
  return folder;
}
