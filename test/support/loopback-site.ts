import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { Readable } from 'node:stream';

/** One scripted answer. Everything left out has the obvious default: 200, no headers, empty body. */
export interface SiteAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  /** A function is called for each request, so that a stream can be served more than once. */
  readonly body?: string | Uint8Array | (() => Readable);
  /** Sends only so many bytes of a string or Uint8Array body, under the Content-Length of all of it. */
  readonly partialBytes?: number;
  /** What follows the last byte: `end` (default), `cut` the connection, or `hang` until the client leaves. */
  readonly then?: 'end' | 'cut' | 'hang';
  /** True: not even the status line is sent; the connection stays open. */
  readonly silent?: boolean;
}

/** Full control for what answers cannot express. The request body was already read and recorded. */
export type SiteHandler = (request: IncomingMessage, response: ServerResponse) => void;

export interface RecordedRequest {
  readonly method: string;
  /** Path and query as they came in. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface LoopbackSite {
  /** `http://127.0.0.1:PORT`, without a slash at its end. */
  readonly url: string;
  readonly port: number;
  /** Every request received, in order of arrival. */
  readonly requests: readonly RecordedRequest[];
  /** TCP connections accepted so far. */
  readonly connectionCount: () => number;
  /**
   * Scripts a path (with or without its query). Several answers are given one after the other and the
   * last one for ever: `on('/a', { status: 500 }, { body: 'ok' })`. Unscripted paths answer 404.
   */
  readonly on: (path: string, ...answers: readonly (SiteAnswer | SiteHandler)[]) => void;
  /** Resolves at the next request for the path that arrives after this call. */
  readonly nextRequest: (path: string) => Promise<RecordedRequest>;
  /** Cuts every open connection and closes the port. */
  readonly stop: () => Promise<void>;
}

export interface SiteOptions {
  /** Serve HTTPS with this key and certificate (PEM). */
  readonly tls?: { readonly key: string; readonly cert: string };
}

/** Starts a web site on a free port of 127.0.0.1 whose every answer the test decides. */
export async function startSite(options: SiteOptions = {}): Promise<LoopbackSite> {
  const scripts = new Map<string, (SiteAnswer | SiteHandler)[]>();
  const waiting: { readonly path: string; readonly resolve: (request: RecordedRequest) => void }[] = [];
  const requests: RecordedRequest[] = [];
  const sockets = new Set<Socket>();
  let connections = 0;
  let stopping = false;

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const recorded = await record(request);
    requests.push(recorded);
    for (const waiter of waiting.filter((one) => matches(recorded.path, one.path))) {
      waiting.splice(waiting.indexOf(waiter), 1);
      waiter.resolve(recorded);
    }
    const script = scripts.get(recorded.path) ?? scripts.get(pathname(recorded.path));
    const answer = (script && script.length > 1 ? script.shift() : script?.[0]) ?? { status: 404 };
    if (typeof answer === 'function') answer(request, response);
    else send(answer, response);
  };
  const listener = (request: IncomingMessage, response: ServerResponse): void => {
    // A client that leaves in the middle is part of many tests, never a failure of the site.
    serve(request, response).catch(() => response.destroy());
  };
  const server = options.tls ? createTlsServer(options.tls, listener) : createServer(listener);
  server.on('connection', (socket: Socket) => {
    connections += 1;
    // Accepted by the kernel before the port was closed: it would keep the server open.
    if (stopping) socket.destroy();
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;

  return {
    url: `${options.tls ? 'https' : 'http'}://127.0.0.1:${port}`,
    port,
    requests,
    connectionCount: () => connections,
    on: (path, ...answers) => void scripts.set(path, [...answers]),
    nextRequest: (path) => new Promise((resolve) => waiting.push({ path, resolve })),
    stop: async () => {
      stopping = true;
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

function pathname(path: string): string {
  return path.split('?', 1)[0] ?? path;
}

function matches(received: string, wanted: string): boolean {
  return received === wanted || pathname(received) === wanted;
}

async function record(request: IncomingMessage): Promise<RecordedRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const { method = '', url = '', headers } = request;
  return { method, path: url, headers, body: Buffer.concat(chunks) };
}

function send(answer: SiteAnswer, response: ServerResponse): void {
  if (answer.silent) return;
  response.statusCode = answer.status ?? 200;
  for (const [name, value] of Object.entries(answer.headers ?? {})) response.setHeader(name, value);
  const body = answer.body ?? '';
  if (typeof body === 'function') {
    body()
      .on('error', () => response.destroy())
      .pipe(response);
    return;
  }
  const bytes = Buffer.from(body);
  if (answer.partialBytes !== undefined) response.setHeader('content-length', bytes.length);
  const sent = bytes.subarray(0, answer.partialBytes ?? bytes.length);
  if (!answer.then && sent.length === bytes.length) response.end(sent);
  else finishLater(response, sent, answer.then ?? 'cut');
}

/** The bytes must have left this process before the connection is cut, or the client sees none of them. */
function finishLater(response: ServerResponse, sent: Buffer, then: 'end' | 'cut' | 'hang'): void {
  response.flushHeaders();
  response.write(sent.length > 0 ? sent : '', () => {
    if (then === 'end') response.end();
    else if (then === 'cut') response.socket?.end(() => response.destroy());
  });
}
