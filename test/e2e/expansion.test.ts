import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { JobRow } from '../../backbone/stores/records/entities.ts';
import { BEES, GLACIER, LIGHTHOUSE } from '../support/articles.ts';
import { ended, ingest, startBackbone, type TestBackbone } from '../support/backbone.ts';
import { clientOf, itemsOf, type Client } from '../support/client.ts';
import { startSite, type LoopbackSite } from '../support/loopback-site.ts';

const RSS = { 'content-type': 'application/rss+xml' };
const HTML = { 'content-type': 'text/html; charset=utf-8' };

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

interface Item {
  readonly id: string;
  readonly link?: string;
  readonly more?: string;
}

/** A feed, oldest entry first. */
function publishFeed(path: string, items: readonly Item[]): string {
  const entries = items.map(
    ({ id, link = `/${id}`, more = '' }, at) =>
      `<item><title>Story of ${id}</title><guid isPermaLink="false">${id}</guid><link>${link}</link>` +
      `<pubDate>Fri, 0${at + 1} Aug 2025 10:00:00 GMT</pubDate><description>${LIGHTHOUSE}</description>${more}</item>`,
  );
  const body = `<rss version="2.0"><channel><title>News of ${path}</title>${entries.join('')}</channel></rss>`;
  site.on(path, { headers: RSS, body });
  return `${site.url}${path}`;
}

function publishPage(name: string, text = BEES): void {
  const body = `<html><head><title>${name}</title></head><body><article><h1>${name}</h1><p>${text}</p><p>${GLACIER} ${name}</p></article></body></html>`;
  site.on(`/${name}`, { headers: HTML, body });
}

async function expanded(url: string, fields: object = {}): Promise<JobRow> {
  const answer = await client.post('/content/process', { url, options: { expand: true }, ...fields });
  expect(answer.status).toBe(202);
  return (await ended(backbone.services, String(answer.body['job_id']))).job;
}

/** The jobs of the batch that a job was expanded to, once they have ended. */
async function childrenOf({ expansion }: JobRow): Promise<readonly JobRow[]> {
  const batch = await client.get(`/content/batches/${expansion?.batch_id ?? ''}`);
  const jobs = itemsOf(batch).map((item) => ended(backbone.services, String(item['job_id'])));
  return (await Promise.all(jobs)).map(({ job }) => job);
}

const urlsOf = (jobs: readonly JobRow[]): readonly (string | null)[] => jobs.map(({ url }) => url);

