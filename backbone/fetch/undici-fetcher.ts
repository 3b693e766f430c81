import { Agent } from 'undici';
import type { Dispatcher } from 'undici';
import { AppError } from '../errors.ts';
import { Deadline } from './deadline.ts';
import type { Dial, Resolve } from './dialler.ts';
import { guardedConnector } from './dialler.ts';
import type { Fetcher, FetchPurpose, FetchRequest, FetchResponse } from './fetcher.ts';
import { abortReason, toFetchError } from './network-errors.ts';
import { harmlessHeaders, prepareHeaders } from './request-headers.ts';
import { openBody } from './response-body.ts';
import { contentCodings, describeHeaders } from './response-headers.ts';
import { checkUrl, hostOf } from './url-rules.ts';
import type { UrlRules } from './url-rules.ts';

export interface UndiciFetcherOptions {
  readonly rules: UrlRules;
  readonly userAgent: string;
  /** From the first connection to the last byte of the body, time in our own queue left out. */
  readonly totalTimeoutMs: number;
  readonly connectTimeoutMs: number;
  /** Longest silence before the headers and between two parts of the body. */
  readonly idleTimeoutMs: number;
  readonly maxRedirects: number;
  readonly resolve: Resolve;
  readonly dial: Dial;
  /** More trusted certificates (PEM) than the machine's own, or null. */
  readonly ca: string | null;
  /** ms on a steady clock. */
  readonly now: () => number;
  /** Runs before each hop goes out and may refuse it; what it returns is called when the connection is done. */
  readonly admit: (url: URL, request: FetchRequest, signal: AbortSignal) => Promise<() => void>;
}

/** Bytes of all header fields of an answer: twice what Node takes by default, for sites that set many cookies. */
const MAX_HEADER_BYTES = 32 * 1024;
const PERMANENT_STATUSES = new Set([301, 308]);
const REDIRECT_STATUSES = new Set([301, 302, 303, 307, 308]);
/** Answers that have no body whatever their fields say (RFC 9110, 6.4.1). */
const BODILESS_STATUSES = new Set([204, 205, 304]);

interface Hop {
  readonly url: URL;
  /** Under whose rules it is dialled. */
  readonly purpose: FetchPurpose;
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array | null;
}

/** The Fetcher on undici. Uses no proxy, whatever the environment says: a proxy would resolve names unchecked. */
export class UndiciFetcher implements Fetcher {
  readonly #options: UndiciFetcherOptions;
  /** One pool a purpose, or a connection opened under one rule could be used again under another. */
  readonly #agents: Readonly<Record<FetchPurpose, Agent>>;

