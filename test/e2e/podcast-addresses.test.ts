import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { JsonObject } from '../../backbone/content/model.ts';
import { GLACIER, LIGHTHOUSE } from '../support/articles.ts';
import { ended, ingest, startBackbone, type TestBackbone } from '../support/backbone.ts';
import { clientOf, type Client } from '../support/client.ts';
import { podcastFeed } from '../support/podcast-feed.ts';
import { startSite, type LoopbackSite } from '../support/loopback-site.ts';

let site: LoopbackSite;
let backbone: TestBackbone;
let client: Client;

type Detail = Awaited<ReturnType<typeof ingest>>;

const item = (guid: string, more = ''): string =>
  `<item><title>Episode ${guid}</title><guid>${guid}</guid><link>/pages/${guid}</link><itunes:episode>${guid.length}</itunes:episode>
   <description>Notes of ${guid}.</description><enclosure url="/${guid}.mp3" type="audio/mpeg" length="1"/>
   <podcast:transcript url="/${guid}.vtt" type="text/vtt"/>${more}</item>`;
const vtt = (text: string): string =>
  `WEBVTT\n\n00:10.000 --> 00:59.000\n<v Ann>${text.replaceAll('\n', ' ')}\n`;
const ALTERNATE = '<link rel="alternate" type="application/rss+xml" href="/feed.xml">';
const pageOf = (head: string): string =>
  `<!doctype html><html lang="en"><head><title>Coast page</title>${head}</head><body><article><p>${LIGHTHOUSE}</p></article></body></html>`;

function* mebibytes(count: number): Generator<Buffer> {
  yield Buffer.from('{"chapters": [');
  for (let sent = 0; sent < count; sent += 1) yield Buffer.alloc(1024 * 1024, ' ');
}

beforeAll(async () => {
  site = await startSite();
  backbone = await startBackbone({
    env: { FETCH_DELAY_MS: '0', APPLE_LOOKUP_URL: `${site.url}/lookup` },
  });
  client = clientOf(backbone);
  const feed = podcastFeed(
    item('ice', '<podcast:chapters url="/chapters.json" type="x"/>') +
      item('harbour', '<podcast:chapters url="/endless.json" type="x"/>') +
      item('sea'),
  );
  site.on('/feed.xml', { headers: { 'content-type': 'application/rss+xml' }, body: feed });
  site.on('/endless.json', { body: () => Readable.from(mebibytes(50)) });
  site.on('/ice.vtt', { body: vtt(GLACIER) });
  site.on('/harbour.vtt', { body: vtt(LIGHTHOUSE) });
});

afterAll(async () => {
  await backbone.remove();
  await site.stop();
});

const read = (
  path: string,
  options: JsonObject = {},
  contentType: string | null = 'podcast',
): Promise<Detail> =>
  ingest(backbone.services, { url: path.startsWith('/') ? site.url + path : path, contentType, options });

const servePage = (path: string, head: string): void => {
  site.on(path, { headers: { 'content-type': 'text/html' }, body: pageOf(head) });
};

describe('an episode named in the options', () => {
  test('is the content that the address names, too', async () => {
    const { job } = await read('/feed.xml', { episode: 'ice' });
    expect(job).toMatchObject({ status: 'completed', content_type: 'podcast', error_message: null });
    const { body } = await client.get(`/content/podcast/${job.content_id}?include=text`);
    expect(body).toMatchObject({ title: 'Episode ice', text: expect.stringContaining('glacier') as unknown });
    const again = await read('/feed.xml#episode=ice', {}, null);
    expect(again.job).toMatchObject({ status: 'completed', content_id: job.content_id });
    expect((await client.get(`/content/podcast/${job.content_id}`)).body).toMatchObject({ version: 1 });
  });

  test('may be a number, and is checked', async () => {
    const { job } = await read('/feed.xml', { episode: 7 });
    const { body } = await client.get(`/content/podcast/${job.content_id}`);
    expect(body).toMatchObject({ title: 'Episode harbour', type_metadata: { chapters: [] } });
    const posted = await client.post('/content/process', {
      url: `${site.url}/feed.xml`,
      content_type: 'podcast',
      options: { episode: {} },
    });
    expect(posted.status).toBe(422);
  });

  test('is found in a JSON feed', async () => {
    site.on('/feed.json', {
      headers: { 'content-type': 'application/feed+json' },
      body: JSON.stringify({
        version: 'https://jsonfeed.org/version/1.1',
        title: 'Coast talk',
        items: [{ id: 'fog', title: 'Fog', content_text: LIGHTHOUSE, attachments: [] }],
      }),
    });
    const { job } = await read('/feed.json', { episode: 'fog' });
    expect(job).toMatchObject({ status: 'completed', content_type: 'podcast' });
  });
});

test('an episode whose chapters have no end is read without them', async () => {
  const { job } = await read('/feed.xml', { episode: 'harbour' });
  expect(job).toMatchObject({ status: 'completed' });
  expect((await client.get(`/content/status/${job.job_id}`)).body['warnings']).toMatchObject([
    { code: 'companion_missing', message: expect.stringContaining('/endless.json') as unknown },
  ]);
});

