import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { sampleSources } from '../../../backbone/cli/sources.ts';
import { ingest, type IngestSurroundings } from '../../../backbone/cli/ingest.ts';
import { readConfig } from '../../../backbone/config.ts';
import { AppError } from '../../../backbone/errors.ts';
import { lockDataFolder } from '../../../backbone/data-folder.ts';
import { startSite, type LoopbackSite, type SiteAnswer } from '../../support/loopback-site.ts';
import { acceptedItem, contentShape, failure, jobShape, streamMessage } from './cli-fixtures.ts';

let site: LoopbackSite;
let dataDir: string;

beforeEach(async () => {
  site = await startSite();
  dataDir = path.join(mkdtempSync(path.join(tmpdir(), 'ingest-')), 'data');
  mkdirSync(dataDir);
  writeFileSync(path.join(dataDir, 'api-key'), 'ci_key');
  writeFileSync(path.join(dataDir, 'page.html'), '<p>text</p>');
});
afterEach(async () => {
  await site.stop();
  rmSync(path.dirname(dataDir), { recursive: true, force: true });
});

const json = (body: unknown): SiteAnswer => ({ body: JSON.stringify(body) });

/** A backbone that completes, or fails, as many jobs as there are items. */
function script(count: number, job = jobShape()): void {
  const items = Array.from({ length: count }, (_, index) => acceptedItem(index));
  site.on('/api/content/uploads', json({ upload_id: 'u' }));
  site.on('/api/content/process/batch', json({ batch_id: 'b', items }));
  for (const { job_id } of items) {
    const end = streamMessage(2, { status: job.status, progress: job.progress });
    site.on(`/api/content/status/${job_id ?? ''}/stream`, { body: `data: ${JSON.stringify(end)}\n\n` });
    site.on(`/api/content/status/${job_id ?? ''}`, json({ ...job, job_id }));
  }
  site.on('/api/content/document/c1', json(contentShape()));
}

interface Run {
  readonly code: number;
  readonly out: string[];
  readonly err: string[];
  readonly stops: number;
}

async function run(argv: readonly string[], parts: Partial<IngestSurroundings> = {}): Promise<Run> {
  const [out, err]: [string[], string[]] = [[], []];
  let stops = 0;
  const stream = new PassThrough();
  const surroundings: IngestSurroundings = {
    terminal: {
      out: (line) => void out.push(line),
      err: (line) => void err.push(line),
      stream,
      isInteractive: false,
      columns: 160,
      rows: 24,
    },
    readConfig: () => readConfig({ DATA_DIR: dataDir }),
    folder: dataDir,
    loadApp: async () => ({
      start: async () => ({ url: site.url, firstKey: null, services: {} as never }),
      stop: async () => void (stops += 1),
    }),
    pause: async () => undefined,
    signal: new AbortController().signal,
    ...parts,
  };
  const code = await ingest(argv, surroundings);
  return { code, out, err, stops };
}

describe('npm run ingest', () => {
  test('shows lines, a table and where things are stored', async () => {
    script(1);
    const { code, out, err, stops } = await run(['page.html']);
    expect({ code, err, stops }).toEqual({ code: 0, err: [], stops: 1 });
    expect(out.slice(0, 3)).toEqual([
      'Starting the backbone ...',
      'Uploading page.html ...',
      '[1/1] page.html: done',
    ]);
    expect(out.some((line) => line.startsWith('Tide tables  ingested'))).toBe(true);
    expect(out.slice(-2)).toEqual([
      '1 ingested.',
      `Stored in ${dataDir}. To keep the backbone running: npm start`,
    ]);
  });

  test('shows bars to a person', async () => {
    script(1);
    const stream = Object.assign(new PassThrough(), { isTTY: true, columns: 120, cursorTo: () => undefined });
    const out: string[] = [];
    const { code } = await run(['https://a.example'], {
      terminal: {
        out: (line) => void out.push(line),
        err: () => undefined,
        stream,
        isInteractive: true,
        columns: 120,
        rows: 30,
      },
    });
    expect(code).toBe(0);
    expect(String(stream.read())).toContain('100% done');
    expect(out.join('\n')).not.toContain('[1/1]');
  });

  test('ends with 1 when a job failed, and says why', async () => {
    script(1, jobShape({ status: 'failed', error: { ...failure, retryable: false } }));
    const { code, out } = await run(['https://a.example']);
    expect(code).toBe(1);
    expect(out).toEqual(
      expect.arrayContaining(['✗ https://a.example', `  ${failure.message}`, `  ${failure.hint}`]),
    );
    expect(out).toContain('0 ingested, 1 failed.');
  });

  test('without arguments ingests the samples and searches them', async () => {
    script((await sampleSources()).length);
    const hits = [
      {
        content_id: 'c1',
        content_type: 'document',
        title: 'Lights',
        url: null,
        chunk_id: 'k',
        text: 'It turns.',
      },
    ].map((hit) => ({ ...hit, highlights: [], score: 1, locator: {}, link: null }));
    site.on('/api/search', json({ query: '', total: 1, took_ms: 1, hits, facets: {}, corrections: [] }));
    const { code, out } = await run([]);
    expect(code).toBe(0);
    expect(out).toEqual(expect.arrayContaining(['1. Lights', '   “It turns.”']));
  });

  test('uses a backbone that is running', async () => {
    script(1);
    const lock = lockDataFolder(dataDir);
    lock.announce({ url: site.url });
    const { out, stops } = await run(['https://a.example'], {
      loadApp: () => Promise.reject(new Error('no')),
    });
    lock.release();
    expect(stops).toBe(0);
    expect(out.at(-1)).toBe('1 ingested.');
  });
});

