import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ingest, ingestFile, startBackbone, TENANT, type TestBackbone } from '../support/backbone.ts';
import { clientOf, type Client } from '../support/client.ts';
import { inside } from '../support/inside.ts';
import { startSite, type LoopbackSite } from '../support/loopback-site.ts';
import { buildPdf, columnOf } from '../support/pdf-builder.ts';
import { JATS_FILE } from '../support/jats-file.ts';
import { scriptedType } from '../support/scripted-type.ts';

const insider = inside(scriptedType());
const head = (text: string, y: number): ReturnType<typeof columnOf> =>
  columnOf([text], { x: 60, y, size: 14, font: 'bold' });
const PAPER = buildPdf({
  pages: [
    {
      runs: [
        ...columnOf(['How lamps were lit'], { x: 60, y: 780, size: 22, font: 'bold' }),
        ...columnOf(['Ada Keeper, Bo Wick'], { x: 60, y: 745 }),
        ...columnOf(['University of the Sea, Harbour'], { x: 60, y: 720 }),
        ...columnOf(['doi: 10.1000/lamps'], { x: 60, y: 700 }),
        ...head('Abstract', 670),
        ...columnOf(
          ['We tell how the lamps of lighthouses were lit', 'by hand before there was any current.'],
          { x: 60, y: 645 },
        ),
        ...head('1 Introduction', 600),
        ...columnOf(
          [
            'The keeper climbed the stairs at dusk and trimmed the wick',
            'so that ships could see the cape from far away at sea.',
          ],
          { x: 60, y: 575 },
        ),
        ...head('References', 530),
        ...columnOf(
          ['Wick, B. (1899). Oil and light. Journal of Lamps, 12, 3. https://doi.org/10.1000/oil'],
          { x: 60, y: 505 },
        ),
        ...columnOf(['Lens, C. (1901). Glass. arXiv:1706.03762'], { x: 60, y: 475 }),
      ],
    },
  ],
});

let site: LoopbackSite;
let backbone: TestBackbone;
let client: Client;

beforeAll(async () => {
  site = await startSite();
  site.on('/lamps.pdf', { headers: { 'content-type': 'application/pdf' }, body: Buffer.from(PAPER) });
  const services = ['crossref', 'unpaywall', 'europe-pmc'].map((name) => `${name}=${site.url}/${name}`);
  backbone = await startBackbone({
    types: [insider.type],
    env: {
      FETCH_DELAY_MS: '0',
      FETCH_ALLOWED_PORTS: `80,443,${site.port}`,
      SCHOLAR_SERVICES: services.join(','),
      SCHOLAR_MAILTO: 'papers@example.org',
    },
  });
  client = clientOf(backbone);
});

afterAll(async () => {
  await backbone.remove();
  await site.stop();
});

describe('an academic paper', () => {
  test('stands in every store with its references apart, is found, and goes without a trace', async () => {
    const { job } = await ingest(backbone.services, {
      url: `${site.url}/lamps.pdf`,
      contentType: 'academic_paper',
    });
    expect(job).toMatchObject({ status: 'completed', content_type: 'academic_paper', error_message: null });
    const path = `/content/academic_paper/${job.content_id}`;
    const { body } = await client.get(`${path}?include=text`);
    expect(body).toMatchObject({
      title: 'How lamps were lit',
      authors: ['Ada Keeper', 'Bo Wick'],
      description: expect.stringContaining('lit by hand') as unknown,
      type_metadata: {
        doi: '10.1000/lamps',
        affiliations: ['University of the Sea, Harbour'],
        references: [
          { title: 'Oil and light', year: 1899, doi: '10.1000/oil' },
          { title: 'Glass', arxivId: '1706.03762' },
        ],
      },
    });
    expect(body['text']).toContain('trimmed the wick');
    expect(body['text']).not.toContain('Journal of Lamps');
    const cited = await fetch(`${backbone.url}/api${path}/citation?format=ris`, {
      headers: { authorization: `Bearer ${backbone.key}` },
    });
    expect(cited.headers.get('content-type')).toContain('application/x-research-info-systems');
    expect(await cited.text()).toContain('AU  - Keeper, Ada\r\nAU  - Wick, Bo\r\n');
    const asJson = (await client.get(`${path}/citation?format=csl-json`)).body as unknown;
    expect(asJson).toMatchObject([{ DOI: '10.1000/lamps', title: 'How lamps were lit' }]);
    expect((await client.get(`${path}/citation?format=word`)).status).toBe(422);
    const rows = (): Promise<readonly unknown[]> =>
      insider
        .ports()
        .records.query('SELECT * FROM academic_paper_metadata WHERE user_id = $1 AND content_id = $2', [
          TENANT,
          job.content_id,
        ]);
    expect(await rows()).toMatchObject([{ doi: '10.1000/lamps', arxiv_id: null, page_count: 1 }]);
    const listed = await client.get('/content/academic_paper?author=Ada%20Keeper&min_pages=1');
    expect(listed.body).toMatchObject({ total: 1, items: [{ content_id: job.content_id }] });
    const found = await client.post('/search', {
      query: 'keeper at dusk',
      content_types: ['academic_paper'],
    });
    expect(found.body['hits']).toMatchObject([{ content_id: job.content_id }]);

    expect((await client.delete(`${path}?hard_delete=true`)).status).toBeLessThan(300);
    expect((await client.get(path)).status).toBe(404);
    expect(await rows()).toEqual([]);
  });

  test('that nobody called so is a document', async () => {
    const { job } = await ingest(backbone.services, { url: `${site.url}/lamps.pdf` });
    expect(job).toMatchObject({ status: 'completed', content_type: 'document' });
  });
});

