import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { startApi, type TestApi } from '../../support/api.ts';

let api: TestApi;
beforeEach(async () => {
  api = await startApi();
});
afterEach(() => api.close());

type Answer = Readonly<Record<string, unknown>> & {
  readonly code?: string;
  readonly errors?: readonly { readonly field: string }[];
};

async function answer(response: Response): Promise<Answer> {
  return (await response.json()) as Answer;
}

const PAGE = { url: 'https://example.org/page' };

function form(fields: Readonly<Record<string, string>>, files: readonly string[] = ['hello']): FormData {
  const data = new FormData();
  for (const [name, value] of Object.entries(fields)) data.append(name, value);
  for (const text of files) data.append('file', new Blob([text], { type: 'text/plain' }), 'näme.txt');
  return data;
}

describe('one address', () => {
  test('as JSON becomes a job, with every field', async () => {
    const given = {
      ...PAGE,
      content_type: 'webpage',
      priority: 2,
      metadata: { a: 1 },
      options: { b: 2 },
      if_exists: 'force',
      callback_url: 'https://n8n.example/hook',
    };
    const response = await api.post('/content/process', given);
    expect(response.status).toBe(202);
    expect(await answer(response)).toMatchObject({ job_id: 'webpage_000000000001', status: 'pending' });
    expect(api.services.jobs.submissions).toEqual([
      {
        url: PAGE.url,
        uploadId: null,
        contentType: 'webpage',
        priority: 2,
        metadata: { a: 1 },
        options: { b: 2 },
        ifExists: 'force',
        callbackUrl: 'https://n8n.example/hook',
      },
    ]);
  });

  test('in the query string becomes a job', async () => {
    const response = await api.call('/content/process?url=https://example.org/&priority=3', {
      method: 'POST',
    });
    expect(response.status).toBe(202);
    expect(api.services.jobs.submissions[0]).toMatchObject({ priority: 3, ifExists: 'refresh' });
  });

  test('may have its fields in both, but none twice', async () => {
    const good = await api.post('/content/process?priority=3', PAGE);
    expect(good.status).toBe(202);
    const twice = await api.post('/content/process?priority=3', { ...PAGE, priority: 3 });
    expect((await answer(twice)).errors).toMatchObject([{ field: 'priority' }]);
  });

  test('that exists is answered at once with skip', async () => {
    const response = await api.post('/content/process', {
      url: 'https://example.org/known',
      if_exists: 'skip',
    });
    expect(response.status).toBe(200);
    expect(await answer(response)).toMatchObject({ job_id: null, skipped: true, status: 'completed' });
  });

  test.each([
    ['not an address', { url: 'nonsense' }, 'url_invalid'],
    ['an unsupported scheme', { url: 'ftp://example.org/' }, 'url_scheme'],
    ['a private address', { url: 'http://127.0.0.1/' }, 'url_forbidden'],
    ['an upload that is not there', { upload_id: 'nothing' }, 'upload_not_found'],
  ])('%s is 422 and no job', async (_what, body, code) => {
    const response = await api.post('/content/process', body);
    expect(response.status).toBe(422);
    expect((await answer(response)).code).toBe(code);
    expect(api.services.jobs.submissions).toHaveLength(0);
  });

  test.each([
    ['an unknown type', { ...PAGE, content_type: 'nonsense' }, 'content_type'],
    ['priority 0', { ...PAGE, priority: 0 }, 'priority'],
    ['priority 11', { ...PAGE, priority: 11 }, 'priority'],
    ['priority 1.5', { ...PAGE, priority: 1.5 }, 'priority'],
    ['priority as text', { ...PAGE, priority: '5' }, 'priority'],
    ['an unknown field', { ...PAGE, colour: 'red' }, 'colour'],
    ['metadata that is a list', { ...PAGE, metadata: [] }, 'metadata'],
    ['metadata with a NUL', { ...PAGE, metadata: { a: '\0' } }, 'metadata.a'],
    ['an unknown if_exists', { ...PAGE, if_exists: 'perhaps' }, 'if_exists'],
    ['an address of 5,000 characters', { url: `https://example.org/${'a'.repeat(5000)}` }, 'url'],
    ['no source', {}, 'url'],
    ['two sources', { ...PAGE, upload_id: 'upload_1' }, 'upload_id'],
  ])('with %s is 422 naming the field', async (_what, body, field) => {
    const response = await api.post('/content/process', body);
    expect(response.status).toBe(422);
    expect((await answer(response)).errors).toMatchObject([{ field }]);
    expect(api.services.jobs.submissions).toHaveLength(0);
  });

  test('as something else than JSON or a form is 415', async () => {
    const response = await api.call('/content/process', { method: 'POST', body: 'url=x' });
    expect(response.status).toBe(415);
  });

  test('as JSON that is no object is 422', async () => {
    expect((await api.post('/content/process', [1])).status).toBe(422);
  });

  test('carries the trace of its caller', async () => {
    const seen: (string | null)[] = [];
    const submit = api.services.jobs.submit.bind(api.services.jobs);
    Object.assign(api.services.jobs, {
      submit: (...[request, options]: Parameters<typeof submit>) => {
        seen.push(options.traceparent);
        return submit(request, options);
      },
    });
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    await api.post('/content/process', PAGE, { traceparent });
    expect(seen).toEqual([traceparent]);
  });
});

