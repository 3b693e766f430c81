import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { buildMp3, languageFrame, textFrame } from '../support/audio-file.ts';
import { ended, ingest, ingestFile, startBackbone, type TestBackbone } from '../support/backbone.ts';
import { clientOf, type Client } from '../support/client.ts';
import { newDataFolder } from '../support/data-folder.ts';
import { writeFakeFfmpeg } from '../support/fake-ffmpeg.ts';
import { startSite, type LoopbackSite } from '../support/loopback-site.ts';
import { podcastFeed } from '../support/podcast-feed.ts';

const SERVICE = '/v1/audio/transcriptions';
const SAID = 'The keeper polished the lenses of the lighthouse every evening.';
const AUDIO = { 'content-type': 'audio/mpeg' };

let site: LoopbackSite;
let tools: string;
let backbone: TestBackbone;
let client: Client;

beforeAll(async () => {
  site = await startSite();
  tools = await newDataFolder();
  backbone = await startBackbone({ env: { FETCH_DELAY_MS: '0' } });
  client = clientOf(backbone);
});

afterAll(async () => {
  await backbone.remove();
  await site.stop();
  await rm(tools, { recursive: true, force: true });
});

/** The same data with a transcriber. */
async function restartWithTranscriber(): Promise<void> {
  const { dataDir } = backbone;
  await backbone.stop();
  const env = {
    FETCH_DELAY_MS: '0',
    TRANSCRIBER_URL: `openai+${site.url}/v1?model=tiny`,
    TRANSCRIBER_KEY: 's3cret',
    TRANSCRIBER_UPLOAD_MB: '1',
    FFMPEG_PATH: await writeFakeFfmpeg(tools, { seconds: 40 }),
  };
  backbone = await startBackbone({ dataDir, env });
  client = clientOf(backbone);
}

const heard = (text: string, start: number): { readonly body: string } => ({
  body: JSON.stringify({
    text,
    language: 'english',
    segments: [{ start, end: start + 5, text, avg_logprob: -0.1, no_speech_prob: 0.01 }],
  }),
});

describe('a recording without a transcript', () => {
  test('fails without a transcriber, stays readable, and goes on where it stopped once there is one', async () => {
    const notes = 'Notes of a visit to the coast.';
    const body = buildMp3([textFrame('TIT2', 'By the sea'), languageFrame('COMM', notes)]);
    site.on('/sea', { headers: AUDIO, body });
    const { job } = await ingest(backbone.services, { url: `${site.url}/sea` });
    expect(job).toMatchObject({
      status: 'failed',
      error_code: 'transcriber_missing',
      current_stage: 'transcribe',
    });
    expect(job.error_hint).toContain('TRANSCRIBER_URL');
    const path = `/content/podcast/${job.content_id}`;
    expect((await client.get(`${path}?include=text`)).body).toMatchObject({
      title: 'By the sea',
      text: expect.stringContaining(notes) as unknown,
      version: 1,
      warnings: [{ code: 'transcriber_missing' }],
    });
    const bare = await ingestFile(backbone, buildMp3([textFrame('TIT2', 'Only sound')]), 'sound.mp3');
    const bareRead = await client.get(`/content/podcast/${bare.job.content_id}`);
    expect(bareRead.body).toMatchObject({ title: 'Only sound' });

    await restartWithTranscriber();
    const limited = { status: 429, headers: { 'retry-after': '0' } };
    site.on(SERVICE, limited, heard(SAID, 2), { status: 500 }, heard('Good night.', 1));
    const fetchedBefore = site.requests.filter((request) => request.path === '/sea').length;
    expect((await client.post(`/content/jobs/${job.job_id}/retry`, {})).status).toBeLessThan(300);
    const again = await ended(backbone.services, job.job_id);
    expect(again.job).toMatchObject({ status: 'completed', error_code: null });
    expect(site.requests.filter((request) => request.path === '/sea')).toHaveLength(fetchedBefore);
    const asked = site.requests.filter((request) => request.path === SERVICE);
    expect(asked).toHaveLength(4);
    expect(asked.every(({ headers }) => headers.authorization === 'Bearer s3cret')).toBe(true);

    expect((await client.get(`${path}?include=text`)).body).toMatchObject({
      version: 2,
      text: expect.stringMatching(/Notes of a visit[^]*Transcript[^]*lighthouse[^]*Good night/) as unknown,
      warnings: [],
      type_metadata: {
        transcript: { source: 'transcribed', engine: 'openai:tiny', quality: 'normal', language: 'en' },
      },
    });
    const found = await client.post('/search', { query: 'lighthouse lenses', content_types: ['podcast'] });
    const [best] = found.body['hits'] as readonly unknown[];
    expect(best).toMatchObject({
      content_id: job.content_id,
      link: expect.stringMatching(/\/sea#t=2$/) as unknown,
    });
    expect((await client.post(`/content/jobs/${bare.job.job_id}/retry`, {})).status).toBeLessThan(300);
    expect((await ended(backbone.services, bare.job.job_id)).job).toMatchObject({ status: 'completed' });
  });

  test('of a feed is fetched and heard', async () => {
    const item = `<item><title>Ice</title><guid>ice</guid><enclosure url="ice.mp3" type="audio/mpeg" length="1"/></item>`;
    site.on('/talk/feed.xml', {
      headers: { 'content-type': 'application/rss+xml' },
      body: podcastFeed(item),
    });
    site.on('/talk/ice.mp3', { headers: AUDIO, body: buildMp3([]) });
    site.on(SERVICE, heard('Glaciers carve the valleys.', 3));
    const url = `${site.url}/talk/feed.xml`;
    const { job } = await ingest(backbone.services, { url, contentType: 'podcast' });
    expect(job).toMatchObject({ status: 'completed' });
    const { body } = await client.get(`/content/podcast/${job.content_id}?include=chunks`);
    expect(body['chunks']).toMatchObject([
      { locator: { start_seconds: 3, href: `${site.url}/talk/ice.mp3` } },
    ]);
  });
});
