import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { isIP, type AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import Koa from 'koa';
import type { ApiKeys } from '../access/api-keys.ts';
import { AppError } from '../errors.ts';
import type { Logger } from '../logger.ts';
import type { Metrics } from '../metrics.ts';
import type { ApiState } from './api-state.ts';
import { RESERVED_WORDS } from './content-key.ts';
import { parserProblem, writeProblem } from './http-faults.ts';
import { accessLog } from './middleware/access-log.ts';
import { noRoute } from './middleware/no-route.ts';
import { problems } from './middleware/problems.ts';
import { requestId } from './middleware/request-id.ts';
import { mount } from './mount.ts';
import { createReadiness } from './readiness.ts';
import { allRoutes, PREFIX } from './routes/all-routes.ts';
import type { Services } from './services.ts';
import { createStatusSockets, type StatusSockets } from './status-socket.ts';
import type { Ticker } from './status-stream.ts';
import type { Streaming } from './stream-session.ts';
import { createStreamSlots } from './stream-slots.ts';

export interface ApiServerOptions {
  readonly services: Services;
  readonly keys: Pick<ApiKeys, 'verify'>;
  /** Address and port to listen on; port 0 picks a free one. */
  readonly host: string;
  readonly port: number;
  /** How long requests that are under way may take when the server closes. */
  readonly stopMs: number;
  /** Status streams one key may hold open. 50 unless named. */
  readonly streamsPerKey?: number;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly ticker?: Ticker;
  readonly now?: () => Date;
  /** Milliseconds of a clock that only goes forward. */
  readonly elapsed?: () => number;
  readonly randomId?: () => string;
}

export interface ApiServer {
  /** @throws AppError port_in_use */
  listen(): Promise<{ readonly url: string }>;
  /** Takes no more requests, ends the streams, and waits for what is under way until `stopMs` have passed. */
  close(): Promise<void>;
}

const STREAMS_PER_KEY = 50;
const MAX_HEADER_BYTES = 16 * 1024;
const MAX_CONNECTIONS = 2000;
/** For the request line and headers. */
const HEADERS_TIMEOUT_MS = 20_000;
/** For a whole request: two gigabytes over a slow line take their time. */
const REQUEST_TIMEOUT_MS = 3_600_000;
/** A connection on which nothing moves; streams are kept alive by their heartbeat. */
const IDLE_TIMEOUT_MS = 120_000;
const KEEP_ALIVE_MS = 65_000;

/** The HTTP API. CORS headers are never sent: pages of other origins have no business here. */
export function createApiServer(options: ApiServerOptions): ApiServer {
  const { services, keys, logger } = options;
  const randomId = options.randomId ?? randomUUID;
  const stopping = new AbortController();
  const streaming = streamingOf(options, stopping.signal);
  const app = createApp(options, streaming, randomId);
  const sockets = createStatusSockets({ prefix: PREFIX, services, keys, streaming, logger, randomId });
  const server = createHttpServer(app, sockets, randomId);
  return {
    listen: () => listen(server, options),
    close: () => close(server, { sockets, stopping, stopMs: options.stopMs }),
  };
}

function streamingOf(options: ApiServerOptions, stopping: AbortSignal): Streaming {
  return {
    slots: createStreamSlots(options.streamsPerKey ?? STREAMS_PER_KEY),
    ticker: options.ticker ?? intervalTicker,
    now: options.now ?? (() => new Date()),
    metrics: options.metrics,
    stopping,
  };
}

const intervalTicker: Ticker = {
  every: (intervalMs, tick) => {
    const timer = setInterval(tick, intervalMs);
    timer.unref();
    return () => clearInterval(timer);
  },
};

function createApp(options: ApiServerOptions, streaming: Streaming, randomId: () => string): Koa<ApiState> {
  const { services, keys, logger, metrics, host } = options;
  const reserved = services.types.find(({ type }) => RESERVED_WORDS.includes(type));
  if (reserved !== undefined) throw new Error(`${reserved.type} is no name for a content type`);
  const elapsed = options.elapsed ?? (() => performance.now());
  const metricsScope = isLoopback(host) ? null : 'admin';
  const { routes, probes } = allRoutes({
    metrics,
    metricsScope,
    readiness: createReadiness({ services, elapsed }),
  });
  const api = mount(PREFIX, routes, { services, keys, streaming, elapsed });
  const root = mount('', probes, { services, keys, streaming, elapsed });

  const app = new Koa<ApiState>();
  // Answers that broke off after their first byte: mostly clients that left, which is no fault of ours.
  app.on('error', (error: unknown) => logger.debug({ err: error }, 'an answer broke off'));
  app.use(requestId(logger, randomId));
  app.use(accessLog(metrics, elapsed));
  app.use(closingConnections(streaming.stopping));
  app.use(problems());
  app.use(api.middleware);
  app.use(root.middleware);
  app.use(noRoute((path) => [...api.allowedMethods(path), ...root.allowedMethods(path)]));
  return app;
}

/** A connection that stayed open would hold up the stop. */
function closingConnections(stopping: AbortSignal): Koa.Middleware<ApiState> {
  return async (ctx, next) => {
    if (stopping.aborted) ctx.set('connection', 'close');
    await next();
  };
}

/** Whether only this machine can reach a server that listens there. */
export function isLoopback(host: string): boolean {
  if (host === 'localhost' || host === '::1') return true;
  return isIP(host) === 4 && host.startsWith('127.');
}

function createHttpServer(app: Koa<ApiState>, sockets: StatusSockets, randomId: () => string): Server {
  const serve = app.callback();
  const server = createServer(
    {
      maxHeaderSize: MAX_HEADER_BYTES,
      headersTimeout: HEADERS_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      keepAliveTimeout: KEEP_ALIVE_MS,
      // Offers of HTTP/2 in clear text (curl makes them) are answered as what they are: HTTP/1.1 requests.
      shouldUpgradeCallback: (request) => request.headers.upgrade?.toLowerCase() === 'websocket',
    },
    (request, response) => void serve(request, response),
  );
  server.timeout = IDLE_TIMEOUT_MS;
  server.maxConnections = MAX_CONNECTIONS;
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    sockets.upgrade(request, socket, head);
  });
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) => {
    const problem = parserProblem(error.code);
    if (problem === null) socket.destroy();
    else writeProblem(socket, problem, randomId());
  });
  return server;
}

async function listen(server: Server, { host, port }: ApiServerOptions): Promise<{ readonly url: string }> {
  const { promise, resolve, reject } = Promise.withResolvers<undefined>();
  server.once('error', reject);
  server.listen(port, host, () => resolve(undefined));
  try {
    await promise;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    throw new AppError('port_in_use', { params: { port, host }, cause: error });
  } finally {
    server.off('error', reject);
  }
  const address = server.address() as AddressInfo;
  const shown = address.family === 'IPv6' ? `[${address.address}]` : address.address;
  return { url: `http://${shown}:${address.port}` };
}

interface Closing {
  readonly sockets: StatusSockets;
  readonly stopping: AbortController;
  readonly stopMs: number;
}

async function close(server: Server, { sockets, stopping, stopMs }: Closing): Promise<void> {
  stopping.abort();
  if (!server.listening) return;
  const closed = Promise.withResolvers<undefined>();
  server.close(() => closed.resolve(undefined));
  const deadline = setTimeout(() => {
    sockets.terminate();
    server.closeAllConnections();
  }, stopMs);
  await closed.promise;
  clearTimeout(deadline);
}
