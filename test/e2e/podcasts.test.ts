import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { GLACIER, LIGHTHOUSE, spoken } from '../support/articles.ts';
import { buildMp3, chapterFrame, languageFrame, textFrame, timedFrame } from '../support/audio-file.ts';
import { ended, ingest, ingestFile, startBackbone, TENANT, type TestBackbone } from '../support/backbone.ts';
import { clientOf, type Client } from '../support/client.ts';
import { inside } from '../support/inside.ts';
import { podcastFeed } from '../support/podcast-feed.ts';
import { startSite, type LoopbackSite } from '../support/loopback-site.ts';
import { scriptedType } from '../support/scripted-type.ts';

const insider = inside(scriptedType());
let site: LoopbackSite;
let backbone: TestBackbone;
let client: Client;

const rowsOf = async (table: string, contentId: string): Promise<readonly unknown[]> =>
  insider
    .ports()
    .records.query(`SELECT * FROM ${table} WHERE user_id = $1 AND content_id = $2`, [TENANT, contentId]);

beforeAll(async () => {
  site = await startSite();
  backbone = await startBackbone({ types: [insider.type], env: { FETCH_DELAY_MS: '0' } });
  client = clientOf(backbone);
});

afterAll(async () => {
  await backbone.remove();
  await site.stop();
});

