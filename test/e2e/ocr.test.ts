import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ingest, ingestFile, startBackbone, type TestBackbone } from '../support/backbone.ts';
import { clientOf, type Client } from '../support/client.ts';
import { startSite, type LoopbackSite } from '../support/loopback-site.ts';
import { buildPdf } from '../support/pdf-builder.ts';
import { drawnText, pictureFile } from '../support/pictures.ts';

const SCANNED = [
  'The harbour master keeps a log of every',
  'vessel that passes the breakwater, and he',
  'notes the hour, the wind and the tide.',
];
const PHOTOGRAPHED = [
  'Beekeepers move their hives at night,',
  'when all foragers have come home and',
  'the colony rests quietly in the dark.',
];

const scan = buildPdf({
  pages: [{}, { picture: true }],
  jpeg: pictureFile(drawnText(SCANNED, { width: 1000, height: 1400 }), 'jpeg'),
});
const photograph = pictureFile(drawnText(PHOTOGRAPHED, { width: 900 }), 'png').bytes;

let backbone: TestBackbone;
let client: Client;
let site: LoopbackSite;
beforeAll(async () => {
  backbone = await startBackbone();
  client = clientOf(backbone);
  site = await startSite();
});
afterAll(async () => {
  await backbone.remove();
  await site.stop();
});

async function bestHit(query: string, contentId: string): Promise<Readonly<Record<string, unknown>>> {
  const found = await client.post('/search', { query, content_ids: [contentId] });
  const [best = {}] = found.body['hits'] as readonly Readonly<Record<string, unknown>>[];
  return best;
}

describe('text in pictures', () => {
  test('of a PDF is found and cited by its page, with how sure it is', async () => {
    const { job } = await ingestFile(backbone, scan, 'log.pdf');
    expect(job).toMatchObject({ status: 'completed', content_type: 'document', warnings: [] });
    const best = await bestHit('vessel breakwater tide', job.content_id);
    expect(best).toMatchObject({ content_id: job.content_id, locator: { page: 2 } });
    expect(best['text']).toContain('log of every vessel that passes the breakwater');
    const content = await client.get(`/content/document/${job.content_id}`);
    expect(content.body['type_metadata']).toMatchObject({ ocr: { pages: [2] } });
  });

  test('of a photograph at an address is found, and the file gives the title', async () => {
    site.on('/hives.png', { headers: { 'content-type': 'image/png' }, body: Buffer.from(photograph) });
    const { job } = await ingest(backbone.services, { url: `${site.url}/hives.png` });
    expect(job).toMatchObject({ status: 'completed', content_type: 'document' });
    expect(await bestHit('move hives at night', job.content_id)).toMatchObject({
      title: 'hives',
      locator: { page: 1 },
    });
  });

  test('is left alone when the job says so', async () => {
    site.on('/left.png', { headers: { 'content-type': 'image/png' }, body: Buffer.from(photograph) });
    const { job } = await ingest(backbone.services, {
      url: `${site.url}/left.png`,
      options: { ocr: 'never' },
    });
    expect(job).toMatchObject({ status: 'failed', error_code: 'no_text_layer', retry_count: 0 });
  });

  test('that is not there is said to be missing', async () => {
    const { job } = await ingestFile(backbone, pictureFile(drawnText(['']), 'png').bytes, 'blank.png');
    expect(job).toMatchObject({ status: 'failed', error_code: 'no_words_recognised', retry_count: 0 });
  });
});
