/** The title of a page without its site's name. Pure. */
import type { Sourced } from '../model.ts';

export interface TitleEvidence {
  readonly headline: string | null;
  readonly ogTitle: string | null;
  readonly metaTitle: string | null;
  readonly h1s: readonly string[];
  readonly titleElement: string | null;
  readonly siteName: string | null;
  readonly host: string | null;
}

const SEPARATOR = /\s+[|–—·•»«:/\\-]\s+|\s*[|»•]\s*|:\s+/u;
const LONGEST = 500;
const SIMILAR = 0.6;

/**
 * The h1 that resembles what the metadata call the page, since it is what readers see; else the
 * metadata's title less the site's name; else the only h1; else the title element less the site's name.
 */
export function titleOf(evidence: TitleEvidence): Sourced<string> | null {
  const claims: readonly (Sourced<string> | null)[] = [
    sourced(evidence.headline, 'jsonld'),
    sourced(evidence.ogTitle, 'og'),
    sourced(evidence.metaTitle, 'meta'),
    sourced(evidence.titleElement, 'title'),
  ];
  const claimed = claims.filter((claim) => claim !== null);
  const h1s = evidence.h1s.map(clean).filter((h1) => h1 !== '' && !isSiteName(h1, evidence));
  for (const claim of claimed) {
    const bare = withoutSiteName(claim.value, evidence);
    const h1 = h1s.find((text) => resembles(text, bare) || resembles(text, claim.value));
    if (h1 !== undefined) return { value: h1, source: 'h1' };
  }
  const [first] = claimed;
  const [only] = h1s;
  if (first !== undefined && (first.source !== 'title' || only === undefined || h1s.length > 1)) {
    return { value: withoutSiteName(first.value, evidence), source: first.source };
  }
  return only === undefined ? null : { value: only, source: 'h1' };
}

/** Cuts the site's name, or a short last part, off the end (or the name off the beginning). */
export function withoutSiteName(
  title: string,
  { siteName, host }: Pick<TitleEvidence, 'siteName' | 'host'>,
): string {
  const parts = title.split(SEPARATOR).map((part) => part.trim());
  if (parts.length < 2) return title;
  const names = { siteName, host };
  const last = parts.at(-1) ?? '';
  const first = parts[0] ?? '';
  if (isSiteName(last, names)) return cut(title, title.lastIndexOf(last), names);
  if (isSiteName(first, names)) {
    const rest = title.slice(title.indexOf(first) + first.length).replace(/^[\s|–—·•»«:/\\-]+/u, '');
    return rest === '' ? title : rest;
  }
  const before = title.slice(0, title.lastIndexOf(last)).replace(TRAILING, '');
  const isLabel = /[|»•]\s*$/.test(title.slice(0, title.lastIndexOf(last)));
  return isLabel && wordsOf(before).length >= 3 && wordsOf(last).length <= 4 ? before : title;
}

const TRAILING = /[\s|–—·•»«:/\\-]+$/u;

function cut(title: string, at: number, names: Pick<TitleEvidence, 'siteName' | 'host'>): string {
  const before = title.slice(0, at).replace(TRAILING, '');
  return before === '' || isSiteName(before, names) ? title : before;
}

function isSiteName(text: string, { siteName, host }: Pick<TitleEvidence, 'siteName' | 'host'>): boolean {
  const wanted = letters(text);
  if (wanted === '') return false;
  if (siteName !== null && letters(siteName) === wanted) return true;
  if (host === null) return false;
  const labels = host.replace(/^www\./, '').split('.');
  return (
    letters(host.replace(/^www\./, '')) === wanted ||
    labels.slice(0, -1).some((label) => letters(label) === wanted)
  );
}

function letters(text: string): string {
  return text.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '');
}

function clean(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim().slice(0, LONGEST).toWellFormed();
}

function sourced(text: string | null, source: string): Sourced<string> | null {
  const value = text === null ? '' : clean(text);
  return value === '' ? null : { value, source };
}

function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}

/** Share of common words (Jaccard) high, or one within the other at good length. */
function resembles(a: string, b: string): boolean {
  const left = new Set(wordsOf(a));
  const right = new Set(wordsOf(b));
  if (left.size === 0 || right.size === 0) return false;
  const common = [...left].filter((word) => right.has(word)).length;
  if (common / (left.size + right.size - common) >= SIMILAR) return true;
  return common === Math.min(left.size, right.size) && common >= 4;
}
