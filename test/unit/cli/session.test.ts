import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { explainAnything, NoKey } from '../../../backbone/cli/failures.ts';
import { loadApp } from '../../../backbone/cli/load-app.ts';
import { openSession, type Session, type SessionOptions } from '../../../backbone/cli/session.ts';
import { readConfig, type Config } from '../../../backbone/config.ts';
import { lockDataFolder, type DataFolderLock } from '../../../backbone/data-folder.ts';
import { AppError } from '../../../backbone/errors.ts';

let root: string;
let config: Config;
let said: string[];
const locks: DataFolderLock[] = [];

beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'session-'));
  config = readConfig({ DATA_DIR: path.join(root, 'data'), HOST: '0.0.0.0', PORT: '8480' });
  said = [];
});
afterEach(() => {
  for (const lock of locks.splice(0)) lock.release();
  rmSync(root, { recursive: true, force: true });
});

const running = (): DataFolderLock => {
  const lock = lockDataFolder(config.dataDir);
  locks.push(lock);
  return lock;
};
const leaveKey = (): void => {
  mkdirSync(config.dataDir, { recursive: true });
  writeFileSync(path.join(config.dataDir, 'api-key'), 'ci_key\n');
};
const noApp: SessionOptions['loadApp'] = () => Promise.reject(new Error('no app is needed'));
const open = (options: Partial<SessionOptions>): Promise<Session> =>
  openSession({
    config,
    loadApp: noApp,
    say: (line) => void said.push(line),
    pause: async () => undefined,
    ...options,
  });

/** An app that does nothing but tell how it was used. */
function fakeApp(start: () => void): { readonly load: SessionOptions['loadApp']; readonly calls: string[] } {
  const calls: string[] = [];
  const load: SessionOptions['loadApp'] = async ({ HOST, PORT }, onProgress) => {
    calls.push(`${HOST}:${PORT}`);
    onProgress('Preparing ...');
    return {
      start: async () => {
        start();
        return { url: 'http://127.0.0.1:1', firstKey: null, services: {} as never };
      },
      stop: async () => void calls.push('stopped'),
    };
  };
  return { load, calls };
}

describe('a session', () => {
  test('uses the backbone that is running, and leaves it running', async () => {
    running().announce({ url: 'http://127.0.0.1:8480' });
    leaveKey();
    const session = await open({});
    await session.close();
    expect(session).toMatchObject({ url: 'http://127.0.0.1:8480', isOwn: false });
    expect(said).toEqual([]);
  });

  test('needs the key of the backbone that is running', async () => {
    running().announce({ url: 'http://127.0.0.1:8480' });
    const error: unknown = await open({}).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(NoKey);
    expect(explainAnything(error)).toMatchObject({
      code: 'no_key',
      message: expect.stringContaining('ENOENT'),
    });
  });

  test('starts one on a free port of loopback, and stops it', async () => {
    const { load, calls } = fakeApp(leaveKey);
    const session = await open({ loadApp: load });
    expect(session).toMatchObject({ url: 'http://127.0.0.1:1', isOwn: true });
    await session.close();
    expect(calls).toEqual(['127.0.0.1:0', 'stopped']);
    expect(said).toEqual(['Starting the backbone ...', 'Preparing ...']);
  });

  test('stops what it has started when there is no key', async () => {
    const { load, calls } = fakeApp(() => undefined);
    await expect(open({ loadApp: load })).rejects.toBeInstanceOf(NoKey);
    expect(calls).toEqual(['127.0.0.1:0', 'stopped']);
  });

  test('tells why a backbone cannot start', async () => {
    const failing: SessionOptions['loadApp'] = () => Promise.reject(new AppError('disk_full'));
    await expect(open({ loadApp: failing })).rejects.toHaveProperty('code', 'disk_full');
  });

  const locked: SessionOptions['loadApp'] = () =>
    Promise.reject(new AppError('data_folder_locked', { params: { folder: 'data', pid: 1 } }));

  test('waits for a backbone that is starting', async () => {
    const lock = running();
    leaveKey();
    let pauses = 0;
    const pause = async (): Promise<void> => {
      pauses += 1;
      if (pauses === 3) lock.announce({ url: 'http://127.0.0.1:8480' });
    };
    expect(await open({ loadApp: locked, pause })).toMatchObject({ isOwn: false });
    expect(said).toEqual(['Starting the backbone ...', expect.stringMatching(/^Waiting for the backbone/)]);
  });

  test('does not wait for ever', async () => {
    let pauses = 0;
    const pause = async (): Promise<void> => void (pauses += 1);
    await expect(open({ loadApp: locked, pause })).rejects.toHaveProperty('code', 'data_folder_locked');
    expect(pauses).toBe(240);
  });

  test('names a key file that is no file', async () => {
    running().announce({ url: 'http://127.0.0.1:8480' });
    mkdirSync(path.join(config.dataDir, 'api-key'));
    await expect(open({})).rejects.toThrow('EISDIR');
  });

  test('builds the real backbone without starting it', async () => {
    const app = await loadApp(config, () => undefined);
    await expect(app.stop()).resolves.toBeUndefined();
  });
});
