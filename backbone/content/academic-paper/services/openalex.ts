/** OpenAlex: abstracts, topics, authors with ORCID and open copies. https://docs.openalex.org */
import { z } from 'zod';
import { normalizeDoi } from '../doi.ts';
import { NO_RECORD, type PaperIds, type ScholarService } from './paper-record.ts';
import {
  datePart,
  distinct,
  MOST_AUTHORS,
  MOST_SUBJECTS,
  orcidOf,
  plainAbstract,
  plainLine,
  webAddresses,
} from './record-text.ts';

/** An abstract has some 300; positions beyond are no abstract's. */
const MOST_WORDS = 5000;

const named = z.object({ display_name: z.string().nullish() });
const location = z.object({ pdf_url: z.string().nullish(), source: named.nullish() }).nullish();
const authorship = z.object({
  author: named.extend({ orcid: z.string().nullish() }),
  raw_affiliation_strings: z.array(z.string()).nullish(),
});
const answer = z.object({
  doi: z.string().nullish(),
  title: z.string().nullish(),
  publication_date: z.string().nullish(),
  authorships: z.array(authorship).nullish(),
  primary_location: location,
  best_oa_location: location,
  topics: z.array(named).nullish(),
  abstract_inverted_index: z.record(z.string(), z.array(z.number())).nullish(),
});

export const openalex: ScholarService = {
  name: 'openalex',
  label: 'OpenAlex',
  baseUrl: 'https://api.openalex.org',
  delayMs: 200,
  path: (ids, mailto) => {
    const key = keyOf(ids);
    return key === null ? null : `works/${key}?mailto=${encodeURIComponent(mailto)}`;
  },
  read: (body) => {
    const work = answer.parse(JSON.parse(body));
    return {
      ...NO_RECORD,
      doi: normalizeDoi(work.doi ?? ''),
      title: plainLine(work.title),
      authors: (work.authorships ?? [])
        .slice(0, MOST_AUTHORS)
        .flatMap(({ author, raw_affiliation_strings }) => {
          const name = plainLine(author.display_name);
          const affiliations = distinct((raw_affiliation_strings ?? []).map(plainLine), 20);
          return name === null ? [] : [{ name, orcid: orcidOf(author.orcid), affiliations }];
        }),
      venue: plainLine(work.primary_location?.source?.display_name),
      publishedAt: datePart(work.publication_date),
      abstract: plainAbstract(invertedText(work.abstract_inverted_index ?? {})),
      subjects: distinct(
        (work.topics ?? []).map((topic) => plainLine(topic.display_name)),
        MOST_SUBJECTS,
      ),
      pdfUrls: webAddresses([work.best_oa_location?.pdf_url, work.primary_location?.pdf_url]),
    };
  },
};

/** Every paper of arXiv has a DOI of DataCite. */
function keyOf({ doi, arxivId, pmid, pmcid }: PaperIds): string | null {
  if (doi !== null) return `doi:${encodeURIComponent(doi)}`;
  if (arxivId !== null) return `doi:${encodeURIComponent(`10.48550/arxiv.${arxivId}`)}`;
  if (pmid !== null) return `pmid:${pmid}`;
  return pmcid === null ? null : `pmcid:${pmcid}`;
}

/** The text of an index from words to their positions. */
export function invertedText(index: Readonly<Record<string, readonly number[]>>): string {
  const words = new Map<number, string>();
  for (const [word, positions] of Object.entries(index)) {
    for (const at of positions) if (Number.isInteger(at) && at >= 0 && at < MOST_WORDS) words.set(at, word);
  }
  return [...words]
    .sort(([one], [other]) => one - other)
    .map(([, word]) => word)
    .join(' ');
}
