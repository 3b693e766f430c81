import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { BEES, GLACIER, LIGHTHOUSE, captioned } from '../support/articles.ts';
import { ended, ingest, ingestFile, startBackbone, type TestBackbone } from '../support/backbone.ts';
import { clientOf, itemsOf, type Client } from '../support/client.ts';
import { newDataFolder } from '../support/data-folder.ts';
import { writeFakeFfmpeg } from '../support/fake-ffmpeg.ts';
import { startSite, type LoopbackSite } from '../support/loopback-site.ts';
import { buildMatroska } from '../support/matroska-file.ts';
import { buildMp4 } from '../support/mp4-file.ts';

const SERVICE = '/v1/audio/transcriptions';
const SAID = 'The keeper polished the lenses of the lighthouse every evening.';
const PICTURE = Buffer.from([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3]);

let site: LoopbackSite;
let tools: string;
let backbone: TestBackbone;
let client: Client;

beforeAll(async () => {
  site = await startSite();
  tools = await newDataFolder();
  backbone = await startBackbone({
    env: {
      FETCH_DELAY_MS: '0',
      TRANSCRIBER_URL: `openai+${site.url}/v1?model=tiny`,
      FFMPEG_PATH: await writeFakeFfmpeg(tools, { seconds: 40, picture: PICTURE }),
    },
  });
  client = clientOf(backbone);
  const heard = { start: 2, end: 7, text: SAID, avg_logprob: -0.1, no_speech_prob: 0.01 };
  site.on(SERVICE, { body: JSON.stringify({ text: SAID, language: 'english', segments: [heard] }) });
});

afterAll(async () => {
  await backbone.remove();
  await site.stop();
  await rm(tools, { recursive: true, force: true });
});

const read = async (contentId: string): Promise<Readonly<Record<string, unknown>>> =>
  (await client.get(`/content/video/${contentId}?include=text`)).body;
const asked = (ofPath: string): number => site.requests.filter((request) => request.path === ofPath).length;
const filesOf = async (contentId: string): Promise<readonly string[]> =>
  (await readdir(path.join(backbone.dataDir, 'blobs/youtube-videos/default', contentId))).toSorted();

