import { createHash } from 'node:crypto';
import { open, mkdir, mkdtemp, readdir, readFile, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { BlobStore } from '../../../backbone/stores/blobs/blob-store.ts';
import { streamOf } from '../../../backbone/stores/blobs/blob-stream.ts';
import { openFileBlobStore } from '../../../backbone/stores/blobs/file-blob-store.ts';
import { openBlobStore } from '../../../backbone/stores/blobs/open-blob-store.ts';
import { collect } from '../../contract/collect.ts';

type OpenFile = typeof open;
type FileMethod = 'writeFile' | 'sync' | 'close';

const TEXT = { mediaType: 'text/plain' } as const;

let root: string;
let folder: string;
let store: BlobStore;

beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'file-blobs-'));
  folder = path.join(root, 'blobs');
  store = await openFileBlobStore({ folder });
});
afterEach(async () => {
  await rm(root, { recursive: true });
});

const keys = async (): Promise<string[]> => (await collect(store.list(''))).map((blob) => blob.key);
const unfinished = (): Promise<string[]> => readdir(path.join(folder, '+.incoming'));

describe('on disk', () => {
  test('a blob is one file that begins with its very bytes and keeps its name', async () => {
    await store.put('webpages/aB/page.html', '<p>', { mediaType: 'text/html' });
    const bytes = await readFile(path.join(folder, 'webpages', 'a+b', 'page.html'), 'utf8');
    expect(bytes.slice(0, 4)).toBe('<p>\n');
    expect(JSON.parse(bytes.slice(4))).toEqual({
      format: 'blob/1',
      sizeBytes: 3,
      sha256: createHash('sha256').update('<p>').digest('hex'),
      mediaType: 'text/html',
    });
  });

  test('blobs outlive the store that wrote them', async () => {
    await store.put('a/b', 'x', TEXT);
    await store.close();
    store = await openFileBlobStore({ folder });
    expect((await store.readAll('a/b')).toString()).toBe('x');
  });

  test('what a killed process left unfinished is gone after the next opening', async () => {
    await writeFile(path.join(folder, '+.incoming', 'rest'), 'half');
    store = await openFileBlobStore({ folder });
    expect(await unfinished()).toEqual([]);
    expect(await keys()).toEqual([]);
  });

  test('a deletion takes the folders that it empties, and no other', async () => {
    await store.put('doc/1/a/b', 'x', TEXT);
    await store.put('doc/2', 'x', TEXT);
    await store.delete('doc/1/a/b');
    expect(await readdir(path.join(folder, 'doc'))).toEqual(['2']);
    await store.delete('doc/2');
    expect(await readdir(folder)).toEqual(['+.incoming']);
  });

  test('writing and deleting in the same folder at once never fails', async () => {
    await Promise.all(
      Array.from({ length: 40 }, async (_, index) => {
        await store.put(`a/b/c/${index}`, 'x', TEXT);
        await expect(store.delete(`a/b/c/${index}`)).resolves.toBe(true);
      }),
    );
    expect(await keys()).toEqual([]);
  });
});

describe('a damaged file', () => {
  const file = (): string => path.join(folder, 'doc', 'one');

  beforeEach(async () => {
    await store.put('doc/one', 'x'.repeat(5_000), TEXT);
  });

  test.each([
    ['that was cut off', () => truncate(file(), 5_400)],
    ['that is almost empty', () => truncate(file(), 10)],
    ['that was written over', () => writeFile(file(), 'y'.repeat(6_000))],
  ])('%s is no blob, is not listed, and goes with its prefix', async (_, damage) => {
    await damage();
    await expect(store.stat('doc/one')).resolves.toBeNull();
    await expect(store.read('doc/one')).rejects.toMatchObject({ code: 'not_found' });
    expect(await keys()).toEqual([]);
    await expect(store.deletePrefix('doc/')).resolves.toBe(1);
    expect(await readdir(folder)).toEqual(['+.incoming']);
  });

  test('that shrinks while it is read ends the stream with an error', async () => {
    const handle = await open(file());
    await truncate(file(), 100);
    await expect(streamOf(handle, 0, 5_000).toArray()).rejects.toMatchObject({ code: 'store_unavailable' });
  });
});

describe('symbolic links', () => {
  let outside: string;

  beforeEach(async () => {
    outside = path.join(root, 'outside');
    await mkdir(outside);
    await writeFile(path.join(outside, 'secret'), 'secret');
    await symlink(outside, path.join(folder, 'link'));
    await store.put('real/one', 'x', TEXT);
    await symlink(path.join(outside, 'secret'), path.join(folder, 'real', 'secret'));
  });

  test.each(['link/secret', 'link/new/deep', 'real/secret'])('%s leads nowhere', async (key) => {
    const refusal = { code: 'store_unavailable' };
    await expect(store.put(key, 'x', TEXT)).rejects.toMatchObject(refusal);
    if (key !== 'link/new/deep') {
      await expect(store.stat(key)).rejects.toMatchObject(refusal);
      await expect(store.delete(key)).rejects.toMatchObject(refusal);
    }
    expect(await readdir(outside)).toEqual(['secret']);
    expect(await readFile(path.join(outside, 'secret'), 'utf8')).toBe('secret');
    expect(await unfinished()).toEqual([]);
  });

  test('are neither listed nor followed by a deletion of a prefix', async () => {
    expect(await keys()).toEqual(['real/one']);
    await expect(store.deletePrefix('real/')).resolves.toBe(1);
    await expect(store.deletePrefix('link/')).rejects.toMatchObject({ code: 'store_unavailable' });
    expect(await readdir(outside)).toEqual(['secret']);
  });
});

