import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { GLACIER, LIGHTHOUSE, captioned } from '../support/articles.ts';
import { ended, ingest, jobWhen, startBackbone, submit, type TestBackbone } from '../support/backbone.ts';
import { clientOf, itemsOf, type Client } from '../support/client.ts';
import { inside } from '../support/inside.ts';
import { scriptedType } from '../support/scripted-type.ts';
import { startYoutube, type YoutubeImitation } from '../support/youtube-imitation.ts';
import { json3, playerResponse, unplayable, watchPage } from '../support/youtube-player.ts';

const COAST = 'coast-Video';
const insider = inside(scriptedType());
let youtube: YoutubeImitation;
let backbone: TestBackbone;
let client: Client;

const watch = (videoId: string): string => `https://www.youtube.com/watch?v=${videoId}`;
const track = (
  name: string,
  isAutomatic = false,
  language = 'en',
): { language: string; url: string; isAutomatic: boolean } => ({
  language,
  isAutomatic,
  url: `https://www.youtube.com/api/timedtext?v=${name}&signature=${Math.random()}`,
});

const warningsOf = async (jobId: string): Promise<unknown> =>
  (await client.get(`/content/status/${jobId}`)).body['warnings'];

const thumbnailsOf = async (contentId: string): Promise<readonly unknown[]> => {
  const found: unknown[] = [];
  const files = insider.ports().blobs.list(`youtube-videos/default/${contentId}/thumbnail-`);
  for await (const file of files) found.push(file);
  return found;
};

beforeAll(async () => {
  youtube = await startYoutube();
  backbone = await startBackbone({
    types: [insider.type],
    env: { FETCH_DELAY_MS: '0', YOUTUBE_URL: youtube.site.url },
  });
  client = clientOf(backbone);
});

afterAll(async () => {
  await backbone.remove();
  await youtube.site.stop();
});

describe('a video', () => {
  const coast = (): object =>
    playerResponse({
      videoId: COAST,
      description: `A talk, see https://coast.example/notes.\n\n0:00 By the sea\n10:00 On the ice`,
      seconds: 1200,
      tracks: [track('auto', true), track('manual')],
    });

  test('is read from its captions, found by its moment, and read once under all its addresses', async () => {
    youtube.play(COAST, { player: coast() });
    youtube.captions('manual', json3([...captioned(LIGHTHOUSE, 0), ...captioned(GLACIER, 600)]));
    youtube.site.on(`/vi/${COAST}/hq.jpg`, { headers: { 'content-type': 'image/jpeg' }, body: 'picture' });
    const { job } = await ingest(backbone.services, { url: `https://youtu.be/${COAST}?t=9` });
    expect(job).toMatchObject({
      status: 'completed',
      content_type: 'video',
      content_id: COAST,
      error_message: null,
    });
    expect(await warningsOf(job.job_id)).toEqual([]);
    const path = `/content/video/${COAST}`;
    expect((await client.get(path)).body).toMatchObject({
      title: 'By the sea',
      authors: ['Ann Lee'],
      language: 'en',
      type_metadata: {
        durationSeconds: 1200,
        transcript: { language: 'en', isAutomatic: false },
        chapters: [
          { title: 'By the sea', startSeconds: 0 },
          { title: 'On the ice', startSeconds: 600 },
        ],
      },
    });
    const found = await client.post('/search', { query: 'glacier', content_types: ['video'] });
    expect((found.body['hits'] as readonly unknown[])[0]).toMatchObject({
      locator: { chapter: 'On the ice' },
      link: expect.stringMatching(/^https:\/\/www\.youtube\.com\/watch\?v=coast-Video&t=6\d\ds$/) as unknown,
    });
    const totalOf = async (seconds: number): Promise<unknown> =>
      (await client.get(`/content/video?author=Ann%20Lee&min_duration=${seconds}`)).body['total'];
    expect([await totalOf(1200), await totalOf(1201)]).toEqual([1, 0]);
    expect(await thumbnailsOf(COAST)).toMatchObject([{ sizeBytes: 7, mediaType: 'image/jpeg' }]);
  });

  test('that did not change is not processed again, though its captions are signed anew', async () => {
    youtube.play(COAST, { player: coast() });
    await ingest(backbone.services, { url: watch(COAST) });
    expect((await client.get(`/content/video/${COAST}`)).body).toMatchObject({ version: 1 });
  });

  test('is processed anew without the network and keeps its thumbnail', async () => {
    const before = youtube.site.requests.length;
    const again = await client.post(`/content/video/${COAST}/reprocess`, {});
    await ended(backbone.services, again.body['job_id'] as string);
    expect(youtube.site.requests.length).toBe(before);
    expect((await client.get(`/content/video/${COAST}`)).body).toMatchObject({ version: 2 });
    expect(await thumbnailsOf(COAST)).toHaveLength(1);
  });

  test('that one provider cannot read is read by the next, and the job names the failure', async () => {
    const videoId = 'second-Way0';
    youtube.play(videoId, {
      player: unplayable('LOGIN_REQUIRED', 'Sign in to confirm you’re not a bot'),
      page: playerResponse({ videoId, title: 'Second way', tracks: [track('second')] }),
    });
    youtube.captions('second', json3(captioned(GLACIER, 0)));
    const { job } = await ingest(backbone.services, { url: watch(videoId) });
    expect(job).toMatchObject({ status: 'completed' });
    expect(await warningsOf(job.job_id)).toMatchObject([
      { code: 'provider_failed', message: expect.stringMatching(/^innertube .*ip_blocked/) as unknown },
      { code: 'thumbnail_missing' },
    ]);
  });

  test('without captions is its description, with a warning', async () => {
    const videoId = 'silent-Vide';
    youtube.play(videoId, { player: playerResponse({ videoId, description: LIGHTHOUSE }) });
    const { job } = await ingest(backbone.services, { url: watch(videoId) });
    expect(job).toMatchObject({ status: 'completed' });
    expect(await warningsOf(job.job_id)).toContainEqual(expect.objectContaining({ code: 'captions_none' }));
  });

  test('that cannot be read fails with the reason, or waits', async () => {
    const page = watchPage({});
    youtube.play('private-Vid', { player: unplayable('LOGIN_REQUIRED', 'This video is private') });
    youtube.play('blocked-Vid', { page: '<div class="g-recaptcha">', player: unplayable('X', 'not a bot') });
    const tokened = playerResponse({
      videoId: 'tokened-Vid',
      tracks: [{ language: 'en', url: '/api/timedtext?v=x&exp=xpe' }],
    });
    youtube.play('tokened-Vid', { player: tokened, page: tokened });
    youtube.play('live--Video', { player: unplayable('LIVE_STREAM_OFFLINE', 'Live in 5 minutes'), page });
    const codeOf = async (videoId: string): Promise<string | null> =>
      (await ingest(backbone.services, { url: watch(videoId) })).job.error_code;
    expect(await codeOf('private-Vid')).toBe('video_private');
    expect(await codeOf('removed-Vid')).toBe('video_removed');
    expect(await codeOf('blocked-Vid')).toBe('ip_blocked');
    expect(await codeOf('tokened-Vid')).toBe('po_token_required');
    const { jobId } = await submit(backbone.services, { url: watch('live--Video') });
    const { job } = await jobWhen(backbone.services, jobId ?? '', (detail) => detail.job.throttled_count > 0);
    expect(job).toMatchObject({ error_code: 'video_live' });
  });
});

