/** Crossref: what publishers registered with a DOI. https://api.crossref.org/swagger-ui */
import { z } from 'zod';
import { NO_RECORD, type RecordAuthor, type ScholarService } from './paper-record.ts';
import {
  distinct,
  isoDate,
  MOST_AUTHORS,
  MOST_SUBJECTS,
  orcidOf,
  plainAbstract,
  plainLine,
} from './record-text.ts';

const lines = z.array(z.string()).nullish();
/** A day may lack, and so may the whole date. */
const date = z.object({ 'date-parts': z.array(z.array(z.number().nullable())) }).nullish();
const author = z.object({
  given: z.string().nullish(),
  family: z.string().nullish(),
  name: z.string().nullish(),
  ORCID: z.string().nullish(),
  affiliation: z.array(z.object({ name: z.string().nullish() })).nullish(),
});
const answer = z.object({
  message: z.object({
    DOI: z.string(),
    title: lines,
    author: z.array(author).nullish(),
    'container-title': lines,
    event: z.object({ name: z.string().nullish() }).nullish(),
    institution: z.array(z.object({ name: z.string().nullish() })).nullish(),
    issued: date,
    abstract: z.string().nullish(),
    subject: lines,
  }),
});

export const crossref: ScholarService = {
  name: 'crossref',
  label: 'Crossref',
  baseUrl: 'https://api.crossref.org',
  delayMs: 200,
  path: ({ doi }, mailto) =>
    doi === null ? null : `works/${encodeURIComponent(doi)}?mailto=${encodeURIComponent(mailto)}`,
  read: (body) => {
    const work = answer.parse(JSON.parse(body)).message;
    return {
      ...NO_RECORD,
      doi: work.DOI.toLowerCase(),
      title: plainLine(work.title?.[0]),
      authors: (work.author ?? []).slice(0, MOST_AUTHORS).flatMap(authorOf),
      venue: plainLine(work['container-title']?.[0] ?? work.event?.name ?? work.institution?.[0]?.name),
      publishedAt: isoDate(work.issued?.['date-parts'][0]),
      abstract: plainAbstract(work.abstract),
      subjects: distinct((work.subject ?? []).map(plainLine), MOST_SUBJECTS),
    };
  },
};

/** A team has a `name` alone. */
function authorOf(one: z.output<typeof author>): RecordAuthor[] {
  const name = plainLine([one.given, one.family].filter(Boolean).join(' ') || one.name);
  if (name === null) return [];
  const affiliations = distinct(
    (one.affiliation ?? []).map((place) => plainLine(place.name)),
    20,
  );
  return [{ name, orcid: orcidOf(one.ORCID), affiliations }];
}
