import { rm } from 'node:fs/promises';

export default async function tearDown() {
  await rm(globalThis.testClusterFolder, { recursive: true, force: true });
}
