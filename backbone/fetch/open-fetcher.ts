import type { Dial, Resolve } from './dialler.ts';
import { dialPinned, resolveBySystem } from './dialler.ts';
import type { Fetcher, FetchRequest } from './fetcher.ts';
import { HostLimiter } from './host-limiter.ts';
import { RobotsGate } from './robots.ts';
import { UndiciFetcher } from './undici-fetcher.ts';
import { isListedHost, parseUrlRules } from './url-rules.ts';
import type { UrlRules, UrlRuleSettings } from './url-rules.ts';

/** The settings of the fetch module, as plain data. */
export interface FetcherSettings extends UrlRuleSettings {
  /** `product/version (+address)`: says who asks and where to complain. */
  readonly userAgent: string;
  readonly totalTimeoutMs: number;
  readonly connectTimeoutMs: number;
  readonly idleTimeoutMs: number;
  readonly maxRedirects: number;
  /** Content requests to one host at the same time. */
  readonly perHostConcurrency: number;
  /** Least time between the starts of two content requests to one host; networks of `allowPrivate` do not wait. */
  readonly perHostDelayMs: number;
  readonly robots: 'ignore' | 'respect';
}

/** What tests put in the place of the network and the clocks. */
export interface FetcherSurroundings {
  readonly resolve?: Resolve;
  readonly dial?: Dial;
  /** ms since the epoch. */
  readonly now?: () => number;
  /** ms on a steady clock. */
  readonly steadyNow?: () => number;
  readonly setTimer?: (callback: () => void, delayMs: number) => () => void;
  /** More trusted certificates (PEM) than the machine's own. */
  readonly ca?: string;
}

/** Content requests that may wait for one host: more than a batch, and still only some hundred bytes each. */
const MAX_WAITING_PER_HOST = 2_000;

/**
 * The fetch module as one: rules, limits and robots.txt around undici. Limits and robots.txt concern content
 * only; callbacks and services are the operator's own.
 * @throws AppError config_invalid when a list names something that is no network or host
 */
export function openFetcher(settings: FetcherSettings, surroundings: FetcherSurroundings = {}): Fetcher {
  const rules = parseUrlRules(settings);
  const { now = Date.now, steadyNow = () => performance.now(), setTimer = setSystemTimer } = surroundings;
  const limiter = new HostLimiter({
    concurrency: settings.perHostConcurrency,
    maxWaiting: MAX_WAITING_PER_HOST,
    now: steadyNow,
    setTimer,
  });
  const takeSlot = (url: URL, request: FetchRequest, signal: AbortSignal): Promise<() => void> =>
    request.purpose === 'content'
      ? limiter.acquire({ host: url.host, delayMs: delayOf(url, settings, rules), signal })
      : Promise.resolve(() => undefined);
  const base = {
    ...settings,
    rules,
    resolve: surroundings.resolve ?? resolveBySystem,
    dial: surroundings.dial ?? dialPinned,
    ca: surroundings.ca ?? null,
    now: steadyNow,
  };
  const limited = new UndiciFetcher({ ...base, admit: takeSlot });
  if (settings.robots === 'ignore') return limited;

  const gate = new RobotsGate({ fetcher: limited, userAgent: settings.userAgent, now });
  const polite = new UndiciFetcher({
    ...base,
    admit: async (url, request, signal) => {
      if (request.purpose === 'content') await gate.check(url, signal);
      return takeSlot(url, request, signal);
    },
  });
  return {
    check: (url, purpose) => polite.check(url, purpose),
    fetch: (request) => polite.fetch(request),
    close: async () => {
      await Promise.all([polite.close(), limited.close()]);
    },
  };
}

function delayOf(url: URL, settings: FetcherSettings, rules: UrlRules): number {
  return isListedHost(url, rules) ? 0 : settings.perHostDelayMs;
}

function setSystemTimer(callback: () => void, delayMs: number): () => void {
  const timer = setTimeout(callback, delayMs);
  return () => clearTimeout(timer);
}
