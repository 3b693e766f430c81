import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { CONTENT_TYPES } from '../../../backbone/content/content-types.ts';
import type { RecordStore } from '../../../backbone/stores/records/record-store.ts';
import { openTestRecords } from '../../support/records.ts';

describe('the migrations', () => {
  let records: RecordStore;

  beforeAll(async () => {
    records = await openTestRecords({ types: CONTENT_TYPES.map((type) => type.tables) });
  });

  afterAll(() => records.close());

  const tables = async (): Promise<string[]> => {
    const rows = await records.query<{ name: string }>(
      `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public' ORDER BY 1`,
    );
    return rows.map((row) => row.name);
  };

  test('make the tables of jobs, contents and every type', async () => {
    expect(await tables()).toEqual(
      expect.arrayContaining([
        'processing_jobs',
        'job_events',
        'stage_runs',
        'outbox',
        'dead_letters',
        'contents',
        'webpage_metadata',
        'webpage_content',
        'document_metadata',
        'document_chunks',
        'deletions',
        'api_keys',
      ]),
    );
  });

  test('have columns that the entities know, and no others', async () => {
    for (const entity of records.dataSource.entityMetadatas) {
      const rows = await records.query<{ name: string }>(
        `SELECT column_name AS name FROM information_schema.columns WHERE table_name = $1`,
        [entity.tableName],
      );
      expect(rows.map((row) => row.name).sort()).toEqual(
        entity.columns.map((column) => column.databaseName).sort(),
      );
    }
  });

  test('keep all times with their zone', async () => {
    const rows = await records.query(
      `SELECT table_name, column_name FROM information_schema.columns
        WHERE table_schema = 'public' AND data_type LIKE 'timestamp without%'`,
    );
    expect(rows).toEqual([]);
  });

  test('go down to nothing and up again', async () => {
    const before = await tables();
    for (const _ of records.dataSource.migrations) await records.dataSource.undoLastMigration();
    expect(await tables()).toEqual(['schema_migrations']);
    await expect(records.migrate()).resolves.toHaveLength(records.dataSource.migrations.length);
    expect(await tables()).toEqual(before);
  });
});
