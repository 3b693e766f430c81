import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { OpenApiDocument } from '../../backbone/api/openapi.ts';
import { articlePage, BEES, GLACIER, LIGHTHOUSE } from '../support/articles.ts';
import { ended, startBackbone, TENANT, type TestBackbone } from '../support/backbone.ts';
import { clientOf, itemsOf, type Client } from '../support/client.ts';
import { startSite, type LoopbackSite } from '../support/loopback-site.ts';

let site: LoopbackSite;
let backbone: TestBackbone;
let ours: Client;
let theirs: Client;
let theirKey = '';
/** What belongs to us, by the name of the path parameter. */
let ids: Readonly<Record<string, string>> = {};

/** Bodies that would be taken, so that nothing but the id can be refused. */
const BODIES: Readonly<Record<string, object>> = {
  updateContent: { title: 'Stolen' },
  updateWebhook: { active: false },
  updateFeed: { paused: true },
};

beforeAll(async () => {
  site = await startSite();
  const page = articlePage({
    title: 'Ours alone',
    sections: [{ heading: 'Coast', paragraphs: [LIGHTHOUSE, BEES, GLACIER] }],
  });
  site.on('/ours', { headers: { 'content-type': 'text/html' }, body: page });
  site.on('/hook', { status: 200 });
  backbone = await startBackbone({ env: { FETCH_DELAY_MS: '0' } });
  ours = clientOf(backbone);
  const { key } = await backbone.services.keys.createKey({
    userId: 'other',
    name: 'other',
    scopes: ['read', 'write'],
  });
  theirKey = key;
  theirs = clientOf(backbone, key);
  const batch = await ours.post('/content/process/batch', {
    open: true,
    items: [{ url: `${site.url}/ours` }, { url: `${site.url}/missing` }],
  });
  const [job, failed] = itemsOf(batch);
  await ended(backbone.services, String(job?.['job_id']));
  await ended(backbone.services, String(failed?.['job_id']));
  const doomed = await ours.post('/content/process', { url: `${site.url}/ours?doomed` });
  await ended(backbone.services, String(doomed.body['job_id']));
  const deletion = await ours.delete(
    `/content/webpage/${String(doomed.body['content_id'])}?hard_delete=true`,
  );
  const [letter] = itemsOf(await ours.get('/content/dead-letters'));
  const hook = await ours.post('/webhooks', { url: `${site.url}/hook`, events: ['job.completed'] });
  const feed = await ours.post('/feeds', { url: `${site.url}/feed` });
  ids = {
    type: 'webpage',
    content_id: String(job?.['content_id']),
    job_id: String(failed?.['job_id']),
    batch_id: String(batch.body['batch_id']),
    dead_letter_id: String(letter?.['dead_letter_id']),
    webhook_id: String(hook.body['webhook_id']),
    feed_id: String(feed.body['feed_id']),
    deletion_id: (deletion.body['receipt'] as { deletion_id: string }).deletion_id,
  };
});

afterAll(async () => {
  await backbone.remove();
  await site.stop();
});