describe('a list', () => {
  const item = (videoId: string): object => ({
    playlistVideoRenderer: {
      videoId,
      title: { runs: [{ text: `Video ${videoId}` }] },
      lengthText: { simpleText: '1:00' },
    },
  });
  const list = (title: string, ids: readonly string[]): string =>
    watchPage({}, { metadata: { playlistMetadataRenderer: { title } }, contents: ids.map(item) });

  test('becomes jobs under a batch, once for each video', async () => {
    youtube.site.on('/playlist?list=PLcoast&hl=en', { body: list('Coasts', [COAST, 'removed-Vid']) });
    const { job } = await ingest(backbone.services, {
      url: 'https://www.youtube.com/playlist?list=PLcoast',
      options: { expand: true },
    });
    expect(job).toMatchObject({ status: 'completed', content_id: 'playlist-PLcoast' });
    expect((await client.get('/content/video/playlist-PLcoast?include=text')).body).toMatchObject({
      title: 'Coasts',
      text: expect.stringContaining(`Video ${COAST}`) as unknown,
    });
    // The other one is stored already.
    expect(job.expansion).toMatchObject({ started: 1, skipped: 1, refused: 0 });
    const batch = await client.get(`/content/batches/${job.expansion?.batch_id ?? ''}`);
    expect(itemsOf(batch)).toMatchObject([{ content_id: 'removed-Vid' }]);
  });

  test('of a channel is found by its name', async () => {
    const id = `UC${'b'.repeat(22)}`;
    youtube.site.on('/@coast', { body: `<script>{"externalId":"${id}"}</script>` });
    youtube.site.on(`/playlist?list=UU${'b'.repeat(22)}&hl=en`, { body: list('Uploads', [COAST]) });
    const { job } = await ingest(backbone.services, { url: 'https://www.youtube.com/@Coast/videos' });
    expect(job).toMatchObject({ status: 'completed', content_type: 'video' });
    expect((await client.get(`/content/video/${job.content_id}`)).body).toMatchObject({
      type_metadata: { kind: 'channel', videos: [{ videoId: COAST, durationSeconds: 60 }] },
    });
  });

  test('that there is none of fails', async () => {
    youtube.site.on('/playlist?list=PLnone&hl=en', { body: watchPage({}) });
    const { job } = await ingest(backbone.services, { url: 'https://www.youtube.com/playlist?list=PLnone' });
    expect(job).toMatchObject({ status: 'failed', error_code: 'list_not_found' });
  });
});
