import { once } from 'node:events';
import { connect } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { WebSocket } from 'ws';
import { HEARTBEAT_MS, type Ticker } from '../../../backbone/api/status-stream.ts';
import { startApi, type TestApi } from '../../support/api.ts';

const JOB = 'webpage_000000000001';
const PATH = `/content/status/${JOB}/stream`;
const AUTH = { authorization: 'Bearer full' };

let api: TestApi;
let ticks: { readonly intervalMs: number; readonly run: () => void }[];
const ticker: Ticker = {
  every: (intervalMs, run) => {
    const entry = { intervalMs, run };
    ticks.push(entry);
    return () => void (ticks = ticks.filter((one) => one !== entry));
  },
};
const beat = (): void => ticks.filter((one) => one.intervalMs === HEARTBEAT_MS).forEach((one) => one.run());

beforeEach(async () => {
  ticks = [];
  api = await startApi({ streamsPerKey: 2, ticker });
  await api.post('/content/process', { url: 'https://example.org/' });
});
afterEach(() => api.close());

interface Message {
  readonly type: string;
  readonly seq: number;
  readonly status: string;
}

interface Client {
  readonly socket: WebSocket;
  readonly messages: readonly Message[];
  readonly next: () => Promise<void>;
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
}

function open(
  path = PATH,
  headers: Readonly<Record<string, string>> = AUTH,
  protocols: string[] = [],
): Client {
  const socket = new WebSocket(api.url.replace('http', 'ws') + path, protocols, { headers });
  const messages: Message[] = [];
  let tell: () => void = () => undefined;
  let unread = 0;
  socket.on('message', (data: Buffer) => {
    messages.push(JSON.parse(data.toString()) as Message);
    unread += 1;
    tell();
  });
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    socket.on('close', (code: number, reason: Buffer) => resolve({ code, reason: reason.toString() }));
  });
  const next = async (): Promise<void> => {
    if (unread === 0) await new Promise<void>((resolve) => (tell = resolve));
    unread -= 1;
  };
  return { socket, messages, next, closed };
}

/** The status with which a handshake is refused. */
async function refused(path: string, headers: Readonly<Record<string, string>> = AUTH): Promise<number> {
  const socket = new WebSocket(api.url.replace('http', 'ws') + path, { headers });
  socket.on('error', () => undefined);
  const [, response] = (await once(socket, 'unexpected-response')) as [
    unknown,
    { statusCode: number; headers: object },
  ];
  expect(response.headers).toMatchObject({ 'content-type': 'application/problem+json' });
  socket.terminate();
  return response.statusCode;
}

