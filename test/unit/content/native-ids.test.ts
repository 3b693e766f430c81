import { describe, expect, jest, test } from '@jest/globals';
import { NativeIds, type StoredFile } from '../../../backbone/content/native-ids.ts';
import { TypeRegistry } from '../../../backbone/content/content-types.ts';
import type { ParsePool } from '../../../backbone/content/parsing/parse-pool.ts';
import { AppError } from '../../../backbone/errors.ts';
import type { BlobStore } from '../../../backbone/stores/blobs/blob-store.ts';
import { parsedType } from '../../support/parsed-type.ts';
import { until } from '../../support/until.ts';

const plain = parsedType({ name: 'plain', parser: 'lines', order: '201' });
const named = {
  ...parsedType({ name: 'named', parser: 'lines', order: '202' }),
  nativeIdUrl: 'file:///id.ts',
};
const FILE: StoredFile = { blobKey: 'uploads/a', mediaType: 'text/plain', sizeBytes: 3, fileName: 'a.txt' };
const never = new AbortController().signal;

function reading(run: () => Promise<string | null>): {
  readonly ids: NativeIds;
  readonly reads: () => number;
} {
  const readAll = jest.fn(() => Promise.resolve(Buffer.from('abc')));
  const ids = new NativeIds({
    types: new TypeRegistry([plain, named]),
    blobs: { readAll } as unknown as BlobStore,
    parsePool: { run } as unknown as ParsePool,
    maxBytes: 10,
  });
  return { ids, reads: () => readAll.mock.calls.length };
}

describe('what a file calls itself', () => {
  test('is asked of the types that can say, and kept by type', async () => {
    const { ids } = reading(() => Promise.resolve('42'));
    expect(await ids.of(FILE, never)).toEqual({ named: '42' });
    expect(await ids.of({ ...FILE, mediaType: 'image/png' }, never)).toEqual({});
  });

  test('is nothing when the file does not say, cannot be read or is too large', async () => {
    expect(await reading(() => Promise.resolve(null)).ids.of(FILE, never)).toEqual({});
    const damaged = reading(() => Promise.reject(new AppError('file_damaged')));
    expect(await damaged.ids.of(FILE, never)).toEqual({});
    const large = reading(() => Promise.resolve('42'));
    expect(await large.ids.of({ ...FILE, sizeBytes: 11 }, never)).toEqual({});
    expect(large.reads()).toBe(0);
  });

  test('fails when the reading itself fails or the caller has gone', async () => {
    const closing = reading(() => Promise.reject(new Error('closing')));
    await expect(closing.ids.of(FILE, never)).rejects.toThrow('closing');
    await expect(closing.ids.of(FILE, AbortSignal.abort(new Error('gone')))).rejects.toThrow('gone');
  });

  test('is read from one file at a time', async () => {
    const gates = [Promise.withResolvers<string>(), Promise.withResolvers<string>()];
    const run = jest.fn(() => gates[run.mock.calls.length - 1]?.promise ?? Promise.resolve(null));
    const { ids, reads } = reading(run);
    const both = [ids.of(FILE, never), ids.of(FILE, never)];
    await until(() => Promise.resolve(run.mock.calls.length === 1));
    expect(reads()).toBe(1);
    gates[0]?.resolve('1');
    expect(await both[0]).toEqual({ named: '1' });
    gates[1]?.resolve('2');
    expect(await both[1]).toEqual({ named: '2' });
  });
});
