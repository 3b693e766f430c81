/** What a service knows of one paper, in one shape for all of them. Pure. */
import { z } from 'zod';
import type { ScholarlyId } from '../scholarly-ids.ts';

export const SERVICE_NAMES = [
  'arxiv',
  'crossref',
  'datacite',
  'openalex',
  'unpaywall',
  'europe-pmc',
] as const;
export type ServiceName = (typeof SERVICE_NAMES)[number];

/** All names of one paper that are known so far. */
export interface PaperIds {
  /** Lower case. */
  readonly doi: string | null;
  readonly arxivId: string | null;
  readonly pmid: string | null;
  /** `PMC` and digits. */
  readonly pmcid: string | null;
}

const text = z.string().nullable();

/** Also how a record is kept in the cache, which may hold what another release wrote. */
export const paperRecordSchema = z.object({
  doi: text,
  arxivId: text,
  pmid: text,
  pmcid: text,
  title: text,
  authors: z.array(z.object({ name: z.string(), orcid: text, affiliations: z.array(z.string()) })),
  venue: text,
  /** ISO 8601, as precise as the service: `2019`, `2019-03`, `2019-03-21`. */
  publishedAt: text,
  abstract: text,
  subjects: z.array(z.string()),
  /** Open copies, best first. */
  pdfUrls: z.array(z.string()),
  /** Whether the full text is there as JATS. */
  hasFullText: z.boolean(),
});
export type PaperRecord = z.output<typeof paperRecordSchema>;
export type RecordAuthor = PaperRecord['authors'][number];

export const NO_RECORD: PaperRecord = {
  doi: null,
  arxivId: null,
  pmid: null,
  pmcid: null,
  title: null,
  authors: [],
  venue: null,
  publishedAt: null,
  abstract: null,
  subjects: [],
  pdfUrls: [],
  hasFullText: false,
};

/** One service: how it is asked and how its answer is read. */
export interface ScholarService {
  readonly name: ServiceName;
  /** For people. */
  readonly label: string;
  readonly baseUrl: string;
  /** Least time in ms between two questions. */
  readonly delayMs: number;
  /** Path and query behind the base address; null when none of the ids is one that it knows papers by. */
  readonly path: (ids: PaperIds, mailto: string) => string | null;
  /** Null: it knows no such paper. Throws when the answer is none that the service gives. */
  readonly read: (body: string) => PaperRecord | null;
}

export function idsOf(id: ScholarlyId | null): PaperIds {
  return {
    doi: id?.kind === 'doi' ? id.id : null,
    arxivId: id?.kind === 'arxiv' ? id.id : null,
    pmid: id?.kind === 'pmid' ? id.id : null,
    pmcid: id?.kind === 'pmcid' ? id.id : null,
  };
}
