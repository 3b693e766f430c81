import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { videoType } from '../../../backbone/content/video/video-type.ts';
import {
  momentUrl,
  watchUrl,
  youtubeAddress,
  type YoutubeAddress,
} from '../../../backbone/content/video/youtube-address.ts';

const ID = 'dQw4w9WgXcQ';
const LIST = 'PLWxziGKTUvQFIsbbFcTZz7jOT4TMGnZBh';
const CHANNEL = 'UCsXVk37bltHxD1rDPwtNM8Q';
const read = (address: string): YoutubeAddress | null => youtubeAddress(new URL(address));
const idOf = (address: string): string => videoType.identify({ kind: 'url', url: new URL(address) });

describe('an address of a video', () => {
  test.each([
    `https://www.youtube.com/watch?v=${ID}`,
    `http://youtube.com/watch?app=desktop&v=${ID}&feature=share`,
    `https://m.youtube.com/watch?v=${ID}#dialog`,
    `https://music.youtube.com/watch?v=${ID}&si=abc`,
    `https://www.youtube.com./watch/${ID}`,
    `https://youtu.be/${ID}?si=abc`,
    `https://www.youtube.com/shorts/${ID}`,
    `https://www.youtube.com/live/${ID}?feature=share`,
    `https://www.youtube.com/embed/${ID}?autoplay=1`,
    `https://www.youtube-nocookie.com/embed/${ID}`,
    `https://www.youtube.com/v/${ID}`,
    `https://www.youtube.com/attribution_link?a=x&u=${encodeURIComponent(`/watch?v=${ID}&feature=em`)}`,
  ])('%s', (address) => {
    expect(read(address)).toMatchObject({ kind: 'video', videoId: ID, startSeconds: null, playlistId: null });
    expect(idOf(address)).toBe(ID);
  });

  test.each([
    [`https://youtu.be/${ID}?t=95`, 95],
    [`https://youtu.be/${ID}?t=95s`, 95],
    [`https://www.youtube.com/watch?v=${ID}&t=1h2m3s`, 3723],
    [`https://www.youtube.com/watch?v=${ID}#t=2m`, 120],
    [`https://www.youtube.com/embed/${ID}?start=7`, 7],
    [`https://youtu.be/${ID}?t=soon`, null],
    [`https://youtu.be/${ID}?t=`, null],
    [`https://youtu.be/${ID}?t=9999999h`, null],
  ])('%s begins at %s', (address, startSeconds) => {
    expect(read(address)).toMatchObject({ kind: 'video', startSeconds });
  });

  test('with a playlist is the video, and names the list', () => {
    expect(read(`https://www.youtube.com/watch?v=${ID}&list=${LIST}&index=3`)).toMatchObject({
      playlistId: LIST,
    });
    expect(read(`https://www.youtube.com/watch?v=${ID}&list=RD${ID}`)).toMatchObject({ playlistId: null });
  });

  test('of any id is read back from every form of it', () => {
    const letter = fc.constantFrom('A', 'Z', 'a', 'z', '0', '9', '-', '_');
    const id = fc.array(letter, { minLength: 11, maxLength: 11 }).map((letters) => letters.join(''));
    const seconds = fc.integer({ min: 0, max: 99_999 });
    fc.assert(
      fc.property(id, seconds, (videoId, at) => {
        for (const address of [
          watchUrl(videoId),
          momentUrl(videoId, at + 0.9),
          `https://youtu.be/${videoId}`,
          `https://m.youtube.com/shorts/${videoId}`,
        ])
          expect(idOf(address)).toBe(videoId);
        expect(read(momentUrl(videoId, at + 0.9))).toMatchObject({ startSeconds: at });
      }),
    );
  });
});

test.each([
  [`https://www.youtube.com/playlist?list=${LIST}`, `playlist-${LIST}`],
  [`https://music.youtube.com/playlist?list=${LIST}&si=x`, `playlist-${LIST}`],
  [`https://www.youtube.com/embed/videoseries?list=${LIST}`, `playlist-${LIST}`],
  [`https://www.youtube.com/channel/${CHANNEL}/videos`, `channel-${CHANNEL}`],
])('%s has the id %s', (address, id) => {
  expect(idOf(address)).toBe(id);
});

test('names of channels are not told apart by case or by the tab that is shown', () => {
  const ids = ['@Kurzgesagt', '@kurzgesagt/videos', '@kurzgesagt/'].map((path) =>
    idOf(`https://youtube.com/${path}`),
  );
  expect(new Set(ids).size).toBe(1);
  expect(ids[0]).toMatch(/^channel-[0-9a-f]{24}$/);
  expect(read('https://www.youtube.com/user/Kurzgesagt')).toEqual({
    kind: 'channel',
    channel: { kind: 'path', path: '/user/kurzgesagt' },
  });
});

test.each([
  'https://www.youtube.com/',
  'https://www.youtube.com/feed/trending',
  'https://www.youtube.com/feeds/videos.xml?channel_id=x',
  'https://www.youtube.com/watch?v=short',
  'https://www.youtube.com/embed/live_stream?channel=x',
  'https://www.youtube.com/playlist?list=WL',
  'https://www.youtube.com/channel/none',
  'https://www.youtube.com/@',
  'https://www.youtube.com/user/',
  `https://www.youtube.com/@${'a'.repeat(200)}`,
  'https://www.youtube.com/attribution_link?u=/attribution_link',
  'https://www.youtube.com/attribution_link',
  `https://youtube.com.example/watch?v=${ID}`,
  `https://notyoutube.com/watch?v=${ID}`,
  `ftp://www.youtube.com/watch?v=${ID}`,
  'https://youtu.be/',
])('%s is none of them', (address) => {
  expect(read(address)).toBeNull();
  expect(videoType.claimsUrl(new URL(address))).toBe(false);
});

test('no address makes it throw', () => {
  const host = fc.constantFrom('www.youtube.com', 'youtu.be', 'm.youtube.com', 'youtube-nocookie.com');
  fc.assert(
    fc.property(host, fc.webPath(), fc.webQueryParameters(), (name, path, query) => {
      const address = read(`https://${name}${path}?${query}`);
      expect(address === null || address.kind.length > 0).toBe(true);
    }),
  );
});

test('a file goes by its own hash', () => {
  expect(videoType.identify({ kind: 'upload', sha256: 'f'.repeat(64), nativeId: null })).toBe('f'.repeat(24));
});
