import { describe, expect, test } from '@jest/globals';
import { arxiv } from '../../../backbone/content/academic-paper/services/arxiv.ts';
import { crossref } from '../../../backbone/content/academic-paper/services/crossref.ts';
import { datacite } from '../../../backbone/content/academic-paper/services/datacite.ts';
import { europePmc } from '../../../backbone/content/academic-paper/services/europe-pmc.ts';
import { invertedText, openalex } from '../../../backbone/content/academic-paper/services/openalex.ts';
import { idsOf, NO_RECORD } from '../../../backbone/content/academic-paper/services/paper-record.ts';
import {
  datePart,
  isoDate,
  orcidOf,
  plainAbstract,
  plainLine,
  webAddresses,
} from '../../../backbone/content/academic-paper/services/record-text.ts';
import { unpaywall } from '../../../backbone/content/academic-paper/services/unpaywall.ts';

const DOI = idsOf({ kind: 'doi', id: '10.1000/a/b' });
const ARXIV = idsOf({ kind: 'arxiv', id: 'hep-th/9901001' });
const PMID = idsOf({ kind: 'pmid', id: '7' });
const PMCID = idsOf({ kind: 'pmcid', id: 'PMC7' });
const NONE = idsOf({ kind: 'openreview', id: 'abcd' });
const mail = 'a@b.example';

