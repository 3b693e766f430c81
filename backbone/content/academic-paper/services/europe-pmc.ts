/** Europe PMC: abstracts of PubMed, and open full texts as JATS. https://europepmc.org/RestfulWebService */
import { z } from 'zod';
import { NO_RECORD, type PaperIds, type ScholarService } from './paper-record.ts';
import {
  datePart,
  distinct,
  MOST_AUTHORS,
  MOST_SUBJECTS,
  orcidOf,
  plainAbstract,
  plainLine,
} from './record-text.ts';

const author = z.object({
  fullName: z.string().nullish(),
  firstName: z.string().nullish(),
  lastName: z.string().nullish(),
  collectiveName: z.string().nullish(),
  authorId: z.object({ type: z.string().nullish(), value: z.string().nullish() }).nullish(),
});
const article = z.object({
  pmid: z.string().nullish(),
  pmcid: z.string().nullish(),
  doi: z.string().nullish(),
  title: z.string().nullish(),
  authorList: z.object({ author: z.array(author) }).nullish(),
  journalInfo: z.object({ journal: z.object({ title: z.string().nullish() }).nullish() }).nullish(),
  firstPublicationDate: z.string().nullish(),
  abstractText: z.string().nullish(),
  keywordList: z.object({ keyword: z.array(z.string()) }).nullish(),
  inEPMC: z.string().nullish(),
  isOpenAccess: z.string().nullish(),
});
const answer = z.object({ resultList: z.object({ result: z.array(article) }) });

export const europePmc: ScholarService = {
  name: 'europe-pmc',
  label: 'Europe PMC',
  baseUrl: 'https://www.ebi.ac.uk/europepmc/webservices/rest',
  delayMs: 200,
  path: (ids, mailto) => {
    const query = queryOf(ids);
    if (query === null) return null;
    const fields = { query, format: 'json', resultType: 'core', pageSize: '1', email: mailto };
    return `search?${new URLSearchParams(fields).toString()}`;
  },
  read: (body) => {
    const [work] = answer.parse(JSON.parse(body)).resultList.result;
    if (work === undefined) return null;
    return {
      ...NO_RECORD,
      doi: work.doi?.toLowerCase() ?? null,
      pmid: work.pmid ?? null,
      pmcid: work.pmcid ?? null,
      title: plainLine(work.title)?.replace(/\.$/, '') ?? null,
      authors: (work.authorList?.author ?? []).slice(0, MOST_AUTHORS).flatMap((one) => {
        const whole = [one.firstName, one.lastName].filter(Boolean).join(' ');
        const name = plainLine(whole || one.fullName || one.collectiveName);
        const orcid = one.authorId?.type === 'ORCID' ? orcidOf(one.authorId.value) : null;
        return name === null ? [] : [{ name, orcid, affiliations: [] }];
      }),
      venue: plainLine(work.journalInfo?.journal?.title),
      publishedAt: datePart(work.firstPublicationDate),
      abstract: plainAbstract(work.abstractText),
      subjects: distinct((work.keywordList?.keyword ?? []).map(plainLine), MOST_SUBJECTS),
      hasFullText: work.inEPMC === 'Y' && work.isOpenAccess === 'Y' && /^PMC\d{1,9}$/.test(work.pmcid ?? ''),
    };
  },
};

/** Behind the base address. */
export function fullTextPath(pmcid: string): string {
  return `${pmcid}/fullTextXML`;
}

function queryOf({ doi, pmid, pmcid }: PaperIds): string | null {
  if (pmcid !== null) return `PMCID:${pmcid}`;
  if (pmid !== null) return `EXT_ID:${pmid} AND SRC:MED`;
  return doi === null ? null : `DOI:"${doi.replaceAll('"', '')}"`;
}
