import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ingest, startBackbone, TENANT, type TestBackbone } from '../support/backbone.ts';
import { clientOf, type Client } from '../support/client.ts';
import { inside } from '../support/inside.ts';
import { startSite, type LoopbackSite } from '../support/loopback-site.ts';
import { buildPdf, columnOf } from '../support/pdf-builder.ts';
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
  backbone = await startBackbone({ types: [insider.type], env: { FETCH_DELAY_MS: '0' } });
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
