import { rm } from 'node:fs/promises';

export default async function tearDown() {
  await rm(globalThis.testRunFolder, { recursive: true, force: true });
}
