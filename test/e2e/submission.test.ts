import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { AppError } from '../../backbone/errors.ts';
import {
  accepted,
  ended,
  ingest,
  startBackbone,
  submission,
  submit,
  TENANT,
  type TestBackbone,
} from '../support/backbone.ts';
import { articlePage, BEES, GLACIER, LIGHTHOUSE } from '../support/articles.ts';
import { clientOf, itemsOf, type Client } from '../support/client.ts';
import { inside } from '../support/inside.ts';
import { startSite, type LoopbackSite } from '../support/loopback-site.ts';
import { scriptedType, type StageScript } from '../support/scripted-type.ts';
import { until } from '../support/until.ts';

let site: LoopbackSite;
let backbone: TestBackbone;
let client: Client;
let script: StageScript = () => Promise.resolve();
let count = 0;

const freshUrl = (): string => `http://scripted.example/${(count += 1)}`;
const scripted = inside(scriptedType((stage, context) => script(stage, context)));
const sql = (statement: string, params: readonly unknown[]): Promise<readonly object[]> =>
  scripted.ports().records.query(statement, params);

/** Holds every download until it is let go. */
function hold(): { readonly release: () => void } {
  const gate = Promise.withResolvers<undefined>();
  script = (stage) => (stage === 'download' ? gate.promise : Promise.resolve());
  return { release: () => gate.resolve(undefined) };
}

beforeAll(async () => {
  site = await startSite();
  backbone = await startBackbone({
    types: [scripted.type],
    env: { WORKER_CONCURRENCY: '1', FETCH_DELAY_MS: '0' },
  });
  client = clientOf(backbone);
});

afterAll(async () => {
  await backbone.remove();
  await site.stop();
});

beforeEach(() => {
  script = () => Promise.resolve();
});

describe('an Idempotency-Key', () => {
  test('gives the same answer to the same request, and marks it as a repeated one', async () => {
    const body = { url: freshUrl(), metadata: { a: 1, b: 2 } };
    const first = await client.post('/content/process', body, { 'idempotency-key': 'same' });
    expect(first.status).toBe(202);
    await ended(backbone.services, String(first.body['job_id']));
    const again = await client.post(
      '/content/process',
      { metadata: { b: 2, a: 1 }, url: body.url },
      { 'idempotency-key': 'same' },
    );
    expect(again).toMatchObject({ status: 202, body: first.body });
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(first.headers.get('idempotency-replayed')).toBeNull();
  });

  test('used by twenty requests at once makes one job', async () => {
    const body = { url: freshUrl() };
    const answers = await Promise.all(
      Array.from({ length: 20 }, () =>
        client.post('/content/process', body, { 'idempotency-key': 'at-once' }),
      ),
    );
    const [first] = answers;
    for (const answer of answers) expect(answer).toMatchObject({ status: 202, body: first?.body });
    expect(first?.body).toMatchObject({ deduplicated: false });
    const jobs = await sql('SELECT job_id FROM processing_jobs WHERE url = $1', [body.url]);
    expect(jobs).toHaveLength(1);
  });

  test('used for another request is refused', async () => {
    await client.post('/content/process', { url: freshUrl() }, { 'idempotency-key': 'taken' });
    const other = await client.post('/content/process', { url: freshUrl() }, { 'idempotency-key': 'taken' });
    expect(other).toMatchObject({ status: 409, body: { code: 'idempotency_conflict' } });
  });

  test('covers a batch as well', async () => {
    const body = { items: [{ url: freshUrl() }, { url: 'nonsense' }] };
    const first = await client.post('/content/process/batch', body, { 'idempotency-key': 'batch' });
    const again = await client.post('/content/process/batch', body, { 'idempotency-key': 'batch' });
    expect(again.body).toEqual(first.body);
  });

  test('is free again after a day', async () => {
    const url = freshUrl();
    const first = await client.post('/content/process', { url }, { 'idempotency-key': 'old' });
    await ended(backbone.services, String(first.body['job_id']));
    await sql(
      "UPDATE idempotency_keys SET expires_at = expires_at - interval '24 hours 1 second' WHERE key = $1",
      ['old'],
    );
    const next = await client.post('/content/process', { url: freshUrl() }, { 'idempotency-key': 'old' });
    expect(next.status).toBe(202);
    expect(next.body['job_id']).not.toBe(first.body['job_id']);
  });

  test('of a request that was refused is not used up', async () => {
    const refused = await client.post(
      '/content/process',
      { url: 'ftp://scripted.example/' },
      { 'idempotency-key': 'again' },
    );
    expect(refused).toMatchObject({ status: 422, body: { code: 'url_scheme' } });
    const next = await client.post('/content/process', { url: freshUrl() }, { 'idempotency-key': 'again' });
    expect(next.status).toBe(202);
  });
});

