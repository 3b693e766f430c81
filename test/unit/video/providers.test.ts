import { describe, expect, test } from '@jest/globals';
import { AppError } from '../../../backbone/errors.ts';
import { fetchCaptions } from '../../../backbone/content/video/captions.ts';
import { innertubeProvider } from '../../../backbone/content/video/innertube-provider.ts';
import { readVideo } from '../../../backbone/content/video/provider-chain.ts';
import { SiteFetch } from '../../../backbone/content/video/site-fetch.ts';
import { watchPageProvider } from '../../../backbone/content/video/watch-page-provider.ts';
import type { CaptionTrack, YoutubeProvider } from '../../../backbone/content/video/youtube-provider.ts';
import { ytdlProvider } from '../../../backbone/content/video/ytdl-provider.ts';
import { fakeYoutubeSite, type FakeAnswer } from '../../support/fake-youtube-site.ts';
import { json3, playerResponse, unplayable, watchPage } from '../../support/youtube-player.ts';

const ID = 'aaaaaaaaaaa';
const now = (): Date => new Date('2026-01-01T00:00:00Z');
const signal = new AbortController().signal;
const PLAYER = '/youtubei/v1/player';
const JSON_TYPE = 'application/json';
const playing = (more: object = {}): object => ({ ...playerResponse({ videoId: ID }), ...more });

const codeOf = (run: Promise<unknown>): Promise<string> =>
  run.then(
    () => 'none',
    (error: unknown) => {
      if (error instanceof AppError) return error.code;
      throw error;
    },
  );

describe.each([
  [
    'innertube',
    innertubeProvider,
    (response: object) => ({ [PLAYER]: { type: JSON_TYPE, body: JSON.stringify(response) } }),
    PLAYER,
  ],
  [
    'watch-page',
    watchPageProvider,
    (response: object) => ({ '/watch': { body: watchPage(response) } }),
    '/watch',
  ],
  [
    'ytdl',
    ytdlProvider,
    (response: object) => ({ '/watch': { body: watchPage(response, { contents: {} }) } }),
    '/watch',
  ],
] as const)('the provider %s', (name, provider, answers, path) => {
  const read = (
    given: Readonly<Record<string, FakeAnswer>>,
    from = signal,
  ): ReturnType<YoutubeProvider['read']> => provider(fakeYoutubeSite(given).site, now).read(ID, from);

  test('has its name, and reads facts and tracks', async () => {
    const tracks = [{ language: 'en', url: 'https://www.youtube.com/api/timedtext?v=a' }];
    const response = playerResponse({ videoId: ID, title: 'By the sea', seconds: 90, tracks });
    const { site, requests } = fakeYoutubeSite(answers(response));
    const asked = provider(site, now);
    expect(asked.name).toBe(name);
    expect(await asked.read(ID, signal)).toMatchObject({
      facts: { videoId: ID, title: 'By the sea', author: 'Ann Lee', durationSeconds: 90 },
      tracks: [{ language: 'en', isAutomatic: false }],
    });
    expect(requests.map(({ url }) => new URL(url).pathname)).toEqual([path]);
  });

  test.each([
    ['video_private', unplayable('LOGIN_REQUIRED', 'This video is private')],
    ['ip_blocked', unplayable('LOGIN_REQUIRED', 'Sign in to confirm you’re not a bot')],
    ['video_live', playing({ playabilityStatus: { status: 'LIVE_STREAM_OFFLINE' } })],
    ['video_removed', {}],
  ])('fails with %s', async (code, response) => {
    expect(await codeOf(read(answers(response)))).toBe(code);
  });

  test.each([
    [429, 'source_throttled'],
    [500, 'source_server_error'],
    [403, 'source_forbidden'],
  ])('a status of %s fails with %s, after one request', async (status, code) => {
    const { site, requests } = fakeYoutubeSite({ [path]: { status } });
    expect(await codeOf(provider(site, now).read(ID, signal))).toBe(code);
    expect(requests).toHaveLength(1);
  });

  test('nonsense is not understood', async () => {
    expect(await codeOf(read({ [path]: { type: JSON_TYPE, body: '<<<' } }))).toBe('youtube_unreadable');
  });

  test('an abort ends it with the reason of the signal', async () => {
    const reason = new Error('cancelled');
    const from = AbortSignal.abort(reason);
    await expect(read({ [path]: { error: reason } }, from)).rejects.toBe(reason);
  });
});