describe('the page of an episode', () => {
  test('leads to the episode in its feed, with its transcript', async () => {
    servePage('/pages/harbour', `${ALTERNATE}<meta property="og:image" content="/harbour.png">`);
    const { job } = await read('/pages/harbour');
    expect(job).toMatchObject({ status: 'completed', content_type: 'podcast', error_message: null });
    const { body } = await client.get(`/content/podcast/${job.content_id}?include=transcript`);
    expect(body).toMatchObject({
      title: 'Episode harbour',
      transcript: [{ speaker: 'Ann', start_seconds: 10 }],
      type_metadata: { guid: 'harbour', transcript: { source: 'feed' } },
    });
    const before = site.requests.length;
    const again = await client.post(`/content/podcast/${job.content_id}/reprocess`, {});
    expect((await ended(backbone.services, again.body['job_id'] as string)).job.status).toBe('completed');
    expect(site.requests.length).toBe(before);
  });

  test('speaks for itself where its feed does not, and says which feed could not be read', async () => {
    servePage(
      '/alone',
      `<link rel="alternate" type="application/rss+xml" href="/gone.xml">${ALTERNATE}<meta property="og:audio" content="/alone.mp3">
       <meta property="og:description" content="Notes of the page.">`,
    );
    const { job } = await read('/alone', { transcribe: 'never' });
    expect(job).toMatchObject({ status: 'completed', content_type: 'podcast' });
    expect((await client.get(`/content/status/${job.job_id}`)).body['warnings']).toMatchObject([
      { code: 'companion_missing', message: expect.stringContaining('gone.xml') as unknown },
    ]);
    const { body } = await client.get(`/content/podcast/${job.content_id}?include=text`);
    expect(body).toMatchObject({
      title: 'Coast page',
      text: expect.stringContaining('Notes of the page.') as unknown,
      type_metadata: { audio: { url: `${site.url}/alone.mp3` } },
    });
  });

  test('of a show leads to the episode that is named', async () => {
    servePage('/show', ALTERNATE);
    const { job } = await read('/show', { episode: 'ice' });
    expect(job).toMatchObject({ status: 'completed' });
    expect((await read('/show', { episode: 'fog' })).job).toMatchObject({ error_code: 'episode_not_found' });
  });

  test('that is about none fails when the caller wants one, and is a web page for everybody else', async () => {
    servePage('/plain', '');
    expect((await read('/plain')).job).toMatchObject({ status: 'failed', error_code: 'no_episode' });
    servePage('/with-audio', '<meta property="og:audio" content="/alone.mp3">');
    expect((await read('/with-audio', {}, null)).job).toMatchObject({
      content_type: 'webpage',
      status: 'completed',
    });
    expect((await read('/plain#episode=7', {}, null)).job).toMatchObject({
      content_type: 'webpage',
      status: 'completed',
    });
  });

  test('has no more than a page may have', async () => {
    site.on('/huge', {
      headers: { 'content-type': 'text/html' },
      body: `<!doctype html><html>${' '.repeat(21 * 1024 * 1024)}`,
    });
    expect((await read('/huge')).job).toMatchObject({ status: 'failed', error_code: 'source_too_large' });
  });
});

describe('a link of Apple Podcasts', () => {
  const show = (): object => ({ kind: 'podcast', trackId: 123, feedUrl: `${site.url}/feed.xml` });
  const answer = (...results: readonly object[]): void => {
    site.on('/lookup', { headers: { 'content-type': 'text/javascript' }, body: JSON.stringify({ results }) });
  };

  test('leads to the episode in the feed of its show', async () => {
    answer(show(), {
      kind: 'podcast-episode',
      trackId: 456,
      episodeGuid: 'ice',
      episodeUrl: 'https://x.example/',
    });
    const link = 'https://podcasts.apple.com/us/podcast/coast-talk/id123?i=456';
    const { job } = await read(link, {}, null);
    expect(job).toMatchObject({ status: 'completed', content_type: 'podcast', error_message: null });
    const { body } = await client.get(`/content/podcast/${job.content_id}`);
    expect(body).toMatchObject({ title: 'Episode ice', type_metadata: { guid: 'ice' } });
    expect(site.requests.findLast(({ path }) => path.startsWith('/lookup'))?.path).toBe(
      '/lookup?id=123&entity=podcastEpisode&limit=200&country=us',
    );
    const named = await read('https://podcasts.apple.com/podcast/id123', { episode: 'harbour' });
    expect(named.job).toMatchObject({ status: 'completed' });
  });

  test('to a show leads to its latest episode', async () => {
    answer(show());
    const { job } = await read('https://podcasts.apple.com/us/podcast/coast-talk/id123', {}, null);
    expect((await client.get(`/content/podcast/${job.content_id}`)).body).toMatchObject({
      title: 'Episode ice',
    });
  });

  test('that it does not know fails', async () => {
    answer();
    const { job } = await read('https://podcasts.apple.com/us/podcast/coast-talk/id9', {}, null);
    expect(job).toMatchObject({ status: 'failed', error_code: 'source_not_found' });
  });
});

test('an episode that only Spotify has fails at once and says why', async () => {
  const { job } = await read('https://open.spotify.com/episode/4rOoJ6Egrf8K2IrywzwOMk', {}, null);
  expect(job).toMatchObject({ status: 'failed', error_code: 'no_public_audio' });
  expect(job.error_message).toContain('Spotify');
});
