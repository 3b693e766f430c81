import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { articlePage, BEES, LIGHTHOUSE } from '../support/articles.ts';
import { ended, startBackbone, type TestBackbone } from '../support/backbone.ts';
import { clientOf, itemsOf } from '../support/client.ts';
import { startSite, type LoopbackSite } from '../support/loopback-site.ts';
import { fuzzApi } from '../support/openapi-requests.ts';

const RUNS = 2000;

let site: LoopbackSite;
let backbone: TestBackbone;

beforeAll(async () => {
  site = await startSite();
  backbone = await startBackbone({ env: { FETCH_DELAY_MS: '0', LOG_LEVEL: 'error' } });
});

afterAll(async () => {
  await backbone.remove();
  await site.stop();
});

describe('requests made up from the OpenAPI document', () => {
  test('get answers that it describes, and never an internal error', async () => {
    const client = clientOf(backbone);
    const sections = [{ heading: 'Here', paragraphs: [LIGHTHOUSE, BEES] }];
    site.on('/page', {
      headers: { 'content-type': 'text/html' },
      body: articlePage({ title: 'Page', sections }),
    });
    const batch = await client.post('/content/process/batch', {
      items: [{ url: `${site.url}/page` }, { url: `${site.url}/missing` }],
    });
    const jobs = itemsOf(batch);
    for (const item of jobs) await ended(backbone.services, String(item['job_id']));
    const letters = itemsOf(await client.get('/content/dead-letters'));
    const hook = await client.post('/webhooks', { url: `${site.url}/hook`, events: ['content.deleted'] });
    const feed = await client.post('/feeds', { url: `${site.url}/feed` });
    const { answers } = await fuzzApi(`${backbone.url}/api`, backbone.key, {
      runs: RUNS,
      known: {
        type: ['webpage', 'document'],
        content_id: [String(jobs[0]?.['content_id'])],
        job_id: jobs.map((item) => String(item['job_id'])),
        batch_id: [String(batch.body['batch_id'])],
        dead_letter_id: letters.map((item) => String(item['dead_letter_id'])),
        webhook_id: [String(hook.body['webhook_id'])],
        feed_id: [String(feed.body['feed_id'])],
      },
    });
    const total = [...answers.values()].reduce((sum, count) => sum + count, 0);
    expect(total).toBe(RUNS);
    const found = [...answers.keys()].filter((name) => name.endsWith(' 200')).length;
    expect(found).toBeGreaterThan(8);
  });
});
