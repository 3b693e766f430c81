/** Puts what services know of a paper into what was read from its file. Pure. */
import type { ContentWarning, Extraction, JsonObject, Sourced } from '../model.ts';
import { landingUrl, type ScholarlyId } from './scholarly-ids.ts';
import { resembles, type MergedRecord } from './services/merged-record.ts';

export interface EnrichmentOptions {
  /** What stands on the first page that the id was read from, so that it may be that of another paper; null: it is certain. */
  readonly beginning: string | null;
}

const OTHER_PAPER: ContentWarning = {
  code: 'record_mismatch',
  message:
    'The services know another title under the id that the file names, so what they say was left out: the id is probably that of a paper which is cited.',
};

/** Title, authors and date of the services come first, then those of the file; each keeps its source. */
export function enriched(
  extraction: Extraction,
  record: MergedRecord,
  { beginning }: EnrichmentOptions,
): Extraction {
  if (beginning !== null && !isSamePaper(extraction, record, beginning))
    return { ...extraction, warnings: [...extraction.warnings, OTHER_PAPER] };
  const { metadata } = extraction;
  const sourced = <T>(field: keyof MergedRecord['sources'], value: T | null): Sourced<T> | null => {
    const source = record.sources[field];
    return value === null || source === undefined ? null : { value, source };
  };
  const names = record.authors.map(({ name }) => name);
  return {
    ...extraction,
    blocks: withAbstract(extraction, record),
    metadata: {
      ...metadata,
      title: best(metadata.title, sourced('title', record.title)),
      authors: best(metadata.authors, sourced('authors', names.length === 0 ? null : names)),
      publishedAt: best(metadata.publishedAt, sourced('publishedAt', record.publishedAt)),
      description: best(metadata.description, sourced('abstract', record.abstract)),
    },
    typeMetadata: { ...extraction.typeMetadata, ...detailsOf(extraction.typeMetadata, record) },
  };
}

function isSamePaper({ metadata }: Extraction, { title }: MergedRecord, beginning: string): boolean {
  return title !== null && resembles(title, `${metadata.title?.value ?? ''}\n${beginning}`);
}

/** What the publisher wrote into the file itself comes before what others say of it. */
function best<T>(own: Sourced<T> | null, told: Sourced<T> | null): Sourced<T> | null {
  return own?.source === 'jats' ? own : (told ?? own);
}

/** Where a paper was asked for by an id, that is its id, whatever its file says. */
export function withId(extraction: Extraction, id: ScholarlyId | null): Extraction {
  if (id === null) return extraction;
  const { typeMetadata } = extraction;
  const named = {
    doi: id.kind === 'doi' ? id.id : (typeMetadata['doi'] ?? null),
    arxivId: id.kind === 'arxiv' ? id.id : (typeMetadata['arxivId'] ?? null),
    paperUrl: landingUrl(id),
  };
  return { ...extraction, typeMetadata: { ...typeMetadata, ...named } };
}

/** A paper without its text is found by its abstract at least. */
function withAbstract(
  { blocks, typeMetadata }: Extraction,
  { abstract }: MergedRecord,
): Extraction['blocks'] {
  const isThere = typeMetadata['hasFullText'] !== false || blocks.some(({ kind }) => kind === 'paragraph');
  return isThere || abstract === null
    ? blocks
    : [...blocks, { kind: 'paragraph', text: abstract, locator: {} }];
}

function detailsOf(stated: JsonObject, record: MergedRecord): JsonObject {
  const doi = textOf(stated['doi']) ?? record.doi;
  const arxivId = textOf(stated['arxivId']) ?? record.arxivId;
  const id =
    doi !== null
      ? ({ kind: 'doi', id: doi } as const)
      : arxivId !== null
        ? ({ kind: 'arxiv', id: arxivId } as const)
        : null;
  const affiliations = record.authors.flatMap((author) => author.affiliations);
  const hasAffiliations = Array.isArray(stated['affiliations']) && stated['affiliations'].length > 0;
  return {
    doi,
    arxivId,
    paperUrl: stated['paperUrl'] ?? (id === null ? null : landingUrl(id)),
    venue: record.venue ?? stated['venue'] ?? null,
    year: yearOf(record.publishedAt) ?? stated['year'] ?? null,
    abstract: record.abstract ?? stated['abstract'] ?? null,
    subjects: record.subjects.length > 0 ? [...record.subjects] : (stated['subjects'] ?? []),
    affiliations: hasAffiliations ? (stated['affiliations'] ?? []) : [...new Set(affiliations)],
    authors:
      record.authors.length > 0
        ? record.authors.map(({ name, orcid, affiliations: places }) => ({
            name,
            orcid,
            affiliations: places,
          }))
        : (stated['authors'] ?? []),
    openCopies: [...record.pdfUrls],
    fieldSources: { ...record.sources },
  };
}

/** Of an ISO date; null when there is none. */
export function yearOf(date: string | null): number | null {
  const year = /^(\d{4})(?:-|$)/.exec(date ?? '')?.[1];
  return year === undefined ? null : Number(year);
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}
