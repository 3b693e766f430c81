/** A paper of which only a record is to be had, as an extraction. Pure. */
import { NO_METADATA, type Block, type ContentWarning, type Extraction, type Sourced } from '../model.ts';
import type { LandingPage } from './landing-page.ts';
import { paperDetails } from './paper.ts';
import { yearOf } from './paper-enrichment.ts';
import { idOfDoi, type ScholarlyId } from './scholarly-ids.ts';

/** A record that services gave, in place of a file. */
export const PAPER_RECORD_TYPE = 'application/x-paper-record+json';

export type PartialRecord = Omit<LandingPage, 'pdfUrl'>;

const PARTIAL: ContentWarning = {
  code: 'partial_text',
  message: 'No open copy of the paper was found: only what is known about it was stored, without its text.',
};

/** `source` names where the record is from, `known` is the id by which the paper was asked for, or null. */
export function partialPaper(record: PartialRecord, source: string, known: ScholarlyId | null): Extraction {
  const { title, authors, venue, publishedAt, abstract, keywords, language } = record;
  const sourced = <T>(value: T | null): Sourced<T> | null => (value === null ? null : { value, source });
  const names = authors.map(({ name }) => name);
  return {
    blocks: [...blockOf('heading', title), ...blockOf('paragraph', abstract)],
    metadata: {
      ...NO_METADATA,
      title: sourced(title),
      authors: sourced(names.length === 0 ? null : names),
      publishedAt: sourced(publishedAt),
      description: sourced(abstract),
      language: sourced(language),
    },
    typeMetadata: {
      ...paperDetails({
        id: known ?? ownIdOf(record),
        affiliations: [...new Set(authors.flatMap(({ affiliations }) => affiliations))],
        abstract,
        venue,
        year: yearOf(publishedAt),
        authors,
        keywords,
        sections: [],
        references: [],
      }),
      hasFullText: false,
    },
    links: [],
    pageCount: null,
    warnings: [PARTIAL],
  };
}

function ownIdOf({ doi, arxivId }: PartialRecord): ScholarlyId | null {
  if (arxivId !== null) return { kind: 'arxiv', id: arxivId };
  return doi === null ? null : idOfDoi(doi);
}

function blockOf(kind: 'heading' | 'paragraph', text: string | null): readonly Block[] {
  if (text === null) return [];
  return [{ kind, text, locator: {}, ...(kind === 'heading' ? { level: 1 } : {}) }];
}
