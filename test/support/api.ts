import type { Caller } from '../../backbone/access/api-keys.ts';
import { createApiServer, type ApiServerOptions } from '../../backbone/api/server.ts';
import { createLogger } from '../../backbone/logger.ts';
import { createMetrics } from '../../backbone/metrics.ts';
import { createFakeServices, type FakeServices } from './fake-services.ts';

/** One key a scope set; `other` belongs to another tenant. */
export const CALLERS: Readonly<Record<string, Caller>> = {
  full: { keyId: 'full', userId: 'default', scopes: ['read', 'write', 'admin'] },
  reader: { keyId: 'reader', userId: 'default', scopes: ['read'] },
  other: { keyId: 'other', userId: 'somebody', scopes: ['read', 'write'] },
};

export interface TestApi {
  /** `http://127.0.0.1:PORT/api` */
  readonly url: string;
  readonly services: FakeServices;
  /** Every log line so far, parsed. */
  readonly lines: () => readonly Readonly<Record<string, unknown>>[];
  /** A request with the key `full`, unless the headers say otherwise. */
  readonly call: (path: string, init?: RequestInit) => Promise<Response>;
  readonly post: (
    path: string,
    body: unknown,
    headers?: Readonly<Record<string, string>>,
  ) => Promise<Response>;
  readonly close: () => Promise<void>;
}

/** The API on loopback over services in memory. */
export async function startApi(options: Partial<ApiServerOptions> = {}): Promise<TestApi> {
  const services = createFakeServices();
  const written: string[] = [];
  const server = createApiServer({
    services,
    keys: { verify: async (key) => CALLERS[key] ?? null },
    host: '127.0.0.1',
    port: 0,
    stopMs: 200,
    logger: createLogger({ level: 'debug', destination: { write: (line) => void written.push(line) } }),
    metrics: createMetrics(),
    ...options,
  });
  const { url } = await server.listen();
  const call: TestApi['call'] = (path, init = {}) =>
    fetch(`${url}/api${path}`, {
      ...init,
      headers: { authorization: 'Bearer full', ...(init.headers as Record<string, string> | undefined) },
    });
  return {
    url: `${url}/api`,
    services,
    lines: () => written.map((line) => JSON.parse(line) as Record<string, unknown>),
    call,
    post: (path, body, headers = {}) =>
      call(path, {
        method: 'POST',
        body: JSON.stringify(body),
        headers: { 'content-type': 'application/json', ...headers },
      }),
    close: () => server.close(),
  };
}
