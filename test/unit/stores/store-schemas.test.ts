import { describe, expect, test } from '@jest/globals';
import { openGraphStore } from '../../../backbone/stores/graph/open-graph-store.ts';
import { prepareGraphTables } from '../../../backbone/stores/graph/sql-graph-schema.ts';
import { storableJson, storableText } from '../../../backbone/stores/postgres-text.ts';
import type { Database, SqlExecutor } from '../../../backbone/stores/records/record-store.ts';
import { openVectorStore } from '../../../backbone/stores/vectors/open-vector-store.ts';
import { prepareTables } from '../../../backbone/stores/vectors/pgvector-schema.ts';
import { vectorBytes } from '../../../backbone/stores/vectors/pgvector-points.ts';

/** A database whose every SELECT finds this row. */
function databaseWith(row: object): SqlExecutor {
  return {
    query: <T extends object>(sql: string) => Promise.resolve(sql.startsWith('SELECT') ? [row as T] : []),
  };
}

const untouched: Database = {
  query: () => Promise.reject(new Error('touched')),
  transaction: () => Promise.reject(new Error('touched')),
};

describe('tables that another release made', () => {
  const found = databaseWith({ schema_version: 99 });

  test('are not touched by the vector store', async () => {
    await expect(prepareTables(found, { name: 'm', dimensions: 3 })).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('vectors were stored by another release'),
    });
  });

  test('are not touched by the graph', async () => {
    await expect(prepareGraphTables(found)).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('graph was stored by another release'),
    });
  });
});

test.each([0, -1, 1.5, 16_001, NaN])(
  'vectors of %d dimensions are refused before any SQL',
  async (dimensions) => {
    await expect(prepareTables(untouched, { name: 'm', dimensions })).rejects.toThrow(RangeError);
  },
);

describe('stores of an unknown scheme', () => {
  test('are refused, naming the setting and not the password', async () => {
    await expect(openVectorStore({ url: 'http://u:secret@host', database: untouched })).rejects.toMatchObject(
      {
        code: 'config_invalid',
        message:
          'The settings cannot be used: VECTORS_URL has the unknown scheme http: (use one of: embedded:).',
      },
    );
    await expect(openGraphStore({ url: 'bolt://u:secret@host', database: untouched })).rejects.toMatchObject({
      code: 'config_invalid',
      message: 'The settings cannot be used: GRAPH_URL has the unknown scheme bolt: (use one of: embedded:).',
    });
  });
});

describe('text for PostgreSQL', () => {
  test('loses what PostgreSQL refuses, and nothing else', () => {
    expect(storableText('a\0b\uD800c😀\n')).toBe('ab\uFFFDc😀\n');
    expect(JSON.parse(storableJson({ a: '\0x', b: ['\\u0000', 1, null], c: { d: '\uDC00' } }))).toEqual({
      a: 'x',
      b: ['\\u0000', 1, null],
      c: { d: '\uFFFD' },
    });
  });
});

describe('vectors as bytes', () => {
  test('are of unit length, whatever length they had', () => {
    const bytes = vectorBytes(Float32Array.of(3, 0, 4));
    expect(bytes.readUInt16BE(0)).toBe(3);
    expect([4, 8, 12].map((at) => bytes.readFloatBE(at))).toEqual([0.6, 0, 0.8].map(Math.fround));
  });

  test('stay zeros when they are zeros', () => {
    expect(vectorBytes(Float32Array.of(0, 0))).toEqual(Buffer.from([0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]));
  });
});
