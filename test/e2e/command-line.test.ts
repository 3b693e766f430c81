import { rm } from 'node:fs/promises';
import { PassThrough } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createApp } from '../../backbone/app.ts';
import { ingest } from '../../backbone/cli/ingest.ts';
import { openKeyDesk } from '../../backbone/cli/key-desk.ts';
import { manageKeys } from '../../backbone/cli/keys.ts';
import { createTerminal } from '../../backbone/cli/terminal.ts';
import { readConfig, type Config } from '../../backbone/config.ts';
import { createLogger } from '../../backbone/logger.ts';
import { newDataFolder } from '../support/data-folder.ts';

let dataDir: string;
let config: Config;

beforeAll(async () => {
  dataDir = await newDataFolder();
  config = readConfig({ DATA_DIR: dataDir, PORT: '0', LOG_LEVEL: 'silent' });
});
afterAll(async () => rm(dataDir, { recursive: true, force: true }));

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

async function captured(
  command: (terminal: ReturnType<typeof createTerminal>) => Promise<number>,
): Promise<Ran> {
  const [out, err] = [new PassThrough(), new PassThrough()];
  const code = await command(createTerminal(out, err));
  return { code, out: String(out.read() ?? ''), err: String(err.read() ?? '') };
}

const runIngest = (...argv: readonly string[]): Promise<Ran> =>
  captured((terminal) =>
    ingest(argv, {
      terminal,
      readConfig: () => config,
      folder: dataDir,
      loadApp: async (settings, onProgress) =>
        createApp(settings, {
          onProgress,
          logger: createLogger({ level: 'silent' }),
        }),
      pause: async () => undefined,
      signal: new AbortController().signal,
    }),
  );

const runKeys = (...argv: readonly string[]): Promise<Ran> =>
  captured((terminal) => manageKeys(argv, { terminal, readConfig: () => config, openKeyDesk }));

describe('the command line on a new data folder', () => {
  test('ingests the samples and answers from them, with citations', async () => {
    const { code, out, err } = await runIngest();
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(/How a Lighthouse Gets Its Rhythm +ingested +\d+ words/);
    expect(out).toMatch(/How Tide Tables Are Made +ingested +3 pages/);
    expect(out).toMatch(/The Keeper's Year +ingested +\d+ words/);
    expect(out).toMatch(/Bells and Horns +ingested +\d+ words/);
    expect(out).toMatch(/How to Trim a Wick +ingested +\d+ words/);
    expect(out).toMatch(/How Far a Fog Signal Carries over Water +ingested +2 pages/);
    expect(out).toMatch(/1\. How a Lighthouse Gets Its Rhythm \(Turning the lens\)\n {3}“.*turn the lens/);
  });

  test('tells by --json what became of each source', async () => {
    const { code, out } = await runIngest('--json', 'https://localhost/', 'ftp://example.org');
    const { jobs } = JSON.parse(out) as { jobs: readonly { readonly error: { readonly code: string } }[] };
    expect(code).toBe(1);
    expect(jobs.map(({ error }) => error.code)).toEqual(['url_forbidden', 'url_scheme']);
  });

  test('gives the folder free again when the records cannot be opened', async () => {
    const elsewhere = { ...config, RECORDS_URL: 'nosql://host/db' };
    await expect(openKeyDesk(elsewhere)).rejects.toHaveProperty('code', 'config_invalid');
    expect((await runKeys('list')).code).toBe(0);
  });

  test('manages keys while no backbone runs, and through the one that does', async () => {
    const made = await runKeys('create', '--name', 'offline', '--scopes', 'read', '--tenant', 'acme');
    expect(made).toMatchObject({ code: 0, out: expect.stringMatching(/^ci_[0-9a-f]{12}_/) });

    const app = createApp(config, { logger: createLogger({ level: 'silent' }) });
    await app.start();
    try {
      const keyId = made.out.split('_')[1] ?? '';
      expect((await runKeys('list')).out).toMatch(new RegExp(`${keyId} +offline +acme +read `));
      expect(await runKeys('revoke', keyId)).toMatchObject({ code: 0 });
      expect((await runKeys('revoke', keyId)).err).toContain(`There is no key ${keyId} that is in use.`);
    } finally {
      await app.stop();
    }
    expect((await runKeys('list')).out).toMatch(/offline +acme +read +\S+ \S+ +- +\d{4}-/);
    expect((await runKeys('revoke', 'nothing')).err).toContain('There is no key nothing that is in use.');
  });
});
