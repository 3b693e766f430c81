import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { JobRow } from '../../backbone/stores/records/entities.ts';
import { articlePage, BEES, GLACIER, LIGHTHOUSE } from '../support/articles.ts';
import { ended, ingest, startBackbone, submit, TENANT, type TestBackbone } from '../support/backbone.ts';
import { startSite, type LoopbackSite, type SiteAnswer } from '../support/loopback-site.ts';
import { parsedType } from '../support/parsed-type.ts';
import { buildPdf, columnOf, linesOf } from '../support/pdf-builder.ts';
import { p, wordFile } from '../support/word-file.ts';
import { zipArchive } from '../support/zip-archive.ts';

const HTML = { 'content-type': 'text/html' };
const PAGE = articlePage({
  title: 'The logbook',
  sections: [{ heading: 'Storms', paragraphs: [LIGHTHOUSE, BEES] }],
});
const pdf = buildPdf({
  pages: [{ runs: columnOf([...linesOf(LIGHTHOUSE), ...linesOf(GLACIER)], { x: 50, y: 780 }) }],
});

let site: LoopbackSite;
let backbone: TestBackbone;

/** Serves the answers at a path of their own and ingests it. */
async function ingestFrom(path: string, ...answers: readonly SiteAnswer[]): Promise<JobRow> {
  site.on(path, ...answers);
  return (await ingest(backbone.services, { url: site.url + path })).job;
}

async function eventsOf(job: JobRow, type: string): Promise<readonly { at: Date; detail: unknown }[]> {
  return (await backbone.services.jobs.events(TENANT, job.job_id, 0)).filter((event) => event.type === type);
}

beforeAll(async () => {
  site = await startSite();
  backbone = await startBackbone({
    types: [
      parsedType({ name: 'endless', parser: 'endless', order: '101' }),
      parsedType({ name: 'exiting', parser: 'exiting', order: '102' }),
    ],
    env: {
      FETCH_DELAY_MS: '0',
      FETCH_PER_HOST: '16',
      FETCH_TIMEOUT_SECONDS: '1',
      PARSER_TIMEOUT_SECONDS: '4',
      PARSER_MEMORY_MB: '256',
      MAX_RETRIES: '1',
      MAX_PAGE_MB: '1',
      MAX_PAGES: '5',
    },
  });
});

afterAll(async () => {
  await backbone.remove();
  await site.stop();
});