describe('a key that is a folder of another one', () => {
  test('is refused, in either order', async () => {
    await store.put('a/b', 'x', TEXT);
    await expect(store.put('a', 'x', TEXT)).rejects.toMatchObject({ code: 'conflict' });
    await expect(store.put('a/b/c', 'x', TEXT)).rejects.toMatchObject({ code: 'conflict' });
    await expect(store.put('a/b/c/d', 'x', TEXT)).rejects.toMatchObject({ code: 'conflict' });
    expect(await keys()).toEqual(['a/b']);
    expect(await unfinished()).toEqual([]);
  });
});

describe('a disk that fails', () => {
  const failingAt = (method: FileMethod, code: string): OpenFile => {
    return async (...args) => {
      const file = await open(...args);
      const fail = async (): Promise<never> => {
        if (method === 'close') jest.restoreAllMocks();
        if (method === 'close') await file.close();
        throw Object.assign(new Error(code), { code });
      };
      jest.spyOn(file, method).mockImplementation(fail);
      return file;
    };
  };

  test.each([
    ['writeFile', 'ENOSPC', 'disk_full'],
    ['writeFile', 'EDQUOT', 'disk_full'],
    ['sync', 'ENOSPC', 'disk_full'],
    ['writeFile', 'EIO', 'store_unavailable'],
    ['sync', 'EIO', 'store_unavailable'],
    ['close', 'EIO', 'store_unavailable'],
  ] as const)('at %s with %s throws %s and keeps nothing', async (method, code, expected) => {
    const failing = await openFileBlobStore({ folder, openFile: failingAt(method, code) });
    const body = Readable.from(['some', 'more']);
    await expect(failing.put('a/b', body, TEXT)).rejects.toMatchObject({ code: expected, kind: 'systemic' });
    expect(body.destroyed).toBe(true);
    expect(await keys()).toEqual([]);
    expect(await unfinished()).toEqual([]);
  });

  test('at opening a file ends the body too', async () => {
    const openFile: OpenFile = () => Promise.reject(Object.assign(new Error(), { code: 'EMFILE' }));
    const failing = await openFileBlobStore({ folder, openFile });
    const body = Readable.from(['some']);
    await expect(failing.put('a', body, TEXT)).rejects.toMatchObject({ code: 'store_unavailable' });
    expect(body.destroyed).toBe(true);
  });

  test('shows in the probe', async () => {
    const failing = await openFileBlobStore({ folder, openFile: failingAt('writeFile', 'ENOSPC') });
    await expect(failing.probe()).rejects.toMatchObject({ code: 'disk_full' });
    expect(await unfinished()).toEqual([]);
  });

  test('a body that fails for want of space elsewhere fails with its own error', async () => {
    const fault = Object.assign(new Error('elsewhere'), { code: 'ENOSPC' });
    const body = new Readable({ read: () => body.destroy(fault) });
    await expect(store.put('a', body, TEXT)).rejects.toBe(fault);
  });

  test('a folder that vanished makes every method fail', async () => {
    await rm(folder, { recursive: true });
    await expect(store.put('a', 'x', TEXT)).rejects.toMatchObject({ code: 'store_unavailable' });
    await expect(store.probe()).rejects.toMatchObject({ code: 'store_unavailable' });
  });

  test('a body of anything but bytes and text is refused', async () => {
    await expect(store.put('a', Readable.from([{ no: 'bytes' }]), TEXT)).rejects.toThrow(TypeError);
    expect(await unfinished()).toEqual([]);
  });
});

describe('opening', () => {
  test('where no folder can be made says so', async () => {
    await writeFile(path.join(root, 'file'), '');
    await expect(openFileBlobStore({ folder: path.join(root, 'file', 'blobs') })).rejects.toMatchObject({
      code: 'store_unavailable',
      message: 'The store blobs cannot be reached.',
    });
  });

  test('takes a path or a whole file URL', async () => {
    await store.put('a', 'x', TEXT);
    for (const url of [`file:${folder}`, pathToFileURL(folder).href]) {
      expect((await (await openBlobStore({ url })).readAll('a')).toString()).toBe('x');
    }
  });

  test.each([
    ['ftp://user:secret@host/', 'BLOBS_URL has the unknown scheme ftp: (use one of: file:)'],
    ['data/blobs', 'BLOBS_URL has no scheme (use one of: file:)'],
    ['file:', 'BLOBS_URL names no folder'],
    ['file://host%/x', 'BLOBS_URL is not a file URL of this machine'],
  ])('refuses %s', async (url, faults) => {
    await expect(openBlobStore({ url })).rejects.toMatchObject({
      code: 'config_invalid',
      message: `The settings cannot be used: ${faults}.`,
      fields: [{ field: 'BLOBS_URL' }],
    });
  });
});
