import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { BEES, GLACIER, LIGHTHOUSE } from '../support/articles.ts';
import { ended, ingest, startBackbone, TENANT, type TestBackbone } from '../support/backbone.ts';
import { clientOf, itemsOf, type Client } from '../support/client.ts';
import { inside } from '../support/inside.ts';
import { startSite, type LoopbackSite } from '../support/loopback-site.ts';
import { parsedType } from '../support/parsed-type.ts';
import { until } from '../support/until.ts';

const TEXT = { 'content-type': 'text/plain' };
const oneLine = (text: string): string => text.replaceAll('\n', ' ');
const FILE = [
  '# Notes from the coast',
  '@author Gil Marsh',
  oneLine(LIGHTHOUSE),
  '',
  oneLine(BEES),
  oneLine(GLACIER),
].join('\n');
/** Of other words, since a search shows only one of two contents that are alike. */
const OTHER_FILE = ['# Notes from the valley', oneLine(GLACIER)].join('\n');

let site: LoopbackSite;
let backbone: TestBackbone;
let client: Client;
const lines = inside(parsedType({ name: 'lines', parser: 'lines', order: '201' }));

beforeAll(async () => {
  site = await startSite();
  site.on('/coast.lines', { headers: TEXT, body: FILE });
  backbone = await startBackbone({ types: [lines.type], env: { FETCH_DELAY_MS: '0' } });
  client = clientOf(backbone);
});

afterAll(async () => {
  await backbone.remove();
  await site.stop();
});

/** Nothing under `backbone/` knows of this type: what works here works for the next type by its folder alone. */
describe('a content type that is only registered', () => {
  test('is named by the API, with its stages', async () => {
    const types = itemsOf(await client.get('/content-types'));
    expect(types.find((type) => type['type'] === 'lines')).toMatchObject({
      label: 'lines file',
      stages: ['download', 'extract', 'process', 'embed', 'store'],
    });
  });

  test('is processed, listed, searched, changed, processed anew, hidden and removed', async () => {
    const { job } = await ingest(backbone.services, { url: `${site.url}/coast.lines` });
    expect(job).toMatchObject({ status: 'completed', content_type: 'lines' });
    expect(job.job_id).toMatch(/^lines_[0-9a-f]{12}$/);
    const path = `/content/lines/${job.content_id}`;
    expect((await client.get(`${path}?include=text`)).body).toMatchObject({
      title: 'Notes from the coast',
      authors: ['Gil Marsh'],
      type_metadata: { lines: 6 },
      text: expect.stringContaining('historian') as unknown,
    });
    const listed = itemsOf(await client.get('/content/lines?author=Gil%20Marsh'));
    expect(listed.map((item) => item['content_id'])).toContain(job.content_id);
    const { body: search } = await client.get('/search?query=dance%20of%20the%20bees&content_types=lines');
    expect(search['hits']).toContainEqual(
      expect.objectContaining({ content_id: job.content_id, content_type: 'lines' }),
    );
    expect(search['facets']).toMatchObject({ content_type: { lines: expect.any(Number) as unknown } });

    expect((await client.patch(path, { tags: ['sea'] })).status).toBe(200);
    const again = await client.post(`${path}/reprocess`);
    expect((await ended(backbone.services, String(again.body['job_id']))).job.status).toBe('completed');
    expect((await client.get(path)).body).toMatchObject({ version: 2, tags: ['sea'] });

    expect((await client.delete(path)).status).toBe(200);
    expect((await client.post(`${path}/restore`)).status).toBe(200);
    const removed = await client.delete(`${path}?hard_delete=true`);
    expect(removed).toMatchObject({
      status: 200,
      body: { receipt: { completed_at: expect.any(String) as unknown } },
    });
    const of = { userId: TENANT, contentId: job.content_id };
    const { records, vectors, graph, blobs } = lines.ports();
    expect(await vectors.count(of)).toBe(0);
    expect(await graph.count(of)).toBe(0);
    const rows = 'SELECT 1 FROM lines_metadata WHERE content_id = $1';
    expect(await records.query(rows, [job.content_id])).toEqual([]);
    for await (const { key } of blobs.list('lines-files/')) expect(key).not.toContain(job.content_id);
  });

  test('that fails becomes a dead letter, and is tried again by hand from where it failed', async () => {
    site.on('/mended.lines', { headers: TEXT, body: `broken\n${OTHER_FILE}` });
    const { job } = await ingest(backbone.services, { url: `${site.url}/mended.lines` });
    expect(job).toMatchObject({ status: 'failed', error_code: 'file_damaged', current_stage: 'extract' });
    const letters = itemsOf(await client.get('/content/dead-letters?content_type=lines'));
    expect(letters).toEqual([expect.objectContaining({ job_id: job.job_id, stage: 'extract' })]);
    const retried = await client.post(`/content/jobs/${job.job_id}/retry`);
    expect(retried).toMatchObject({ status: 202, body: { job_id: job.job_id } });
    const { job: again, stages } = await ended(backbone.services, job.job_id);
    expect(again).toMatchObject({ status: 'failed', error_code: 'file_damaged' });
    expect(stages.find(({ stage }) => stage === 'download')?.attempts).toBe(1);
    site.on('/mended.lines', { headers: TEXT, body: OTHER_FILE });
    expect((await ingest(backbone.services, { url: `${site.url}/mended.lines` })).job.status).toBe(
      'completed',
    );
  });

  test('can be named for an upload whose bytes it reads', async () => {
    const stored = await fetch(`${backbone.url}/api/content/uploads?file_name=notes.txt`, {
      method: 'POST',
      headers: { authorization: `Bearer ${backbone.key}` },
      body: `${OTHER_FILE}\nOne more line for bytes of its own.`,
    });
    const { upload_id: uploadId } = (await stored.json()) as { upload_id: string };
    const { job } = await ingest(backbone.services, { uploadId, contentType: 'lines' });
    expect(job).toMatchObject({ status: 'completed', content_type: 'lines' });
    await until(async () => (await lines.ports().blobs.stat(`uploads/${TENANT}/${uploadId}`)) === null);
  });
});