describe('a service', () => {
  test('is asked by the ids that it knows', () => {
    expect(crossref.path(DOI, mail)).toBe('works/10.1000%2Fa%2Fb?mailto=a%40b.example');
    expect(unpaywall.path(DOI, mail)).toBe('v2/10.1000%2Fa%2Fb?email=a%40b.example');
    expect(datacite.path(DOI, mail)).toBe('dois/10.1000%2Fa%2Fb');
    expect(arxiv.path(ARXIV, mail)).toBe('api/query?id_list=hep-th%2F9901001&max_results=1');
    expect([DOI, ARXIV, PMID, PMCID, NONE].map((ids) => openalex.path(ids, mail))).toEqual([
      'works/doi:10.1000%2Fa%2Fb?mailto=a%40b.example',
      'works/doi:10.48550%2Farxiv.hep-th%2F9901001?mailto=a%40b.example',
      'works/pmid:7?mailto=a%40b.example',
      'works/pmcid:PMC7?mailto=a%40b.example',
      null,
    ]);
    const query = (path: string | null): string | null =>
      new URLSearchParams(path?.split('?')[1]).get('query');
    expect([DOI, PMID, PMCID].map((ids) => query(europePmc.path(ids, mail)))).toEqual([
      'DOI:"10.1000/a/b"',
      'EXT_ID:7 AND SRC:MED',
      'PMCID:PMC7',
    ]);
    for (const { path } of [crossref, unpaywall, datacite, arxiv, europePmc])
      expect(path(NONE, mail)).toBeNull();
  });

  test('of publishers tells title, authors, venue, date and abstract', () => {
    const message = {
      DOI: '10.1000/A',
      title: ['Lamps &amp; <i>light</i>'],
      author: [
        {
          given: 'Ada',
          family: 'Keeper',
          ORCID: 'http://orcid.org/0000-0002-1825-009x',
          affiliation: [{ name: 'Sea' }],
        },
        { name: 'The Team' },
        {},
      ],
      'container-title': ['Journal of Lamps'],
      issued: { 'date-parts': [[2012, 3]] },
      abstract: '<jats:title>Abstract</jats:title><jats:p>We tell.</jats:p><jats:p>More.</jats:p>',
      subject: ['Light', 'Light'],
    };
    expect(crossref.read(JSON.stringify({ message }))).toEqual({
      ...NO_RECORD,
      doi: '10.1000/a',
      title: 'Lamps & light',
      authors: [
        { name: 'Ada Keeper', orcid: '0000-0002-1825-009X', affiliations: ['Sea'] },
        { name: 'The Team', orcid: null, affiliations: [] },
      ],
      venue: 'Journal of Lamps',
      publishedAt: '2012-03',
      abstract: 'We tell. More.',
      subjects: ['Light'],
    });
    const bare = { DOI: '10.1/a', issued: { 'date-parts': [[null]] }, institution: [{ name: 'bioRxiv' }] };
    expect(crossref.read(JSON.stringify({ message: bare }))).toEqual({
      ...NO_RECORD,
      doi: '10.1/a',
      venue: 'bioRxiv',
    });
    const talk = { DOI: '10.1/a', event: { name: 'Meeting' } };
    expect(crossref.read(JSON.stringify({ message: talk }))?.venue).toBe('Meeting');
  });

  test('of data sets tells the same', () => {
    const attributes = {
      doi: '10.5281/Z',
      creators: [
        {
          name: 'Keeper, Ada',
          givenName: 'Ada',
          familyName: 'Keeper',
          affiliation: ['Sea', { name: 'Harbour' }],
          nameIdentifiers: [
            { nameIdentifier: 'isni' },
            { nameIdentifier: 'https://orcid.org/0000-0002-1825-0097' },
          ],
        },
        { name: 'Team' },
        { name: '' },
      ],
      titles: [{ title: 'Lamps' }],
      publisher: { name: 'Zenodo' },
      publicationYear: 2020,
      dates: [{ date: '2020-01-02', dateType: 'Issued' }],
      subjects: [{ subject: 'light' }],
      descriptions: [
        { description: 'Notes', descriptionType: 'Other' },
        { description: 'All lamps.', descriptionType: 'Abstract' },
      ],
    };
    expect(datacite.read(JSON.stringify({ data: { attributes } }))).toEqual({
      ...NO_RECORD,
      doi: '10.5281/z',
      title: 'Lamps',
      authors: [
        { name: 'Ada Keeper', orcid: '0000-0002-1825-0097', affiliations: ['Sea', 'Harbour'] },
        { name: 'Team', orcid: null, affiliations: [] },
      ],
      venue: 'Zenodo',
      publishedAt: '2020-01-02',
      abstract: 'All lamps.',
      subjects: ['light'],
    });
    const old = { doi: '10.1/a', publisher: 'Arc', publicationYear: 2001 };
    expect(datacite.read(JSON.stringify({ data: { attributes: old } }))).toMatchObject({
      venue: 'Arc',
      publishedAt: '2001',
    });
    expect(
      datacite.read(JSON.stringify({ data: { attributes: { doi: '10.1/a' } } }))?.publishedAt,
    ).toBeNull();
  });

  test('of all works tells abstract, topics and open copies', () => {
    const work = {
      doi: 'https://doi.org/10.1000/A',
      title: 'Lamps',
      publication_date: '2018-02-13',
      authorships: [
        {
          author: { display_name: 'Ada Keeper', orcid: 'https://orcid.org/0000-0002-1825-0097' },
          raw_affiliation_strings: ['Sea'],
        },
        { author: {} },
      ],
      primary_location: { pdf_url: 'https://a.example/1.pdf', source: { display_name: 'Journal of Lamps' } },
      best_oa_location: { pdf_url: 'ftp://a.example/2.pdf' },
      topics: [{ display_name: 'Light' }],
      abstract_inverted_index: { by: [2], lit: [1], Lamps: [0], hand: [3] },
    };
    expect(openalex.read(JSON.stringify(work))).toMatchObject({
      doi: '10.1000/a',
      authors: [{ name: 'Ada Keeper', orcid: '0000-0002-1825-0097', affiliations: ['Sea'] }],
      venue: 'Journal of Lamps',
      publishedAt: '2018-02-13',
      abstract: 'Lamps lit by hand',
      subjects: ['Light'],
      pdfUrls: ['https://a.example/1.pdf'],
    });
    expect(openalex.read('{}')).toEqual(NO_RECORD);
    expect(invertedText({ a: [0, 1e9, -1, 0.5], b: [3] })).toBe('a b');
  });

  test('of open copies tells where they lie, the best one first', () => {
    const answer = {
      doi: '10.1000/A',
      journal_name: 'Journal of Lamps',
      year: 2015,
      best_oa_location: { url_for_pdf: 'https://a.example/1.pdf' },
      oa_locations: [
        { url_for_pdf: 'https://a.example/1.pdf' },
        { url_for_pdf: null },
        { url_for_pdf: 'https://b.example/' },
      ],
    };
    expect(unpaywall.read(JSON.stringify(answer))).toMatchObject({
      doi: '10.1000/a',
      publishedAt: '2015',
      pdfUrls: ['https://a.example/1.pdf', 'https://b.example/'],
    });
    expect(unpaywall.read('{"doi": "10.1/a"}')).toMatchObject({ pdfUrls: [], publishedAt: null });
  });

  test('of the life sciences tells where full texts are', () => {
    const article = {
      pmid: '7',
      pmcid: 'PMC7',
      doi: '10.1000/A',
      title: 'Lamps.',
      authorList: {
        author: [
          { firstName: 'Ada', lastName: 'Keeper', authorId: { type: 'ORCID', value: '0000-0002-1825-0097' } },
          { fullName: 'Wick B' },
          { collectiveName: 'Team', authorId: { type: 'ISNI', value: '1' } },
          {},
        ],
      },
      journalInfo: { journal: { title: 'Journal of Lamps' } },
      firstPublicationDate: '2020-06-01',
      abstractText: '<h4>Aim</h4>To tell.',
      keywordList: { keyword: ['light'] },
      inEPMC: 'Y',
      isOpenAccess: 'Y',
    };
    const answer = (one: object): string => JSON.stringify({ resultList: { result: [one] } });
    expect(europePmc.read(answer(article))).toMatchObject({
      doi: '10.1000/a',
      pmid: '7',
      pmcid: 'PMC7',
      title: 'Lamps',
      authors: [
        { name: 'Ada Keeper', orcid: '0000-0002-1825-0097' },
        { name: 'Wick B' },
        { name: 'Team', orcid: null },
      ],
      venue: 'Journal of Lamps',
      subjects: ['light'],
      hasFullText: true,
    });
    expect(europePmc.read(answer({ ...article, pmcid: '../x' }))?.hasFullText).toBe(false);
    expect(europePmc.read(answer({}))).toEqual(NO_RECORD);
    expect(europePmc.read('{"resultList": {"result": []}}')).toBeNull();
  });

  test('of preprints tells what the authors wrote', () => {
    const feed = (entry: string): string =>
      `<feed xmlns="http://www.w3.org/2005/Atom" xmlns:arxiv="http://arxiv.org/schemas/atom">${entry}</feed>`;
    const entry = `<entry><id>http://arxiv.org/abs/1706.03762v5</id><title>Attention
      is all</title><published>2017-06-12T17:57:34Z</published><summary>For a &lt; b &amp; c we tell.</summary>
      <category term="cs.CL"/><author><name>Ada Keeper</name><arxiv:affiliation>Sea</arxiv:affiliation></author><author/>
      <arxiv:doi>10.1000/A</arxiv:doi></entry>`;
    expect(arxiv.read(feed(entry))).toMatchObject({
      arxivId: '1706.03762',
      doi: '10.1000/a',
      title: 'Attention is all',
      authors: [{ name: 'Ada Keeper', affiliations: ['Sea'] }],
      publishedAt: '2017-06-12',
      abstract: 'For a < b & c we tell.',
      subjects: ['cs.CL'],
    });
    expect(arxiv.read(feed('<entry><id>http://arxiv.org/api/errors#x</id></entry>'))).toBeNull();
    expect(arxiv.read(feed(''))).toBeNull();
    expect(() => arxiv.read('<html/>')).toThrow('no feed');
  });
});

describe('texts of records', () => {
  test('are plain and bounded', () => {
    expect(plainLine(null)).toBeNull();
    expect(plainLine(' <b> </b>')).toBeNull();
    expect(plainLine('x'.repeat(9999))).toHaveLength(2000);
    expect(plainAbstract('Abstract: We tell')).toBe('We tell');
    expect(plainAbstract('')).toBeNull();
    expect(orcidOf('1-2')).toBeNull();
    expect(orcidOf(undefined)).toBeNull();
    expect(webAddresses(['javascript:1', 'x', null, 'http://a.example'])).toEqual(['http://a.example/']);
  });

  test('have dates as far as they are given', () => {
    expect(isoDate([2012, 3, 21])).toBe('2012-03-21');
    expect(isoDate([2012, 13, 1])).toBe('2012');
    expect(isoDate(undefined)).toBeNull();
    expect(datePart('2012-03-21T00:00:00Z')).toBe('2012-03-21');
    expect(datePart('March 2012')).toBeNull();
  });
});