describe('what is being processed already', () => {
  test('answers with the job that runs', async () => {
    const held = hold();
    const url = freshUrl();
    const first = await client.post('/content/process', { url });
    const second = await client.post('/content/process', { url: `${url}?utm_source=letter#top` });
    expect(first.body).toMatchObject({ deduplicated: false });
    expect(second).toMatchObject({
      status: 202,
      body: {
        job_id: first.body['job_id'],
        content_id: first.body['content_id'],
        deduplicated: true,
        skipped: false,
      },
    });
    held.release();
    await ended(backbone.services, String(first.body['job_id']));
    const third = await client.post('/content/process', { url });
    expect(third.body).toMatchObject({ deduplicated: false });
    expect(third.body['job_id']).not.toBe(first.body['job_id']);
  });

  test('is one job for twenty requests at once', async () => {
    const held = hold();
    const url = freshUrl();
    const answers = await Promise.all(Array.from({ length: 20 }, () => submit(backbone.services, { url })));
    expect(new Set(answers.map((answer) => answer.jobId))).toHaveProperty('size', 1);
    expect(answers.filter((answer) => !answer.deduplicated)).toHaveLength(1);
    held.release();
    await ended(backbone.services, answers[0]?.jobId ?? null);
  });

  test('of another tenant is none of ours', async () => {
    const held = hold();
    const url = freshUrl();
    const ours = await submit(backbone.services, { url });
    const theirs = await submit(backbone.services, { url }, 'other');
    expect(theirs).toMatchObject({ deduplicated: false, contentId: ours.contentId });
    expect(theirs.jobId).not.toBe(ours.jobId);
    held.release();
    await ended(backbone.services, ours.jobId);
    await ended(backbone.services, theirs.jobId, 'other');
  });
});

