import { createServer } from 'node:net';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  ApiFailure,
  ConnectionFailure,
  createBackboneClient,
  type BackboneClient,
} from '../../../backbone/cli/client.ts';
import { startSite, type LoopbackSite } from '../../support/loopback-site.ts';
import { streamMessage } from './cli-fixtures.ts';

let site: LoopbackSite;
let client: BackboneClient;
let folder: string;
const never = new AbortController().signal;

beforeEach(async () => {
  site = await startSite();
  client = createBackboneClient({ url: site.url, key: 'ci_key' });
  folder = mkdtempSync(path.join(tmpdir(), 'client-'));
});
afterEach(async () => {
  await site.stop();
  rmSync(folder, { recursive: true, force: true });
});

const json = (body: unknown, status = 200): { readonly status: number; readonly body: string } => ({
  status,
  body: JSON.stringify(body),
});
const caught = async (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => null,
    (error: unknown) => error,
  );

describe('calls of the API', () => {
  test('carry the key, and JSON as it should be', async () => {
    site.on('/api/content/process/batch', json({ batch_id: 'b', items: [] }, 202));
    const batch = { items: [{ url: 'https://example.org' }], open: false };
    expect(await client.submit(batch)).toEqual({ batch_id: 'b', items: [] });
    const [request] = site.requests;
    expect(request?.headers).toMatchObject({
      authorization: 'Bearer ci_key',
      'content-type': 'application/json',
    });
    expect(JSON.parse(String(request?.body))).toEqual(batch);
  });

  test('escape what goes into a path', async () => {
    site.on('/api/content/status/a%2Fb', json({ job_id: 'a/b' }));
    site.on('/api/content/document/x%3Fy', json({ content_id: 'x?y' }));
    expect(await client.status('a/b')).toEqual({ job_id: 'a/b' });
    expect(await client.content('document', 'x?y')).toEqual({ content_id: 'x?y' });
  });

  test('search', async () => {
    site.on('/api/search', json({ hits: [] }));
    expect(await client.search('tides', 3)).toEqual({ hits: [] });
    expect(JSON.parse(String(site.requests[0]?.body))).toEqual({ query: 'tides', limit: 3 });
  });

  test('manage keys', async () => {
    site.on('/api/keys', json({ key_id: 'k', key: 'ci_k_x' }, 201), json({ total: 0, items: [] }));
    site.on('/api/keys/k', { status: 204 });
    expect(await client.createKey({ name: 'n', scopes: ['read'], tenant: 't' })).toEqual({
      key_id: 'k',
      key: 'ci_k_x',
    });
    expect(await client.listKeys()).toEqual([]);
    await client.revokeKey('k');
    expect(site.requests.map(({ method }) => method)).toEqual(['POST', 'GET', 'DELETE']);
  });

  test('a backbone that listens everywhere is called on loopback', async () => {
    site.on('/api/keys', json({ items: [] }));
    const everywhere = createBackboneClient({ url: site.url.replace('127.0.0.1', '0.0.0.0'), key: 'k' });
    await everywhere.listKeys();
    expect(site.requests[0]?.headers.host).toBe(`127.0.0.1:${site.port}`);
  });
});

describe('an upload', () => {
  test('streams the file under its name', async () => {
    const bytes = Buffer.alloc(300_000, 'tide ');
    const file = path.join(folder, 'gezeiten ä.pdf');
    writeFileSync(file, bytes);
    site.on('/api/content/uploads', json({ upload_id: 'u' }, 202));
    expect(await client.upload({ path: file, name: 'gezeiten ä.pdf' }, never)).toEqual({ upload_id: 'u' });
    const [request] = site.requests;
    expect(request?.path).toBe('/api/content/uploads?file_name=gezeiten%20%C3%A4.pdf');
    expect(request?.headers['content-type']).toBe('application/octet-stream');
    expect(request?.body.equals(bytes)).toBe(true);
  });

  test('says so when the file cannot be read', async () => {
    const error = await caught(client.upload({ path: path.join(folder, 'gone'), name: 'gone' }, never));
    expect(error).toBeInstanceOf(ConnectionFailure);
    expect(error).toHaveProperty('message', expect.stringMatching(/^A file could not be read: ENOENT/));
  });

  test('ends when the person has waited enough', async () => {
    const file = path.join(folder, 'file');
    writeFileSync(file, 'x');
    site.on('/api/content/uploads', { silent: true });
    const interrupt = new AbortController();
    const asked = site.nextRequest('/api/content/uploads');
    const error = caught(client.upload({ path: file, name: 'file' }, interrupt.signal));
    await asked;
    interrupt.abort();
    expect(await error).toHaveProperty('name', 'AbortError');
  });
});