describe('a source that cannot be reached', () => {
  test('because its host is not found is tried again and then fails', async () => {
    const { job } = await ingest(backbone.services, { url: 'http://no-such-host.invalid/page' });
    expect(job).toMatchObject({
      status: 'failed',
      error_code: 'host_not_found',
      retry_count: 1,
      error_retryable: true,
    });
    expect(job.error_message).toContain('no-such-host.invalid');
  });

  test('because it accepts no connections is tried again and then fails', async () => {
    const gone = await startSite();
    await gone.stop();
    const { job } = await ingest(backbone.services, { url: `${gone.url}/page` });
    expect(job).toMatchObject({ status: 'failed', error_code: 'connection_refused', retry_count: 1 });
  });

  test('because its certificate is worth nothing is tried again and then fails', async () => {
    const file = (name: string): Promise<string> =>
      readFile(new URL(`../fixtures/fetch/self-signed.${name}.pem`, import.meta.url), 'utf8');
    const secure = await startSite({ tls: { key: await file('key'), cert: await file('cert') } });
    const { job } = await ingest(backbone.services, { url: `${secure.url}/page` });
    await secure.stop();
    expect(job).toMatchObject({ status: 'failed', error_code: 'tls_failed', retry_count: 1 });
  });

  test('because it never answers is tried again and then fails', async () => {
    const job = await ingestFrom('/silent', { silent: true });
    expect(job).toMatchObject({ status: 'failed', error_code: 'source_timeout', retry_count: 1 });
  });

  test('because the connection breaks off in the middle is tried again, and succeeds', async () => {
    const job = await ingestFrom(
      '/cut',
      { headers: HTML, body: PAGE, partialBytes: 100 },
      { headers: HTML, body: PAGE },
    );
    expect(job).toMatchObject({ status: 'completed', retry_count: 1, error_code: null });
  });

  test.each([500, 502, 503, 504])('because it answers %i is tried again and then fails', async (status) => {
    const job = await ingestFrom(`/error-${status}`, { status });
    expect(job).toMatchObject({ status: 'failed', error_code: 'source_server_error', retry_count: 1 });
    expect(job.error_message).toContain(String(status));
  });

  test.each([
    [404, 'source_not_found'],
    [410, 'source_gone'],
    [401, 'source_needs_login'],
    [403, 'source_forbidden'],
    [451, 'source_legal_block'],
    [400, 'source_rejected'],
  ])('because it answers %i fails at once', async (status, code) => {
    const job = await ingestFrom(`/refused-${status}`, { status });
    expect(job).toMatchObject({ status: 'failed', error_code: code, retry_count: 0, error_retryable: false });
    expect(site.requests.filter((request) => request.path === `/refused-${status}`)).toHaveLength(1);
  });

  test('because it leads in circles fails at once', async () => {
    const job = await ingestFrom('/circle', { status: 302, headers: { location: '/circle' } });
    expect(job).toMatchObject({ status: 'failed', error_code: 'redirect_limit', retry_count: 0 });
  });

  test('because it leads to a forbidden place fails at once', async () => {
    const job = await ingestFrom('/inside', {
      status: 302,
      headers: { location: 'http://169.254.169.254/' },
    });
    expect(job).toMatchObject({ status: 'failed', error_code: 'url_forbidden', retry_count: 0 });
  });

  test.each([429, 503])(
    'yet, and says when by %i, is left alone until then and spends no attempt',
    async (status) => {
      const job = await ingestFrom(
        `/later-${status}`,
        { status, headers: { 'retry-after': '1' } },
        { headers: HTML, body: PAGE },
      );
      expect(job).toMatchObject({ status: 'completed', retry_count: 0 });
      const [asked] = await eventsOf(job, 'throttled');
      expect(asked?.detail).toMatchObject({ error: { code: 'source_throttled' } });
      const claims = await eventsOf(job, 'claimed');
      expect((claims[1]?.at.getTime() ?? 0) - (asked?.at.getTime() ?? Infinity)).toBeGreaterThanOrEqual(990);
    },
  );
});

describe('a source that is not what it looks like', () => {
  test('becomes a document when a PDF lies behind an .html address', async () => {
    const job = await ingestFrom('/report.html', { headers: HTML, body: pdf });
    expect(job).toMatchObject({ status: 'completed', content_type: 'document' });
    expect(job.job_id).toMatch(/^webpage_[0-9a-f]{12}$/);
    expect(await eventsOf(job, 'rerouted')).toHaveLength(1);
  });

  test('becomes a web page when HTML lies behind a link to a PDF', async () => {
    const job = await ingestFrom('/paper.pdf', {
      headers: { 'content-type': 'application/pdf' },
      body: PAGE,
    });
    expect(job).toMatchObject({ status: 'completed', content_type: 'webpage' });
  });

  test('fails, and says what it really is, when the caller named a type that it is not', async () => {
    site.on('/named', { headers: HTML, body: pdf });
    const { job } = await ingest(backbone.services, { url: `${site.url}/named`, contentType: 'webpage' });
    expect(job).toMatchObject({ status: 'failed', error_code: 'type_mismatch', retry_count: 0 });
    expect(job.error_message).toContain('a PDF document');
  });

  test('fails when no type reads such bytes', async () => {
    const gif = Buffer.from('47494638396101000100800000ffffff0000002c00000000010001000002', 'hex');
    const job = await ingestFrom('/picture', { headers: { 'content-type': 'image/gif' }, body: gif });
    expect(job).toMatchObject({ status: 'failed', error_code: 'unsupported_type', retry_count: 0 });
  });

  test('keeps its letters when it names the wrong charset', async () => {
    const text = PAGE.replaceAll('The logbook', 'Über die Kältebücher');
    const job = await ingestFrom('/charset', {
      headers: { 'content-type': 'text/html; charset=iso-8859-1' },
      body: text,
    });
    const key = { userId: TENANT, contentType: 'webpage', contentId: job.content_id };
    await expect(backbone.services.contents.get(key)).resolves.toMatchObject({
      title: 'Über die Kältebücher',
    });
  });
});

