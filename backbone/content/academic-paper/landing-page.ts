/**
 * The page about a paper, at a publisher, an archive or a server of preprints: what its `citation_*` tags say, which
 * Google Scholar asks for. https://scholar.google.com/intl/en/scholar/inclusion.html
 */
import { decodeText } from '../parsing/charset.ts';
import { attributeOf, isElement, parseHtml, type HtmlDocument } from '../parsing/html-tree.ts';
import type { ParserInput } from '../parsing/parser.ts';
import { normalizeDoi } from './doi.ts';
import { parseArxivId } from './arxiv-id.ts';
import type { RecordAuthor } from './services/paper-record.ts';
import { MOST_AUTHORS, orcidOf, plainAbstract, plainLine, webAddresses } from './services/record-text.ts';

export interface LandingPage {
  readonly title: string | null;
  readonly authors: readonly RecordAuthor[];
  readonly venue: string | null;
  /** ISO 8601, as precise as the page. */
  readonly publishedAt: string | null;
  readonly abstract: string | null;
  readonly doi: string | null;
  readonly arxivId: string | null;
  readonly language: string | null;
  readonly keywords: readonly string[];
  /** Absolute. */
  readonly pdfUrl: string | null;
}

/** Pages of hundreds of authors have some 2,000. */
const MOST_TAGS = 5000;
const VENUES = ['citation_journal_title', 'citation_conference_title', 'citation_inbook_title'];
const DATES = ['citation_publication_date', 'citation_date', 'citation_online_date', 'citation_year'];
const ABSTRACTS = ['citation_abstract', 'dcterms.abstract', 'dc.description'];

/** Null when the page has no `citation_title`: it is no paper's. O(length). */
export function readLandingPage(
  input: Pick<ParserInput, 'bytes' | 'declaredCharset' | 'baseUrl'>,
): LandingPage | null {
  const { text } = decodeText(input.bytes, { declared: input.declaredCharset, kind: 'html' });
  const tags = metaTags(parseHtml(text)._root);
  const first = (...names: readonly string[]): string | null =>
    names
      .map((name) => tags.find((tag) => tag.name === name)?.content)
      .find((content) => content !== undefined) ?? null;
  const title = plainLine(first('citation_title'));
  if (title === null) return null;
  const address = URL.parse(first('citation_pdf_url') ?? '', input.baseUrl ?? undefined)?.href;
  return {
    title,
    authors: authorsOf(tags),
    venue: plainLine(first(...VENUES)),
    publishedAt: isoDateOf(first(...DATES)),
    abstract: plainAbstract(first(...ABSTRACTS)),
    doi: normalizeDoi(first('citation_doi', 'dc.identifier') ?? ''),
    arxivId: parseArxivId(first('citation_arxiv_id') ?? '')?.id ?? null,
    language: first('citation_language'),
    keywords: keywordsOf(tags),
    pdfUrl: webAddresses([address])[0] ?? null,
  };
}

interface MetaTag {
  /** Lower case. */
  readonly name: string;
  readonly content: string;
}

/** Without recursion, since pages may be nested as deep as they like. */
function metaTags(document: HtmlDocument): readonly MetaTag[] {
  const tags: MetaTag[] = [];
  let level: HtmlDocument['children'] = document.children;
  while (level.length > 0 && tags.length < MOST_TAGS) {
    const next: HtmlDocument['children'] = [];
    for (const node of level) {
      if (!isElement(node)) continue;
      const name = (attributeOf(node, 'name') || attributeOf(node, 'property')).toLowerCase();
      const content = attributeOf(node, 'content');
      if (node.name === 'meta' && name !== '' && content !== '') tags.push({ name, content });
      for (const child of node.children) next.push(child);
    }
    level = next;
  }
  return tags;
}

/** What belongs to an author follows the name. Names may be inverted, and some pages put all into one tag. */
function authorsOf(tags: readonly MetaTag[]): readonly RecordAuthor[] {
  const authors: { name: string; orcid: string | null; affiliations: string[] }[] = [];
  for (const { name, content } of tags) {
    const last = authors.at(-1);
    if (name === 'citation_author')
      authors.push(...namesIn(content).map((one) => ({ name: one, orcid: null, affiliations: [] })));
    else if (name === 'citation_author_orcid' && last !== undefined) last.orcid ??= orcidOf(content);
    else if (name === 'citation_author_institution' && last !== undefined && last.affiliations.length < 20) {
      const place = plainLine(content);
      if (place !== null) last.affiliations.push(place);
    }
  }
  return authors.slice(0, MOST_AUTHORS);
}

function namesIn(content: string): readonly string[] {
  return content
    .split(';')
    .map(plainLine)
    .filter((name) => name !== null)
    .map((name) => name.replace(/^([^,]{1,100}),\s?([^,]{1,100})$/, '$2 $1'));
}

function keywordsOf(tags: readonly MetaTag[]): readonly string[] {
  const words = tags
    .filter(({ name }) => name === 'citation_keywords')
    .flatMap(({ content }) => content.split(/[;,]/))
    .map(plainLine)
    .filter((word) => word !== null);
  return [...new Set(words)].slice(0, 50);
}

/** `2017/06/12`, `2017-06-12`, `2017/6`, `2017`; a month in letters leaves the year. */
function isoDateOf(date: string | null): string | null {
  const match =
    /^(\d{4})(?:[/-](\d{1,2})(?:[/-](\d{1,2}))?)?/.exec(date ?? '') ?? /(?:^|\s)(\d{4})$/.exec(date ?? '');
  const [, ...parts] = match ?? [];
  return match === null
    ? null
    : parts
        .filter(Boolean)
        .map((part) => part.padStart(2, '0'))
        .join('-');
}
