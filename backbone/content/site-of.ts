/**
 * The site an address belongs to, as people name it: the host in lower case without `www.`. Null for what came
 * without an address or with one that has no host.
 */
export function siteOf(url: string | null): string | null {
  if (url === null || !URL.canParse(url)) return null;
  return siteNamed(new URL(url).hostname) || null;
}

/** The same of a host somebody types. */
export function siteNamed(host: string): string {
  return host.toLowerCase().replace(/^www\./, '');
}
