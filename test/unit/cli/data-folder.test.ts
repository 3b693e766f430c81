import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { findRunning, lockDataFolder, type DataFolderLock } from '../../../backbone/data-folder.ts';
import { AppError } from '../../../backbone/errors.ts';

const MODULE = path.resolve(import.meta.dirname, '../../../backbone/data-folder.ts');
const URL_OF_API = 'http://127.0.0.1:8480';

let root: string;
let folder: string;
const children: ChildProcess[] = [];
const locks: DataFolderLock[] = [];

beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'data-folder-'));
  folder = path.join(root, 'data');
});

afterEach(async () => {
  for (const lock of locks.splice(0)) lock.release();
  await Promise.all(children.splice(0).map(kill));
  rmSync(root, { recursive: true, force: true });
});

const take = (): DataFolderLock => {
  const lock = lockDataFolder(folder);
  locks.push(lock);
  return lock;
};

/** Another process that holds the lock, announced, until it is killed. */
const holder = async (): Promise<ChildProcess> => {
  const program = `
    const { lockDataFolder } = await import(${JSON.stringify(MODULE)});
    lockDataFolder(${JSON.stringify(folder)}).announce({ url: ${JSON.stringify(URL_OF_API)} });
    gc();
    console.log('locked');
    setInterval(() => undefined, 1000);`;
  const child = spawn(process.execPath, ['--expose-gc', '--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  await once(child.stdout, 'data');
  return child;
};

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

const failureOf = (action: () => unknown): AppError => {
  try {
    action();
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
};

describe('the lock of a data folder', () => {
  test('makes the folder for its owner alone', () => {
    take();
    expect(statSync(folder).mode & 0o777).toBe(0o700);
  });

  test('locks out another lock of the same process', () => {
    take();
    const failure = failureOf(take);
    expect(failure.code).toBe('data_folder_locked');
    expect(failure.message).toContain(`process ${process.pid}`);
  });

  test('is free again once released, also when released twice', () => {
    const lock = take();
    lock.release();
    lock.release();
    expect(take).not.toThrow();
  });

  test('survives that somebody else fails to take it', () => {
    take();
    failureOf(take);
    expect(failureOf(take).code).toBe('data_folder_locked');
  });

  test('locks out other processes, and names the one that has it', async () => {
    const child = await holder();
    const failure = failureOf(take);
    expect(failure.code).toBe('data_folder_locked');
    expect(failure.params).toEqual({ folder, pid: child.pid });
  });

  test('is kept although nothing refers to it any more', async () => {
    await holder();
    expect(failureOf(take).code).toBe('data_folder_locked');
  });

  test('ends with a process that is killed', async () => {
    const child = await holder();
    await kill(child);
    expect(existsSync(path.join(folder, 'backbone.json'))).toBe(true);
    expect(findRunning(folder)).toBeNull();
    expect(take).not.toThrow();
  });

  test('names no process when the note of the holder is gone', () => {
    take();
    rmSync(path.join(folder, 'backbone.json'));
    expect(failureOf(take).params['pid']).toBe('unknown');
  });
});

describe('a data folder that cannot be used', () => {
  test('says why when a file stands in its place', () => {
    writeFileSync(folder, '');
    const failure = failureOf(take);
    expect(failure.code).toBe('data_folder_damaged');
    expect(failure.message).toContain('EEXIST');
  });

  test('says why when its lock file is something else', () => {
    mkdirSync(folder);
    writeFileSync(path.join(folder, 'backbone.lock'), 'x'.repeat(4096));
    expect(failureOf(take).message).toContain('not a database');
  });

  test('says why when its lock file is a folder', () => {
    mkdirSync(path.join(folder, 'backbone.lock'), { recursive: true });
    expect(failureOf(take).code).toBe('data_folder_damaged');
  });

  test('gives the lock back when the note cannot be written', () => {
    mkdirSync(path.join(folder, 'backbone.json'), { recursive: true });
    expect(failureOf(take).code).toBe('data_folder_damaged');
    rmSync(path.join(folder, 'backbone.json'), { recursive: true });
    expect(take).not.toThrow();
  });

  const asRoot = process.getuid?.() === 0;
  (asRoot ? test.skip : test)('says why when it may not be written', () => {
    mkdirSync(folder);
    chmodSync(folder, 0o500);
    expect(failureOf(take).code).toBe('data_folder_damaged');
  });
});

describe('the note of a running backbone', () => {
  test('is found by this and by other processes once announced', async () => {
    const child = await holder();
    expect(findRunning(folder)).toEqual({ pid: child.pid, url: URL_OF_API });
  });

  test('is readable JSON, and leaves no drafts behind', () => {
    take().announce({ url: URL_OF_API });
    expect(JSON.parse(readFileSync(path.join(folder, 'backbone.json'), 'utf8'))).toEqual({
      pid: process.pid,
      url: URL_OF_API,
    });
    expect(findRunning(folder)).toEqual({ pid: process.pid, url: URL_OF_API });
  });

  test('looking for it does not disturb the lock', () => {
    take().announce({ url: URL_OF_API });
    findRunning(folder);
    expect(failureOf(take).code).toBe('data_folder_locked');
  });

  test('is not found before the API listens', () => {
    take();
    expect(findRunning(folder)).toBeNull();
  });

  test('is gone after the release', () => {
    const lock = take();
    lock.announce({ url: URL_OF_API });
    lock.release();
    expect(findRunning(folder)).toBeNull();
    expect(existsSync(path.join(folder, 'backbone.json'))).toBe(false);
  });

  test('does not exist in a folder that does not exist', () => {
    expect(findRunning(folder)).toBeNull();
    expect(existsSync(folder)).toBe(false);
  });

  test.each(['', 'null', '7', '{"pid":"1","url":null}', `{"pid":1}`, `{"pid":1,"url":5}`])(
    'is ignored when it reads %p',
    (text) => {
      take();
      writeFileSync(path.join(folder, 'backbone.json'), text);
      expect(findRunning(folder)).toBeNull();
    },
  );

  test('is ignored when there is no lock file', () => {
    mkdirSync(folder);
    writeFileSync(path.join(folder, 'backbone.json'), `{"pid":1,"url":"${URL_OF_API}"}`);
    expect(findRunning(folder)).toBeNull();
  });
});
