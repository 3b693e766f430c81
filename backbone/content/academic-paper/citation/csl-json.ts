/** Writes CSL-JSON, the input of citation processors (schema of citation-style-language 1.0.2). Pure. */
import { citationKey } from './bibtex.ts';
import type { CitationRecord } from './citation-record.ts';

/** An array of one item. */
export function cslJson(record: CitationRecord): string {
  const { arxivId, doi, venue, date, authors } = record;
  const isPreprint = arxivId !== null && doi === null && venue === null;
  const item = {
    id: citationKey(record),
    type: isPreprint ? 'article' : 'article-journal',
    title: record.title,
    ...(authors.length === 0 ? {} : { author: authors }),
    ...(date.length === 0 ? {} : { issued: { 'date-parts': [date] } }),
    ...present('container-title', venue),
    ...present('DOI', doi),
    ...(arxivId === null ? {} : { number: `arXiv:${arxivId}` }),
    ...present('URL', record.url),
    ...present('language', record.language),
    ...present('abstract', record.abstract),
  };
  return `${JSON.stringify([item], null, 2)}\n`;
}

function present(name: string, value: string | null): Readonly<Record<string, string>> {
  return value === null ? {} : { [name]: value };
}