describe('a call that fails', () => {
  const problem = {
    status: 422,
    code: 'invalid_request',
    detail: 'Some fields cannot be used.',
    hint: 'Correct them.',
    errors: [{ field: 'items.0.url', message: 'is missing' }],
  };

  test('tells what the backbone says, with the fields', async () => {
    site.on('/api/keys', json(problem, 422));
    const error = await caught(client.listKeys());
    expect(error).toBeInstanceOf(ApiFailure);
    expect(error).toMatchObject({
      status: 422,
      code: 'invalid_request',
      message: 'Some fields cannot be used. items.0.url: is missing.',
      hint: 'Correct them.',
    });
  });

  test('has words of our own when something else answers', async () => {
    site.on('/api/keys', { status: 502, body: '<html>Bad gateway' });
    expect(await caught(client.listKeys())).toMatchObject({
      code: 'unexpected_answer',
      message: 'The backbone answered with the status 502.',
    });
  });

  test('names the backbone that cannot be reached', async () => {
    await site.stop();
    const error = await caught(client.listKeys());
    site = await startSite();
    expect(error).toBeInstanceOf(ConnectionFailure);
    expect(error).toHaveProperty('message', expect.stringContaining('(ECONNREFUSED)'));
  });

  test('names a backbone that speaks no HTTP', async () => {
    const server = createServer((socket) => socket.end('hello\r\n\r\n'));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const odd = createBackboneClient({ url: `http://127.0.0.1:${port}`, key: 'k' });
    expect(await caught(odd.listKeys())).toBeInstanceOf(ConnectionFailure);
    server.close();
  });

  test('does not take an answer without an end', async () => {
    const part = Buffer.alloc(1024 * 1024, 'x');
    site.on('/api/keys', (_request, response) => {
      response.on('error', () => undefined);
      const more = (): void => {
        if (!response.destroyed) response.write(part, more);
      };
      more();
    });
    expect(await caught(client.listKeys())).toHaveProperty('message', 'The backbone’s answer has no end.');
  });
});

describe('a status stream', () => {
  const lines = (...messages: readonly object[]): string =>
    messages.map((message) => `data: ${JSON.stringify(message)}\n\n`).join('');
  const follow = async (after: number | null): Promise<unknown[]> => {
    const got: unknown[] = [];
    for await (const message of client.follow('document_1', after, never)) got.push(message);
    return got;
  };

  test('gives every message', async () => {
    const messages = [streamMessage(1), streamMessage(2, { status: 'completed' })];
    site.on('/api/content/status/document_1/stream', { body: `: heartbeat\n\n${lines(...messages)}` });
    expect(await follow(null)).toEqual(messages);
  });

  test('goes on after the last message', async () => {
    site.on('/api/content/status/document_1/stream?after=7', { status: 204 });
    expect(await follow(7)).toEqual([]);
  });

  test('that breaks off is a broken connection', async () => {
    site.on('/api/content/status/document_1/stream', { body: lines(streamMessage(1)), then: 'cut' });
    expect(await caught(follow(null))).toBeInstanceOf(ConnectionFailure);
  });

  test('that is no stream of JSON is a broken connection', async () => {
    site.on('/api/content/status/document_1/stream', { body: 'data: {\n\n' });
    expect(await caught(follow(null))).toBeInstanceOf(ConnectionFailure);
  });
});
