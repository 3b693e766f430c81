import { AppError } from '../errors.ts';
import {
  CLASS_REASONS,
  classifyAddress,
  inNetworks,
  isAddress,
  isLoopbackNetwork,
  parseNetwork,
  parseNetworks,
} from './address-guard.ts';
import type { Network } from './address-guard.ts';
import type { FetchPurpose } from './fetcher.ts';

/**
 * Longest address accepted, in characters: what the sitemap protocol allows for a page and all common
 * browsers, proxies and servers handle. Longer ones are almost always an accident or an attack.
 */
export const MAX_URL_LENGTH = 2_048;

/** The settings behind the rules, as plain data. */
export interface UrlRuleSettings {
  /** Networks content may come from although they are not public: CIDR or single addresses. */
  readonly allowPrivate: readonly string[];
  /** The only targets of callbacks: host names, CIDR networks, or the word `public` for every public address. */
  readonly callbackAllow: readonly string[];
  readonly allowedPorts: readonly number[];
}

/** Parsed settings, made once by `parseUrlRules`. */
export interface UrlRules {
  readonly allowPrivate: readonly Network[];
  readonly callbackNetworks: readonly Network[];
  readonly callbackHosts: ReadonlySet<string>;
  readonly callbackPublic: boolean;
  readonly allowedPorts: ReadonlySet<number>;
}

/** A host and port, with the addresses its name resolved to. */
export interface ResolvedTarget {
  /** As in `URL.hostname`, without brackets. */
  readonly host: string;
  readonly port: number;
  readonly addresses: readonly string[];
}

/** Ends of names that never mean a public site: RFC 6761, 6762, 7686, 8375, 9476, ICANN's `internal`, and common usage. */
const LOCAL_ENDINGS = [
  ...['local', 'internal', 'localdomain', 'home.arpa', 'in-addr.arpa', 'ip6.arpa', 'intranet', 'lan', 'home'],
  ...['corp', 'private', 'test', 'invalid', 'example', 'onion', 'alt'],
];

/** @throws AppError config_invalid when an entry is neither a network nor, for callbacks, a host name. */
export function parseUrlRules(settings: UrlRuleSettings): UrlRules {
  const callbacks = settings.callbackAllow.map((entry) => entry.trim().toLowerCase());
  const isHost = (entry: string): boolean =>
    parseNetwork(entry) === null && /^[a-z0-9_][a-z0-9_.-]*$/.test(entry);
  return {
    allowPrivate: parseNetworks(settings.allowPrivate, 'FETCH_ALLOW_PRIVATE'),
    callbackNetworks: parseNetworks(
      callbacks.filter((entry) => !isHost(entry)),
      'CALLBACK_ALLOW',
    ),
    callbackHosts: new Set(
      callbacks.filter((entry) => isHost(entry) && entry !== 'public').map(withoutFinalDots),
    ),
    callbackPublic: callbacks.includes('public'),
    allowedPorts: new Set(settings.allowedPorts),
  };
}

/**
 * All that can be said about an address before it is resolved: syntax, length, scheme, credentials, port, names
 * and literal addresses. The text goes through the WHATWG parser first, so every spelling of an IPv4 address
 * (decimal, octal, hex, shortened, full-width, percent-encoded) is judged by what it means.
 * `service` addresses come from the operator's own settings and may lead anywhere.
 * @throws AppError url_invalid, url_scheme, url_forbidden; for `callback` always callback_forbidden
 */
export function checkUrl(text: string, purpose: FetchPurpose, rules: UrlRules): URL {
  const url = parseUrl(text, purpose);
  if (purpose === 'service') return url;
  const host = hostOf(url);
  const port = portOf(url);
  if (isAddress(host)) checkTarget({ host, port, addresses: [host] }, purpose, rules);
  else checkName(host, port, purpose, rules);
  return url;
}

/**
 * The decision after DNS: every address must be admitted, and the port too. One exception: of a `localhost`
 * name only the admitted addresses count, since no stranger's DNS decides what it means.
 * @returns the addresses that may be dialled, in the order given
 * @throws AppError host_not_found when there is none; url_forbidden or callback_forbidden
 */
export function checkTarget(
  target: ResolvedTarget,
  purpose: FetchPurpose,
  rules: UrlRules,
): readonly string[] {
  const { addresses, host, port } = target;
  const [first] = addresses;
  if (first === undefined) throw new AppError('host_not_found', { params: { host } });
  if (purpose === 'service') return addresses;
  const admitted = addresses.filter((address) => admits(address, host, purpose, rules));
  const refused = addresses.find((address) => !admitted.includes(address));
  if (refused !== undefined && !(isLocalhost(host) && admitted.length > 0)) {
    throw forbidden(purpose, refusalReason(refused, purpose));
  }
  if (
    !rules.allowedPorts.has(port) &&
    !admitted.every((address) => isListed(address, host, purpose, rules))
  ) {
    throw forbidden(purpose, portReason(port));
  }
  return admitted;
}

