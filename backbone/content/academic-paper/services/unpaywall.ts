/** Unpaywall: where an open copy of a paper lies. https://unpaywall.org/products/api */
import { z } from 'zod';
import { NO_RECORD, type ScholarService } from './paper-record.ts';
import { datePart, plainLine, webAddresses } from './record-text.ts';

const location = z.object({ url_for_pdf: z.string().nullish() });
const answer = z.object({
  doi: z.string(),
  title: z.string().nullish(),
  journal_name: z.string().nullish(),
  published_date: z.string().nullish(),
  year: z.number().int().nullish(),
  best_oa_location: location.nullish(),
  oa_locations: z.array(location).nullish(),
});

/** Title, journal and date are those that Crossref has; it is asked for the copies. */
export const unpaywall: ScholarService = {
  name: 'unpaywall',
  label: 'Unpaywall',
  baseUrl: 'https://api.unpaywall.org',
  delayMs: 200,
  path: ({ doi }, mailto) =>
    doi === null ? null : `v2/${encodeURIComponent(doi)}?email=${encodeURIComponent(mailto)}`,
  read: (body) => {
    const work = answer.parse(JSON.parse(body));
    const copies = [work.best_oa_location, ...(work.oa_locations ?? [])];
    return {
      ...NO_RECORD,
      doi: work.doi.toLowerCase(),
      title: plainLine(work.title),
      venue: plainLine(work.journal_name),
      publishedAt: datePart(work.published_date) ?? datePart(String(work.year ?? '')),
      pdfUrls: webAddresses(copies.map((copy) => copy?.url_for_pdf)),
    };
  },
};
