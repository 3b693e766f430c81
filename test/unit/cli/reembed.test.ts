import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { reembed, renderReembedding, type ReembedSurroundings } from '../../../backbone/cli/reembed.ts';
import { readConfig } from '../../../backbone/config.ts';
import { AppError } from '../../../backbone/errors.ts';
import { startSite, type LoopbackSite, type SiteAnswer } from '../../support/loopback-site.ts';

let site: LoopbackSite;
let dataDir: string;

beforeEach(async () => {
  site = await startSite();
  dataDir = mkdtempSync(path.join(tmpdir(), 'reembed-'));
  writeFileSync(path.join(dataDir, 'api-key'), 'ci_key');
});
afterEach(async () => {
  await site.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

const ready = (chunksDone: number | null): SiteAnswer => ({
  body: JSON.stringify({
    status: 'ready',
    ports: [],
    reembedding:
      chunksDone === null ? null : { model: 'm/2', chunks_done: chunksDone, chunks: 3, problem: null },
  }),
});

async function run(
  argv: readonly string[] = [],
  parts: Partial<ReembedSurroundings> = {},
): Promise<{ code: number; out: string[]; err: string[]; stops: number }> {
  const [out, err]: [string[], string[]] = [[], []];
  let stops = 0;
  const code = await reembed(argv, {
    terminal: { out: (line) => void out.push(line), err: (line) => void err.push(line) },
    readConfig: () => readConfig({ DATA_DIR: dataDir }),
    loadApp: async () => ({
      start: async () => ({ url: site.url, firstKey: null, services: {} as never }),
      stop: async () => void (stops += 1),
    }),
    pause: async () => undefined,
    signal: new AbortController().signal,
    ...parts,
  });
  return { code, out, err, stops };
}

describe('npm run reembed', () => {
  test('shows how far it is, each figure once, and ends with it', async () => {
    site.on('/api/readyz', ready(0), ready(2), ready(2), ready(null));
    const { code, out, stops } = await run();
    expect({ code, stops }).toEqual({ code: 0, stops: 1 });
    expect(out).toEqual([
      '0 of 3 chunks have a vector of m/2.',
      '2 of 3 chunks have a vector of m/2.',
      'Every vector is of the configured model.',
    ]);
  });

  test('names what holds it up', () => {
    expect(
      renderReembedding({ model: 'm/2', chunks_done: 1, chunks: 3, problem: 'embedder_throttled' }),
    ).toBe('1 of 3 chunks have a vector of m/2; held up by embedder_throttled, and tried again and again.');
  });

  test('can be interrupted', async () => {
    site.on('/api/readyz', ready(1));
    const interrupt = new AbortController();
    const pause = async (): Promise<void> => interrupt.abort();
    const { code, out, stops } = await run([], { signal: interrupt.signal, pause });
    expect({ code, stops }).toEqual({ code: 130, stops: 1 });
    expect(out.at(-1)).toBe('Stopping; it goes on the next time the backbone runs.');
  });

  test('explains itself, and takes no arguments', async () => {
    expect((await run(['--help'])).out[0]).toContain('Usage: npm run reembed');
    expect(await run(['now'])).toMatchObject({ code: 2, err: [expect.stringContaining('"now"')] });
  });

  test('says why the backbone does not start', async () => {
    const start = (): Promise<never> =>
      Promise.reject(new AppError('config_invalid', { params: { faults: 'EMBEDDER_URL: nonsense' } }));
    const { code, err } = await run([], { loadApp: async () => ({ start, stop: async () => undefined }) });
    expect(code).toBe(1);
    expect(err.join(' ')).toContain('EMBEDDER_URL: nonsense');
  });
});