describe('what belongs to one tenant', () => {
  test('is unknown to another at every route that takes an id, and stays as it is', async () => {
    const document = (await ours.get('/openapi.json')).body as unknown as OpenApiDocument;
    const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, { operationId }]) => ({ path, method, operationId })),
    );
    const before = await ours.get(`/content/webpage/${ids['content_id'] ?? ''}`);
    expect(before.status).toBe(200);
    const answers: Record<string, number> = {};
    for (const { path, method, operationId } of operations) {
      if (!/\{\w+_id\}/.test(path) || path.startsWith('/keys')) continue;
      const address = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
        const id = ids[name];
        if (id === undefined) throw new Error(`This test knows no ${name}`);
        return id;
      });
      const body = BODIES[operationId];
      const response = await fetch(`${backbone.url}/api${address}`, {
        method: method.toUpperCase(),
        headers: { authorization: `Bearer ${theirKey}`, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      await response.text();
      answers[operationId] = response.status;
    }
    expect(Object.keys(answers).length).toBeGreaterThan(15);
    expect(Object.entries(answers).filter(([, status]) => status !== 404)).toEqual([]);
    expect(await ours.get(`/content/webpage/${ids['content_id'] ?? ''}`)).toMatchObject({
      status: 200,
      body: before.body,
    });
    expect((await ours.get(`/content/status/${ids['job_id'] ?? ''}`)).body['status']).toBe('failed');
    expect((await ours.get(`/webhooks/${ids['webhook_id'] ?? ''}`)).body['active']).toBe(true);
  });

  test('stands in no list of another, and no search finds it', async () => {
    const { key } = await backbone.services.keys.createKey({
      userId: 'newcomer',
      name: 'new',
      scopes: ['read', 'write'],
    });
    const newcomer = clientOf(backbone, key);
    for (const path of [
      '/content/webpage',
      '/content/webpage?status=deleted',
      '/content/jobs',
      '/content/dead-letters',
      '/webhooks',
    ])
      expect((await newcomer.get(path)).body).toMatchObject({ total: 0, items: [] });
    for (const filter of ['', `&content_ids=${ids['content_id'] ?? ''}`])
      expect((await newcomer.get(`/search?query=lighthouse${filter}`)).body).toMatchObject({
        total: 0,
        hits: [],
      });
    expect((await ours.get('/search?query=lighthouse')).body['total']).not.toBe(0);
    expect((await newcomer.get(`/content/jobs?batch_id=${ids['batch_id'] ?? ''}`)).body['total']).toBe(0);
  });

  test('cannot be used by another: no upload, no batch, no replay', async () => {
    const stored = await fetch(`${backbone.url}/api/content/uploads?file_name=a.txt`, {
      method: 'POST',
      headers: { authorization: `Bearer ${backbone.key}` },
      body: LIGHTHOUSE,
    });
    const { upload_id } = (await stored.json()) as { upload_id: string };
    expect(await theirs.post('/content/process', { upload_id })).toMatchObject({
      status: 422,
      body: { code: 'upload_not_found' },
    });
    const filled = await theirs.post('/content/process/batch', {
      batch_id: ids['batch_id'],
      items: [{ url: `${site.url}/x` }],
    });
    expect(filled.status).toBe(404);
    const replay = { ids: [ids['dead_letter_id']], dry_run: true };
    expect((await theirs.post('/content/dead-letters/replay', replay)).body).toMatchObject({ matched: 0 });
    expect((await ours.post('/content/dead-letters/replay', replay)).body).toMatchObject({ matched: 1 });
  });

  test('keeps its Idempotency-Keys to itself', async () => {
    const headers = { 'idempotency-key': 'shared' };
    const first = await ours.post('/content/process', { url: `${site.url}/ours?one` }, headers);
    const other = await theirs.post('/content/process', { url: `${site.url}/ours?two` }, headers);
    expect([first.status, other.status]).toEqual([202, 202]);
    await ended(backbone.services, String(first.body['job_id']));
    await ended(backbone.services, String(other.body['job_id']), 'other');
  });
});

describe('the same address', () => {
  test('is one content a tenant, and each deletes its own', async () => {
    const answer = await theirs.post('/content/process', { url: `${site.url}/ours` });
    expect(answer.body).toMatchObject({ deduplicated: false, content_id: ids['content_id'] });
    await ended(backbone.services, String(answer.body['job_id']), 'other');
    const path = `/content/webpage/${ids['content_id'] ?? ''}`;
    expect((await theirs.patch(path, { title: 'Theirs' })).status).toBe(200);
    expect((await ours.get(path)).body['title']).toBe('Ours alone');
    expect((await theirs.delete(`${path}?hard_delete=true`)).status).toBe(200);
    expect((await theirs.get(path)).status).toBe(404);
    expect((await ours.get(`${path}?include=text`)).body['text']).toContain('historian');
    expect((await ours.get('/search?query=lighthouse')).body['total']).not.toBe(0);
    expect(await backbone.services.jobs.list({ userId: TENANT, limit: 1 })).toMatchObject({
      items: [expect.anything()],
    });
  });
});
