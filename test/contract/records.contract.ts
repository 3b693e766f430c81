import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { RecordStore } from '../../backbone/stores/records/record-store.ts';
import { sqlState, UNIQUE_VIOLATION } from '../../backbone/stores/records/record-store.ts';

/** What every RecordStore must do, whichever PostgreSQL stands behind it. `open` answers a migrated, empty one. */
export function describeRecordStore(name: string, open: () => Promise<RecordStore>): void {
  describe(`${name} as record store`, () => {
    let records: RecordStore;

    beforeAll(async () => {
      records = await open();
      await records.query('CREATE TABLE contract_items (id text PRIMARY KEY, at timestamptz, doc jsonb)');
    });

    afterAll(async () => {
      await records.query('DROP TABLE contract_items');
      await records.close();
    });

    test('answers parameterised queries with rows', async () => {
      await expect(records.query('SELECT $1::int + $2::int AS sum', [2, 3])).resolves.toEqual([{ sum: 5 }]);
    });

    test('answers the rows of UPDATE and DELETE with RETURNING', async () => {
      await records.query(`INSERT INTO contract_items (id) VALUES ('r1'), ('r2')`);
      await expect(
        records.query(`UPDATE contract_items SET doc = '{}' WHERE id = 'r1' RETURNING id`),
      ).resolves.toEqual([{ id: 'r1' }]);
      await expect(
        records.query(`DELETE FROM contract_items WHERE id LIKE 'r%' RETURNING id`),
      ).resolves.toHaveLength(2);
    });

    test('keeps instants and documents as they were given', async () => {
      const at = new Date('2026-02-03T04:05:06.789Z');
      const doc = { a: [1, 'ü', null], b: { c: true } };
      const [row] = await records.query(
        `INSERT INTO contract_items VALUES ('kept', $1, $2) RETURNING at, doc`,
        [at, JSON.stringify(doc)],
      );
      expect(row).toEqual({ at, doc });
    });

    test('commits a transaction whose work resolves and hands its answer on', async () => {
      const answer = await records.transaction(async (sql) => {
        await sql.query(`INSERT INTO contract_items (id) VALUES ('t1')`);
        return 7;
      });
      expect(answer).toBe(7);
      await expect(records.query(`SELECT id FROM contract_items WHERE id = 't1'`)).resolves.toHaveLength(1);
    });

    test('rolls a transaction back when its work rejects', async () => {
      const failed = records.transaction(async (sql) => {
        await sql.query(`INSERT INTO contract_items (id) VALUES ('t2')`);
        throw new Error('second thoughts');
      });
      await expect(failed).rejects.toThrow('second thoughts');
      await expect(records.query(`SELECT id FROM contract_items WHERE id = 't2'`)).resolves.toEqual([]);
    });

    test('never shows another query what a transaction may still roll back', async () => {
      const { promise: written, resolve } = Promise.withResolvers<void>();
      const seenOutside = written.then(() => records.query(`SELECT id FROM contract_items WHERE id = 't3'`));
      const failed = records.transaction(async (sql) => {
        await sql.query(`INSERT INTO contract_items (id) VALUES ('t3')`);
        resolve();
        await sql.query('SELECT 1');
        throw new Error('second thoughts');
      });
      await expect(failed).rejects.toThrow('second thoughts');
      await expect(seenOutside).resolves.toEqual([]);
    });

    test('refuses the outer executor inside a transaction', async () => {
      await expect(records.transaction(() => records.query('SELECT 1'))).rejects.toThrow(/own executor/);
      await expect(records.query('SELECT 1 AS one')).resolves.toEqual([{ one: 1 }]);
    });

    test('passes a statement’s own error on with its SQLSTATE', async () => {
      await records.query(`INSERT INTO contract_items (id) VALUES ('twice')`);
      const error: unknown = await records
        .query(`INSERT INTO contract_items (id) VALUES ('twice')`)
        .catch((e: unknown) => e);
      expect(sqlState(error)).toBe(UNIQUE_VIOLATION);
    });

    test('has nothing left to migrate and answers a probe', async () => {
      await expect(records.migrate()).resolves.toEqual([]);
      await expect(records.probe()).resolves.toBeGreaterThan(0);
    });
  });
}
