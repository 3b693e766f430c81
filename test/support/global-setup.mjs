import { mkdir, mkdtemp, statfs, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { dumpTemplate } from '../../backbone/stores/embedded-database.ts';
import { openRecords } from '../../backbone/stores/records/open-records.ts';

const SHARED_MEMORY = '/dev/shm';
/** A data folder takes 40 to 100 MB, and some dozens are in use at once. */
const ENOUGH_BYTES = 6 * 1024 ** 3;

/** One initialised database a run: initdb takes seconds, loading an archive or copying a folder does not. */
export default async function setUp() {
  if (await hasRoom(SHARED_MEMORY)) process.env.TMPDIR = SHARED_MEMORY;
  const folder = await mkdtemp(path.join(tmpdir(), 'content-ingestion-tests-'));
  const cluster = path.join(folder, 'cluster.tar');
  const template = await dumpTemplate();
  await writeFile(cluster, Buffer.from(await template.arrayBuffer()));
  process.env.TEST_CLUSTER = cluster;
  process.env.TEST_DATA = await prepareData(path.join(folder, 'data'), template);
  // Shared by the processes that the tests start: most are killed, and only one that ends well writes it.
  process.env.TEST_COMPILE_CACHE = path.join(folder, 'compile-cache');
  globalThis.testRunFolder = folder;
}

/** A data folder with a migrated database and nothing else. */
async function prepareData(dataDir, template) {
  await mkdir(dataDir);
  const records = await openRecords({
    url: 'embedded:',
    folder: path.join(dataDir, 'postgres'),
    types: [],
    template,
  });
  await records.migrate();
  await records.close();
  return dataDir;
}

/** Thousands of small files are made and removed in a run, which a file system in memory does quickest. */
async function hasRoom(folder) {
  try {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize >= ENOUGH_BYTES;
  } catch (error) {
    if (error.code === 'ENOENT') return false;
    throw error;
  }
}
