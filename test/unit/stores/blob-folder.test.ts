import { mkdir, mkdtemp, readdir, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { openBlob } from '../../../backbone/stores/blobs/blob-file.ts';
import {
  filesOf,
  isFile,
  pathOfKey,
  pruneFolders,
  publish,
} from '../../../backbone/stores/blobs/blob-folder.ts';

let root: string;

beforeEach(async () => {
  root = await realpath(await mkdtemp(path.join(tmpdir(), 'blob-folder-')));
});
afterEach(async () => {
  await rm(root, { recursive: true });
});

describe('publishing', () => {
  test('a file that is gone fails in the end, with the error of the file system', async () => {
    await expect(publish(root, path.join(root, 'gone'), 'a/b')).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

describe('pruning', () => {
  test('goes on where another one removed the folder already', async () => {
    await mkdir(path.join(root, 'a'));
    await pruneFolders(root, path.join(root, 'a', 'b', 'c'));
    expect(await readdir(root)).toEqual([]);
  });
});

describe('walking', () => {
  test('passes over a folder that vanishes meanwhile', async () => {
    for (const folder of ['a', 'b']) {
      await mkdir(path.join(root, folder));
      await writeFile(path.join(root, folder, 'x'), '');
    }
    const files = filesOf(root, '');
    expect((await files.next()).value).toEqual({ key: 'a/x', path: path.join(root, 'a', 'x') });
    await rm(path.join(root, 'b'), { recursive: true });
    expect(await files.next()).toEqual({ done: true, value: undefined });
  });
});

describe('a folder or nothing', () => {
  test('is no file', async () => {
    await mkdir(path.join(root, 'a'));
    await expect(isFile(pathOfKey(root, 'a'))).resolves.toBe(false);
    await expect(isFile(pathOfKey(root, 'b'))).resolves.toBe(false);
    await expect(openBlob('a', pathOfKey(root, 'a'))).resolves.toBeNull();
  });
});
