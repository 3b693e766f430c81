import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { startApi, type TestApi } from '../../support/api.ts';
import { FILE_BYTES } from '../../support/fake-services.ts';

let api: TestApi;
beforeEach(async () => {
  api = await startApi();
  api.services.addContent({});
});
afterEach(() => api.close());

const json = async (path: string, init?: RequestInit): Promise<unknown> =>
  (await api.call(path, init)).json();

describe('a content', () => {
  test('is shown without what is ours alone', async () => {
    const content = await json('/content/webpage/page');
    expect(content).toMatchObject({
      content_id: 'page',
      title: 'A page',
      published_at: '2026-01',
      created_at: '2026-01-01T12:00:00.000Z',
      deleted_at: null,
      files: { original: { file_name: 'page.html', href: '/api/content/webpage/page/file' } },
    });
    expect(JSON.stringify(content)).not.toContain('webpages/page');
    expect(content).not.toHaveProperty('user_id');
    expect(content).not.toHaveProperty('text');
  });

  test('brings along what include names', async () => {
    expect(await json('/content/webpage/page?include=text,markdown,chunks,transcript')).toMatchObject({
      text: 'text of page',
      markdown: '# Markdown',
      chunks: [{ index: 0, locator: { page: 1, heading_path: ['Top'] } }, {}, {}],
      chunks_next_cursor: null,
      transcript: null,
    });
    expect(await json('/content/webpage/page?include=markdown')).not.toHaveProperty('text');
  });

  test('shows the first hundred of many chunks, and where the others are', async () => {
    api.services.addContent({ content_id: 'long', chunk_count: 250 });
    const content = (await json('/content/webpage/long?include=chunks')) as { chunks: unknown[] };
    expect(content.chunks).toHaveLength(100);
    expect(content).toMatchObject({ chunks_next_cursor: '100' });
  });

  test('of speech has a transcript of all its passages', async () => {
    const chunk = { chunkId: 'c', index: 0, text: 'words', start: 0, end: 5, tokenCount: 1 };
    const pages = [
      {
        items: [{ ...chunk, locator: { startSeconds: 0, endSeconds: 4, speaker: 'Ada' } }],
        total: 2,
        nextCursor: 'n',
      },
      { items: [{ ...chunk, locator: { startSeconds: 4 } }], total: 2, nextCursor: null },
    ];
    Object.assign(api.services.contents, { chunks: async () => pages.shift() });
    expect(await json('/content/webpage/page?include=transcript')).toMatchObject({
      transcript: [
        { start_seconds: 0, end_seconds: 4, speaker: 'Ada', text: 'words' },
        { start_seconds: 4, end_seconds: null, speaker: null, text: 'words' },
      ],
    });
  });

  test('whose id has a slash in it is found', async () => {
    api.services.addContent({ content_id: '10.1000/182' });
    expect(await json('/content/webpage/10.1000%2F182')).toMatchObject({ content_id: '10.1000/182' });
  });

  test('can be changed in the fields of its type', async () => {
    const headers = { 'content-type': 'application/json' };
    const patch = (body: object): Promise<unknown> =>
      json('/content/webpage/page', { method: 'PATCH', body: JSON.stringify(body), headers });
    expect(await patch({ title: 'New' })).toMatchObject({ success: true, content: { title: 'New' } });
    expect(await patch({ content_id: 'x' })).toMatchObject({
      status: 422,
      errors: [{ field: 'content_id' }],
    });
    expect(await patch({})).toMatchObject({ status: 422 });
  });

  test('that is deleted is gone until it is restored', async () => {
    expect(await json('/content/webpage/page', { method: 'DELETE' })).toEqual({
      deleted: true,
      content_id: 'page',
      hard_delete: false,
      receipt: null,
    });
    expect((await api.call('/content/webpage/page')).status).toBe(404);
    expect(await json('/content/webpage?status=deleted')).toMatchObject({ total: 1 });
    expect(await json('/content/webpage/page/restore', { method: 'POST' })).toMatchObject({
      deleted_at: null,
    });
  });

  test('that is deleted for good leaves a receipt', async () => {
    const answer = await json('/content/webpage/page?hard_delete=true', { method: 'DELETE' });
    expect(answer).toMatchObject({
      hard_delete: true,
      receipt: { steps: [{ store: 'records', status: 'done' }] },
    });
    expect(await json('/content/deletions/deletion_1')).toMatchObject({ deletion_id: 'deletion_1' });
  });

  test('whose stores cannot all be emptied at once answers 202', async () => {
    api.services.addContent({ content_id: 'slow' });
    const response = await api.call('/content/webpage/slow?hard_delete=true', { method: 'DELETE' });
    expect(response.status).toBe(202);
  });

  test('can be processed anew from its file, or by force without one', async () => {
    api.services.addContent({ content_id: 'bare', files: {} });
    const post = { method: 'POST' };
    expect((await api.call('/content/webpage/page/reprocess', post)).status).toBe(202);
    expect(await json('/content/webpage/bare/reprocess', post)).toMatchObject({ code: 'no_stored_file' });
    expect((await api.call('/content/webpage/bare/reprocess?force=true', post)).status).toBe(202);
    expect(await json('/content/webpage/bare')).toMatchObject({ files: { original: null } });
  });

  test('has chunks, relatives and a history', async () => {
    expect(await json('/content/webpage/page/chunks?limit=2')).toMatchObject({ total: 3, next_cursor: '2' });
    expect(await json('/content/webpage/page/chunks?cursor=2')).toMatchObject({ items: [{ index: 2 }] });
    expect(await json('/content/webpage/page/related')).toMatchObject({ items: [{ content_id: 'other' }] });
    expect(await json('/content/webpage/page/duplicates')).toMatchObject({ items: [{ similarity: 0.9 }] });
    expect(await json('/content/webpage/page/events')).toMatchObject({
      items: [{ type: 'completed', detail: { unchanged: true } }],
    });
  });
});

