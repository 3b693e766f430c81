import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { dumpTemplate } from '../../backbone/stores/embedded-database.ts';

/** One initialised database cluster a run: initdb takes seconds, loading its archive does not. */
export default async function setUp() {
  const folder = await mkdtemp(path.join(tmpdir(), 'content-ingestion-tests-'));
  const file = path.join(folder, 'cluster.tar');
  await writeFile(file, Buffer.from(await (await dumpTemplate()).arrayBuffer()));
  process.env.TEST_CLUSTER = file;
  // Shared by the processes that the tests start: most are killed, and only one that ends well writes it.
  process.env.TEST_COMPILE_CACHE = path.join(folder, 'compile-cache');
  globalThis.testClusterFolder = folder;
}
