import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openBlobStore } from '../../backbone/stores/blobs/open-blob-store.ts';
import { describeBlobStore } from './blob-store.contract.ts';

describeBlobStore('files', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'blobs-'));
  const store = await openBlobStore({ url: `file:${folder}` });
  return {
    store,
    async close() {
      await store.close();
      await rm(folder, { recursive: true });
    },
  };
});
