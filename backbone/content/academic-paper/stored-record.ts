/** What services know of a paper, as the file that takes the place of one that nobody gives away. */
import { z } from 'zod';
import type { Known } from './services/scholar-services.ts';
import { mergeRecords } from './services/merged-record.ts';
import type { ScholarlyId } from './scholarly-ids.ts';

const text = z.string().nullable();
const author = z.object({ name: z.string(), orcid: text, affiliations: z.array(z.string()) });

export const storedRecordSchema = z.object({
  id: z.object({ kind: z.enum(['arxiv', 'doi', 'pmid', 'pmcid', 'openreview']), id: z.string() }).nullable(),
  source: z.string(),
  record: z.object({
    title: text,
    authors: z.array(author),
    venue: text,
    publishedAt: text,
    abstract: text,
    doi: text,
    arxivId: text,
    language: text,
    keywords: z.array(z.string()),
  }),
});
export type StoredRecord = z.output<typeof storedRecordSchema>;

/** Null when the services do not even know a title. */
export function storedRecord(known: readonly Known[], id: ScholarlyId | null): StoredRecord | null {
  const merged = mergeRecords(known);
  if (merged?.title === undefined || merged.title === null) return null;
  const { title, authors, venue, publishedAt, abstract, doi, arxivId, subjects, sources } = merged;
  return {
    id,
    source: sources.title ?? 'services',
    record: {
      title,
      authors: [...authors],
      venue,
      publishedAt,
      abstract,
      doi,
      arxivId,
      language: null,
      keywords: [...subjects],
    },
  };
}
