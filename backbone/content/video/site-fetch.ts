/** A `fetch` for libraries that bring their own way to the network: it goes through the fetch module. */
import { AppError } from '../../errors.ts';
import { throwForStatus } from '../../fetch/throw-for-status.ts';
import type { YoutubeSite } from './youtube-site.ts';

export interface SiteFetchOptions {
  readonly site: YoutubeSite;
  readonly signal: AbortSignal;
  readonly now: () => Date;
}

/** What our connection sets itself, or what only a signed-in person has. */
const DROPPED = /^(?:host|connection|content-length|accept-encoding|cookie|authorization|te|expect|origin)$/;

/** What was thrown is kept, since libraries wrap or swallow it. */
export class SiteFetch {
  readonly #options: SiteFetchOptions;
  #error: unknown = null;

  constructor(options: SiteFetchOptions) {
    this.#options = options;
  }

  /** The failure of the last request; null when it succeeded. */
  get error(): unknown {
    return this.#error;
  }

  /** Only text bodies are sent. @throws AppError source_* for a status that is no success */
  readonly fetch = async (input: string | URL | Request, init: RequestInit = {}): Promise<Response> => {
    this.#error = null;
    try {
      return await this.#send(input, init);
    } catch (error) {
      this.#error = error;
      throw error;
    }
  };

  async #send(input: string | URL | Request, init: RequestInit): Promise<Response> {
    const { site, signal, now } = this.#options;
    const request = input instanceof Request ? input : null;
    const url = input instanceof Request ? input.url : new URL(input).href;
    const method = init.method ?? request?.method ?? 'GET';
    if (method !== 'GET' && method !== 'POST')
      throw new AppError('url_forbidden', { params: { reason: method } });
    const headers = Object.fromEntries(
      [...new Headers(init.headers ?? request?.headers)].filter(([name]) => !DROPPED.test(name)),
    );
    const body = typeof init.body === 'string' ? init.body : undefined;
    const answer = await site.ask({ url, method, headers, signal, ...(body === undefined ? {} : { body }) });
    throwForStatus({ ...answer, url }, now().getTime());
    const type = answer.headers['content-type'] ?? 'application/octet-stream';
    return new Response(new Uint8Array(answer.bytes), {
      status: answer.status,
      headers: { 'content-type': type },
    });
  }
}
