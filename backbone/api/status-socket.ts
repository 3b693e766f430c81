import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import type { ApiKeys } from '../access/api-keys.ts';
import { AppError, asAppError } from '../errors.ts';
import type { Logger } from '../logger.ts';
import { writeProblem } from './http-faults.ts';
import { authenticate, keyIn } from './middleware/authenticate.ts';
import { requestIdOf } from './middleware/request-id.ts';
import { fieldErrorsOf, invalidRequest } from './problem.ts';
import { queryKinds, readQuery } from './query-values.ts';
import type { Services } from './services.ts';
import type { StreamEnd, StreamSink } from './status-stream.ts';
import {
  positionOf,
  runSession,
  streamHeaders,
  streamQuery,
  type Session,
  type Streaming,
} from './stream-session.ts';

export interface StatusSocketOptions {
  readonly prefix: string;
  readonly services: Services;
  readonly keys: Pick<ApiKeys, 'verify'>;
  readonly streaming: Streaming;
  readonly logger: Logger;
  readonly randomId: () => string;
}

export interface StatusSockets {
  /** For the server's `upgrade` event. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Cuts what is still connected. */
  terminate(): void;
}

/** Why a connection is closed, by the codes of RFC 6455 and its registry. */
export const CLOSE_CODES = {
  ended: [1000, 'the job has ended'],
  left: [1001, 'the server stops'],
  failed: [1011, 'the stream broke off'],
  slow: [1013, 'the client reads too slowly'],
} as const satisfies Record<StreamEnd | 'failed', readonly [number, string]>;

/** What a browser offers as a subprotocol, since it cannot send headers: nothing of it reaches a log of addresses. */
const KEY_PROTOCOL = 'bearer.';
const MAX_MESSAGE_BYTES = 1024;

/** Status streams over WebSocket; the client has nothing to say and its messages are ignored. */
export function createStatusSockets(options: StatusSocketOptions): StatusSockets {
  const server = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_MESSAGE_BYTES,
    perMessageDeflate: false,
    handleProtocols: chosenProtocol,
  });
  const kinds = queryKinds(streamQuery);

  const admit = async (request: IncomingMessage): Promise<Omit<Session, 'sink' | 'gone'>> => {
    const { services, streaming, keys } = options;
    const url = new URL(request.url ?? '', 'http://localhost');
    const jobId = jobIdIn(url.pathname, options.prefix);
    const caller = await authenticate(keys, keyIn(request.headers) ?? keyOffered(request), 'read');
    if (!services.isReady() || streaming.stopping.aborted) throw new AppError('not_ready');
    const after = afterIn(url, request, kinds);
    const detail = await services.jobs.get(caller.userId, jobId);
    const release = streaming.slots.take(caller.keyId);
    return {
      streaming,
      services,
      caller,
      detail,
      after,
      release,
      logger: options.logger,
      transport: 'websocket',
    };
  };

  return {
    upgrade: (request, socket, head) => {
      const requestId = requestIdOf(request.headers['x-request-id'], options.randomId);
      socket.on('error', () => socket.destroy());
      admit(request).then(
        (session) => {
          // The handshake may be refused after all, without a call: then the slot must not be lost.
          socket.once('close', session.release);
          server.handleUpgrade(request, socket, head, (client) => void carry(session, client));
        },
        (error: unknown) => {
          const problem = asAppError(error, 'internal_error');
          if (problem.code === 'internal_error')
            options.logger.error({ err: error, request_id: requestId }, 'a stream could not be opened');
          writeProblem(socket, problem, requestId);
        },
      );
    },
    terminate: () => {
      for (const client of server.clients) client.terminate();
    },
  };
}

async function carry(session: Omit<Session, 'sink' | 'gone'>, client: WebSocket): Promise<void> {
  const gone = new AbortController();
  client.on('close', () => gone.abort());
  client.on('error', () => client.terminate());
  const end = await runSession({ ...session, sink: socketSink(client), gone: gone.signal });
  const [code, reason] = CLOSE_CODES[end];
  client.close(code, reason);
}

function socketSink(client: WebSocket): StreamSink {
  let answered = true;
  client.on('pong', () => {
    answered = true;
  });
  const passed = async (start: (done: (error?: Error | null) => void) => void): Promise<void> => {
    const { promise, resolve, reject } = Promise.withResolvers<undefined>();
    start((error) => {
      if (error) reject(error);
      else resolve(undefined);
    });
    await promise;
  };
  return {
    send: (message) => passed((done) => client.send(JSON.stringify(message), done)),
    heartbeat: () => {
      if (!answered) client.terminate();
      answered = false;
      return passed((done) => client.ping(undefined, undefined, done));
    },
  };
}

/** @throws AppError not_found */
function jobIdIn(pathname: string, prefix: string): string {
  const match = /^\/content\/status\/([^/]{1,600})\/stream$/.exec(pathname.slice(prefix.length));
  if (!pathname.startsWith(prefix) || match === null) throw new AppError('not_found');
  try {
    return decodeURIComponent(match[1] ?? '');
  } catch (cause) {
    throw new AppError('not_found', { cause });
  }
}

/** @throws AppError invalid_request */
function afterIn(url: URL, request: IncomingMessage, kinds: ReturnType<typeof queryKinds>): number | null {
  const given = readQuery(kinds, url.searchParams);
  const query = streamQuery.safeParse(given.values);
  const headers = streamHeaders.safeParse(request.headers);
  if (query.success && headers.success && given.errors.length === 0)
    return positionOf(query.data, headers.data);
  const found = [query, headers].flatMap(({ error }) => (error === undefined ? [] : fieldErrorsOf(error)));
  throw invalidRequest([...given.errors, ...found]);
}

function keyOffered(request: IncomingMessage): string | null {
  const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((one) => one.trim());
  return offered.find((one) => one.startsWith(KEY_PROTOCOL))?.slice(KEY_PROTOCOL.length) ?? null;
}

/** A browser wants one of its offers back: rather one that is no key, when there is one. */
function chosenProtocol(offered: ReadonlySet<string>): string | false {
  const [first = false] = offered;
  return [...offered].find((one) => !one.startsWith(KEY_PROTOCOL)) ?? first;
}
