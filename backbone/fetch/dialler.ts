import { lookup } from 'node:dns/promises';
import type { LookupFunction } from 'node:net';
import { isIP } from 'node:net';
import { buildConnector } from 'undici';
import { AppError } from '../errors.ts';
import { canonicalAddress, CLASS_REASONS, isAddress } from './address-guard.ts';
import type { FetchPurpose } from './fetcher.ts';
import { asError } from './network-errors.ts';
import { checkTarget } from './url-rules.ts';
import type { UrlRules } from './url-rules.ts';

/** All addresses of a name, as texts. Rejects with the codes of node:dns. */
export type Resolve = (host: string) => Promise<readonly string[]>;

/** Opens a connection to one of the addresses; the name in `options` is for SNI and the certificate only. */
export type Dial = (target: DialTarget, callback: buildConnector.Callback) => void;

export interface DialTarget {
  readonly options: buildConnector.Options;
  /** Checked addresses; nothing else may be dialled. */
  readonly addresses: readonly string[];
  readonly timeoutMs: number;
  /** More trusted certificates (PEM) than the machine's own, or null. */
  readonly ca: string | null;
}

export interface ConnectorOptions {
  readonly purpose: FetchPurpose;
  readonly rules: UrlRules;
  readonly resolve: Resolve;
  readonly dial: Dial;
  /** For the name look-up, and again for TCP and TLS together. */
  readonly timeoutMs: number;
  readonly ca: string | null;
}

/** Asks the machine's own resolver, hosts file included. */
export async function resolveBySystem(host: string): Promise<readonly string[]> {
  const found = await lookup(host, { all: true });
  return found.map((entry) => entry.address);
}

/**
 * The connect hook for undici: resolves once, checks every address, and dials only what was checked, so that a
 * name that changes its address between check and connect gains nothing.
 */
export function guardedConnector(options: ConnectorOptions): buildConnector.connector {
  const { purpose, rules, resolve, dial, timeoutMs, ca } = options;
  return (target, callback) => {
    const host = target.hostname;
    const port = target.port === '' ? (target.protocol === 'https:' ? 443 : 80) : Number(target.port);
    const resolved = isAddress(host) ? Promise.resolve([host]) : withTimeout(resolve(host), timeoutMs, host);
    resolved
      .then((addresses) => checkTarget({ host, port, addresses }, purpose, rules))
      .then(
        (addresses) => dial({ options: target, addresses, timeoutMs, ca }, callback),
        (error: unknown) => callback(asError(error), null),
      );
  };
}

/**
 * Dials for real. The look-up of node:net is replaced by the checked addresses, which it tries one after the
 * other (RFC 8305); the far end is compared with them once more before a byte is sent.
 */
export function dialPinned(
  target: DialTarget,
  callback: buildConnector.Callback,
  build: typeof buildConnector = buildConnector,
): void {
  const { addresses, options, timeoutMs, ca } = target;
  const connect = build({
    timeout: timeoutMs,
    allowH2: false,
    // A session is bound to the checks of its connection; none is carried over to the next.
    maxCachedSessions: 0,
    lookup: pinnedLookup(addresses),
    ...(ca === null ? {} : { ca }),
  });
  connect(options, (...[error, socket]) => {
    if (error) callback(error, null);
    else if (isOneOf(addresses, socket.remoteAddress ?? '')) callback(null, socket);
    else {
      socket.destroy();
      callback(new AppError('url_forbidden', { params: { reason: CLASS_REASONS.not_an_address } }), null);
    }
  });
}

function isOneOf(addresses: readonly string[], remote: string): boolean {
  return addresses.some((address) => canonicalAddress(address) === canonicalAddress(remote));
}

function pinnedLookup(addresses: readonly string[]): LookupFunction {
  const entries = addresses.map((address) => ({ address, family: isIP(address) }));
  return (_host, options, callback) => {
    const [first] = entries;
    if (options.all) callback(null, entries);
    else callback(null, first?.address ?? '', first?.family);
  };
}

/** A look-up cannot be called off, but nobody has to wait for it. */
function withTimeout<T>(promise: Promise<T>, timeoutMs: number, host: string): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new AppError('source_timeout', { params: { host } })), timeoutMs);
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
