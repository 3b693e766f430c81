import type { Readable } from 'node:stream';
import robotsModule from 'robots-parser';
import type { Robot } from 'robots-parser';
import { AppError } from '../errors.ts';
import type { Fetcher } from './fetcher.ts';
import { abortReason } from './network-errors.ts';
import { reduceRobotsText } from './robots-text.ts';
import { throwForStatus } from './throw-for-status.ts';

export interface RobotsGateOptions {
  /** Reads robots.txt itself, so it must not ask this gate again. */
  readonly fetcher: Fetcher;
  /** Its product token, the part before the slash, is what robots.txt may name. */
  readonly userAgent: string;
  /** ms since the epoch. */
  readonly now: () => number;
}

/** What is read of a robots.txt, in bytes: the least that RFC 9309 (2.5) demands. */
const MAX_ROBOTS_BYTES = 500 * 1024;
/** How long an answer holds, in ms. RFC 9309 allows a day; an hour lets a site change its mind. */
const KEEP_MS = 60 * 60 * 1_000;
/** Origins remembered; the one asked for the longest time ago is forgotten first. */
const MAX_ORIGINS = 1_000;

/** The package declares an ES default export, but its CommonJS file exports the function itself. */
const robotsParser = robotsModule as unknown as (url: string, text: string) => Robot;

/** True when the address may be read. */
type Rules = (url: string) => boolean;

interface Entry {
  readonly rules: Promise<Rules>;
  readonly readAt: number;
}

/**
 * Asks a site's robots.txt (RFC 9309) before a page is fetched. A robots.txt that is absent or unusable (4xx, endless
 * redirects, undecodable) allows everything. One that cannot be had at the moment (5xx, no connection,
 * throttled) lets the fetch fail with that very error: it is retryable or throttled, is not remembered, and so the
 * ladder of retries asks again instead of reading against the site's will.
 */
export class RobotsGate {
  readonly #options: RobotsGateOptions;
  readonly #entries = new Map<string, Entry>();

  constructor(options: RobotsGateOptions) {
    this.#options = options;
  }

  /** @throws AppError robots_disallowed, or why robots.txt could not be read; the signal's reason when aborted */
  async check(url: URL, signal: AbortSignal): Promise<void> {
    const rules = await this.#unlessAborted(this.#rulesOf(url.origin), signal);
    if (!rules(url.href)) throw new AppError('robots_disallowed');
  }

  /** Origins remembered at the moment. */
  get originCount(): number {
    return this.#entries.size;
  }

  /** Jobs for one origin share one request, so no single job's signal may end it: the fetcher's deadline does. */
  #rulesOf(origin: string): Promise<Rules> {
    const known = this.#entries.get(origin);
    this.#entries.delete(origin);
    const fresh = known && this.#options.now() - known.readAt < KEEP_MS;
    const entry = fresh ? known : { rules: this.#read(origin), readAt: this.#options.now() };
    this.#entries.set(origin, entry);
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= MAX_ORIGINS) break;
      this.#entries.delete(oldest);
    }
    entry.rules.catch(() => {
      if (this.#entries.get(origin) === entry) this.#entries.delete(origin);
    });
    return entry.rules;
  }

  async #read(origin: string): Promise<Rules> {
    const { userAgent } = this.#options;
    const address = `${origin}/robots.txt`;
    try {
      const text = reduceRobotsText(await this.#download(address), userAgent);
      const robots = robotsParser(address, text);
      return (url) => robots.isAllowed(url, userAgent) ?? true;
    } catch (error) {
      if (error instanceof AppError && error.kind === 'terminal') return () => true;
      throw error;
    }
  }

  async #download(address: string): Promise<string> {
    const response = await this.#options.fetcher.fetch({
      url: address,
      purpose: 'content',
      signal: new AbortController().signal,
      // The rest of a longer file is ignored, as the RFC says; so the cap must not turn it into an error.
      maxBytes: Number.MAX_SAFE_INTEGER,
      limitSetting: 'FETCH_ROBOTS',
    });
    try {
      throwForStatus(response, this.#options.now());
      return await readStart(response.body);
    } finally {
      response.body.destroy();
    }
  }

  #unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
    if (signal.aborted) return Promise.reject(abortReason(signal));
    const { promise: aborted, reject } = Promise.withResolvers<never>();
    const leave = (): void => reject(abortReason(signal));
    signal.addEventListener('abort', leave, { once: true });
    return Promise.race([promise, aborted]).finally(() => signal.removeEventListener('abort', leave));
  }
}

async function readStart(body: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    size += chunk.length;
    if (size >= MAX_ROBOTS_BYTES) break;
  }
  return Buffer.concat(chunks).subarray(0, MAX_ROBOTS_BYTES).toString('utf8');
}