describe('over WebSocket', () => {
  test('a job is followed to its end', async () => {
    const client = open();
    await client.next();
    api.services.jobs.advance(JOB, 'queued');
    api.services.jobs.advance(JOB, 'completed');
    expect(await client.closed).toEqual({ code: 1000, reason: 'the job has ended' });
    expect(client.messages.map(({ type, seq }) => [type, seq])).toEqual([
      ['snapshot', 1],
      ['progressed', 2],
      ['completed', 3],
    ]);
  });

  test('a job that had ended is told and closed', async () => {
    api.services.jobs.advance(JOB, 'failed');
    const client = open();
    expect((await client.closed).code).toBe(1000);
    expect(client.messages).toMatchObject([{ type: 'snapshot', status: 'failed' }]);
  });

  test('a stream is resumed by after, or by Last-Event-ID', async () => {
    api.services.jobs.advance(JOB, 'queued');
    api.services.jobs.advance(JOB, 'completed');
    const byQuery = open(`${PATH}?after=1`);
    const byHeader = open(PATH, { ...AUTH, 'last-event-id': '2' });
    await Promise.all([byQuery.closed, byHeader.closed]);
    expect(byQuery.messages.map(({ seq }) => seq)).toEqual([2, 3]);
    expect(byHeader.messages.map(({ seq }) => seq)).toEqual([3]);
  });

  test('a browser brings its key as a subprotocol, which is not echoed when there is another', async () => {
    const client = open(PATH, {}, ['bearer.full', 'status']);
    await client.next();
    expect(client.socket.protocol).toBe('status');
    client.socket.close();
    const alone = open(PATH, {}, ['bearer.full']);
    await alone.next();
    expect(alone.socket.protocol).toBe('bearer.full');
  });

  test.each([
    ['no key', PATH, {}, 401],
    ['an unknown key', PATH, { authorization: 'Bearer nobody' }, 401],
    ['the key of another tenant', PATH, { authorization: 'Bearer other' }, 404],
    ['an unknown job', '/content/status/nobody/stream', AUTH, 404],
    ['a malformed job id', '/content/status/%zz/stream', AUTH, 404],
    ['another address', '/content/jobs', AUTH, 404],
    ['an after that is no number', `${PATH}?after=x`, AUTH, 422],
    ['two afters', `${PATH}?after=1&after=2`, AUTH, 422],
    ['a Last-Event-ID that is none', PATH, { ...AUTH, 'last-event-id': 'x' }, 422],
  ])('%s is refused with a problem', async (_what, path, headers, status) => {
    expect(await refused(path, headers)).toBe(status);
  });

  test('nobody is let in while the server is not ready', async () => {
    api.services.setReady(false);
    expect(await refused(PATH)).toBe(503);
  });

  test('a fault of ours is logged and told as 500', async () => {
    Object.assign(api.services.jobs, { get: () => Promise.reject(new Error('the inside')) });
    expect(await refused(PATH)).toBe(500);
    expect(api.lines().filter((line) => line['level'] === 'error')).toHaveLength(1);
  });

  test('a key may follow so many jobs at once and no more', async () => {
    const [first, second] = [open(), open()];
    await Promise.all([first.next(), second.next()]);
    expect(await refused(PATH)).toBe(429);
    first.socket.close();
    await first.closed;
    const again = open();
    await again.next();
  });

  test('a client that does not answer pings is cut off', async () => {
    const client = open();
    await client.next();
    const { socket } = client;
    socket.pong = () => undefined;
    Object.assign(socket, { _autoPong: false });
    const pinged = once(socket, 'ping');
    beat();
    await pinged;
    beat();
    expect((await client.closed).code).toBe(1006);
  });

  test('a client that answers pings stays', async () => {
    const client = open();
    await client.next();
    for (let round = 0; round < 3; round += 1) {
      const pinged = once(client.socket, 'ping');
      beat();
      await pinged;
      // The answer was sent before this request, so it has arrived when the request is answered.
      await api.call('/healthz');
    }
    api.services.jobs.advance(JOB, 'completed');
    expect((await client.closed).code).toBe(1000);
  });

  test('what a client says is ignored, but not if it is long', async () => {
    const client = open();
    await client.next();
    client.socket.send('hello');
    client.socket.send('x'.repeat(5000));
    expect((await client.closed).code).toBe(1009);
  });

  test('a stream whose events cannot be read is closed as such', async () => {
    Object.assign(api.services.jobs, { events: () => Promise.reject(new Error('down')) });
    expect((await open().closed).code).toBe(1011);
    expect(api.lines().filter((line) => line['level'] === 'warn')).toHaveLength(1);
  });

  test('a server that stops says so', async () => {
    const client = open();
    await client.next();
    await api.close();
    expect(await client.closed).toEqual({ code: 1001, reason: 'the server stops' });
  });

  test('a handshake that is none is refused, and its slot given back', async () => {
    const { port, hostname } = new URL(api.url);
    for (let round = 0; round < 3; round += 1) {
      const socket = connect(Number(port), hostname);
      socket.write(
        `GET /api${PATH} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer full\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n`,
      );
      const [answer] = (await once(socket, 'data')) as [Buffer];
      expect(answer.toString()).toMatch(/^HTTP\/1.1 400/);
      await once(socket.resume(), 'close');
    }
    const client = open();
    await client.next();
  });
});

describe('over server-sent events', () => {
  const events = async (path: string, headers: Readonly<Record<string, string>> = {}): Promise<string[]> =>
    (await (await api.call(path, { headers })).text()).split('\n\n').filter((text) => text !== '');

  test('a job is followed to its end', async () => {
    const response = await api.call(PATH);
    expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    api.services.jobs.advance(JOB, 'completed');
    const text = await response.text();
    expect(text).toMatch(
      /^id: 1\ndata: \{.*"type":"snapshot".*\}\n\nid: 2\ndata: \{.*"type":"completed".*\}\n\n$/,
    );
  });

  test('a stream is resumed by Last-Event-ID', async () => {
    api.services.jobs.advance(JOB, 'queued');
    api.services.jobs.advance(JOB, 'completed');
    expect(await events(PATH, { 'last-event-id': '2' })).toEqual([expect.stringMatching(/^id: 3\n/)]);
  });

  test('a client that has everything is told not to come again', async () => {
    api.services.jobs.advance(JOB, 'completed');
    expect((await api.call(PATH, { headers: { 'last-event-id': '2' } })).status).toBe(204);
  });

  test('comments keep the connection alive', async () => {
    const response = await api.call(PATH);
    const reader = response.body?.getReader();
    await reader?.read();
    beat();
    expect(Buffer.from((await reader?.read())?.value ?? []).toString()).toBe(': heartbeat\n\n');
    await reader?.cancel();
  });

  test('HEAD opens no stream', async () => {
    for (let round = 0; round < 3; round += 1)
      expect((await api.call(PATH, { method: 'HEAD' })).status).toBe(200);
    expect(ticks).toHaveLength(0);
  });

  test('a client that leaves gives its slot back', async () => {
    for (let round = 0; round < 4; round += 1) {
      const aborter = new AbortController();
      const response = await api.call(PATH, { signal: aborter.signal });
      expect(response.status).toBe(200);
      aborter.abort();
      await noWatchers();
    }
  });

  test('a stream whose events cannot be read is cut off', async () => {
    Object.assign(api.services.jobs, { events: () => Promise.reject(new Error('down')) });
    await expect(api.call(PATH).then((response) => response.text())).rejects.toThrow();
  });

  test('a server that stops ends the stream', async () => {
    const response = await api.call(PATH);
    await api.close();
    expect(await response.text()).toContain('snapshot');
  });
});

/** Resolves when the last stream has let go of its job. */
async function noWatchers(): Promise<void> {
  while (api.services.jobs.watcherCount() > 0) await setImmediate();
}
