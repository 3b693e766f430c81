import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createApiServer } from '../../../backbone/api/server.ts';
import { createLogger } from '../../../backbone/logger.ts';
import { createMetrics } from '../../../backbone/metrics.ts';
import { AppError } from '../../../backbone/errors.ts';
import { startApi, type TestApi } from '../../support/api.ts';
import { createFakeServices } from '../../support/fake-services.ts';

let api: TestApi;
beforeEach(async () => {
  api = await startApi();
});
afterEach(() => api.close());

interface ProblemShape {
  readonly code: string;
  readonly status: number;
  readonly request_id: string;
  readonly errors: readonly { readonly field: string; readonly message: string }[];
}

async function problemIn(response: Response): Promise<ProblemShape> {
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  const problem = (await response.json()) as ProblemShape;
  expect(problem.status).toBe(response.status);
  expect(problem.request_id).toBe(response.headers.get('x-request-id'));
  return problem;
}

/** Bytes straight onto the connection; what comes back until it is closed. */
async function raw(text: string): Promise<string> {
  const { port, hostname } = new URL(api.url);
  const socket = connect(Number(port), hostname);
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  socket.write(text);
  await once(socket, 'close');
  return Buffer.concat(chunks).toString();
}

describe('every request', () => {
  test('is answered with the id it came with', async () => {
    const response = await api.call('/healthz', { headers: { 'x-request-id': 'my.id-1_A' } });
    expect(response.headers.get('x-request-id')).toBe('my.id-1_A');
  });

  test('gets a new id when its own could harm a log', async () => {
    const response = await api.call('/healthz', { headers: { 'x-request-id': 'a b' } });
    expect(response.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });

  test('is logged in one line, without its query', async () => {
    await (await api.call('/search?query=very+private', { headers: { 'x-request-id': 'r1' } })).text();
    const lines = api.lines().filter((line) => line['request_id'] === 'r1');
    expect(lines).toEqual([
      expect.objectContaining({
        level: 'info',
        method: 'GET',
        path: '/api/search',
        status: 200,
        key_id: 'full',
      }),
    ]);
    expect(JSON.stringify(lines)).not.toContain('private');
  });

  test('by a probe is logged for those who debug', async () => {
    await (await api.call('/healthz')).text();
    expect(api.lines().at(-1)).toMatchObject({ level: 'debug', path: '/api/healthz' });
  });

  test('is counted by route, never by path', async () => {
    await (await api.call('/content/status/nobody')).text();
    await (await api.call('/made/up')).text();
    const text = await (await api.call('/metrics')).text();
    expect(text).toContain('route="/content/status/{job_id}",status="404"');
    expect(text).toContain('route="none"');
    expect(text).not.toContain('made/up');
  });
});

describe('problems', () => {
  test.each([
    ['GET', '/nothing', 404, 'not_found', null],
    ['GET', '/content/status', 404, 'not_found', null],
    ['DELETE', '/content/jobs/x', 404, 'not_found', null],
    ['GET', '/content/process', 405, 'method_not_allowed', 'POST'],
    ['DELETE', '/content/jobs', 405, 'method_not_allowed', 'GET, HEAD'],
    ['PUT', '/content/webpage/x', 405, 'method_not_allowed', 'DELETE, GET, HEAD, PATCH'],
    ['PURGE', '/healthz', 405, 'method_not_allowed', 'GET, HEAD'],
    ['GET', '/content/nonsense', 404, 'not_found', null],
    ['GET', '/content/webpage/%00', 404, 'not_found', null],
    ['GET', '/content/status/%zz', 404, 'not_found', null],
    ['GET', `/content/status/${'x'.repeat(600)}`, 404, 'not_found', null],
  ])('%s %s is %d %s', async (method, path, status, code, allow) => {
    const response = await api.call(path, { method });
    expect(response.status).toBe(status);
    expect(response.headers.get('allow')).toBe(allow);
    expect((await problemIn(response)).code).toBe(code);
  });

  test.each([
    ['application/json', '{', 400, 'malformed_json'],
    ['text/plain', '{}', 415, 'unsupported_media_type'],
    ['application/json', `"${'x'.repeat(1024 * 1024)}"`, 413, 'body_too_large'],
    ['application/json', '[]', 422, 'invalid_request'],
    ['application/json', '{"query":"a","__proto__":{"limit":1}}', 422, 'invalid_request'],
  ])('a body of %s that cannot be used is refused', async (type, body, status, code) => {
    const response = await api.call('/search', { method: 'POST', body, headers: { 'content-type': type } });
    expect(response.status).toBe(status);
    expect((await problemIn(response)).code).toBe(code);
  });

  test('name every field that is wrong, in query and body alike', async () => {
    const response = await api.call('/content/jobs?limit=101&status=nonsense&more=1&lane=normal&lane=bulk');
    const fields = (await problemIn(response)).errors.map(({ field }) => field).sort();
    expect(fields).toEqual(['lane', 'limit', 'more', 'status.0']);
  });

  test.each([
    '/content/webpage?limit=0',
    '/content/webpage?limit=101',
    '/content/webpage?offset=10001',
    '/content/webpage?offset=1&cursor=1',
    '/content/webpage?min_pages=many',
    '/content/webpage?created_from=yesterday',
    `/search?query=${'x'.repeat(1001)}`,
    '/search?query=%20',
    '/search?query=%00',
    '/search',
    '/search?query=a&query=b',
  ])('%s is 422', async (path) => {
    const response = await api.call(path);
    expect(response.status).toBe(422);
    expect((await problemIn(response)).errors).toHaveLength(1);
  });

  test('that nobody foresaw are logged once in full and told as a number', async () => {
    api.services.setReady(true);
    Object.assign(api.services.search, { search: () => Promise.reject(new Error('the inside')) });
    const response = await api.call('/search?query=a');
    const problem = await problemIn(response);
    expect(problem.code).toBe('internal_error');
    expect(JSON.stringify(problem)).not.toContain('inside');
    const lines = api.lines().filter((line) => JSON.stringify(line).includes('the inside'));
    expect(lines).toEqual([expect.objectContaining({ level: 'error', request_id: problem.request_id })]);
  });

  test('of a store that is down tell when to come back', async () => {
    const down = new AppError('store_unavailable', { params: { store: 'vectors' } });
    Object.assign(api.services.search, { search: () => Promise.reject(down) });
    const response = await api.call('/search?query=a');
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toBe('5');
  });

  test('answer what is no HTTP at all', async () => {
    expect(await raw('nonsense\r\n\r\n')).toMatch(/^HTTP\/1.1 400 [^]*"code":"malformed_http"/);
  });

  test('answer headers that are too large', async () => {
    const answer = await raw(`GET / HTTP/1.1\r\nhost: x\r\na: ${'b'.repeat(20_000)}\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1.1 431 [^]*"code":"headers_too_large"/);
  });
});

describe('keys', () => {
  test.each([
    ['none', {}],
    ['an unknown one', { authorization: 'Bearer nobody' }],
    ['another scheme', { authorization: 'Basic full' }],
  ])('%s: 401, with the way to send it', async (_what, headers) => {
    const response = await fetch(`${api.url}/content/jobs`, { headers });
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toBe('Bearer');
    expect((await problemIn(response)).code).toBe('unauthorized');
  });

  test('may come in X-API-Key', async () => {
    const response = await fetch(`${api.url}/content/jobs`, { headers: { 'x-api-key': 'reader' } });
    expect(response.status).toBe(200);
  });

  test('without the scope are told which one is missing', async () => {
    const response = await api.post('/content/process', {}, { authorization: 'Bearer reader' });
    expect(response.status).toBe(403);
    expect(await response.text()).toContain('lacks the scope write');
  });

  test('of another tenant see nothing', async () => {
    await api.post('/content/process', { url: 'https://example.org/' });
    const headers = { authorization: 'Bearer other' };
    expect((await api.call('/content/status/webpage_000000000001', { headers })).status).toBe(404);
    expect(await (await api.call('/content/jobs', { headers })).json()).toMatchObject({ total: 0 });
  });

  test('are not asked for by probes, at the root or below the prefix', async () => {
    const root = new URL(api.url).origin;
    for (const address of [`${root}/healthz`, `${root}/readyz`, `${root}/metrics`, `${api.url}/openapi.json`])
      expect((await fetch(address)).status).toBe(200);
  });
});

describe('the server', () => {
  const start = (
    options: { readonly host?: string; readonly port?: number } = {},
  ): ReturnType<typeof createApiServer> =>
    createApiServer({
      services: createFakeServices(),
      keys: { verify: async () => null },
      host: '127.0.0.1',
      port: 0,
      stopMs: 100,
      logger: createLogger({ level: 'silent' }),
      metrics: createMetrics(),
      ...options,
    });

  test('says in one sentence that its port is taken', async () => {
    const taken = start({ port: Number(new URL(api.url).port) });
    await expect(taken.listen()).rejects.toMatchObject({ code: 'port_in_use' });
    await taken.close();
  });

  test('lets other faults of listening pass', async () => {
    await expect(start({ host: '203.0.113.7' }).listen()).rejects.toMatchObject({ code: 'EADDRNOTAVAIL' });
  });

  test('wants a key for its metrics when others can reach it', async () => {
    const open = start({ host: '0.0.0.0' });
    const { url } = await open.listen();
    expect((await fetch(`${url.replace('0.0.0.0', '127.0.0.1')}/metrics`)).status).toBe(401);
    await open.close();
  });

  test('shows an IPv6 address as URLs do', async () => {
    const six = start({ host: '::1' });
    expect((await six.listen()).url).toMatch(/^http:\/\/\[::1\]:\d+$/);
    await six.close();
  });

  test('refuses a content type whose name is a resource', () => {
    const services = {
      ...createFakeServices(),
      types: [{ type: 'jobs', label: '', stages: [], mediaTypes: [], options: {} }],
    };
    const options = { keys: { verify: async () => null }, host: '127.0.0.1', port: 0, stopMs: 1 };
    const quiet = { logger: createLogger({ level: 'silent' }), metrics: createMetrics() };
    expect(() => createApiServer({ ...options, ...quiet, services })).toThrow('no name for a content type');
  });

  test('answers 503 while it is not ready, but says that it is alive', async () => {
    api.services.setReady(false);
    expect((await api.call('/content/jobs')).status).toBe(503);
    expect((await api.call('/readyz')).status).toBe(503);
    expect((await api.call('/healthz')).status).toBe(200);
  });

  test('tells the methods of an address by OPTIONS, and nothing to other origins', async () => {
    const response = await api.call('/content/process', {
      method: 'OPTIONS',
      headers: { origin: 'https://evil.example' },
    });
    expect(response.status).toBe(204);
    expect(response.headers.get('allow')).toBe('POST');
    expect(response.headers.get('access-control-allow-origin')).toBeNull();
  });

  test('answers HEAD like GET without the body', async () => {
    const response = await api.call('/content/jobs', { method: 'HEAD' });
    expect(response.status).toBe(200);
    expect(await response.text()).toBe('');
  });

  test('closes although a client keeps its connection busy', async () => {
    const { port, hostname } = new URL(api.url);
    const socket = connect(Number(port), hostname);
    await once(socket, 'connect');
    socket.write(
      'POST /api/search HTTP/1.1\r\nhost: x\r\nauthorization: Bearer full\r\ncontent-type: application/json\r\ncontent-length: 10\r\n\r\n{',
    );
    const closed = once(socket, 'close');
    socket.on('error', () => undefined);
    socket.resume();
    await api.close();
    await closed;
  });
});