describe('one file', () => {
  const send = (data: FormData, headers: Readonly<Record<string, string>> = {}): Promise<Response> =>
    api.call('/content/process', { method: 'POST', body: data, headers });

  test('with fields before it becomes a job', async () => {
    const response = await send(form({ priority: '2', metadata: '{"a":1}', content_type: 'document' }));
    expect(response.status).toBe(202);
    expect(api.services.uploaded.get('upload_1')?.toString()).toBe('hello');
    expect(api.services.jobs.submissions).toMatchObject([
      { url: null, uploadId: 'upload_1', priority: 2, metadata: { a: 1 }, contentType: 'document' },
    ]);
  });

  test('may stand before its fields', async () => {
    const data = form({});
    data.append('priority', '9');
    expect((await send(data)).status).toBe(202);
    expect(api.services.jobs.submissions).toMatchObject([{ priority: 9 }]);
  });

  test.each([
    ['no file', form({ priority: '2' }, []), 'file'],
    ['two files', form({}, ['a', 'b']), 'file'],
    ['an unknown field', form({ colour: 'red' }), 'colour'],
    ['an address as well', form({ url: 'https://example.org/' }), 'url'],
    ['a priority that is none', form({ priority: 'high' }), 'priority'],
    ['metadata that is no JSON', form({ metadata: '{' }), 'metadata'],
    ['metadata with a NUL', form({ metadata: '{"a":"\\u0000"}' }), 'metadata.a'],
    ['a field of 300 KB', form({ metadata: 'x'.repeat(300_000) }), 'metadata'],
    ['a field with a NUL', form({ callback_url: 'a\0' }), 'callback_url'],
  ])('with %s is 422 naming the field', async (_what, data, field) => {
    const response = await send(data);
    expect(response.status).toBe(422);
    expect((await answer(response)).errors).toMatchObject([{ field }]);
  });

  test('with a field given twice is 422', async () => {
    const data = form({ priority: '1' });
    data.append('priority', '2');
    expect((await answer(await send(data))).errors).toMatchObject([{ field: 'priority' }]);
  });

  test.each([
    ['as it is', new Error('the inside')],
    ['in an error', 'no error at all'],
  ])('that cannot be stored for an unknown reason is 500: the reason comes %s', async (_how, reason) => {
    Object.assign(api.services.uploads, { store: () => Promise.reject(reason as Error) });
    const response = await send(form({}, ['x'.repeat(100_000)]));
    expect(response.status).toBe(500);
    expect(api.lines().filter((line) => line['level'] === 'error')).toHaveLength(1);
  });

  test('without a name or media type is taken as it is', async () => {
    const body =
      '--b\r\ncontent-disposition: form-data; name="file"; filename=""\r\ncontent-type: application/octet-stream\r\n\r\nbytes\r\n--b--\r\n';
    const headers = { 'content-type': 'multipart/form-data; boundary=b' };
    const response = await api.call('/content/uploads', { method: 'POST', body, headers });
    expect(await answer(response)).toMatchObject({ file_name: null, size_bytes: 5 });
  });

  test('among hundreds of fields is 422', async () => {
    const fields = Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`f${index}`, 'x']));
    expect((await send(form(fields))).status).toBe(422);
  });

  test('under another name is 422', async () => {
    const data = form({});
    data.append('picture', new Blob(['x']), 'x.png');
    expect((await answer(await send(data))).errors).toMatchObject([{ field: 'picture' }]);
  });

  test('that is too large is 413', async () => {
    const response = await send(form({}, ['x'.repeat(200_000)]));
    expect(response.status).toBe(413);
    expect((await answer(response)).code).toBe('payload_too_large');
  });

  test('that is empty is 422', async () => {
    expect((await answer(await send(form({}, [''])))).code).toBe('source_empty');
  });

  test.each([
    ['without a boundary', 'multipart/form-data', 'x'],
    [
      'that breaks off',
      'multipart/form-data; boundary=b',
      '--b\r\ncontent-disposition: form-data; name="file"; filename="a"\r\n\r\nhalf',
    ],
  ])('in a form %s is 422', async (_what, type, body) => {
    const response = await api.call('/content/process', {
      method: 'POST',
      body,
      headers: { 'content-type': type },
    });
    expect(response.status).toBe(422);
  });

  test('whose sender leaves is forgotten quietly', async () => {
    const { port, hostname } = new URL(api.url);
    const socket = connect(Number(port), hostname);
    await once(socket, 'connect');
    const head =
      'POST /api/content/uploads HTTP/1.1\r\nhost: x\r\nauthorization: Bearer full\r\nx-request-id: leaver\r\ncontent-length: 1000\r\n\r\nhalf';
    const stored = Promise.withResolvers<unknown>();
    const store = api.services.uploads.store.bind(api.services.uploads);
    const began = Promise.withResolvers<undefined>();
    Object.assign(api.services.uploads, {
      store: (...[user, body, options]: Parameters<typeof store>) => {
        began.resolve(undefined);
        const result = store(user, body, options);
        result.catch(() => stored.resolve(options.signal.aborted));
        return result;
      },
    });
    socket.write(head);
    await began.promise;
    socket.destroy();
    await stored.promise;
    expect(api.lines().filter((line) => line['level'] === 'error')).toEqual([]);
    expect(api.services.uploaded.size).toBe(0);
  });
});