describe('a film with subtitles in it', () => {
  test('is read from its address, found by its moment, and gets a thumbnail', async () => {
    const film = buildMp4({
      title: 'Coast and hives',
      artist: 'Vera Lens',
      date: '2024-05-01',
      description: 'Filmed in one summer.',
      seconds: 1200,
      chapters: [
        [0, 'By the sea'],
        [600, 'At the hives'],
      ],
      texts: [{ language: 'eng', lines: [...captioned(LIGHTHOUSE, 0), ...captioned(BEES, 600)] }],
    });
    site.on('/coast.mp4', { headers: { 'content-type': 'video/mp4' }, body: film });
    const { job } = await ingest(backbone.services, { url: `${site.url}/coast.mp4` });
    expect(job).toMatchObject({ status: 'completed', content_type: 'video', error_message: null });
    expect(await read(job.content_id)).toMatchObject({
      title: 'Coast and hives',
      authors: ['Vera Lens'],
      language: 'en',
      published_at: '2024-05-01',
      text: expect.stringMatching(/Filmed in one summer[^]*Transcript[^]*At the hives/) as unknown,
      warnings: [],
      type_metadata: {
        kind: 'film',
        container: 'mp4',
        durationSeconds: 1200,
        transcript: { source: 'subtitles', codec: 'tx3g', language: 'en' },
      },
    });
    const found = await client.post('/search', {
      query: 'bees dance to tell of nectar',
      content_types: ['video'],
    });
    expect(itemsOf({ ...found, body: { items: found.body['hits'] } })[0]).toMatchObject({
      content_id: job.content_id,
      locator: { chapter: 'At the hives' },
      link: expect.stringMatching(/\/coast\.mp4#t=6\d\d$/) as unknown,
    });
    expect(await filesOf(job.content_id)).toContainEqual(expect.stringMatching(/^thumbnail-/));
    expect([asked('/coast.vtt'), asked('/coast.srt'), asked(SERVICE)]).toEqual([0, 0, 0]);
  });

  test('is read from a Matroska file that was uploaded', async () => {
    const film = buildMatroska({
      title: 'Ice',
      tags: { ARTIST: 'Olav Frame' },
      texts: [{ language: 'eng', lines: captioned(GLACIER, 0) }],
    });
    const { job } = await ingestFile(backbone, film, 'anything.bin');
    expect(job).toMatchObject({ status: 'completed', content_type: 'video', error_message: null });
    expect(await read(job.content_id)).toMatchObject({
      title: 'Ice',
      authors: ['Olav Frame'],
      type_metadata: { container: 'matroska', transcript: { codec: 'S_TEXT/UTF8' } },
    });
  });
});

describe('a film without subtitles', () => {
  test('is read by the captions beside it, which are kept with it', async () => {
    const captions = 'WEBVTT\n\n00:01.000 --> 00:09.000\nThe glacier grinds the rock below it to flour.\n';
    site.on('/ice/', { body: 'a folder' });
    site.on('/ice/film.webm', { body: buildMatroska({ docType: 'webm', title: 'Rock' }) });
    site.on('/ice/film.vtt', { body: captions });
    const { job } = await ingest(backbone.services, { url: `${site.url}/ice/film.webm?size=small` });
    expect(job).toMatchObject({ status: 'completed', error_message: null });
    const wanted = {
      text: expect.stringContaining('grinds the rock') as unknown,
      type_metadata: { transcript: { source: 'file' } },
    };
    expect(await read(job.content_id)).toMatchObject(wanted);
    expect(asked('/ice/film.srt')).toBe(0);

    const requests = site.requests.length;
    const again = await client.post(`/content/video/${job.content_id}/reprocess`, {});
    expect((await ended(backbone.services, String(again.body['job_id']))).job).toMatchObject({
      status: 'completed',
    });
    expect(await read(job.content_id)).toMatchObject({ ...wanted, version: 2 });
    expect(site.requests.length).toBe(requests);
    expect(await filesOf(job.content_id)).toContainEqual(expect.stringMatching(/^captions-/));
  });

  test('is heard, and leaves no copy behind', async () => {
    site.on('/silent.mp4', { body: buildMp4({ title: 'Evening' }) });
    const { job } = await ingest(backbone.services, { url: `${site.url}/silent.mp4` });
    expect(job).toMatchObject({ status: 'completed', error_message: null });
    expect(await read(job.content_id)).toMatchObject({
      title: 'Evening',
      language: 'en',
      text: expect.stringContaining(SAID) as unknown,
      type_metadata: { transcript: { source: 'transcribed', engine: 'openai:tiny' } },
    });
    expect([asked('/silent.vtt'), asked('/silent.srt'), asked(SERVICE)]).toEqual([1, 1, 1]);
    expect(await readdir(path.join(backbone.dataDir, 'temporary'))).toEqual([]);
  });

  test('and without sound fails with the reason', async () => {
    const { job } = await ingestFile(backbone, buildMp4({ isSilent: true }), 'mute.mp4');
    expect(job).toMatchObject({ status: 'failed', error_code: 'no_speech' });
  });
});

test('a damaged film fails with the reason', async () => {
  const { job } = await ingestFile(backbone, buildMp4({}).subarray(0, 60), 'cut.mp4');
  expect(job).toMatchObject({ status: 'failed', error_code: 'file_damaged', content_type: 'video' });
});

describe('a page that shows a video', () => {
  const HTML = { 'content-type': 'text/html' };
  const page = (markup: string): { headers: typeof HTML; body: string } => ({
    headers: HTML,
    body: `<!doctype html><html lang="en"><head><title>A page</title>${markup}</head><body></body></html>`,
  });
  const videoObject = (facts: object): string =>
    `<script type="application/ld+json">${JSON.stringify({ '@type': 'VideoObject', ...facts })}</script>`;

  test('is heard when somebody says that it is a video', async () => {
    const facts = {
      name: 'An evening',
      author: { name: 'Ida Wave' },
      contentUrl: '/files/evening.mp4',
      duration: 'PT1M',
    };
    site.on('/evening', page(videoObject(facts)));
    site.on('/files/evening.mp4', { body: buildMp4({ title: 'x' }) });
    const { job } = await ingest(backbone.services, { url: `${site.url}/evening`, contentType: 'video' });
    expect(job).toMatchObject({ status: 'completed', error_message: null });
    expect(await read(job.content_id)).toMatchObject({
      title: 'An evening',
      authors: ['Ida Wave'],
      text: expect.stringContaining(SAID) as unknown,
      type_metadata: { durationSeconds: 60, transcript: { source: 'transcribed' } },
    });
    const again = await ingest(backbone.services, { url: `${site.url}/evening`, contentType: 'video' });
    expect(again.job).toMatchObject({ status: 'completed', unchanged: true });
  });

  test('of PeerTube is read by its captions', async () => {
    const api = '/api/v1/videos/abcdefgh12';
    const video = { name: 'Rocks', account: { displayName: 'Ann Lee' }, duration: 90, files: [] };
    site.on('/w/abcdefgh12', page('<meta property="og:platform" content="PeerTube">'));
    site.on(api, { body: JSON.stringify(video) });
    site.on(`${api}/captions`, {
      body: JSON.stringify({ data: [{ captionPath: '/captions/en.vtt', language: { id: 'en' } }] }),
    });
    site.on('/captions/en.vtt', { body: 'WEBVTT\n\n00:01.000 --> 00:09.000\nIce grinds rock to flour.\n' });
    const { job } = await ingest(backbone.services, {
      url: `${site.url}/w/abcdefgh12`,
      contentType: 'video',
    });
    expect(job).toMatchObject({ status: 'completed', error_message: null });
    expect(await read(job.content_id)).toMatchObject({
      title: 'Rocks',
      authors: ['Ann Lee'],
      text: expect.stringContaining('Ice grinds rock') as unknown,
      type_metadata: { durationSeconds: 90 },
    });
  });

  test('that cannot be had fails with the reason, or is read as the page it is', async () => {
    site.on('/none', page('<meta property="og:video" content="/player">'));
    const named = await ingest(backbone.services, { url: `${site.url}/none`, contentType: 'video' });
    expect(named.job).toMatchObject({ status: 'failed', error_code: 'video_not_found' });
    const article = page(`</head><body><article><h1>Bees</h1><p>${BEES}</p></article>`);
    site.on('/gone.mp4', article);
    const { job } = await ingest(backbone.services, { url: `${site.url}/gone.mp4` });
    expect(job).toMatchObject({ status: 'completed', content_type: 'webpage' });
  });
});
