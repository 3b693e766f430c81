import { describe, expect, test } from '@jest/globals';
import { readLandingPage, type LandingPage } from '../../../backbone/content/academic-paper/landing-page.ts';
import { parse } from '../../../backbone/content/academic-paper/paper-parser.ts';
import { PAPER_RECORD_TYPE } from '../../../backbone/content/academic-paper/partial-paper.ts';
import { storedRecord } from '../../../backbone/content/academic-paper/stored-record.ts';
import { NO_RECORD } from '../../../backbone/content/academic-paper/services/paper-record.ts';
import type { Extraction } from '../../../backbone/content/model.ts';

const page = (tags: Readonly<Record<string, string>> | readonly (readonly [string, string])[]): string =>
  `<html><head>${(Array.isArray(tags) ? (tags as [string, string][]) : Object.entries(tags))
    .map(([name, content]) => `<meta name="${name}" content="${content}">`)
    .join('')}</head><body>x</body></html>`;
const read = (html: string, baseUrl: string | null = 'https://j.example/a/'): LandingPage | null =>
  readLandingPage({ bytes: Buffer.from(html), declaredCharset: null, baseUrl });
const parsed = (bytes: string, mediaType: string): Promise<Extraction> =>
  parse(
    {
      bytes: Buffer.from(bytes),
      mediaType,
      declaredCharset: null,
      baseUrl: null,
      fileName: null,
      options: {},
    },
    { progress: () => undefined },
  );

const FULL = page([
  ['citation_title', 'Lamps &amp; light'],
  ['citation_author', 'Keeper, Ada'],
  ['citation_author_institution', 'Sea'],
  ['citation_author_orcid', 'https://orcid.org/0000-0002-1825-0097'],
  ['citation_author', 'Bo Wick; Célia Lens'],
  ['citation_journal_title', 'Journal of Lamps'],
  ['citation_publication_date', '2017/6/3'],
  ['citation_doi', 'doi:10.1000/ABC'],
  ['citation_pdf_url', '/a.pdf'],
  ['citation_keywords', 'oil; light, oil'],
  ['citation_language', 'en'],
  ['DC.Description', 'We tell.'],
]);

describe('the page about a paper', () => {
  test('tells of it in its tags', () => {
    expect(read(FULL)).toEqual({
      title: 'Lamps & light',
      authors: [
        { name: 'Ada Keeper', orcid: '0000-0002-1825-0097', affiliations: ['Sea'] },
        { name: 'Bo Wick', orcid: null, affiliations: [] },
        { name: 'Célia Lens', orcid: null, affiliations: [] },
      ],
      venue: 'Journal of Lamps',
      publishedAt: '2017-06-03',
      abstract: 'We tell.',
      doi: '10.1000/abc',
      arxivId: null,
      language: 'en',
      keywords: ['oil', 'light'],
      pdfUrl: 'https://j.example/a.pdf',
    });
  });

  test('is none without a title, and may lack all else', () => {
    expect(read(page({ citation_author: 'Ada' }))).toBeNull();
    expect(
      read(
        page({ citation_title: 'x', citation_pdf_url: 'javascript:1', citation_arxiv_id: '1706.03762' }),
        null,
      ),
    ).toMatchObject({
      authors: [],
      publishedAt: null,
      arxivId: '1706.03762',
      pdfUrl: null,
    });
  });

  test.each([
    ['2017', '2017'],
    ['2017-06', '2017-06'],
    ['June 2017', '2017'],
    ['soon', null],
  ])('with the date %j is of %j', (date, expected) => {
    expect(read(page({ citation_title: 'x', citation_date: date }))?.publishedAt).toBe(expected);
  });

  test('takes names of institutions only behind an author', () => {
    expect(
      read(
        page([
          ['citation_author_institution', 'Sea'],
          ['citation_author_orcid', 'x'],
          ['citation_title', 'x'],
        ]),
      )?.authors,
    ).toEqual([]);
  });

  test('is read as a paper without its text, which is told', async () => {
    const { blocks, warnings, typeMetadata, metadata } = await parsed(FULL, 'text/html');
    expect(blocks.map(({ text }) => text)).toEqual(['Lamps & light', 'We tell.']);
    expect(warnings).toMatchObject([{ code: 'partial_text' }]);
    expect(metadata.authors).toEqual({
      value: ['Ada Keeper', 'Bo Wick', 'Célia Lens'],
      source: 'citation-meta',
    });
    expect(typeMetadata).toMatchObject({
      doi: '10.1000/abc',
      year: 2017,
      venue: 'Journal of Lamps',
      hasFullText: false,
    });
    const bare = await parsed(page({ citation_title: 'x', citation_arxiv_id: '1706.03762' }), 'text/html');
    expect(bare).toMatchObject({
      blocks: [{ text: 'x' }],
      metadata: { authors: null },
      typeMetadata: { arxivId: '1706.03762' },
    });
    expect((await parsed(page({ citation_title: 'x' }), 'text/html')).typeMetadata['paperUrl']).toBeNull();
    await expect(parsed('<p>x</p>', 'text/html')).rejects.toMatchObject({ code: 'no_text' });
  });
});

describe('what services know of a paper', () => {
  test('is read as one', async () => {
    const record = { ...NO_RECORD, title: 'Lamps', publishedAt: '2012-03', venue: 'V' };
    const stored = storedRecord([{ service: 'crossref', record }], { kind: 'pmid', id: '7' });
    const { metadata, typeMetadata } = await parsed(JSON.stringify(stored), PAPER_RECORD_TYPE);
    expect(metadata.title).toEqual({ value: 'Lamps', source: 'crossref' });
    expect(typeMetadata).toMatchObject({
      venue: 'V',
      year: 2012,
      paperUrl: 'https://pubmed.ncbi.nlm.nih.gov/7/',
    });
    expect(storedRecord([{ service: 'openalex', record: NO_RECORD }], null)).toBeNull();
    expect(storedRecord([], null)).toBeNull();
  });
});