describe('npm run ingest -- --json', () => {
  const parse = ({ out }: Run): unknown => {
    expect(out).toHaveLength(1);
    return JSON.parse(out[0] ?? '');
  };

  test('prints one object and nothing else', async () => {
    script(1);
    const ran = await run(['--json', 'https://a.example']);
    expect(ran).toMatchObject({ code: 0, err: [] });
    expect(parse(ran)).toEqual({
      jobs: [expect.objectContaining({ job_id: 'document_1', title: 'Tide tables' })],
    });
  });

  test('prints it for the samples, without a search', async () => {
    script((await sampleSources()).length);
    expect(parse(await run(['--json']))).toHaveProperty('jobs.length', (await sampleSources()).length);
  });

  test('prints it when jobs failed', async () => {
    script(1, jobShape({ status: 'failed', error: { ...failure, retryable: false } }));
    const ran = await run(['--json', 'https://a.example']);
    expect(ran.code).toBe(1);
    expect(parse(ran)).toMatchObject({ jobs: [{ status: 'failed', error: failure }] });
  });

  test.each([
    [['--json', '--nope'], 2, 'invalid_arguments'],
    [['--json', 'missing.pdf'], 2, 'invalid_source'],
  ])('prints it for %j', async (argv, code, reason) => {
    const ran = await run(argv);
    expect(ran.code).toBe(code);
    expect(parse(ran)).toMatchObject({ jobs: [], error: { code: reason } });
    expect(ran.err[0]).toMatch(/\.$/);
  });

  test('prints it when the backbone cannot start', async () => {
    const ran = await run(['--json', 'page.html'], {
      loadApp: () => Promise.reject(new AppError('disk_full')),
    });
    expect(ran.code).toBe(1);
    expect(parse(ran)).toMatchObject({ jobs: [], error: { code: 'disk_full' } });
  });

  test('prints it when interrupted', async () => {
    const ran = await run(['--json', 'https://a.example'], { signal: AbortSignal.abort() });
    expect(ran.code).toBe(130);
    expect(parse(ran)).toMatchObject({ jobs: [], error: { code: 'interrupted' } });
  });
});

describe('what is wrong', () => {
  test.each([
    [['--nope'], 2],
    [['missing.pdf'], 2],
  ])('%j is told in a sentence', async (argv, code) => {
    const ran = await run(argv);
    expect(ran.code).toBe(code);
    expect(ran.out).toEqual([]);
    expect(ran.err.length).toBeGreaterThan(0);
  });

  test('settings are told before anything is started', async () => {
    const ran = await run(['page.html'], { readConfig: () => readConfig({ PORT: 'x' }) });
    expect(ran).toMatchObject({ code: 1, out: [], stops: 0 });
    expect(ran.err[0]).toContain('PORT');
  });

  test('help is shown', async () => {
    const { code, out } = await run(['--help']);
    expect(code).toBe(0);
    expect(out[0]).toContain('Usage: npm run ingest');
  });
});

describe('Ctrl-C', () => {
  const interrupted = async (isOwn: boolean): Promise<Run> => {
    script(1, jobShape({ status: 'extracting', completed_at: null }));
    const interrupt = new AbortController();
    const lock = isOwn ? null : lockDataFolder(dataDir);
    lock?.announce({ url: site.url });
    site.on('/api/content/status/document_1/stream', () => interrupt.abort());
    const ran = await run(['https://a.example'], { signal: interrupt.signal });
    lock?.release();
    return ran;
  };

  test('stops our own backbone in order, and says that the jobs go on', async () => {
    const { code, out, stops } = await interrupted(true);
    expect({ code, stops }).toEqual({ code: 130, stops: 1 });
    expect(out.slice(-2)).toEqual([
      '0 ingested, 1 not ended yet.',
      expect.stringContaining('the jobs go on the next time'),
    ]);
  });

  test('leaves another backbone alone', async () => {
    const { code, out } = await interrupted(false);
    expect(code).toBe(130);
    expect(out.at(-1)).toBe(`The jobs go on in the backbone at ${site.url}.`);
  });

  test('before anything was submitted says so', async () => {
    const { code, err } = await run(['https://a.example'], { signal: AbortSignal.abort() });
    expect({ code, err }).toEqual({ code: 130, err: ['Interrupted before anything was started.'] });
  });
});
