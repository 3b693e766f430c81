import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { articlePage, BEES, GLACIER, LIGHTHOUSE } from '../support/articles.ts';
import { ingest, startBackbone, TENANT, type TestBackbone } from '../support/backbone.ts';
import { clientOf } from '../support/client.ts';
import { countingEmbedder, type CountingEmbedder } from '../support/counting-embedder.ts';
import { newDataFolder } from '../support/data-folder.ts';
import { startSite, type LoopbackSite } from '../support/loopback-site.ts';
import { until } from '../support/until.ts';

const OTHER_TENANT = 'acme';

let site: LoopbackSite;
let next: CountingEmbedder;
let dataDir: string;
let backbone: TestBackbone;

async function ingestPage(name: string, text: string, userId = TENANT): Promise<string> {
  const body = articlePage({ title: name, sections: [{ heading: name, paragraphs: [text, text] }] });
  site.on(`/${name}`, { headers: { 'content-type': 'text/html' }, body });
  const { job } = await ingest(backbone.services, { url: `${site.url}/${name}` }, userId);
  expect(job).toMatchObject({ status: 'completed' });
  return job.content_id;
}

async function start(embedder: string): Promise<TestBackbone> {
  const env = { EMBEDDER_URL: embedder, FETCH_ALLOWED_PORTS: String(site.port), FETCH_DELAY_MS: '0' };
  return startBackbone({ dataDir, env });
}

async function search(
  query: string,
  mode: string,
): Promise<{ status: number; ids: Set<string>; code: unknown }> {
  const { status, body } = await clientOf(backbone).post('/search', { query, mode });
  const hits = (body['hits'] ?? []) as readonly { readonly content_id: string }[];
  return { status, ids: new Set(hits.map((hit) => hit.content_id)), code: body['code'] };
}

async function reembedding(): Promise<unknown> {
  const { body } = await clientOf(backbone).get('/readyz');
  return body['reembedding'];
}

/** The model is changed while two tenants have contents; the second page of the first tenant is held back. */
beforeAll(async () => {
  site = await startSite();
  dataDir = await newDataFolder();
  backbone = await start(countingEmbedder(site, 'former', 'abcdefghijklm').url);
  next = countingEmbedder(site, 'next', 'aeiou');
}, 60_000);

afterAll(async () => {
  await backbone.stop();
  await site.stop();
  await rm(dataDir, { recursive: true, force: true });
});

test('another model makes all vectors anew, while search, ingestion and deletion go on', async () => {
  const bees = await ingestPage('bees', BEES);
  const glacier = await ingestPage('glacier', GLACIER);
  const foreign = await ingestPage('foreign', BEES, OTHER_TENANT);
  await until(async () => (await reembedding()) === null);
  await backbone.stop();

  next.hold(/glacier above/);
  backbone = await start(next.url);
  expect(backbone.logs.map((line) => line['msg'])).toContainEqual(
    'The stored vectors, of the model former/13, are made anew with next/5 in the background; until then search goes by words alone.',
  );
  await until(async () => next.texts.length > 0);
  const lighthouse = await ingestPage('lighthouse', LIGHTHOUSE);
  await until(async () => backbone.services.reembedding()?.chunksDone !== 0);
  expect(await reembedding()).toMatchObject({ model: 'next/5', problem: null });
  expect((await search('forager nectar', 'hybrid')).ids).toEqual(new Set([bees]));
  expect((await search('keepers logbook', 'hybrid')).ids).toEqual(new Set([lighthouse]));
  expect(await search('keepers logbook', 'dense')).toMatchObject({ status: 503, code: 'embedder_mismatch' });
  const removed = await clientOf(backbone).delete(`/content/webpage/${bees}`);
  expect(removed.status).toBeLessThan(300);

  next.release();
  await until(async () => (await reembedding()) === null);
  expect(await search('ice and streams', 'dense')).toEqual({
    status: 200,
    ids: new Set([glacier, lighthouse]),
    code: undefined,
  });
  const { hits } = await backbone.services.search.search({
    userId: OTHER_TENANT,
    query: 'bees',
    mode: 'dense',
    limit: 10,
    offset: 0,
    signal: new AbortController().signal,
  });
  expect(new Set(hits.map((hit) => hit.contentId))).toEqual(new Set([foreign]));
  expect(backbone.logs.map((line) => line['msg'])).toContain('The stored vectors were made anew');
}, 120_000);
