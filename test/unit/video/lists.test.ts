import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { AppError } from '../../../backbone/errors.ts';
import { feedList } from '../../../backbone/content/video/list-feed.ts';
import { listPage } from '../../../backbone/content/video/list-page.ts';
import { expandList, parseList } from '../../../backbone/content/video/list-parser.ts';
import { readVideoList } from '../../../backbone/content/video/video-list.ts';
import { fakeYoutubeSite, type FakeAnswer } from '../../support/fake-youtube-site.ts';
import { watchPage } from '../../support/youtube-player.ts';

const signal = new AbortController().signal;
const idOf = (number: number): string => `video-${String(number).padStart(5, '0')}`;
const item = (number: number): object => ({
  playlistVideoRenderer: {
    videoId: idOf(number),
    title: { runs: [{ text: 'A' }, { text: 'B' }] },
    lengthText: { simpleText: '1:05' },
  },
});
const more = (token: string): object => ({
  continuationItemRenderer: { continuationEndpoint: { continuationCommand: { token } } },
});
const range = (from: number, count: number): readonly number[] =>
  Array.from({ length: count }, (_, at) => from + at);
const PLAYLIST = { kind: 'playlist', playlistId: 'PLx' } as const;
const BROWSE = '/youtubei/v1/browse';

const listOf = (answers: Readonly<Record<string, FakeAnswer>>): ReturnType<typeof readVideoList> =>
  readVideoList(fakeYoutubeSite(answers).site, PLAYLIST, signal);

const FEED = `<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>Coasts</title><author><name>Ann Lee</name></author>
  <entry><id>yt:video:${idOf(1)}</id><title>One</title></entry><entry><id>other</id></entry></feed>`;

describe('a page of a list', () => {
  test('is read wherever its parts stand, each video once', () => {
    const page = listPage({
      metadata: { playlistMetadataRenderer: { title: 'Coasts' } },
      sidebar: { ownerText: { runs: [{ text: 'Ann Lee' }] } },
      contents: [item(1), { deep: [item(2), item(1)] }, more('next'), more('later')],
      engagementPanels: [item(9), more('comments')],
    });
    expect(page).toEqual({
      title: 'Coasts',
      author: 'Ann Lee',
      continuation: 'next',
      videos: [
        { videoId: idOf(1), title: 'AB', durationSeconds: 65 },
        { videoId: idOf(2), title: 'AB', durationSeconds: 65 },
      ],
    });
  });

  test('is read in its newer form too', () => {
    const lockup = (contentId: string, metadata: object): object => ({
      lockupViewModel: { contentId, metadata },
    });
    const { videos } = listPage([
      lockup(idOf(1), { lockupMetadataViewModel: { title: { content: 'One' } } }),
      lockup('PLotherlist-of-many', {}),
      { lockupViewModel: { contentId: idOf(3), contentType: 'LOCKUP_CONTENT_TYPE_PLAYLIST' } },
      lockup(idOf(2), {}),
      { lockupViewModel: 7 },
      { playlistVideoRenderer: { videoId: 'short' } },
    ]);
    expect(videos).toEqual([
      { videoId: idOf(1), title: 'One', durationSeconds: null },
      { videoId: idOf(2), title: null, durationSeconds: null },
    ]);
  });

  test('of any JSON never makes the reader throw', () => {
    const named = fc.dictionary(
      fc.constantFrom(
        'playlistVideoRenderer',
        'continuationItemRenderer',
        'ownerText',
        'microformatDataRenderer',
      ),
      fc.jsonValue(),
    );
    fc.assert(fc.property(named, (data) => expect(listPage(data).videos).toEqual([])));
  });
});