describe('uploads', () => {
  const put = (
    path: string,
    body: string | FormData | Uint8Array<ArrayBuffer>,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Response> => api.call(path, { method: 'POST', body, headers });

  test('take the body itself', async () => {
    const response = await put('/content/uploads?file_name=a.pdf', 'bytes', {
      'content-type': 'application/pdf',
    });
    expect(response.status).toBe(202);
    expect(await answer(response)).toMatchObject({
      upload_id: 'upload_1',
      size_bytes: 5,
      media_type: 'application/pdf',
      file_name: 'a.pdf',
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });

  test('take a form with one file', async () => {
    expect(await answer(await put('/content/uploads', form({})))).toMatchObject({ file_name: 'näme.txt' });
  });

  test('without a media type are bytes', async () => {
    expect(await answer(await put('/content/uploads', new Uint8Array([1])))).toMatchObject({
      media_type: 'application/octet-stream',
    });
  });

  test('refuse further fields', async () => {
    const response = await put('/content/uploads', form({ priority: '1' }));
    expect((await answer(response)).errors).toMatchObject([{ field: 'priority' }]);
  });

  test('can be processed by their id', async () => {
    await put('/content/uploads', 'bytes');
    expect((await api.post('/content/process', { upload_id: 'upload_1' })).status).toBe(202);
  });
});

describe('an Idempotency-Key', () => {
  const KEY = { 'idempotency-key': 'once' };

  test('gives the same answer for the same request, whatever the order of its fields', async () => {
    const first = await api.post('/content/process', { ...PAGE, priority: 2 }, KEY);
    const second = await api.post('/content/process', { priority: 2, ...PAGE }, KEY);
    expect(second.status).toBe(202);
    expect(await answer(second)).toEqual(await answer(first));
    expect(first.headers.get('idempotency-replayed')).toBeNull();
    expect(second.headers.get('idempotency-replayed')).toBe('true');
    expect(api.services.jobs.submissions).toHaveLength(1);
  });

  test('with another request is 409', async () => {
    await api.post('/content/process', PAGE, KEY);
    const response = await api.post('/content/process', { url: 'https://example.org/other' }, KEY);
    expect(response.status).toBe(409);
    expect((await answer(response)).code).toBe('idempotency_conflict');
  });

  test('knows a file by its bytes', async () => {
    const send = (text: string): Promise<Response> =>
      api.call('/content/process', { method: 'POST', body: form({}, [text]), headers: KEY });
    expect((await send('a')).status).toBe(202);
    expect((await send('a')).headers.get('idempotency-replayed')).toBe('true');
    expect((await send('b')).status).toBe(409);
  });

  test('works for batches', async () => {
    const body = { items: [PAGE] };
    const first = await answer(await api.post('/content/process/batch', body, KEY));
    expect(await answer(await api.post('/content/process/batch', body, KEY))).toEqual(first);
  });

  test.each(['', 'x'.repeat(256), 'tab\there'])(
    'that is not 1 to 255 printable characters is 422: %j',
    async (key) => {
      const response = await api.post('/content/process', PAGE, { 'idempotency-key': key });
      expect((await answer(response)).errors).toMatchObject([{ field: 'idempotency-key' }]);
    },
  );
});

describe('a batch', () => {
  test('tells for each item what became of it, in order', async () => {
    const items = [PAGE, { url: 'nonsense' }, { ...PAGE, priority: 99 }, { ...PAGE, content_type: 'x' }, {}];
    const response = await api.post('/content/process/batch', { items });
    expect(response.status).toBe(202);
    expect(await answer(response)).toMatchObject({
      batch_id: 'batch_1',
      open: false,
      accepted: 1,
      rejected: 4,
      items: [
        { index: 0, job_id: 'webpage_000000000001', error: null },
        { index: 1, job_id: null, error: { code: 'url_invalid' } },
        { index: 2, error: { code: 'invalid_request', errors: [{ field: 'priority' }] } },
        { index: 3, error: { code: 'unknown_content_type', errors: [{ field: 'content_type' }] } },
        { index: 4, error: { code: 'invalid_request', errors: [{ field: 'url' }] } },
      ],
    });
  });

  test('can be filled by several requests and closed by the last', async () => {
    await api.post('/content/process/batch', { items: [PAGE], open: true });
    const more = await api.post('/content/process/batch', { items: [], batch_id: 'batch_1' });
    expect(await answer(more)).toMatchObject({ batch_id: 'batch_1', open: false });
    const late = await api.post('/content/process/batch', { items: [PAGE], batch_id: 'batch_1' });
    expect((await answer(late)).code).toBe('batch_closed');
    expect(await answer(await api.call('/content/batches/batch_1'))).toMatchObject({ total: 1, open: false });
  });

  test('shows refused items in its status', async () => {
    await api.post('/content/process/batch', { items: [{}, PAGE] });
    expect(await answer(await api.call('/content/batches/batch_1'))).toMatchObject({
      items: [
        { status: 'rejected', error: { code: 'invalid_request' } },
        { status: 'pending', error: null },
      ],
    });
  });

  test.each([
    ['no items', { items: [] }, 'items'],
    ['1,001 items', { items: Array.from({ length: 1001 }, () => PAGE) }, 'items'],
    ['items that are no objects', { items: ['x'] }, 'items.0'],
  ])('with %s is 422', async (_what, body, field) => {
    const response = await api.post('/content/process/batch', body);
    expect((await answer(response)).errors).toMatchObject([{ field }]);
  });

  test('takes a thousand items', async () => {
    const response = await api.post('/content/process/batch', {
      items: Array.from({ length: 1000 }, () => PAGE),
    });
    expect(await answer(response)).toMatchObject({ accepted: 1000 });
  });

  test('fails as a whole when something of ours does', async () => {
    Object.assign(api.services.types, {
      some: () => {
        throw new Error('the inside');
      },
    });
    const response = await api.post('/content/process/batch', {
      items: [{ ...PAGE, content_type: 'webpage' }],
    });
    expect(response.status).toBe(500);
  });

  test('of more than 8 MB is 413', async () => {
    const items = [{ ...PAGE, metadata: { text: 'x'.repeat(9_000_000) } }];
    expect((await api.post('/content/process/batch', { items })).status).toBe(413);
  });
});