describe('the watch page', () => {
  const untold = playing({ videoDetails: { videoId: ID } });

  test('leaves title and author to oEmbed where it does not tell them', async () => {
    const embed = { title: 'By the sea', author_name: 'Ann Lee', thumbnail_url: 'https://i.ytimg.com/a.jpg' };
    const given = { '/watch': { body: watchPage(untold) }, '/oembed': { body: JSON.stringify(embed) } };
    const { facts } = await watchPageProvider(fakeYoutubeSite(given).site, now).read(ID, signal);
    expect(facts).toMatchObject({
      title: 'By the sea',
      author: 'Ann Lee',
      thumbnailUrl: 'https://i.ytimg.com/a.jpg',
    });
  });

  test.each([{ status: 401, body: 'Unauthorized' }, { body: 'no JSON' }])(
    'goes on without oEmbed: %j',
    async (embed) => {
      const given = { '/watch': { body: watchPage(untold) }, '/oembed': embed };
      const { facts } = await watchPageProvider(fakeYoutubeSite(given).site, now).read(ID, signal);
      expect(facts).toMatchObject({ title: null, author: null });
    },
  );
});

test('ytdl-core never sees a page without the data it wants', async () => {
  const { site } = fakeYoutubeSite({
    '/watch': { body: watchPage(playing()).replace('ytInitialData', 'other') },
  });
  expect(await codeOf(ytdlProvider(site, now).read(ID, signal))).toBe('youtube_unreadable');
});

describe('the way to the network', () => {
  test('leads to hosts of YouTube alone', async () => {
    const { site, requests } = fakeYoutubeSite({});
    for (const url of [
      'https://evil.example/',
      '//evil.example/watch',
      'file:///etc/passwd',
      'https://notyoutube.com/',
      'https://youtube.com.evil.example/',
    ])
      expect(await codeOf(site.ask({ url, signal }))).toBe('url_forbidden');
    expect(requests).toEqual([]);
  });

  test('leads to the site that stands in for them', async () => {
    const { site, requests } = fakeYoutubeSite({}, 'http://127.0.0.1:9');
    await site.ask({ url: 'https://i.ytimg.com/vi/a.jpg?x=1', signal });
    await site.ask({ url: '/watch?v=a', signal });
    expect(requests.map(({ url }) => url)).toEqual([
      'http://127.0.0.1:9/vi/a.jpg?x=1',
      'http://127.0.0.1:9/watch?v=a',
    ]);
  });

  test('of a library sends what it asks for, without cookies and what the connection sets', async () => {
    const { site, requests } = fakeYoutubeSite({ '/a': { body: 'text' } });
    const through = new SiteFetch({ site, signal, now });
    const headers = { cookie: 'secret', host: 'evil.example', 'x-client': '1' };
    const answer = await through.fetch(new Request('https://www.youtube.com/a', { headers }));
    expect(await answer.text()).toBe('text');
    await through.fetch(new URL('https://www.youtube.com/a'), { method: 'POST', body: 'sent' });
    expect(requests).toMatchObject([
      { method: 'GET', headers: { cookie: 'SOCS=CAI', 'x-client': '1' } },
      { method: 'POST', body: 'sent' },
    ]);
    expect(requests[0]?.headers).not.toHaveProperty('host');
    expect(await codeOf(through.fetch('https://www.youtube.com/a', { method: 'DELETE' }))).toBe(
      'url_forbidden',
    );
  });
});