describe('a paper that services know', () => {
  const json = (path: string, body: object): void =>
    site.on(path, { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });

  test('is read from an open copy, has what its publisher registered, and is listed by venue and year', async () => {
    json('/crossref/works/10.1000%2Fopen', {
      message: {
        DOI: '10.1000/open',
        title: ['How lamps were lit'],
        author: [{ given: 'Ada', family: 'Keeper', ORCID: 'https://orcid.org/0000-0002-1825-0097' }],
        'container-title': ['Journal of Lamps'],
        issued: { 'date-parts': [[1902, 5]] },
      },
    });
    json('/unpaywall/v2/10.1000%2Fopen', {
      doi: '10.1000/open',
      oa_locations: [{ url_for_pdf: `${site.url}/gone.pdf` }, { url_for_pdf: `${site.url}/lamps.pdf` }],
    });
    const { job } = await ingest(backbone.services, { url: 'https://doi.org/10.1000/open' });
    expect(job).toMatchObject({
      status: 'completed',
      content_type: 'academic_paper',
      content_id: '10.1000=2fopen',
    });
    const { body } = await client.get('/content/academic_paper/10.1000=2fopen?include=text');
    expect(body).toMatchObject({
      published_at: '1902-05',
      authors: ['Ada Keeper'],
      type_metadata: {
        doi: '10.1000/open',
        venue: 'Journal of Lamps',
        year: 1902,
        authors: [{ name: 'Ada Keeper', orcid: '0000-0002-1825-0097' }],
        fieldSources: { venue: 'crossref' },
      },
    });
    expect(body['text']).toContain('trimmed the wick');
    const total = async (query: string): Promise<unknown> =>
      (await client.get(`/content/academic_paper?${query}`)).body['total'];
    expect(await total('venue=journal%20of%20LAMPS&year=1902')).toBe(1);
    expect(await total('year=1903')).toBe(0);
    expect((await client.get('/content/webpage?year=1902')).status).toBe(422);
  });

  test('is read as JATS where that is open', async () => {
    json('/europe-pmc/search', {
      resultList: { result: [{ pmcid: 'PMC7', title: 'Lenses', inEPMC: 'Y', isOpenAccess: 'Y' }] },
    });
    site.on('/europe-pmc/PMC7/fullTextXML', {
      headers: { 'content-type': 'application/xml' },
      body: JATS_FILE,
    });
    const { job } = await ingest(backbone.services, { url: 'https://pmc.ncbi.nlm.nih.gov/articles/PMC7/' });
    expect(job).toMatchObject({ status: 'completed', content_type: 'academic_paper', content_id: 'PMC7' });
    const { body } = await client.get('/content/academic_paper/PMC7');
    expect(body).toMatchObject({
      title: 'How lenses were ground',
      type_metadata: { doi: '10.1000/jats', venue: 'Journal of Lamps' },
    });
    site.on('/europe-pmc/search', { status: 404 });
  });

  test('is still read when none of them answers sense', async () => {
    site.on('/crossref/works/10.1000%2Fsense', { body: 'nonsense' });
    const file = Buffer.from(JATS_FILE.replace('10.1000/JATS', '10.1000/sense'));
    const { job } = await ingestFile(backbone, file, 'sense.xml');
    expect(job).toMatchObject({ status: 'completed' });
    expect(job.warnings).toMatchObject([{ code: 'service_unavailable' }]);
  });
});