describe('content that exists', () => {
  const page = (title: string): string =>
    articlePage({ title, sections: [{ heading: 'On the coast', paragraphs: [LIGHTHOUSE, BEES] }] });
  const contentOf = async (url: string): Promise<Readonly<Record<string, unknown>> | undefined> => {
    const [row] = await sql('SELECT * FROM contents WHERE url = $1', [url]);
    return row as Readonly<Record<string, unknown>> | undefined;
  };

  test('is asked for conditionally, and stays as it is when the site says so', async () => {
    const url = `${site.url}/conditional`;
    const headers = {
      'content-type': 'text/html',
      etag: '"v1"',
      'last-modified': 'Mon, 02 Nov 2026 10:00:00 GMT',
    };
    site.on('/conditional', { headers, body: page('Logbook') }, { status: 304, headers });
    expect((await ingest(backbone.services, { url })).job).toMatchObject({
      status: 'completed',
      unchanged: false,
    });
    const { job, stages } = await ingest(backbone.services, { url });
    expect(job).toMatchObject({ status: 'completed', unchanged: true, progress_percent: 100 });
    expect(stages.filter((stage) => stage.attempts > 0).map(({ stage }) => stage)).toEqual(['download']);
    expect(site.requests.filter((request) => request.path === '/conditional').at(-1)?.headers).toMatchObject({
      'if-none-match': '"v1"',
      'if-modified-since': 'Mon, 02 Nov 2026 10:00:00 GMT',
    });
    expect(await contentOf(url)).toMatchObject({ version: 1 });
  });

  test('stays as it is when the same bytes come without validators', async () => {
    const url = `${site.url}/same`;
    site.on('/same', { headers: { 'content-type': 'text/html' }, body: page('The same') });
    await ingest(backbone.services, { url });
    const before = await contentOf(url);
    expect((await ingest(backbone.services, { url })).job.unchanged).toBe(true);
    expect(await contentOf(url)).toEqual(before);
  });

  test('gets a new version when its bytes changed, and nothing of the old one stays in any store', async () => {
    const url = `${site.url}/changing`;
    const headers = { 'content-type': 'text/html' };
    site.on('/changing', { headers, body: page('Before') }, { headers, body: page('After the storm') });
    const first = await ingest(backbone.services, { url });
    const old = (await contentOf(url)) as {
      readonly files: Readonly<Record<string, { readonly key: string }>>;
    };
    const second = await ingest(backbone.services, { url });
    expect(second.job).toMatchObject({ status: 'completed', unchanged: false });
    expect(await contentOf(url)).toMatchObject({
      version: 2,
      title: 'After the storm',
      job_id: second.job.job_id,
    });
    const { vectors, graph, blobs } = scripted.ports();
    const of = { userId: TENANT, contentId: first.job.content_id };
    const chunks = await sql('SELECT version FROM content_chunks WHERE content_id = $1', [of.contentId]);
    expect(new Set(chunks.map((row) => (row as { version: number }).version))).toEqual(new Set([2]));
    // Search skips old versions from the flip on; they are cleared away right after it.
    await until(async () => (await vectors.count(of)) === chunks.length && (await graph.count(of)) === 1);
    for (const file of Object.values(old.files))
      await until(async () => (await blobs.stat(file.key)) === null);
  });

  test('is answered at once by skip, and no job starts', async () => {
    const url = `${site.url}/skipped`;
    site.on('/skipped', { headers: { 'content-type': 'text/html' }, body: page('Skipped') });
    await ingest(backbone.services, { url });
    const before = site.requests.length;
    const answer = await client.post('/content/process', { url, if_exists: 'skip' });
    expect(answer).toMatchObject({
      status: 200,
      body: { job_id: null, status: 'completed', skipped: true, content_type: 'webpage' },
    });
    expect(site.requests).toHaveLength(before);
  });

  test('is processed anew by force, though nothing changed', async () => {
    const url = `${site.url}/forced`;
    site.on('/forced', { headers: { 'content-type': 'text/html' }, body: page('Forced') });
    await ingest(backbone.services, { url });
    const { job } = await ingest(backbone.services, { url, ifExists: 'force' });
    expect(job).toMatchObject({ status: 'completed', unchanged: false });
    expect(await contentOf(url)).toMatchObject({ version: 2 });
  });

  test('that is new starts a job in spite of skip', async () => {
    site.on('/new', { headers: { 'content-type': 'text/html' }, body: page('New') });
    const answer = await client.post('/content/process', { url: `${site.url}/new`, if_exists: 'skip' });
    expect(answer).toMatchObject({ status: 202, body: { skipped: false } });
    await ended(backbone.services, String(answer.body['job_id']));
  });

  test('keeps what a person edited and its tags, whatever the new version says', async () => {
    const url = `${site.url}/edited`;
    const headers = { 'content-type': 'text/html' };
    site.on('/edited', { headers, body: page('Before') }, { headers, body: page(GLACIER.slice(0, 30)) });
    const { job } = await ingest(backbone.services, { url, metadata: { tags: ['coast'], source: 'feed' } });
    await backbone.services.contents.update(
      { userId: TENANT, contentType: 'webpage', contentId: job.content_id },
      { title: 'My title' },
    );
    await ingest(backbone.services, { url, metadata: { note: 'second' } });
    expect(await contentOf(url)).toMatchObject({
      version: 2,
      title: 'My title',
      tags: ['coast'],
      metadata: { tags: ['coast'], source: 'feed', note: 'second' },
    });
  });
});