describe('lists', () => {
  test('tell the true total and where they go on', async () => {
    api.services.addContent({ content_id: 'b' });
    api.services.addContent({ content_id: 'c' });
    expect(await json('/content/webpage?limit=2')).toMatchObject({
      content_type: 'webpage',
      total: 3,
      items: [{}, {}],
      next_cursor: '2',
    });
    expect(await json('/content/webpage?offset=2')).toMatchObject({
      items: [{ content_id: 'c' }],
      next_cursor: null,
    });
  });

  test('hand every filter on', async () => {
    const seen: unknown[] = [];
    Object.assign(api.services.contents, {
      list: async (filter: unknown) => {
        seen.push(filter);
        return { items: [], total: 0, nextCursor: null };
      },
    });
    await api.call(
      '/content/webpage?author=Ada&language=en&tag=x&min_pages=2&min_duration=1.5&created_from=2026-01-01&created_to=2026-01-02T00:00:00Z',
    );
    expect(seen).toEqual([
      {
        userId: 'default',
        contentType: 'webpage',
        limit: 20,
        author: 'Ada',
        language: 'en',
        tag: 'x',
        minPages: 2,
        minDuration: 1.5,
        createdFrom: new Date('2026-01-01T00:00:00Z'),
        createdTo: new Date('2026-01-02T00:00:00Z'),
      },
    ]);
  });

  test('show content types with their stages', async () => {
    expect(await json('/content-types')).toMatchObject({
      items: [{ type: 'webpage' }, { type: 'document' }],
    });
  });
});

describe('the original file', () => {
  const PATH = '/content/webpage/page/file';

  test('comes whole, safe to be led to', async () => {
    const response = await api.call(PATH);
    expect(Buffer.from(await response.arrayBuffer())).toEqual(FILE_BYTES);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'text/html',
      'content-length': '10',
      'content-disposition': expect.stringMatching(/^attachment; filename="page.html"/),
      'content-security-policy': "sandbox; default-src 'none'",
      'x-content-type-options': 'nosniff',
      'accept-ranges': 'bytes',
      etag: `"${'ab'.repeat(32)}"`,
    });
  });

  test('comes in part', async () => {
    const response = await api.call(PATH, { headers: { range: 'bytes=2-4' } });
    expect(response.status).toBe(206);
    expect(response.headers.get('content-range')).toBe('bytes 2-4/10');
    expect(await response.text()).toBe('234');
  });

  test('comes whole when it is no longer the one that If-Range names', async () => {
    const part = (etag: string): Promise<Response> =>
      api.call(PATH, { headers: { range: 'bytes=2-4', 'if-range': etag } });
    expect((await part('"other"')).status).toBe(200);
    expect((await part(`"${'ab'.repeat(32)}"`)).status).toBe(206);
  });

  test('has no part behind its end', async () => {
    const response = await api.call(PATH, { headers: { range: 'bytes=10-' } });
    expect(response.status).toBe(416);
    expect(await response.json()).toMatchObject({ code: 'range_not_satisfiable' });
  });

  test('is not sent again to who has it', async () => {
    const response = await api.call(PATH, { headers: { 'if-none-match': `"${'ab'.repeat(32)}"` } });
    expect(response.status).toBe(304);
    expect(await response.text()).toBe('');
  });

  test('tells its size by HEAD without being opened', async () => {
    Object.assign(api.services.contents, { openFile: () => Promise.reject(new Error('opened')) });
    const response = await api.call(PATH, { method: 'HEAD' });
    expect(response.headers.get('content-length')).toBe('10');
    expect(response.status).toBe(200);
  });

  test('that is not there is 409', async () => {
    api.services.addContent({ content_id: 'bare', files: {} });
    expect(await json('/content/webpage/bare/file')).toMatchObject({ code: 'no_stored_file' });
  });
});