describe('the page about a paper', () => {
  const tags = (rest: string): string =>
    `<html><head><title>x</title><meta name="citation_title" content="Wicks of the world">
     <meta name="citation_author" content="Wick, Bo"><meta name="citation_journal_title" content="Wicks">
     <meta name="citation_abstract" content="We list all wicks that were ever trimmed by hand.">${rest}</head><body><p>x</p></body></html>`;
  const html = (path: string, body: string): void =>
    site.on(path, { headers: { 'content-type': 'text/html' }, body });

  test('leads to its PDF', async () => {
    html('/open', tags('<meta name="citation_pdf_url" content="/lamps.pdf">'));
    const { job } = await ingest(backbone.services, {
      url: `${site.url}/open`,
      contentType: 'academic_paper',
    });
    const { body } = await client.get(`/content/academic_paper/${job.content_id}?include=text`);
    expect(body).toMatchObject({ title: 'How lamps were lit', page_count: 1 });
  });

  test('stands for the paper when there is none to be had, with a warning', async () => {
    html('/login', '<html><body><p>Please sign in.</p></body></html>');
    html('/closed', tags('<meta name="citation_pdf_url" content="/login">'));
    const { job } = await ingest(backbone.services, {
      url: `${site.url}/closed`,
      contentType: 'academic_paper',
    });
    expect(job).toMatchObject({ status: 'completed', warnings: [{ code: 'partial_text' }] });
    const { body } = await client.get(`/content/academic_paper/${job.content_id}?include=text`);
    expect(body).toMatchObject({
      title: 'Wicks of the world',
      authors: ['Bo Wick'],
      type_metadata: { venue: 'Wicks', hasFullText: false },
    });
    expect(body['text']).toContain('We list all wicks');
  });

  test('that tells of no paper is refused', async () => {
    html('/shop', '<html><body><p>Buy lamps here.</p></body></html>');
    const { job } = await ingest(backbone.services, {
      url: `${site.url}/shop`,
      contentType: 'academic_paper',
    });
    expect(job).toMatchObject({ status: 'failed', error_code: 'type_mismatch' });
  });
});

describe('an article in JATS', () => {
  test('is a paper when it is uploaded, cited by its sections, and leaves nothing behind', async () => {
    const { job } = await ingestFile(backbone, Buffer.from(JATS_FILE), 'lenses.xml');
    expect(job).toMatchObject({ status: 'completed', content_type: 'academic_paper' });
    const path = `/content/academic_paper/${job.content_id}`;
    expect((await client.get(path)).body).toMatchObject({
      title: 'How lenses were ground',
      type_metadata: {
        references: [{ doi: '10.1000/oil' }, { title: 'Glass' }, {}, { arxivId: '1706.03762' }],
      },
    });
    const found = await client.post('/search', {
      query: 'sand was melted',
      content_types: ['academic_paper'],
    });
    expect(found.body['hits']).toContainEqual(expect.objectContaining({ title: 'How lenses were ground' }));
    const oil = Buffer.from(JATS_FILE.replace('10.1000/JATS', '10.1000/OIL').replace('ground', 'oiled'));
    const cited = (await ingestFile(backbone, oil, 'oil.xml')).job;
    const related = await client.get(`/content/academic_paper/${cited.content_id}/related`);
    expect(related.body['items']).toContainEqual(
      expect.objectContaining({
        content_id: job.content_id,
        reasons: expect.arrayContaining([{ kind: 'citation', name: 'How lenses were ground' }]) as unknown,
      }),
    );
    expect((await client.delete(`${path}?hard_delete=true`)).status).toBeLessThan(300);
    expect((await client.get(path)).status).toBe(404);
  });
});