describe('a file that cannot be read', () => {
  const bomb = zipArchive([
    { name: '[Content_Types].xml', content: '<Types/>' },
    { name: 'word/document.xml', content: Buffer.alloc(80_000_000, 0x20) },
  ]);
  const entities = `<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a "aaaaaaaaaa">${Array.from(
    { length: 9 },
    (_, index) => `<!ENTITY a${index} "${`&a${index === 0 ? '' : index - 1};`.repeat(10)}">`,
  ).join('')}]><w>&a8;</w>`;

  test.each<[string, string, SiteAnswer['body'], string | RegExp]>([
    ['is empty', '/empty.pdf', '', 'source_empty'],
    ['is cut short', '/cut.pdf', Buffer.from(pdf).subarray(0, 200), 'file_damaged'],
    [
      'is a damaged archive',
      '/damaged.docx',
      wordFile({ body: p('Text') }).subarray(0, 400),
      /file_damaged|unsupported_type/,
    ],
    [
      'is protected',
      '/protected.pdf',
      buildPdf({ userPassword: 'secret', pages: [{ runs: [{ text: 'Hidden', x: 50, y: 700 }] }] }),
      'file_encrypted',
    ],
    [
      'holds pictures without words alone',
      '/scan.pdf',
      buildPdf({ pages: [{ picture: true }, { picture: true }] }),
      'no_words_recognised',
    ],
    [
      'has too many pages',
      '/long.pdf',
      buildPdf({ pages: Array.from({ length: 6 }, () => ({ runs: [{ text: 'Page', x: 50, y: 700 }] })) }),
      'too_many_pages',
    ],
    ['unpacks to far too much', '/bomb.docx', bomb, 'file_unsafe'],
    ['declares entities that grow', '/entities.xml', entities, /file_unsafe|unsupported_type|file_damaged/],
    [
      'is an app shell',
      '/shell',
      '<!doctype html><html><head><title>App</title></head><body><div id="root"></div><script src="/a.js"></script></body></html>',
      'page_needs_scripts',
    ],
    [
      'is larger than the limit',
      '/large',
      `<!doctype html><html><body><p>${'word '.repeat(300_000)}</p></body></html>`,
      'source_too_large',
    ],
  ])('because it %s fails at once with its reason', async (_name, path, body, code) => {
    const job = await ingestFrom(path, { body: body ?? '' });
    expect(job).toMatchObject({ status: 'failed', retry_count: 0, error_retryable: false });
    expect(job.error_code).toMatch(typeof code === 'string' ? new RegExp(`^${code}$`) : code);
    expect(job.error_hint).not.toBe('');
  });

  test('because its entities unpack inside a Word file fails at once', async () => {
    const word = zipArchive([
      { name: '[Content_Types].xml', content: '<Types/>' },
      { name: 'word/document.xml', content: entities },
    ]);
    const job = await ingestFrom('/entities.docx', { body: word });
    expect(job.status).toBe('failed');
    expect(job.error_code).toMatch(/file_unsafe|file_damaged|unsupported_type/);
  });
});

describe('a file whose reader', () => {
  test('hangs or ends its thread fails after its attempts, and others go on meanwhile', async () => {
    site.on('/a.endless', { headers: { 'content-type': 'text/plain' }, body: LIGHTHOUSE });
    site.on('/a.exiting', { headers: { 'content-type': 'text/plain' }, body: BEES });
    site.on('/other', { headers: HTML, body: PAGE });
    const hanging = await submit(backbone.services, { url: `${site.url}/a.endless` });
    const ending = await submit(backbone.services, { url: `${site.url}/a.exiting` });
    const { job: other } = await ingest(backbone.services, { url: `${site.url}/other` });
    expect(other.status).toBe('completed');
    expect((await ended(backbone.services, ending.jobId)).job).toMatchObject({
      status: 'failed',
      error_code: 'parser_crashed',
      retry_count: 1,
    });
    const { job } = await ended(backbone.services, hanging.jobId);
    expect(job).toMatchObject({ status: 'failed', error_code: 'parser_timeout', retry_count: 1 });
    expect(job.error_message).toContain('4 s');
  });
});