describe('a batch', () => {
  test('of a thousand is one request, and each item that is wrong is told at its place', async () => {
    const items = Array.from({ length: 1000 }, (_, index) => {
      if (index === 3) return { url: 'not an address' };
      if (index === 500) return { url: freshUrl(), content_type: 'nonsense' };
      if (index === 700) return { url: freshUrl(), colour: 'red' };
      if (index === 800) return { upload_id: 'up_nothing' };
      return { url: freshUrl(), priority: 9 };
    });
    const held = hold();
    const answer = await client.post('/content/process/batch', { items });
    expect(answer).toMatchObject({ status: 202, body: { accepted: 996, rejected: 4, open: false } });
    const results = itemsOf(answer);
    expect(results.map((item) => item['index'])).toEqual(items.map((_, index) => index));
    expect(results[3]).toMatchObject({ job_id: null, error: { code: 'url_invalid' } });
    expect(results[500]).toMatchObject({ error: { code: 'unknown_content_type' } });
    expect(results[700]).toMatchObject({
      error: { code: 'invalid_request', errors: [expect.objectContaining({ field: 'colour' })] },
    });
    expect(results[800]).toMatchObject({ error: { code: 'upload_not_found' } });
    expect(new Set(results.flatMap((item) => item['job_id'] ?? []))).toHaveProperty('size', 996);
    const batchId = String(answer.body['batch_id']);
    const jobIds = results.flatMap((item) => (typeof item['job_id'] === 'string' ? [item['job_id']] : []));
    // A backlog of its own would hold up every other test.
    await scripted.ports().records.transaction(async (inner) => {
      await inner.query(
        "UPDATE processing_jobs SET status = 'cancelled', stage_state = 'ended', epoch = epoch + 1 WHERE job_id = ANY($1)",
        [jobIds.slice(2)],
      );
    });
    held.release();
    await ended(backbone.services, jobIds[0] ?? null);
    await ended(backbone.services, jobIds[1] ?? null);
    const status = await client.get(`/content/batches/${batchId}`);
    expect(status.body).toMatchObject({ total: 1000, counts: { completed: 2, cancelled: 994, rejected: 4 } });
  });

  test('of 1,001 items is refused as a whole', async () => {
    const items = Array.from({ length: 1001 }, () => ({ url: freshUrl() }));
    const answer = await client.post('/content/process/batch', { items });
    expect(answer).toMatchObject({ status: 422, body: { code: 'invalid_request' } });
    expect(JSON.stringify(answer.body['errors'])).toContain('items');
  });

  test('with the same address twice starts one job for both', async () => {
    const url = freshUrl();
    const answer = await client.post('/content/process/batch', { items: [{ url }, { url }] });
    const [first, second] = itemsOf(answer);
    expect(second).toMatchObject({ job_id: first?.['job_id'], deduplicated: true });
    await ended(backbone.services, String(first?.['job_id']));
  });

  test('that is open is filled by several requests and ends after it was closed', async () => {
    const opened = await client.post('/content/process/batch', { open: true, items: [{ url: freshUrl() }] });
    const batchId = String(opened.body['batch_id']);
    await ended(backbone.services, String(itemsOf(opened)[0]?.['job_id']));
    expect((await client.get(`/content/batches/${batchId}`)).body).toMatchObject({
      open: true,
      ended_at: null,
    });
    const filled = await client.post('/content/process/batch', {
      batch_id: batchId,
      open: true,
      items: [{ url: freshUrl() }, { url: 'nonsense' }],
    });
    expect(filled.body).toMatchObject({ batch_id: batchId, open: true });
    await ended(backbone.services, String(itemsOf(filled)[0]?.['job_id']));
    await client.post('/content/process/batch', { batch_id: batchId, items: [] });
    const { body } = await client.get(`/content/batches/${batchId}`);
    expect(body).toMatchObject({ open: false, total: 3, counts: { completed: 2, rejected: 1 } });
    expect(body['ended_at']).not.toBeNull();
    expect((body['items'] as { index: number }[]).map(({ index }) => index)).toEqual([0, 1, 2]);
    const late = await client.post('/content/process/batch', {
      batch_id: batchId,
      items: [{ url: freshUrl() }],
    });
    expect(late).toMatchObject({ status: 409, body: { code: 'batch_closed' } });
  });

  test('of another tenant cannot be filled', async () => {
    const opened = await client.post('/content/process/batch', { open: true, items: [] });
    const batch = { batchId: String(opened.body['batch_id']), open: false, callbackUrl: null, items: [] };
    const foreign = backbone.services.jobs.submit(batch, { userId: 'other', traceparent: null });
    await expect(foreign).rejects.toMatchObject({ code: 'not_found' });
  });

  test('one of whose jobs joins a running one lists that job too', async () => {
    const held = hold();
    const url = freshUrl();
    const single = await submit(backbone.services, { url });
    const outcome = await backbone.services.jobs.submit(
      { batchId: null, open: false, callbackUrl: null, items: [submission({ url })] },
      { userId: TENANT, traceparent: null },
    );
    if (outcome.kind !== 'accepted') throw new Error('repeated');
    expect(accepted(outcome.items[0])).toMatchObject({ jobId: single.jobId, deduplicated: true });
    const batchId = outcome.batchId ?? '';
    await expect(backbone.services.jobs.batch(TENANT, batchId)).resolves.toMatchObject({ endedAt: null });
    const { items } = await backbone.services.jobs.list({ userId: TENANT, batchId, limit: 10 });
    expect(items.map((job) => job.job_id)).toEqual([single.jobId]);
    held.release();
    await ended(backbone.services, single.jobId);
    const batch = await backbone.services.jobs.batch(TENANT, batchId);
    expect(batch.counts).toEqual({ completed: 1 });
    expect(batch.endedAt).not.toBeNull();
  });
});

