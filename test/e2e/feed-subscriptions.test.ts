import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { BEES, GLACIER, LIGHTHOUSE } from '../support/articles.ts';
import { ended, startBackbone, type TestBackbone } from '../support/backbone.ts';
import { clientOf, itemsOf, type Answer, type Client } from '../support/client.ts';
import { startSite, type LoopbackSite } from '../support/loopback-site.ts';
import { until } from '../support/until.ts';

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

function publish(path: string, names: readonly string[], etag: string): void {
  const items = names.map((name) => {
    const body = `<html><head><title>${name}</title></head><body><article><h1>${name}</h1><p>${BEES}</p><p>${GLACIER} ${name}</p></article></body></html>`;
    site.on(`/${name}`, { headers: { 'content-type': 'text/html' }, body });
    return `<item><title>${name}</title><guid isPermaLink="false">${name}</guid><link>/${name}</link><description>${LIGHTHOUSE}</description></item>`;
  });
  const body = `<rss version="2.0"><channel><title>Birds</title>${items.join('')}</channel></rss>`;
  site.on(path, (request, response) => {
    response.setHeader('etag', etag);
    response.statusCode = request.headers['if-none-match'] === etag ? 304 : 200;
    response.end(response.statusCode === 304 ? undefined : body);
  });
}

/** The feed once it was polled so often. */
async function polled(feedId: string, polls: number): Promise<Answer['body']> {
  let { body } = await client.get(`/feeds/${feedId}`);
  await until(async () => {
    body = (await client.get(`/feeds/${feedId}`)).body;
    return body['poll_count'] === polls;
  });
  return body;
}

const lastPoll = (feed: Answer['body']): object => (feed['recent_polls'] as readonly object[])[0] ?? {};

async function pollNow(feedId: string, polls: number): Promise<Answer['body']> {
  expect((await client.post(`/feeds/${feedId}/poll`)).status).toBe(202);
  return polled(feedId, polls);
}

describe('a feed that is followed', () => {
  test('becomes one job for each new entry; is paused, taken up and ended', async () => {
    publish('/birds', ['gull', 'heron'], '"1"');
    const url = `${site.url}/birds`;
    const options = { first: 1, metadata: { tags: ['birds'] } };
    const made = await client.post('/feeds', { url, every: '15m', options });
    expect(made).toMatchObject({ status: 201, body: { url, every: '15m', paused: false, title: null } });
    const feedId = String(made.body['feed_id']);
    expect(await client.post('/feeds', { url })).toMatchObject({
      status: 200,
      body: { feed_id: feedId, every: '15m' },
    });
    const first = await polled(feedId, 1);
    expect(first).toMatchObject({ title: 'Birds', job_count: 1, last_error: null });

    expect(lastPoll(await pollNow(feedId, 2))).toMatchObject({ outcome: 'unchanged', started: 0 });

    publish('/birds', ['plover', 'gull', 'heron'], '"2"');
    const grown = lastPoll(await pollNow(feedId, 3)) as { readonly batch_id: string };
    expect(grown).toMatchObject({ outcome: 'read', started: 1, skipped: 2 });
    const [entry] = itemsOf(await client.get(`/content/batches/${grown.batch_id}`));
    const { job } = await ended(backbone.services, String(entry?.['job_id']));
    expect(job).toMatchObject({
      url: `${site.url}/plover`,
      status: 'completed',
      priority: 8,
      metadata: { tags: ['birds'] },
    });

    const expanded = await client.post('/content/process', { url, options: { expand: true } });
    const parent = await ended(backbone.services, String(expanded.body['job_id']));
    expect(parent.job.expansion).toMatchObject({ started: 0, skipped: 3 });

    site.on('/birds', { status: 503 });
    expect(await pollNow(feedId, 4)).toMatchObject({
      failures: 1,
      last_error: { code: 'source_server_error' },
    });

    const paused = await client.patch(`/feeds/${feedId}`, { paused: true, options: { limit: 7 } });
    expect(paused.body).toMatchObject({
      paused: true,
      next_poll_at: null,
      options: { ...options, limit: 7 },
    });
    expect((await client.post(`/feeds/${feedId}/poll`)).status).toBe(409);
    publish('/birds', ['gull', 'heron'], '"3"');
    await client.patch(`/feeds/${feedId}`, { paused: false });
    expect(await polled(feedId, 5)).toMatchObject({ failures: 0, last_error: null, job_count: 2 });

    expect(itemsOf(await client.get('/feeds')).map((feed) => feed['feed_id'])).toEqual([feedId]);
    expect((await client.delete(`/feeds/${feedId}`)).status).toBe(204);
    expect((await client.get(`/feeds/${feedId}`)).status).toBe(404);
  });

  test('is refused where it must not be fetched from, or too often', async () => {
    const refused = await client.post('/feeds', { url: 'http://10.0.0.1/feed' });
    expect(refused.body['code']).toBe('url_forbidden');
    const often = await client.post('/feeds', { url: `${site.url}/often`, every: '1s' });
    expect(often.body).toMatchObject({ code: 'invalid_request', errors: [{ field: 'every' }] });
  });
});