describe('a podcast episode', () => {
  test('from an audio file stands in every store, is found by its moment, and goes without a trace', async () => {
    const body = buildMp3([
      textFrame('TIT2', 'Coast and ice'),
      textFrame('TPE1', 'Ann Lee'),
      textFrame('TLAN', 'eng'),
      textFrame('TDES', 'A talk about the coast.'),
      chapterFrame('a', 0, 'By the sea'),
      chapterFrame('b', 600_000, 'On the ice'),
      timedFrame([...spoken(LIGHTHOUSE, 0), ...spoken(GLACIER, 600)]),
    ]);
    site.on('/episode', { headers: { 'content-type': 'application/octet-stream' }, body });
    const { job } = await ingest(backbone.services, { url: `${site.url}/episode` });
    expect(job).toMatchObject({ status: 'completed', content_type: 'podcast', error_message: null });
    const path = `/content/podcast/${job.content_id}`;
    expect((await client.get(`${path}?include=transcript`)).body).toMatchObject({
      title: 'Coast and ice',
      authors: ['Ann Lee'],
      language: 'en',
      transcript: expect.arrayContaining([expect.objectContaining({ start_seconds: 600 })]) as unknown,
    });
    expect(await rowsOf('podcast_metadata', job.content_id)).toMatchObject([
      { show: null, details: { transcript: { source: 'audio-tags' } } },
    ]);
    const found = await client.post('/search', { query: 'glacier', content_types: ['podcast'] });
    const [best] = found.body['hits'] as readonly unknown[];
    expect(best).toMatchObject({
      content_id: job.content_id,
      locator: { chapter: 'On the ice' },
      link: expect.stringMatching(/\/episode#t=6\d\d$/) as unknown,
    });

    const totalOf = async (seconds: number): Promise<unknown> =>
      (await client.get(`/content/podcast?author=Ann%20Lee&language=en&min_duration=${seconds}`)).body[
        'total'
      ];
    expect([await totalOf(1.5), await totalOf(60)]).toEqual([1, 0]);

    expect((await client.delete(`${path}?hard_delete=true`)).status).toBeLessThan(300);
    expect((await client.get(path)).status).toBe(404);
    for (const table of ['podcast_metadata', 'podcast_content', 'podcast_chunks'])
      expect(await rowsOf(table, job.content_id)).toEqual([]);
  });

  test('from a transcript keeps its times and speakers', async () => {
    const srt = spoken(LIGHTHOUSE, 0)
      .map(([sentence], at) => `${at + 1}\n00:${10 + at}:00,000 --> 00:${10 + at}:59,000\nAnn: ${sentence}\n`)
      .join('\n');
    const { job } = await ingestFile(backbone, Buffer.from(srt), 'coast.srt');
    expect(job).toMatchObject({ status: 'completed', content_type: 'podcast' });
    const { body } = await client.get(`/content/podcast/${job.content_id}/chunks`);
    expect(body['items']).toMatchObject([{ locator: { start_seconds: 600, speaker: 'Ann' } }]);
  });

  test('with nothing but sound fails at once and says what helps', async () => {
    const { job } = await ingestFile(backbone, buildMp3([textFrame('TIT2', 'Sound')]), 'sound.mp3');
    expect(job).toMatchObject({ status: 'failed', error_code: 'transcriber_missing' });
  });

  test('is only read where it is not to be transcribed', async () => {
    const body = buildMp3([languageFrame('COMM', LIGHTHOUSE)]);
    site.on('/notes', { headers: { 'content-type': 'audio/mpeg' }, body });
    const notes = { url: `${site.url}/notes`, contentType: 'podcast', options: { transcribe: 'never' } };
    expect((await ingest(backbone.services, notes)).job).toMatchObject({ status: 'completed' });
  });
});

describe('an episode of a feed', () => {
  const vtt = (text: string): string =>
    `WEBVTT\n\n${spoken(text, 0)
      .map(([sentence], at) => `00:${10 + at}:00.000 --> 00:${10 + at}:59.000\n<v Ann>${sentence}\n`)
      .join('\n')}`;
  const item = (guid: string, more: string): string =>
    `<item><title>Episode ${guid}</title><guid>${guid}</guid><description>Notes of ${guid}.</description>
      <itunes:duration>30:00</itunes:duration><enclosure url="${guid}.mp3" type="audio/mpeg" length="1"/>${more}</item>`;

  beforeAll(() => {
    const items = [
      item('ice', '<podcast:transcript url="gone.vtt" type="text/vtt"/>'),
      item(
        'sea',
        `<itunes:episode>7</itunes:episode><podcast:transcript url="none.vtt" type="text/vtt"/>
         <podcast:transcript url="sea.srt" type="application/x-subrip"/><podcast:chapters url="sea.json" type="x"/>`,
      ),
    ];
    const feed = podcastFeed(items.join(''));
    site.on('/talk/feed.xml', { headers: { 'content-type': 'application/rss+xml' }, body: feed });
    site.on('/talk/sea.srt', { body: vtt(LIGHTHOUSE) });
    site.on('/talk/sea.json', { body: '{"chapters": [{"startTime": 0, "title": "By the sea"}]}' });
    site.on('/talk/none.vtt', { status: 404 });
  });

  const processed = (fragment: string, type: string | null = 'podcast'): ReturnType<typeof ingest> =>
    ingest(backbone.services, { url: `${site.url}/talk/feed.xml${fragment}`, contentType: type });

  test('is read with its transcript and chapters, and processed anew without the network', async () => {
    const { job } = await processed('#episode=7', null);
    expect(job).toMatchObject({ status: 'completed', content_type: 'podcast' });
    const path = `/content/podcast/${job.content_id}`;
    const { body } = await client.get(`${path}?include=chunks`);
    expect(body).toMatchObject({ title: 'Episode sea', language: 'en', type_metadata: { guid: 'sea' } });
    expect((body['chunks'] as readonly unknown[]).at(-1)).toMatchObject({
      locator: { speaker: 'Ann', chapter: 'By the sea', href: `${site.url}/talk/sea.mp3` },
    });
    const status = await client.get(`/content/status/${job.job_id}`);
    expect(status.body['warnings']).toMatchObject([{ code: 'companion_missing' }]);
    expect((await client.get('/content/podcast?min_duration=1800')).body['total']).toBe(1);
    const hitsOf = async (least: number): Promise<unknown> =>
      (await client.post('/search', { query: 'lighthouse', content_types: ['podcast'], min_duration: least }))
        .body['hits'];
    expect(await hitsOf(1800)).not.toEqual([]);
    expect(await hitsOf(1801)).toEqual([]);

    const before = site.requests.length;
    const again = await client.post(`${path}/reprocess`, {});
    expect(await ended(backbone.services, again.body['job_id'] as string)).toMatchObject({
      job: { status: 'completed' },
    });
    expect(site.requests.length).toBe(before);
    expect((await client.get(path)).body).toMatchObject({ title: 'Episode sea', version: 2 });
  });

  test('that did not change is not processed again', async () => {
    const { job } = await processed('#episode=7');
    expect(job).toMatchObject({ status: 'completed' });
    expect((await client.get(`/content/podcast/${job.content_id}`)).body).toMatchObject({ version: 2 });
  });

  test('that is the latest one is another content, of show notes where there is no transcript', async () => {
    const { job } = await processed('');
    expect(job).toMatchObject({
      status: 'failed',
      error_code: 'transcriber_missing',
      current_stage: 'transcribe',
    });
    const { body } = await client.get(`/content/podcast/${job.content_id}?include=text`);
    expect(body).toMatchObject({
      title: 'Episode ice',
      text: expect.stringContaining('Notes of ice.') as unknown,
    });
  });

  test('that the feed does not have fails', async () => {
    const { job } = await processed('#episode=nowhere');
    expect(job).toMatchObject({ status: 'failed', error_code: 'episode_not_found' });
  });

  test('cannot be named in a feed that is uploaded', async () => {
    const stored = await fetch(`${backbone.url}/api/content/uploads?file_name=feed.xml`, {
      method: 'POST',
      headers: { authorization: `Bearer ${backbone.key}` },
      body: podcastFeed(item('ice', '')),
    });
    const { upload_id: uploadId } = (await stored.json()) as { readonly upload_id: string };
    const { job } = await ingest(backbone.services, { uploadId, contentType: 'podcast' });
    expect(job).toMatchObject({ status: 'failed', error_code: 'type_mismatch' });
  });

  test('is only sought when the address or the caller says so', async () => {
    const { job } = await processed('', null);
    expect(job).toMatchObject({ status: 'completed', content_type: 'webpage' });
  });
});
