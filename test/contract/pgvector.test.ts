import { openVectorStore } from '../../backbone/stores/vectors/open-vector-store.ts';
import { openTestRecords } from '../support/records.ts';
import { describeVectorStore } from './vector-store.contract.ts';

describeVectorStore('pgvector', async () => {
  const database = await openTestRecords();
  const store = await openVectorStore({ url: 'embedded:', database });
  return {
    store,
    async close() {
      await store.close();
      await database.close();
    },
  };
});
