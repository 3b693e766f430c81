import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { BEES, GLACIER, LIGHTHOUSE } from '../support/articles.ts';
import { describeContentType, type ContentFixture } from '../contract/content-type.contract.ts';
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

const FIXTURE: ContentFixture = {
  serve: (at) => {
    at.on('/coast.lines', { headers: TEXT, body: FILE });
    return `${at.url}/coast.lines`;
  },
  expected: {
    title: 'Notes from the coast',
    author: 'Gil Marsh',
    language: 'en',
    query: 'dance of the bees',
    locator: {},
  },
  file: { name: 'valley.txt', bytes: Buffer.from(OTHER_FILE), title: 'Notes from the valley' },
  filters: {},
};

let site: LoopbackSite;
let backbone: TestBackbone;
let client: Client;
const lines = inside(parsedType({ name: 'lines', parser: 'lines', order: '201' }));

beforeAll(async () => {
  site = await startSite();
  backbone = await startBackbone({ types: [lines.type], env: { FETCH_DELAY_MS: '0' } });
  client = clientOf(backbone);
});

afterAll(async () => {
  await backbone.remove();
  await site.stop();
});

/** Nothing under `backbone/` knows of this type: what works here works for the next type by its folder alone. */
describeContentType(lines.type, FIXTURE, { site: () => site, backbone: () => backbone, insider: lines });

describe('a content type that is only registered', () => {
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