describe('captions', () => {
  const track = (url: string, isAutomatic = false, language = 'en'): CaptionTrack => ({
    language,
    name: language,
    isAutomatic,
    url,
  });
  const fetched = (
    answers: Readonly<Record<string, FakeAnswer>>,
    tracks: readonly CaptionTrack[],
  ): ReturnType<typeof fetchCaptions> =>
    fetchCaptions(fakeYoutubeSite(answers).site, tracks, { wanted: [], signal });
  const TEXT = json3([[0, 1000, 'Salt']]);

  test('are asked for with their times', async () => {
    const { site, requests } = fakeYoutubeSite({ '/api/timedtext': { body: `\ufeff${TEXT}` } });
    const read = await fetchCaptions(site, [track('/api/timedtext?v=a')], { wanted: [], signal });
    expect(read).toMatchObject({ text: TEXT, track: { language: 'en' } });
    expect(requests[0]?.url).toBe('https://www.youtube.com/api/timedtext?v=a&fmt=json3');
  });

  test('that cannot be had are replaced by automatic ones in their language, never by another one', async () => {
    const tracks = [track('/none'), track('/auto', true), track('/fr', false, 'fr')];
    expect(await fetched({ '/auto': { body: TEXT } }, tracks)).toMatchObject({
      track: { isAutomatic: true },
    });
    expect(await codeOf(fetched({ '/fr': { body: TEXT } }, tracks))).toBe('source_not_found');
  });

  test.each([
    ['po_token_required', '/a?exp=xpe&v=1', { body: TEXT }],
    ['po_token_required', '/a', { body: '' }],
    ['ip_blocked', '/a', { body: '<div class="g-recaptcha">' }],
    ['youtube_unreadable', '/a', { body: 'Sorry' }],
    ['source_throttled', '/a', { status: 429 }],
    ['url_forbidden', 'https://evil.example/a', {}],
    ['youtube_unreadable', 'https://', {}],
  ])('fail with %s: %s %j', async (code, url, answer) => {
    expect(await codeOf(fetched({ '/a': answer }, [track(url)]))).toBe(code);
  });

  test('that there are none of', async () => {
    expect(await codeOf(fetched({}, []))).toBe('captions_none');
  });

  test('end with a defect, or the signal, as they are', async () => {
    const defect = new TypeError('defect');
    await expect(fetched({ '/a': { error: defect } }, [track('/a')])).rejects.toBe(defect);
  });
});

describe('the chain', () => {
  const answer = { facts: { videoId: ID }, tracks: [] } as unknown as Awaited<
    ReturnType<YoutubeProvider['read']>
  >;
  const provider = (
    name: YoutubeProvider['name'],
    read: () => Promise<never> | Promise<typeof answer>,
  ): YoutubeProvider => ({ name, read });
  const failing = (
    name: YoutubeProvider['name'],
    code: ConstructorParameters<typeof AppError>[0],
  ): YoutubeProvider => provider(name, () => Promise.reject(new AppError(code)));
  const works = provider('ytdl', () => Promise.resolve(answer));
  const { site } = fakeYoutubeSite({});
  const read = (providers: readonly YoutubeProvider[]): ReturnType<typeof readVideo> =>
    readVideo(site, providers, { videoId: ID, wanted: [], signal });

  test('goes on to the next provider and names what failed', async () => {
    const result = await read([
      failing('innertube', 'ip_blocked'),
      failing('watch-page', 'source_timeout'),
      works,
    ]);
    expect(result).toMatchObject({ provider: 'ytdl', captions: null });
    expect(result.warnings.map(({ message }) => message.split(':', 1)[0])).toEqual([
      'innertube could not read the video (ip_blocked)',
      'watch-page could not read the video (source_timeout)',
    ]);
  });

  test('ends with what is said of the video itself', async () => {
    expect(await codeOf(read([failing('innertube', 'video_private'), works]))).toBe('video_private');
  });

  test('ends with the last failure that tells something, and every reason', async () => {
    const error: unknown = await read([
      failing('innertube', 'ip_blocked'),
      failing('ytdl', 'youtube_unreadable'),
    ]).catch((each: unknown) => each);
    expect(error).toMatchObject({
      code: 'ip_blocked',
      message: expect.stringMatching(/innertube could not.*ytdl could not/s) as unknown,
    });
  });

  test('keeps how long a source asks us to wait', async () => {
    const throttled = new AppError('source_throttled', { retryAfterMs: 5000 });
    const only = provider('ytdl', () => Promise.reject(throttled));
    await expect(read([only])).rejects.toMatchObject({ code: 'source_throttled', retryAfterMs: 5000 });
  });

  test('that is switched off says so', async () => {
    expect(await codeOf(read([]))).toBe('youtube_switched_off');
  });

  test('does not hide a defect', async () => {
    const defect = new TypeError('defect');
    await expect(read([provider('ytdl', () => Promise.reject(defect)), works])).rejects.toBe(defect);
  });
});
