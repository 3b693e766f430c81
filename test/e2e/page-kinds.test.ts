import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { articlePage, BEES, GLACIER, LIGHTHOUSE } from '../support/articles.ts';
import { ingest, startBackbone, type TestBackbone } from '../support/backbone.ts';
import { clientOf, itemsOf, type Client } from '../support/client.ts';
import { startSite, type LoopbackSite } from '../support/loopback-site.ts';
import { listingPage, manualPage, productPage, recipePage, threadPage } from '../support/page-kinds.ts';

/** Long enough for a chunk of its own. */
const LONG_POST = [LIGHTHOUSE, BEES, GLACIER].join(' ');

const PAGES: Readonly<Record<string, string>> = {
  article: articlePage({
    title: 'Coast',
    sections: [{ heading: 'Coast and hills', paragraphs: [LIGHTHOUSE, BEES, GLACIER] }],
  }),
  documentation: manualPage(),
  discussion: threadPage(4, LONG_POST),
  product: productPage(),
  listing: listingPage(),
  recipe: recipePage(),
};

/** Where nothing but the address tells the kind. */
const ADDRESSES: Readonly<Record<string, string>> = { listing: 'category/walks' };

let site: LoopbackSite;
let backbone: TestBackbone;
let client: Client;
const ids = new Map<string, string>();

beforeAll(async () => {
  site = await startSite();
  backbone = await startBackbone({ env: { FETCH_DELAY_MS: '0' } });
  client = clientOf(backbone);
  for (const [kind, body] of Object.entries(PAGES)) {
    const path = `/${ADDRESSES[kind] ?? kind}`;
    site.on(path, { headers: { 'content-type': 'text/html' }, body });
    const { job } = await ingest(backbone.services, { url: `${site.url}${path}` });
    expect(job).toMatchObject({ status: 'completed', content_type: 'webpage', error_message: null });
    ids.set(kind, job.content_id);
  }
});

afterAll(async () => {
  await backbone.remove();
  await site.stop();
});

const pageOf = async (kind: string): Promise<Readonly<Record<string, unknown>>> =>
  (await client.get(`/content/webpage/${ids.get(kind) ?? ''}?include=text,chunks`)).body;

describe('the kind of a page', () => {
  test.each(Object.keys(PAGES))('%s stands in its metadata and finds it in lists', async (kind) => {
    expect((await pageOf(kind))['type_metadata']).toMatchObject({ pageKind: kind });
    const listed = await client.get(`/content/webpage?page_kind=${kind}`);
    expect(itemsOf(listed).map((item) => item['content_id'])).toEqual([ids.get(kind)]);
  });

  test('that does not exist is refused by name', async () => {
    expect(await client.get('/content/webpage?page_kind=forum')).toMatchObject({
      status: 422,
      body: { errors: [{ field: 'page_kind' }] },
    });
  });
});

test('posts of a thread are chunks of their own, cited by author, time and address, and found', async () => {
  const { chunks } = await pageOf('discussion');
  const posts = [1, 2, 3, 4].map((number) => ({
    text: expect.stringContaining(`Answer number ${number}`),
    locator: {
      heading_path: ['Bread in the mountains', `Member ${number}, 2024-05-0${number} 08:30`],
      href: `${site.url}/discussion#post-${number}`,
    },
  }));
  expect(chunks).toMatchObject(posts);
  const found = await client.post('/search', { query: '"Answer number 2"', mode: 'lexical' });
  expect(found.body['hits']).toMatchObject([{ content_id: ids.get('discussion'), ...posts[1] }]);
});

test('products, recipes and lists keep their facts', async () => {
  expect(await pageOf('product')).toMatchObject({
    type_metadata: { product: { price: 1299.5, currency: 'EUR', brand: 'Hearth' } },
  });
  expect(await pageOf('recipe')).toMatchObject({
    type_metadata: { recipe: { ingredients: ['500 g flour', '1 egg', '20 g yeast'], stepCount: 3 } },
    text: expect.stringContaining('Ingredients') as unknown,
  });
  expect(await pageOf('listing')).toMatchObject({
    type_metadata: { entryCount: 6 },
    chunks: [{ locator: { href: `${site.url}/walk/1` } }, {}],
  });
});
