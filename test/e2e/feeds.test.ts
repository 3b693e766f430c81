import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { BEES, GLACIER, LIGHTHOUSE } from '../support/articles.ts';
import { ingest, ingestFile, startBackbone, type TestBackbone } from '../support/backbone.ts';
import { clientOf, type Client } from '../support/client.ts';
import { startSite, type LoopbackSite } from '../support/loopback-site.ts';

let site: LoopbackSite;
let backbone: TestBackbone;
let client: Client;

beforeAll(async () => {
  site = await startSite();
  backbone = await startBackbone({ env: { FETCH_DELAY_MS: '0' } });
  client = clientOf(backbone);
});

afterAll(async () => {
  await backbone.remove();
  await site.stop();
});

test('a feed becomes a web page with a section for each entry, by address and as a file', async () => {
  const items = [LIGHTHOUSE, BEES, GLACIER].map(
    (text, at) =>
      `<item><title>Story ${at + 1} & more</title><link>/${at + 1}</link><description>${text}</description></item>`,
  );
  const feed = `<rss version="2.0"><channel><title>Coast&nbsp;news</title>${items.join('')}</channel></rss>`;
  site.on('/feed', { headers: { 'content-type': 'text/xml' }, body: feed });
  const { job } = await ingest(backbone.services, { url: `${site.url}/feed` });
  expect(job).toMatchObject({ status: 'completed', content_type: 'webpage' });
  const { body } = await client.get(`/content/webpage/${job.content_id}?include=text,markdown,chunks`);
  expect(body).toMatchObject({
    title: 'Coast news',
    markdown: expect.stringContaining('## Story 2 & more') as unknown,
    text: expect.stringContaining('Honey bees tell each other where the flowers are') as unknown,
    chunks: expect.arrayContaining([
      expect.objectContaining({ locator: expect.objectContaining({ href: `${site.url}/2` }) as unknown }),
    ]) as unknown,
  });

  const { job: ofFile } = await ingestFile(backbone, Buffer.from(feed), 'coast.rss');
  expect(ofFile).toMatchObject({ status: 'completed', content_type: 'webpage' });
});