describe('the list of jobs', () => {
  test('shows every job once over all its pages, also while others come in', async () => {
    const userId = 'lister';
    const mine: (string | null)[] = [];
    for (let index = 0; index < 23; index += 1)
      mine.push((await submit(backbone.services, { url: freshUrl() }, userId)).jobId);
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      // Whoever comes in meanwhile stands before the first page.
      const page: Awaited<ReturnType<typeof backbone.services.jobs.list>> = await backbone.services.jobs.list(
        {
          userId,
          limit: 5,
          ...(cursor === null ? {} : { cursor }),
        },
      );
      seen.push(...page.items.map((job) => job.job_id));
      expect(page.total).toBeGreaterThanOrEqual(23);
      cursor = page.nextCursor;
      await submit(backbone.services, { url: freshUrl() }, userId);
    } while (cursor !== null);
    expect(seen).toHaveLength(23);
    expect(new Set(seen)).toEqual(new Set(mine));
  });

  test('filters by status, type, content, lane and time', async () => {
    const { job } = await ingest(backbone.services, { url: freshUrl(), priority: 2 });
    const total = async (query: string): Promise<unknown> =>
      (await client.get(`/content/jobs?content_id=${job.content_id}&${query}`)).body['total'];
    const before = new Date(job.created_at.getTime() - 1).toISOString();
    const after = new Date(job.created_at.getTime() + 1).toISOString();
    expect(await total('status=completed,failed&lane=urgent&content_type=scripted')).toBe(1);
    expect(await total(`created_from=${before}&created_to=${after}`)).toBe(1);
    expect(await total('status=failed')).toBe(0);
    expect(await total('lane=bulk')).toBe(0);
    expect(await total('content_type=webpage')).toBe(0);
    expect(await total(`created_from=${after}`)).toBe(0);
  });

  test('refuses a cursor that is none of its own', async () => {
    for (const cursor of ['garbage', Buffer.from('["x","y"]').toString('base64url')]) {
      const answer = await client.get(`/content/jobs?cursor=${cursor}`);
      expect(answer).toMatchObject({ status: 422, body: { errors: [{ field: 'cursor' }] } });
    }
  });
});

describe('priorities', () => {
  test('let an urgent job overtake a backlog', async () => {
    const order: string[] = [];
    const gate = Promise.withResolvers<undefined>();
    script = async (stage, { job }) => {
      if (stage !== 'download') return;
      await gate.promise;
      if (job.user_id === 'hurried') order.push(job.job_id);
    };
    const backlog = [];
    for (let index = 0; index < 12; index += 1) {
      backlog.push(
        await submit(backbone.services, { url: freshUrl(), priority: index % 2 === 0 ? 9 : 5 }, 'hurried'),
      );
    }
    const urgent = await submit(backbone.services, { url: freshUrl(), priority: 1 }, 'hurried');
    gate.resolve(undefined);
    await Promise.all([...backlog, urgent].map(({ jobId }) => ended(backbone.services, jobId, 'hurried')));
    expect(order).toHaveLength(13);
    expect(order.indexOf(urgent.jobId ?? '')).toBeLessThanOrEqual(2);
  });
});

describe('a request that cannot be taken', () => {
  test.each([
    ['no address', { url: 'example' }, 'url_invalid', ''],
    ['another scheme', { url: 'ftp://example.org/x' }, 'url_scheme', ''],
    ['a private address', { url: 'http://10.0.0.1/' }, 'url_forbidden', ''],
    [
      'an unknown type',
      { url: 'http://scripted.example/', content_type: 'song' },
      'unknown_content_type',
      'content_type',
    ],
    ['a priority of 11', { url: 'http://scripted.example/', priority: 11 }, 'invalid_request', 'priority'],
    ['an unknown field', { url: 'http://scripted.example/', colour: 'red' }, 'invalid_request', 'colour'],
    [
      'an unknown option',
      { url: 'http://scripted.example/', options: { colour: 'red' } },
      'invalid_request',
      'options',
    ],
    [
      'a callback elsewhere',
      { url: 'http://scripted.example/', callback_url: 'http://10.1.2.3/hook' },
      'callback_forbidden',
      '',
    ],
  ])('for %s is refused and starts no job', async (_name, body, code, field) => {
    const before = await sql('SELECT count(*)::int AS jobs FROM processing_jobs', []);
    const answer = await client.post('/content/process', body);
    expect(answer).toMatchObject({ status: 422, body: { code } });
    expect(JSON.stringify(answer.body['errors'])).toContain(field);
    expect(await sql('SELECT count(*)::int AS jobs FROM processing_jobs', [])).toEqual(before);
  });

  test('rejects with the very error when it comes from inside', async () => {
    const attempt = submit(backbone.services, { uploadId: 'up_missing' });
    await expect(attempt).rejects.toBeInstanceOf(AppError);
    await expect(attempt).rejects.toMatchObject({ code: 'upload_not_found' });
  });
});