/** True when the host is an address or a name of a network that a setting opens, as far as can be told without DNS. */
export function isListedHost(url: URL, rules: UrlRules): boolean {
  const host = hostOf(url);
  if (isAddress(host)) return inNetworks(host, rules.allowPrivate);
  return rules.allowPrivate.length > 0 && isLocalName(host);
}

/** `URL.hostname` without the brackets of IPv6 and without final dots. */
export function hostOf(url: URL): string {
  return withoutFinalDots(url.hostname.replace(/^\[(.*)\]$/, '$1'));
}

/** The port the connection goes to, also where the URL leaves it out. */
export function portOf(url: URL): number {
  if (url.port !== '') return Number(url.port);
  return url.protocol === 'https:' ? 443 : 80;
}

function parseUrl(text: string, purpose: FetchPurpose): URL {
  if (text.length > MAX_URL_LENGTH) throw invalid(purpose, `it is longer than ${MAX_URL_LENGTH} characters`);
  const url = URL.parse(text);
  if (!url) throw invalid(purpose, 'it is not a complete web address');
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw wrongScheme(purpose, url.protocol);
  if (url.username !== '' || url.password !== '')
    throw forbidden(purpose, 'it carries a user name or a password');
  if (hostOf(url) === '') throw invalid(purpose, 'it names no host');
  return url;
}

function checkName(host: string, port: number, purpose: 'content' | 'callback', rules: UrlRules): void {
  if (purpose === 'callback' && rules.callbackHosts.has(host)) return;
  // Whether a name lies in a listed network only DNS can tell: `checkTarget` has the last word then.
  const networks = purpose === 'content' ? rules.allowPrivate : rules.callbackNetworks;
  const open = purpose === 'content' || rules.callbackPublic;
  // Of the networks of this machine only `localhost` is a name; where any other leads DNS tells later.
  const isListable = isLocalhost(host) ? networks.length > 0 : !networks.every(isLoopbackNetwork);
  if (!isListable && !open) throw forbidden(purpose, 'it is not on the list of callback targets');
  if (isLocalhost(host) && !['127.0.0.1', '::1'].some((address) => inNetworks(address, networks))) {
    throw forbidden(purpose, CLASS_REASONS.loopback);
  }
  if (networks.length > 0) return;
  if (isLocalName(host)) throw forbidden(purpose, 'its name belongs to a local network');
  if (!rules.allowedPorts.has(port)) throw forbidden(purpose, portReason(port));
}

function admits(address: string, host: string, purpose: 'content' | 'callback', rules: UrlRules): boolean {
  const found = classifyAddress(address);
  if (found === 'metadata' || found === 'not_an_address') return false;
  const open = purpose === 'content' || rules.callbackPublic;
  return (found === 'public' && open) || isListed(address, host, purpose, rules);
}

function isListed(address: string, host: string, purpose: 'content' | 'callback', rules: UrlRules): boolean {
  if (purpose === 'content') return inNetworks(address, rules.allowPrivate);
  return rules.callbackHosts.has(host) || inNetworks(address, rules.callbackNetworks);
}

function isLocalhost(host: string): boolean {
  return host === 'localhost' || host.endsWith('.localhost');
}

/** A name without a dot is found only through the search list of a local network. */
function isLocalName(host: string): boolean {
  const local = LOCAL_ENDINGS.some((ending) => host === ending || host.endsWith(`.${ending}`));
  return local || isLocalhost(host) || !host.includes('.');
}

function withoutFinalDots(host: string): string {
  let end = host.length;
  while (host[end - 1] === '.') end -= 1;
  return host.slice(0, end);
}

function refusalReason(address: string, purpose: 'content' | 'callback'): string {
  const found = classifyAddress(address);
  if (purpose === 'callback' && found === 'public') return 'it is not on the list of callback targets';
  return CLASS_REASONS[found];
}

function portReason(port: number): string {
  return `its port ${port} is not one that web sites use`;
}

function forbidden(purpose: FetchPurpose, reason: string): AppError {
  return new AppError(purpose === 'callback' ? 'callback_forbidden' : 'url_forbidden', {
    params: { reason },
  });
}

function invalid(purpose: FetchPurpose, reason: string): AppError {
  if (purpose === 'callback') return forbidden(purpose, reason);
  return new AppError('url_invalid', { params: { reason }, fields: [{ field: 'url', message: reason }] });
}

function wrongScheme(purpose: FetchPurpose, scheme: string): AppError {
  if (purpose === 'callback') return forbidden(purpose, `it begins with ${scheme}, not with http: or https:`);
  return new AppError('url_scheme', { params: { scheme } });
}