describe('a feed that is expanded', () => {
  test('becomes a batch of jobs, one an entry; later only entries that are new become jobs', async () => {
    for (const name of ['gull', 'heron', 'plover', 'tern']) publishPage(name);
    const url = publishFeed('/birds', [{ id: 'gull' }, { id: 'heron' }, { id: 'plover' }]);
    const parent = await expanded(url, { metadata: { tags: ['birds'] }, priority: 2 });
    expect(parent).toMatchObject({
      status: 'completed',
      expansion: { started: 3, skipped: 0, refused: 0 },
      warnings: [],
    });
    const children = await childrenOf(parent);
    expect(urlsOf(children)).toEqual(['gull', 'heron', 'plover'].map((name) => `${site.url}/${name}`));
    for (const child of children)
      expect(child).toMatchObject({
        status: 'completed',
        content_type: 'webpage',
        batch_id: parent.expansion?.batch_id,
        priority: 8,
        metadata: { tags: ['birds'] },
        options: {},
      });
    const { body } = await client.get(`/content/status/${parent.job_id}`);
    expect(body['expansion']).toEqual(parent.expansion);
    expect((await client.get(`/content/batches/${parent.expansion?.batch_id ?? ''}`)).body).toMatchObject({
      open: false,
      total: 3,
      counts: { completed: 3 },
      ended_at: expect.any(String) as unknown,
    });

    const moved = { id: 'gull', link: '/elsewhere?utm_source=feed' };
    publishFeed('/birds', [moved, { id: 'heron' }, { id: 'plover' }, { id: 'tern' }]);
    const again = await expanded(url);
    expect(again.expansion).toMatchObject({ started: 1, skipped: 3, refused: 0 });
    expect(urlsOf(await childrenOf(again))).toEqual([`${site.url}/tern`]);
  });

  test('is expanded from what is stored when it has not changed since', async () => {
    publishPage('otter');
    const url = publishFeed('/rivers', [{ id: 'otter' }]);
    expect((await ingest(backbone.services, { url })).job.expansion).toBeNull();
    const later = await expanded(url);
    expect(later).toMatchObject({ unchanged: true, expansion: { started: 1 } });
    expect((await childrenOf(later)).map(({ status }) => status)).toEqual(['completed']);
    const last = await expanded(url);
    expect(last.expansion).toEqual({ batch_id: null, started: 0, skipped: 1, refused: 0 });
  });

  test('takes so many of the newest as it is told to, and no entry that is stored already', async () => {
    for (const name of ['oak', 'elm', 'ash']) publishPage(name);
    await ingest(backbone.services, { url: `${site.url}/ash` });
    const url = publishFeed('/trees', [{ id: 'oak' }, { id: 'elm' }, { id: 'ash' }]);
    const parent = await expanded(url, { options: { expand: 2 } });
    expect(parent.expansion).toMatchObject({ started: 1, skipped: 1, refused: 0 });
    expect(urlsOf(await childrenOf(parent))).toEqual([`${site.url}/elm`]);
  });

  test('completes with a warning when some of its addresses may not be opened', async () => {
    publishPage('open');
    const url = publishFeed('/mixed', [
      { id: 'open' },
      { id: 'inside', link: 'http://192.168.0.1/admin' },
      { id: 'script', link: 'javascript:alert(1)' },
    ]);
    const parent = await expanded(url);
    expect(parent).toMatchObject({
      status: 'completed',
      expansion: { started: 1, skipped: 0, refused: 1 },
      warnings: [
        { code: 'entries_without_address' },
        {
          code: 'expansion_refused',
          message: expect.stringContaining('http://192.168.0.1/admin') as unknown,
        },
      ],
    });
    expect(urlsOf(await childrenOf(parent))).toEqual([`${site.url}/open`]);
  });

  test('does not expand a feed among its entries', async () => {
    publishPage('leaf');
    publishFeed('/inner', [{ id: 'leaf' }]);
    const parent = await expanded(publishFeed('/outer', [{ id: 'inner' }]));
    const [inner] = await childrenOf(parent);
    expect(inner).toMatchObject({ status: 'completed', expansion: null });
    const known = { url: `${site.url}/leaf` };
    expect(itemsOf(await client.get('/content/jobs?limit=100'))).not.toContainEqual(
      expect.objectContaining(known),
    );
  });

  test('forgets its entries when it is removed for good', async () => {
    publishPage('moss');
    const url = publishFeed('/ground', [{ id: 'moss' }]);
    const parent = await expanded(url);
    await childrenOf(parent);
    const receipt = await client.delete(`/content/webpage/${parent.content_id}?hard_delete=true`);
    expect(JSON.stringify(receipt.body)).toContain('"expanded_items":2');
    const again = await expanded(url);
    expect(again.expansion).toMatchObject({ started: 0, skipped: 1 });
  });
});

test('a page that lists nothing says so, and a number of entries out of bounds is refused', async () => {
  publishPage('alone');
  const { status, warnings, expansion } = await expanded(`${site.url}/alone`);
  expect({ status, warnings, expansion }).toMatchObject({
    status: 'completed',
    warnings: [{ code: 'nothing_to_expand' }],
    expansion: { batch_id: null, started: 0 },
  });
  for (const expand of [0, 501, 1.5, 'all']) {
    const refused = await client.post('/content/process', { url: `${site.url}/alone`, options: { expand } });
    expect(refused).toMatchObject({ status: 422, body: { code: 'invalid_request' } });
  }
});
