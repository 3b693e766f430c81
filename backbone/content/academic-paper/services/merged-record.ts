/** One record of what the services, the file and the page say. Pure. */
import type { Known } from './scholar-services.ts';
import type { PaperRecord, RecordAuthor, ServiceName } from './paper-record.ts';

export interface MergedRecord {
  readonly doi: string | null;
  readonly arxivId: string | null;
  readonly title: string | null;
  readonly authors: readonly RecordAuthor[];
  readonly venue: string | null;
  readonly publishedAt: string | null;
  readonly abstract: string | null;
  readonly subjects: readonly string[];
  /** Open copies, best first. */
  readonly pdfUrls: readonly string[];
  /** The service that each field is from; fields that no service knows are left out. */
  readonly sources: Readonly<Partial<Record<MergedField, ServiceName>>>;
}

export type MergedField = 'title' | 'authors' | 'venue' | 'publishedAt' | 'abstract' | 'subjects';

/** Publishers know best what they published; arXiv's venue is none. */
const FACTS: readonly ServiceName[] = [
  'crossref',
  'arxiv',
  'datacite',
  'europe-pmc',
  'openalex',
  'unpaywall',
];
/** Publishers seldom register abstracts, and some of them badly. */
const ABSTRACTS: readonly ServiceName[] = ['arxiv', 'openalex', 'europe-pmc', 'crossref', 'datacite'];
/** OpenAlex has topics for all; others have an author's own words, or codes. */
const SUBJECTS: readonly ServiceName[] = ['openalex', 'europe-pmc', 'crossref', 'arxiv', 'datacite'];
const COPIES: readonly ServiceName[] = ['unpaywall', 'openalex'];

/** Of each field what the best service says that says anything. Null when no service knows the paper. */
export function mergeRecords(known: readonly Known[]): MergedRecord | null {
  if (known.length === 0) return null;
  const sources: Partial<Record<MergedField, ServiceName>> = {};
  const pick = <F extends MergedField>(field: F, order: readonly ServiceName[]): PaperRecord[F] | null => {
    const best = inOrder(known, order).find(({ record }) => !isEmpty(record[field]));
    if (best === undefined) return null;
    sources[field] = best.service;
    return best.record[field];
  };
  const records = inOrder(known, FACTS).map(({ record }) => record);
  return {
    doi: records.map(({ doi }) => doi).find((doi) => doi !== null) ?? null,
    arxivId: records.map(({ arxivId }) => arxivId).find((id) => id !== null) ?? null,
    title: pick('title', FACTS),
    authors: withOrcids(pick('authors', FACTS) ?? [], known),
    venue: pick('venue', FACTS),
    publishedAt: pick('publishedAt', FACTS),
    abstract: pick('abstract', ABSTRACTS),
    subjects: pick('subjects', SUBJECTS) ?? [],
    pdfUrls: [...new Set(inOrder(known, COPIES).flatMap(({ record }) => record.pdfUrls))],
    sources,
  };
}

/**
 * Whether a record is of the paper whose beginning is given: of the title's pairs of words most must stand there. Else
 * the id belonged to a paper that is cited.
 */
export function resembles(title: string, beginning: string): boolean {
  const wanted = wordsOf(title);
  const seen = wordsOf(beginning);
  if (wanted.length === 0 || seen.length === 0) return false;
  // Layout may part or join words, as hyphens do.
  if (seen.join('').includes(wanted.join(''))) return true;
  const pairs = new Set(pairsOf(seen));
  const asked = pairsOf(wanted);
  return asked.length > 0 && asked.filter((pair) => pairs.has(pair)).length >= asked.length * 0.6;
}

function inOrder(known: readonly Known[], order: readonly ServiceName[]): readonly Known[] {
  return order.flatMap((name) => known.filter(({ service }) => service === name));
}

function isEmpty(value: string | readonly unknown[] | null): boolean {
  return value === null || value.length === 0;
}

/** The best list of names may lack what another knows of the very same name. */
function withOrcids(authors: readonly RecordAuthor[], known: readonly Known[]): readonly RecordAuthor[] {
  const others = new Map<string, RecordAuthor[]>();
  for (const author of known.flatMap(({ record }) => record.authors)) {
    const key = wordsOf(author.name).join(' ');
    others.set(key, [...(others.get(key) ?? []), author]);
  }
  return authors.map((author) => {
    const same = others.get(wordsOf(author.name).join(' ')) ?? [];
    return {
      name: author.name,
      orcid: author.orcid ?? same.map(({ orcid }) => orcid).find((orcid) => orcid !== null) ?? null,
      affiliations:
        [author, ...same].map(({ affiliations }) => affiliations).find((places) => places.length > 0) ?? [],
    };
  });
}

function wordsOf(text: string): readonly string[] {
  const plain = text.slice(0, 20_000).normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase();
  return plain.match(/[\p{L}\p{N}]+/gu) ?? [];
}

function pairsOf(words: readonly string[]): readonly string[] {
  return words.slice(1).map((word, index) => `${words[index] ?? ''} ${word}`);
}
