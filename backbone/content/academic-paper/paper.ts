/** What is known of a paper beyond its text, in the shape in which it is stored. Pure. */
import type { ContentLink, JsonObject } from '../model.ts';
import type { PaperSection } from './paper-structure.ts';
import type { ReferenceFields } from './references/reference-fields.ts';
import type { ReferenceIds } from './references/reference-ids.ts';
import type { RecordAuthor } from './services/paper-record.ts';
import { landingUrl, type ScholarlyId } from './scholarly-ids.ts';

export interface Reference extends ReferenceFields, ReferenceIds {
  readonly label: string | null;
  /** As printed, without its label. */
  readonly text: string;
}

export interface PaperFacts {
  /** Null: the file names none. */
  readonly id: ScholarlyId | null;
  readonly affiliations: readonly string[];
  readonly abstract: string | null;
  readonly venue: string | null;
  readonly year: number | null;
  /** With what the source says of each; empty when it gives names alone. */
  readonly authors: readonly RecordAuthor[];
  readonly keywords: readonly string[];
  readonly sections: readonly PaperSection[];
  readonly references: readonly Reference[];
}

const MOST_SECTIONS = 500;

/** Names as the API shows them under `metadata`. */
export function paperDetails(facts: PaperFacts): JsonObject {
  const { id, affiliations, abstract, venue, keywords, sections, references } = facts;
  return {
    doi: id?.kind === 'doi' ? id.id : null,
    arxivId: id?.kind === 'arxiv' ? id.id : null,
    paperUrl: id === null ? null : landingUrl(id),
    venue,
    year: facts.year,
    abstract,
    authors: facts.authors.map(({ name, orcid, affiliations: places }) => ({
      name,
      orcid,
      affiliations: [...places],
    })),
    affiliations,
    subjects: keywords,
    sections: sections
      .slice(0, MOST_SECTIONS)
      .map(({ title, role, level, page }) => ({ title, role, level, page })),
    references: references.map(({ label, text, authors, title, venue: source, year, doi, arxivId }) => ({
      label,
      text,
      authors,
      title,
      venue: source,
      year,
      doi,
      arxivId,
    })),
  };
}

/** Addresses of the papers that are cited by a certain id: contents that are known under one get an edge. */
export function citedLinks(references: readonly Reference[]): readonly ContentLink[] {
  return references.flatMap(({ doi, arxivId, title, text }) => {
    const name = title ?? text.slice(0, 200).toWellFormed();
    return [
      ...(doi === null ? [] : [{ url: landingUrl({ kind: 'doi', id: doi }), text: name }]),
      ...(arxivId === null ? [] : [{ url: landingUrl({ kind: 'arxiv', id: arxivId }), text: name }]),
    ];
  });
}
