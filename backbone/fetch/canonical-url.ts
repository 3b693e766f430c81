import { AppError } from '../errors.ts';

/**
 * Query parameters that say where a reader came from and never what the page shows: campaign tags, click
 * ids, mailing-list ids. Collected from the documentation of the services that add them.
 */
const TRACKING_PARAMETERS = new Set([
  ...[
    'gclid',
    'gclsrc',
    'dclid',
    'gbraid',
    'wbraid',
    'srsltid',
    '_ga',
    '_gl',
    'gad_source',
    'gad_campaignid',
  ], // Google
  ...['fbclid', 'igshid', 'igsh', 'msclkid', 'twclid', 'ttclid', 'li_fat_id', 'epik', 'rdt_cid', 'sccid'], // networks
  ...['yclid', 'ysclid', '_openstat'], // Yandex, Openstat
  ...['mc_cid', 'mc_eid', 'ml_subscriber', 'ml_subscriber_hash', 'mkt_tok', 'vero_id', 'vero_conv'], // mailing lists
  ...['_hsenc', '_hsmi', 'hsctatracking', '__hssc', '__hstc', '__hsfp', 'oly_anon_id', 'oly_enc_id'], // HubSpot, Omeda
  ...['pk_campaign', 'pk_kwd', 'pk_keyword', 'pk_source', 'pk_medium', 'pk_content', 'pk_cid'], // Matomo
  ...['rb_clickid', 's_cid', 'wickedid', 'dicbo', '_branch_match_id', 'guce_referrer', 'guce_referrer_sig'],
]);
const TRACKING_PREFIXES = ['utm_', 'mtm_', 'matomo_', 'piwik_'];

/** Longest parameter name looked at: all tracking names are far shorter. */
const MAX_NAME_LENGTH = 64;

/**
 * The spelling of an address that stands for its content's identity: two addresses that a site must treat
 * alike (RFC 3986, section 6) or that differ in tracking parameters only come out the same. Order of the
 * remaining parameters, case of the path, its final slash and the scheme are kept, since sites may tell them apart.
 * A fragment is kept only as `#!...`, where it names the page of an application. Idempotent.
 * @throws AppError url_invalid
 */
export function canonicalUrl(address: string): string {
  const url = URL.parse(address);
  if (!url) throw new AppError('url_invalid');
  url.hostname = withoutFinalDots(url.hostname);
  url.pathname = normalizeEscapes(url.pathname);
  const query = normalizeEscapes(withoutTracking(url.search.slice(1)));
  url.search = query === '' ? '' : `?${query}`;
  if (!url.hash.startsWith('#!')) url.hash = '';
  return url.href;
}

function withoutTracking(query: string): string {
  const kept = query.split('&').filter((parameter) => parameter !== '' && !isTracking(parameter));
  return kept.join('&');
}

function isTracking(parameter: string): boolean {
  const end = parameter.indexOf('=');
  const raw = end < 0 ? parameter : parameter.slice(0, end);
  if (raw.length > MAX_NAME_LENGTH) return false;
  const name = normalizeEscapes(raw).toLowerCase();
  return TRACKING_PARAMETERS.has(name) || TRACKING_PREFIXES.some((prefix) => name.startsWith(prefix));
}

/**
 * Escapes of unreserved characters are undone, all others get capital digits, and a per cent sign that begins
 * no escape becomes one: otherwise `%%34%31` would turn into `%41` and mean something else the next time.
 */
function normalizeEscapes(text: string): string {
  return text.replaceAll(/%([0-9a-f]{2})?/gi, (_whole, digits: string | undefined) => {
    if (digits === undefined) return '%25';
    const character = String.fromCharCode(Number.parseInt(digits, 16));
    return /[\w.~-]/.test(character) ? character : `%${digits.toUpperCase()}`;
  });
}

function withoutFinalDots(host: string): string {
  let end = host.length;
  while (host[end - 1] === '.') end -= 1;
  return host.slice(0, end);
}
