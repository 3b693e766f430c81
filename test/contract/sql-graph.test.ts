import { openGraphStore } from '../../backbone/stores/graph/open-graph-store.ts';
import { openTestRecords } from '../support/records.ts';
import { describeGraphStore } from './graph-store.contract.ts';

describeGraphStore('SQL tables', async () => {
  const database = await openTestRecords();
  const store = await openGraphStore({ url: 'embedded:', database });
  return {
    store,
    async close() {
      await store.close();
      await database.close();
    },
  };
});
