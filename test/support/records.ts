import { readFile } from 'node:fs/promises';
import { openRecords, type OpenRecordsOptions } from '../../backbone/stores/records/open-records.ts';
import type { RecordStore } from '../../backbone/stores/records/record-store.ts';

/** A migrated database of its own, in memory unless a folder is named. */
export async function openTestRecords(
  options: Partial<Pick<OpenRecordsOptions, 'folder' | 'types'>> = {},
): Promise<RecordStore> {
  const records = await openRecords({
    url: 'embedded:',
    folder: options.folder ?? null,
    types: options.types ?? [],
    template: await clusterTemplate(),
  });
  await records.migrate();
  return records;
}

/** The initialised cluster that `global-setup.mjs` made for this run. */
async function clusterTemplate(): Promise<Blob> {
  const file = process.env['TEST_CLUSTER'];
  if (file === undefined) throw new Error('TEST_CLUSTER is not set: run the tests through jest');
  return new Blob([await readFile(file)]);
}
