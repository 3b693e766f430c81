import { languageOfName } from './parsing/code-names.ts';
import type { SearchHit, SearchResult } from '../api/services/search-service.ts';
import { chunkId } from './chunk-page.ts';
import { highlight, type FusedPoint, type TextRange } from './fusion.ts';
import type { Locator } from './model.ts';
import { mergeRanges, phraseRanges } from './phrase-ranges.ts';
import { admits, type ParsedQuery } from './query-syntax.ts';
import { siteOf } from './site-of.ts';
import type { Correction } from './spelling/spelling.ts';
import { wordsOf } from './steps/words.ts';

/* What is shown of the points that a search found. Pure. */

/** Passages of one content in a result, so that one long document does not crowd out the rest. */
const PER_CONTENT = 3;
const LONGEST_FRAGMENT = 300;

/** A chunk with what its content says of it. */
export interface ChunkWithContent {
  readonly content_id: string;
  readonly content_type: string;
  readonly version: number;
  readonly title: string | null;
  readonly url: string | null;
  readonly language: string | null;
  readonly tags: readonly string[];
  readonly authors: readonly string[];
  readonly published_at: string | null;
  readonly chunk_index: number;
  readonly text: string;
  readonly locator: Locator;
}

export interface Ranked {
  readonly point: FusedPoint;
  readonly row: ChunkWithContent;
}

/** Drops what is not visible or not wanted, the same passage met twice, and the fourth passage of one content. */
export function rankedRows(
  points: readonly FusedPoint[],
  rows: ReadonlyMap<string, ChunkWithContent>,
  parsed: ParsedQuery,
): readonly Ranked[] {
  const seen = new Set<string>();
  const perContent = new Map<string, number>();
  return points.flatMap((point) => {
    const row = rows.get(keyOf(point.contentId, point.chunkIndex));
    if (row?.version !== point.version || !admits(parsed, row.text)) return [];
    const fingerprint = row.text.toLowerCase().replaceAll(/\W+/g, ' ').slice(0, 400);
    const count = perContent.get(row.content_id) ?? 0;
    if (seen.has(fingerprint) || count >= PER_CONTENT) return [];
    seen.add(fingerprint);
    perContent.set(row.content_id, count + 1);
    return [{ point, row }];
  });
}

/** The words that were found, those of corrections too, and quoted phrases as a whole. */
export function highlightsOf(
  row: ChunkWithContent,
  terms: ReadonlyMap<string, number>,
  { phrases }: ParsedQuery,
): TextRange[] {
  return mergeRanges([
    ...highlight(row.text, terms.keys(), row.language),
    ...phraseRanges(row.text, phrases),
  ]);
}

/**
 * Of each misspelt word the first meaning that one of the passages shows. So an answer never names a word that its
 * reader could not see: one of a deleted content, of a hidden one, or beyond the filter.
 */
export function shownCorrections(
  corrections: readonly Correction[],
  rows: readonly ChunkWithContent[],
): SearchResult['corrections'] {
  const meanings = new Map<string, string>();
  for (const { from, word } of corrections) {
    if (!meanings.has(from) && rows.some((row) => shows(row, word))) meanings.set(from, word);
  }
  return [...meanings].map(([from, to]) => ({ from, to }));
}

function shows(row: ChunkWithContent, word: string): boolean {
  const text = [row.text, row.title ?? '', ...(row.locator.headingPath ?? [])].join('\n');
  if (!text.toLowerCase().normalize('NFC').includes(word)) return false;
  return [...wordsOf(text)].some((other) => other.text === word);
}

export function hitOf(point: FusedPoint, row: ChunkWithContent, highlights: readonly TextRange[]): SearchHit {
  return {
    contentId: row.content_id,
    contentType: row.content_type,
    title: row.title,
    url: row.url,
    chunkId: chunkId(row.content_id, row.version, row.chunk_index),
    text: row.text,
    highlights,
    score: Math.round(point.score * 1e6) / 1e6,
    locator: row.locator,
    link: linkTo(row),
  };
}

/** Players that take the moment in the query: `&t=95s`. */
const NAMES_MOMENT = /[?&]t=\d{1,9}s$/;

/** Opens the source at the passage: a page of a PDF, a moment of a recording, a line of code, or the passage's own words in a web page. */
export function linkTo(row: Pick<ChunkWithContent, 'url' | 'text' | 'locator'>): string | null {
  const { startSeconds, href } = row.locator;
  if (href !== undefined && NAMES_MOMENT.test(href)) return href;
  if (startSeconds !== undefined) return momentLink(href ?? row.url, startSeconds);
  if (row.url === null) return null;
  const [address = row.url] = row.url.split('#');
  if (row.locator.page !== undefined) return `${address}#page=${row.locator.page}`;
  if (row.locator.line !== undefined && isCodeName(address)) return `${address}#L${row.locator.line}`;
  const words = row.text.trim().split(/\s+/).slice(0, 8).join(' ');
  return `${address}#:~:text=${encodeFragment(words.slice(0, LONGEST_FRAGMENT))}`;
}

/** Sites that keep source code number its lines so. */
function isCodeName(address: string): boolean {
  return languageOfName(URL.parse(address)?.pathname ?? null) !== null;
}

/** A media fragment (W3C), in whole seconds. A recording is often not at the address of its content but named by it. */
function momentLink(url: string | null, startSeconds: number): string | null {
  const [address = ''] = (url ?? '').split('#');
  return address === '' ? null : `${address}#t=${Math.floor(startSeconds)}`;
}

/** A hyphen, comma or ampersand would read as syntax of the text fragment. */
function encodeFragment(text: string): string {
  return encodeURIComponent(text).replaceAll('-', '%2D');
}

/** How many of the passages there are of each type, language, tag, author, site and year of publication. */
export function facetsOf(rows: readonly ChunkWithContent[]): SearchResult['facets'] {
  return Object.fromEntries(
    Object.entries(FACETS).map(([facet, valuesOf]) => [facet, countsOf(rows.flatMap(valuesOf))]),
  );
}

const FACETS: Readonly<Record<string, (row: ChunkWithContent) => readonly string[]>> = {
  content_type: (row) => [row.content_type],
  language: (row) => (row.language === null ? [] : [row.language]),
  tag: (row) => row.tags,
  author: (row) => row.authors,
  site: (row) => [siteOf(row.url)].filter((site) => site !== null),
  year: (row) => /^\d{4}/.exec(row.published_at ?? '')?.slice(0, 1) ?? [],
};

/** Values are anybody's text: `__proto__` is one like others. */
function countsOf(values: readonly string[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return Object.fromEntries(counts);
}

export function keyOf(contentId: string, chunkIndex: number): string {
  return `${contentId}\u0000${chunkIndex}`;
}