describe('search', () => {
  test('answers the same by GET and by POST', async () => {
    const byGet = (await json('/search?query=words&content_types=webpage,document&tags=a')) as object;
    const byPost = (await (
      await api.post('/search', { query: ' words ', content_types: ['webpage'], limit: 5 })
    ).json()) as object;
    expect(byGet).toMatchObject({
      query: 'words',
      total: 1,
      hits: [{ chunk_id: 'page:1:0', locator: { page: 1 } }],
    });
    expect({ ...byPost, took_ms: 0 }).toEqual({ ...byGet, took_ms: 0 });
  });

  test('names a type that is not known', async () => {
    expect(await json('/search?query=a&content_types=nonsense')).toMatchObject({
      code: 'unknown_content_type',
    });
  });
});

describe('jobs', () => {
  const ID = 'webpage_000000000001';
  beforeEach(() => api.post('/content/process', { url: 'https://example.org/' }));

  test('are listed by their state', async () => {
    expect(
      await json('/content/jobs?status=pending,queued&lane=normal&created_from=2026-01-01'),
    ).toMatchObject({
      total: 1,
      items: [{ job_id: ID, error: null }],
    });
    expect(await json('/content/jobs?status=failed')).toMatchObject({ total: 0 });
  });

  test('tell their stages and place', async () => {
    expect(await json(`/content/status/${ID}`)).toMatchObject({
      job_id: ID,
      stages: [{ stage: 'download', status: 'done', seconds: 0.5 }, { started_at: null }],
      queue_position: 0,
      eta_seconds: null,
    });
  });

  test('can be cancelled once and then retried', async () => {
    const act = (what: string): Promise<unknown> => json(`/content/jobs/${ID}/${what}`, { method: 'POST' });
    expect(await act('retry')).toMatchObject({ code: 'job_not_ended' });
    expect(await act('cancel')).toMatchObject({ status: 'cancelled' });
    expect(await act('cancel')).toMatchObject({ code: 'job_ended' });
    expect(await act('retry')).toMatchObject({ job_id: ID, status: 'pending' });
  });
});

describe('dead letters', () => {
  test('can be listed and read with their bytes', async () => {
    api.services.jobs.addDeadLetter({});
    api.services.jobs.addDeadLetter({ payload: null });
    expect(await json('/content/dead-letters?error_code=source_not_found')).toMatchObject({ total: 2 });
    expect(await json('/content/dead-letters/letter_0')).toMatchObject({
      error: { code: 'source_not_found' },
      payload_base64: Buffer.from('payload').toString('base64'),
    });
    expect(await json('/content/dead-letters/letter_1')).toMatchObject({ payload_base64: null });
    expect((await api.call('/content/dead-letters/letter_9')).status).toBe(404);
  });

  test('are replayed by what was asked for', async () => {
    api.services.jobs.addDeadLetter({});
    api.services.jobs.addDeadLetter({});
    const response = await api.post('/content/dead-letters/replay', {
      error_code: 'source_not_found',
      reason: 'back',
    });
    expect(response.status).toBe(202);
    expect(await response.json()).toMatchObject({
      matched: 2,
      replayed: [{ dead_letter_id: 'letter_0' }],
      refused: [{ dead_letter_id: 'letter_1', error: { code: 'job_not_ended' } }],
    });
  });

  test('are never all replayed by accident', async () => {
    const response = await api.post('/content/dead-letters/replay', { dry_run: true });
    expect(await response.json()).toMatchObject({ status: 422, errors: [{ field: 'ids' }] });
  });
});

describe('webhooks', () => {
  const HOOK = { url: 'https://n8n.example/hook', events: ['job.completed'] };

  test('tell their secret once', async () => {
    const created = await api.post('/webhooks', HOOK);
    expect(created.status).toBe(201);
    expect(await created.json()).toMatchObject({
      webhook_id: 'webhook_1',
      secret: 'whsec_example',
      active: true,
    });
    expect(await json('/webhooks/webhook_1')).not.toHaveProperty('secret');
  });

  test('can be listed, changed and ended', async () => {
    await api.post('/webhooks', { ...HOOK, batch_id: 'b' });
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify({ active: false, batch_id: null });
    expect(await json('/webhooks/webhook_1', { method: 'PATCH', body, headers })).toMatchObject({
      active: false,
      batch_id: null,
    });
    expect(await json('/webhooks')).toMatchObject({ total: 1 });
    expect(await json('/webhooks/webhook_1/deliveries?limit=1')).toMatchObject({
      items: [{ last_status: 500 }],
    });
    expect((await api.call('/webhooks/webhook_1', { method: 'DELETE' })).status).toBe(204);
    expect((await api.call('/webhooks/webhook_1')).status).toBe(404);
  });

  test.each([
    [{ ...HOOK, events: [] }, 'events'],
    [{ ...HOOK, events: ['job.exploded'] }, 'events.0'],
    [{ events: HOOK.events }, 'url'],
  ])('that cannot be are 422', async (body, field) => {
    expect(await (await api.post('/webhooks', body)).json()).toMatchObject({
      status: 422,
      errors: [{ field }],
    });
  });

  test('are not changed by nothing', async () => {
    await api.post('/webhooks', HOOK);
    const headers = { 'content-type': 'application/json' };
    expect((await api.call('/webhooks/webhook_1', { method: 'PATCH', body: '{}', headers })).status).toBe(
      422,
    );
  });
});