  constructor(options: UndiciFetcherOptions) {
    this.#options = options;
    this.#agents = {
      content: openAgent('content', options),
      callback: openAgent('callback', options),
      service: openAgent('service', options),
    };
  }

  check(url: string, purpose: FetchPurpose): URL {
    return checkUrl(url, purpose, this.#options.rules);
  }

  async fetch(request: FetchRequest): Promise<FetchResponse> {
    const { userAgent, totalTimeoutMs, now } = this.#options;
    const first: Hop = {
      url: this.check(request.url, request.purpose),
      purpose: request.purpose,
      method: request.method ?? 'GET',
      headers: prepareHeaders(request.headers ?? {}, userAgent),
      body: request.body ?? null,
    };
    const deadline = new Deadline(request.signal, request.timeoutMs ?? totalTimeoutMs, now);
    try {
      return await this.#follow(first, request, deadline);
    } catch (error) {
      deadline.close();
      throw error;
    }
  }

  /** Cuts what is still running: its readers see `connection_failed`. */
  async close(): Promise<void> {
    await Promise.all(Object.values(this.#agents).map((agent) => agent.destroy()));
  }

  async #follow(first: Hop, request: FetchRequest, deadline: Deadline): Promise<FetchResponse> {
    let hop = first;
    let permanent = first;
    for (let redirects = 0; ; redirects += 1) {
      const answer = await this.#exchange(hop, request, deadline);
      const next = request.purpose === 'callback' ? null : this.#nextHop(hop, answer);
      if (!next) return respond({ hop, permanent, answer }, request, deadline);
      if (redirects >= this.#options.maxRedirects) throw new AppError('redirect_limit');
      if (permanent === hop && PERMANENT_STATUSES.has(answer.statusCode)) permanent = next;
      hop = next;
    }
  }

  async #exchange(hop: Hop, request: FetchRequest, deadline: Deadline): Promise<Dispatcher.ResponseData> {
    const { url, purpose, method, headers, body } = hop;
    // Services compute before they answer; a site that sends nothing for so long is down.
    const silenceMs = request.purpose === 'service' ? request.timeoutMs : undefined;
    deadline.pause();
    const done = await this.#options.admit(url, request, deadline.signal);
    deadline.run(hostOf(url));
    try {
      const answer = await this.#agents[purpose].request({
        origin: url.origin,
        path: url.pathname + url.search,
        method,
        headers,
        body,
        signal: deadline.signal,
        ...(silenceMs === undefined ? {} : { headersTimeout: silenceMs, bodyTimeout: silenceMs }),
      });
      answer.body.once('close', done);
      return answer;
    } catch (error) {
      done();
      throw explain(error, url, deadline.signal);
    }
  }

  /** Where the answer sends us, checked like the first address; null when it is to be handed out as it is. */
  #nextHop(hop: Hop, answer: Dispatcher.ResponseData): Hop | null {
    const location = answer.headers['location'];
    if (!REDIRECT_STATUSES.has(answer.statusCode) || typeof location !== 'string') return null;
    discard(answer);
    const target = URL.parse(location, hop.url.href);
    // The operator named the service, not the host that it sends us to: that one is a stranger's.
    const purpose =
      hop.purpose === 'service' && target?.hostname !== hop.url.hostname ? 'content' : hop.purpose;
    const url = this.check(target?.href ?? location, purpose);
    const headers = url.origin === hop.url.origin ? hop.headers : harmlessHeaders(hop.headers);
    const repeats = hop.method === 'GET' || answer.statusCode === 307 || answer.statusCode === 308;
    return repeats ? { ...hop, url, purpose, headers } : { url, purpose, headers, method: 'GET', body: null };
  }
}

function openAgent(purpose: FetchPurpose, options: UndiciFetcherOptions): Agent {
  const { rules, resolve, dial, ca, connectTimeoutMs, idleTimeoutMs } = options;
  return new Agent({
    connect: guardedConnector({ purpose, rules, resolve, dial, ca, timeoutMs: connectTimeoutMs }),
    headersTimeout: idleTimeoutMs,
    bodyTimeout: idleTimeoutMs,
    maxHeaderSize: MAX_HEADER_BYTES,
    pipelining: 1,
    allowH2: false,
  });
}

/** What came of the last hop, and the hop that was reached by permanent redirects alone. */
interface LastAnswer {
  readonly hop: Hop;
  readonly permanent: Hop;
  readonly answer: Dispatcher.ResponseData;
}

function respond(
  { hop: { url }, permanent, answer }: LastAnswer,
  request: FetchRequest,
  deadline: Deadline,
): FetchResponse {
  const { maxBytes, limitSetting } = request;
  const described = describeHeaders(answer.headers, url);
  const bodiless = BODILESS_STATUSES.has(answer.statusCode);
  try {
    const body = openBody(answer.body, {
      codings: bodiless ? [] : contentCodings(described.headers),
      sizeBytes: described.sizeBytes,
      maxBytes,
      limitSetting,
      explain: (error) => explain(error, url, deadline.signal),
    });
    // A body that nobody reads is cut off too; otherwise it would hold its connection and its slot for ever.
    const cut = (): unknown => body.destroy(abortReason(deadline.signal));
    deadline.signal.addEventListener('abort', cut, { once: true });
    body.once('close', () => deadline.close());
    const permanentUrl = permanent.url.href;
    return { status: answer.statusCode, url: url.href, permanentUrl, ...described, body };
  } catch (error) {
    discard(answer);
    throw error;
  }
}

/** Closes the connection unread: what follows may be endless. */
function discard(answer: Dispatcher.ResponseData): void {
  answer.body.on('error', () => undefined).destroy();
}

function explain(error: unknown, url: URL, signal: AbortSignal): Error {
  return signal.aborted ? abortReason(signal) : toFetchError(error, hostOf(url));
}
