import type { TestBackbone } from './backbone.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** The JSON of the answer; an empty object when there is none. */
  readonly body: Readonly<Record<string, unknown>>;
}

export interface Client {
  readonly get: (path: string, headers?: Readonly<Record<string, string>>) => Promise<Answer>;
  readonly post: (
    path: string,
    body?: unknown,
    headers?: Readonly<Record<string, string>>,
  ) => Promise<Answer>;
  readonly patch: (path: string, body: unknown) => Promise<Answer>;
  readonly delete: (path: string) => Promise<Answer>;
  /** The bytes of an answer that is no JSON. */
  readonly bytes: (path: string) => Promise<Buffer>;
}

/** Speaks to a backbone as a tenant's program would. Paths start after `/api`. */
export function clientOf(backbone: Pick<TestBackbone, 'url' | 'key'>, key = backbone.key): Client {
  const send = (path: string, init: RequestInit): Promise<Response> =>
    fetch(`${backbone.url}/api${path}`, {
      ...init,
      headers: { authorization: `Bearer ${key}`, ...(init.headers as Record<string, string>) },
    });
  const call = async (
    method: string,
    path: string,
    body?: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Answer> => {
    const json = body === undefined ? {} : { 'content-type': 'application/json' };
    const response = await send(path, {
      method,
      headers: { ...json, ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const parsed = text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
    return { status: response.status, headers: response.headers, body: parsed };
  };
  return {
    get: (path, headers) => call('GET', path, undefined, headers),
    post: (path, body, headers) => call('POST', path, body, headers),
    patch: (path, body) => call('PATCH', path, body),
    delete: (path) => call('DELETE', path),
    bytes: async (path) => Buffer.from(await (await send(path, { headers: {} })).arrayBuffer()),
  };
}

/** The `items` of a page or of a batch. */
export function itemsOf(answer: Answer): readonly Readonly<Record<string, unknown>>[] {
  const { items } = answer.body;
  if (!Array.isArray(items)) throw new Error(`No items in ${JSON.stringify(answer.body)}`);
  return items as readonly Readonly<Record<string, unknown>>[];
}