describe('a playlist', () => {
  test('is read page by page', async () => {
    const first = watchPage({}, { contents: [...range(0, 100).map(item), more('two')] });
    const second = JSON.stringify([...range(50, 100).map(item)]);
    const { site, requests } = fakeYoutubeSite({ '/playlist': { body: first }, [BROWSE]: { body: second } });
    const list = await readVideoList(site, PLAYLIST, signal);
    expect(list).toMatchObject({ isCutOff: false, url: 'https://www.youtube.com/playlist?list=PLx' });
    expect(list.videos.map(({ videoId }) => videoId)).toEqual(range(0, 150).map(idOf));
    expect(JSON.parse(String(requests[1]?.body))).toMatchObject({ continuation: 'two' });
  });

  test('ends after 500 videos, and where a page brings nothing', async () => {
    const many = watchPage({}, { contents: [...range(0, 600).map(item), more('two')] });
    const cut = await listOf({ '/playlist': { body: many } });
    expect(cut).toMatchObject({ isCutOff: true });
    expect(cut.videos).toHaveLength(500);
    const first = watchPage({}, { contents: [item(1), more('two')] });
    expect(
      await listOf({ '/playlist': { body: first }, [BROWSE]: { body: JSON.stringify(more('two')) } }),
    ).toMatchObject({
      isCutOff: false,
    });
    const endless = JSON.stringify([item(2), more('two')]);
    const { site, requests } = fakeYoutubeSite({ '/playlist': { body: first }, [BROWSE]: { body: endless } });
    expect(await readVideoList(site, PLAYLIST, signal)).toMatchObject({ isCutOff: true });
    expect(requests).toHaveLength(6);
  });

  test('whose page cannot be read is read from its feed', async () => {
    const list = await listOf({ '/playlist': { body: '<html>' }, '/feeds/videos.xml': { body: FEED } });
    expect(list).toMatchObject({
      title: 'Coasts',
      author: 'Ann Lee',
      videos: [{ videoId: idOf(1), title: 'One' }],
    });
  });

  test.each([
    [{ '/playlist': { body: '<html>' } }, 'list_not_found'],
    [{ '/playlist': { status: 404 } }, 'source_not_found'],
    [
      { '/playlist': { body: watchPage({}, { contents: [item(1), more('x')] }) }, [BROWSE]: { body: '<' } },
      'youtube_unreadable',
    ],
  ] as const)('%j fails with %s', async (answers, code) => {
    await expect(listOf(answers)).rejects.toMatchObject({ code });
  });
});

describe('a channel', () => {
  const id = `UC${'c'.repeat(22)}`;
  const uploads = {
    [`/playlist?list=UU${'c'.repeat(22)}&hl=en`]: { body: watchPage({}, { contents: [item(1)] }) },
  };

  test('by its id is the playlist of its uploads', async () => {
    const { site } = fakeYoutubeSite(uploads);
    const list = await readVideoList(site, { kind: 'channel', channel: { kind: 'id', id } }, signal);
    expect(list).toMatchObject({
      kind: 'channel',
      url: `https://www.youtube.com/channel/${id}`,
      videos: [{ videoId: idOf(1) }],
    });
  });

  test('by its name is looked up on its page', async () => {
    const channel = { kind: 'channel', channel: { kind: 'path', path: '/@ann' } } as const;
    const { site } = fakeYoutubeSite({ ...uploads, '/@ann': { body: `{"channelId":"${id}"}` } });
    expect(await readVideoList(site, channel, signal)).toMatchObject({ videos: [{ videoId: idOf(1) }] });
    const none = fakeYoutubeSite({ '/@ann': { body: '<html>' } });
    await expect(readVideoList(none.site, channel, signal)).rejects.toBeInstanceOf(AppError);
  });
});

test('a feed without a title, or none, is read as far as it goes', () => {
  expect(
    feedList('<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>x</title></entry></feed>')?.videos,
  ).toEqual([]);
  expect(feedList('no feed')).toBeNull();
});

test('a stored list names its videos, and jobs are made of the first ones', () => {
  const videos = [
    { videoId: idOf(1), title: 'One', durationSeconds: 5 },
    { videoId: idOf(2), title: null, durationSeconds: null },
  ];
  const list = {
    kind: 'playlist',
    url: 'https://www.youtube.com/playlist?list=PLx',
    title: 'Coasts',
    author: null,
    videos,
  } as const;
  const { blocks, typeMetadata, warnings } = parseList({ ...list, isCutOff: true });
  expect(blocks.map(({ text }) => text)).toEqual(['One', `https://www.youtube.com/watch?v=${idOf(2)}`]);
  expect(warnings).toMatchObject([{ code: 'list_cut_off' }]);
  expect(parseList({ ...list, author: 'Ann', isCutOff: false })).toMatchObject({
    warnings: [],
    metadata: { authors: { value: ['Ann'] } },
  });
  const request = { typeMetadata, most: 1, hasType: () => true };
  expect(expandList(request)?.wanted).toMatchObject([
    { url: `https://www.youtube.com/watch?v=${idOf(1)}`, contentType: 'video' },
  ]);
  expect(expandList({ ...request, typeMetadata: { kind: 'video' } })).toBeNull();
});
