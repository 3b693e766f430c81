/** DataCite: data sets, software, theses, and the DOIs of arXiv. https://support.datacite.org/docs/api */
import { z } from 'zod';
import { NO_RECORD, type RecordAuthor, type ScholarService } from './paper-record.ts';
import {
  datePart,
  distinct,
  MOST_AUTHORS,
  MOST_SUBJECTS,
  orcidOf,
  plainAbstract,
  plainLine,
} from './record-text.ts';

const creator = z.object({
  name: z.string().nullish(),
  givenName: z.string().nullish(),
  familyName: z.string().nullish(),
  /** Names, or objects where they were asked for. */
  affiliation: z.array(z.union([z.string(), z.object({ name: z.string().nullish() })])).nullish(),
  nameIdentifiers: z.array(z.object({ nameIdentifier: z.string().nullish() })).nullish(),
});
const answer = z.object({
  data: z.object({
    attributes: z.object({
      doi: z.string(),
      creators: z.array(creator).nullish(),
      titles: z.array(z.object({ title: z.string().nullish() })).nullish(),
      /** A name until version 4.5 of the schema, an object since. */
      publisher: z.union([z.string(), z.object({ name: z.string().nullish() })]).nullish(),
      container: z.object({ title: z.string().nullish() }).nullish(),
      publicationYear: z.number().int().nullish(),
      dates: z.array(z.object({ date: z.string().nullish(), dateType: z.string().nullish() })).nullish(),
      subjects: z.array(z.object({ subject: z.string().nullish() })).nullish(),
      descriptions: z
        .array(z.object({ description: z.string().nullish(), descriptionType: z.string().nullish() }))
        .nullish(),
    }),
  }),
});

export const datacite: ScholarService = {
  name: 'datacite',
  label: 'DataCite',
  baseUrl: 'https://api.datacite.org',
  delayMs: 200,
  path: ({ doi }) => (doi === null ? null : `dois/${encodeURIComponent(doi)}`),
  read: (body) => {
    const { attributes: work } = answer.parse(JSON.parse(body)).data;
    const issued = work.dates?.find(({ dateType }) => dateType === 'Issued')?.date;
    const publisher = typeof work.publisher === 'string' ? work.publisher : work.publisher?.name;
    const abstract = work.descriptions?.find(({ descriptionType }) => descriptionType === 'Abstract');
    return {
      ...NO_RECORD,
      doi: work.doi.toLowerCase(),
      title: plainLine(work.titles?.[0]?.title),
      authors: (work.creators ?? []).slice(0, MOST_AUTHORS).flatMap(authorOf),
      venue: plainLine(work.container?.title ?? publisher),
      publishedAt: datePart(issued) ?? datePart(String(work.publicationYear ?? '')),
      abstract: plainAbstract(abstract?.description),
      subjects: distinct(
        (work.subjects ?? []).map(({ subject }) => plainLine(subject)),
        MOST_SUBJECTS,
      ),
    };
  },
};

function authorOf(one: z.output<typeof creator>): RecordAuthor[] {
  const name = plainLine([one.givenName, one.familyName].filter(Boolean).join(' ') || one.name);
  if (name === null) return [];
  const places = (one.affiliation ?? []).map((place) => (typeof place === 'string' ? place : place.name));
  const orcids = (one.nameIdentifiers ?? []).map(({ nameIdentifier }) => orcidOf(nameIdentifier));
  return [
    {
      name,
      orcid: orcids.find((orcid) => orcid !== null) ?? null,
      affiliations: distinct(places.map(plainLine), 20),
    },
  ];
}
