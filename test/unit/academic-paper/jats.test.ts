import { describe, expect, test } from '@jest/globals';
import { parse } from '../../../backbone/content/academic-paper/paper-parser.ts';
import type { Extraction } from '../../../backbone/content/model.ts';
import { JATS_TYPE } from '../../../backbone/content/parsing/media-type-hints.ts';
import { detectMediaType } from '../../../backbone/content/parsing/media-type.ts';
import { JATS_FILE } from '../../support/jats-file.ts';

const read = (xml: string, options: Extraction['typeMetadata'] = {}): Promise<Extraction> =>
  parse(
    {
      bytes: Buffer.from(xml),
      mediaType: JATS_TYPE,
      declaredCharset: null,
      baseUrl: null,
      fileName: 'lenses.xml',
      options,
    },
    { progress: () => undefined },
  );
const article = (meta: string, rest = ''): string =>
  `<article article-type="x"><front><article-meta>${meta}</article-meta></front>${rest}</article>`;
const detected = async (text: string): Promise<string> =>
  (await detectMediaType(Buffer.from(text), { declared: 'application/xml', fileName: 'a.xml' })).mediaType;

describe('an article in JATS', () => {
  test('gives title, authors with ORCID and institution, venue, date, abstract and keywords', async () => {
    const { metadata, typeMetadata } = await read(JATS_FILE);
    expect(metadata).toMatchObject({
      title: { value: 'How lenses were ground', source: 'jats' },
      authors: { value: ['Ada Keeper', 'The Lens Team'] },
      publishedAt: { value: '2021-02-03' },
      language: { value: 'en' },
      description: { value: 'We tell how lenses were ground by hand.' },
    });
    expect(typeMetadata).toMatchObject({
      doi: '10.1000/jats',
      paperUrl: 'https://doi.org/10.1000/jats',
      venue: 'Journal of Lamps',
      year: 2021,
      subjects: ['lenses', 'sand'],
      affiliations: ['Harbour Works', 'University of the Sea, Norway'],
      authors: [
        {
          name: 'Ada Keeper',
          orcid: '0000-0002-1825-0097',
          affiliations: ['University of the Sea, Norway'],
        },
        { name: 'The Lens Team', orcid: null, affiliations: ['Harbour Works'] },
      ],
      hasFullText: true,
    });
  });

  test('gives sections, lists, formulas, captions, tables, quotes, notes and code in their order', async () => {
    const { blocks, typeMetadata, links } = await read(JATS_FILE);
    expect(blocks.map(({ kind, text }) => [kind, text])).toEqual([
      ['paragraph', 'We tell how lenses were ground by hand.'],
      ['heading', '1 Introduction'],
      ['paragraph', 'Sand was [1] melted; see here.'],
      ['paragraph', '(1) $f=1$'],
      ['paragraph', 'So it was.'],
      ['heading', 'Tools'],
      ['list_item', 'A wheel'],
      ['list_item', 'of iron'],
      ['list_item', 'Sand'],
      ['caption', 'Fig 1 A wheel. It turns.'],
      ['caption', 'Table 1 Grains'],
      ['table', 'Kind\tKind\tSize\nfine\ta\t1\nfine\tb\t2'],
      ['footnote', 'In mm.'],
      ['quote', 'Grind slowly.'],
      ['code', 'turn\n turn'],
      ['paragraph', 'A box.'],
      ['paragraph', 'No name here.'],
      ['heading', 'Acknowledgements'],
      ['paragraph', 'We thank the sea.'],
      ['heading', 'Appendix A'],
      ['paragraph', 'More sand.'],
    ]);
    expect(blocks[6]).toMatchObject({
      level: 1,
      ordinal: 1,
      locator: { headingPath: ['1 Introduction', 'Tools'] },
    });
    expect(blocks[7]).toMatchObject({ level: 2 });
    expect(blocks[11]).toMatchObject({ headerRows: 1 });
    expect(typeMetadata['sections']).toMatchObject([
      { title: 'Introduction', role: 'introduction', level: 1 },
      { title: 'Tools', level: 2 },
      { role: 'acknowledgements' },
      { title: 'Appendix A', role: 'appendix' },
    ]);
    expect(links.map(({ url }) => url)).toEqual([
      'https://doi.org/10.1000/oil',
      'https://doi.org/10.1000/glass',
      'https://arxiv.org/abs/1706.03762',
      'https://lamps.example/sand',
    ]);
  });

  test('gives references by their tags, and by their text where those lack', async () => {
    const { references } = (await read(JATS_FILE)).typeMetadata as { references: object[] };
    expect(references).toMatchObject([
      {
        label: '1',
        text: 'Wick, B. 1899. Oil and light. Journal of Oil. 10.1000/OIL',
        authors: ['Wick, B.'],
        title: 'Oil and light',
        venue: 'Journal of Oil',
        year: 1899,
        doi: '10.1000/oil',
      },
      {
        label: null,
        text: 'Ed. C Lens, Team. Glass. 1901. link',
        authors: ['C Lens', 'Team'],
        title: 'Glass',
        venue: null,
        year: 1901,
        doi: '10.1000/glass',
      },
      { title: null, venue: 'J. Light', year: 1900, doi: null },
      { title: 'Attention', arxivId: '1706.03762' },
    ]);
  });

  test.each([
    ['<article-id pub-id-type="arxiv">1706.03762</article-id>', 'https://arxiv.org/abs/1706.03762'],
    ['<article-id pub-id-type="pmc">77</article-id>', 'https://pmc.ncbi.nlm.nih.gov/articles/PMC77/'],
    ['<article-id pub-id-type="pmid">77</article-id>', 'https://pubmed.ncbi.nlm.nih.gov/77/'],
    ['<article-id pub-id-type="publisher-id">77</article-id>', null],
  ])('is called by its id %s', async (id, paperUrl) => {
    expect((await read(article(id))).typeMetadata).toMatchObject({ paperUrl });
  });

  test('may have next to nothing', async () => {
    const { blocks, metadata, typeMetadata } = await read(article(''));
    expect(blocks).toEqual([]);
    expect(metadata.title).toEqual({ value: 'lenses', source: 'file-name' });
    expect(metadata.authors).toBeNull();
    expect(typeMetadata).toMatchObject({ hasFullText: false, year: null, references: [] });
  });

  test('takes the best of several forms, and bounds what spans', async () => {
    const body = `<body><p>a<break/>b <inline-formula><alternatives><textual-form>x</textual-form></alternatives></inline-formula>
      <alternatives><inline-graphic/></alternatives></p><table-wrap><table><tr><td colspan="9999999">w</td></tr></table></table-wrap>
      <table-wrap><table><tr><td/></tr></table></table-wrap></body>`;
    const { blocks } = await read(`<pmc-articleset>${article('', body)}</pmc-articleset>`);
    expect(blocks[0]?.text).toBe('a b x');
    expect(blocks[1]?.rows?.[0]).toHaveLength(200);
    expect(blocks).toHaveLength(2);
  });

  test.each([
    ['<nothing/>', 'file_damaged'],
    ['no xml', 'file_damaged'],
    [`<!DOCTYPE article [<!ENTITY a "aaaa">]><article/>`, 'file_unsafe'],
    [`<article>${'<sec>'.repeat(300)}</article>`, 'file_unsafe'],
  ])('is refused when it is %.30s', async (xml, code) => {
    await expect(read(xml)).rejects.toMatchObject({ code });
  });

  test('is refused beyond the limit of texts', async () => {
    await expect(read(JATS_FILE, { maxTextBytes: 100 })).rejects.toMatchObject({ code: 'source_too_large' });
  });

  test('is told from other XML and from HTML', async () => {
    expect(await detected(JATS_FILE)).toBe(JATS_TYPE);
    expect(await detected('<article article-type="x"><front/></article>')).toBe(JATS_TYPE);
    expect(await detected('<?xml version="1.0"?><article><front><article-meta/></front></article>')).toBe(
      JATS_TYPE,
    );
    expect(await detected('<pmc-articleset><article/></pmc-articleset>')).toBe(JATS_TYPE);
    expect(await detected('<article class="post"><h1>News</h1></article>')).toBe('text/html');
    expect(await detected('<?xml version="1.0"?><article><para/></article>')).toBe('application/xml');
  });
});
