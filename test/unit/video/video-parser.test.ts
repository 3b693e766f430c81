import { describe, expect, test } from '@jest/globals';
import { parse } from '../../../backbone/content/video/video-parser.ts';
import { unsignedUrl, VIDEO_TYPE, type StoredVideo } from '../../../backbone/content/video/stored-video.ts';
import type { Extraction } from '../../../backbone/content/model.ts';
import { linkTo } from '../../../backbone/content/search-hits.ts';
import { json3 } from '../../support/youtube-player.ts';

const ID = 'aaaaaaaaaaa';
const TRACK = { language: 'en', name: 'English', isAutomatic: false };
const VIDEO: StoredVideo = {
  kind: 'video',
  provider: 'innertube',
  facts: {
    videoId: ID,
    title: 'By the sea',
    author: 'Ann Lee',
    channelId: null,
    durationSeconds: 60,
    publishedAt: '2024-05-01',
    description: 'Notes: https://coast.example/a.\n\nSecond, see (https://coast.example/b).',
    keywords: [],
    thumbnailUrl: null,
  },
  tracks: [TRACK],
  chapters: [],
  captions: {
    track: TRACK,
    text: json3([
      [1500, 1000, 'Salt and wind.'],
      [65_000, 1000, 'Ice.'],
    ]),
  },
};

const read = (
  changes: Partial<StoredVideo>,
  facts: Partial<StoredVideo['facts']> = {},
): Promise<Extraction> => {
  const stored = { ...VIDEO, ...changes, facts: { ...VIDEO.facts, ...facts } };
  const bytes = Buffer.from(JSON.stringify(stored));
  const input = {
    bytes,
    mediaType: VIDEO_TYPE,
    declaredCharset: null,
    baseUrl: null,
    fileName: null,
    options: {},
  };
  return parse(input, { progress: () => undefined });
};

describe('a stored video', () => {
  test('is its description and what is said, each linked at its moment', async () => {
    const { blocks, links, warnings, metadata } = await read({});
    expect(blocks.map(({ text }) => text)).toEqual([
      'Description',
      'Notes: https://coast.example/a.',
      'Second, see (https://coast.example/b).',
      'Transcript',
      'Salt and wind.',
      'Ice.',
    ]);
    expect(links.map(({ url }) => url)).toEqual(['https://coast.example/a', 'https://coast.example/b']);
    expect(warnings).toEqual([]);
    expect(metadata).toMatchObject({
      title: { value: 'By the sea', source: 'innertube' },
      language: { value: 'en' },
    });
    const last = blocks.at(-1);
    expect(last?.locator).toMatchObject({ startSeconds: 65, headingPath: ['Transcript'] });
    expect(linkTo({ url: null, text: 'Ice.', locator: last?.locator ?? {} })).toBe(
      `https://www.youtube.com/watch?v=${ID}&t=65s`,
    );
  });

  test('without captions is its description, with a warning', async () => {
    const { warnings, typeMetadata, metadata } = await read({ captions: null }, { author: null });
    expect(warnings).toMatchObject([{ code: 'captions_none' }]);
    expect(typeMetadata).toMatchObject({ transcript: null });
    expect(metadata).toMatchObject({ authors: null, language: null });
  });

  test('with neither fails', async () => {
    await expect(read({ captions: null }, { description: null })).rejects.toMatchObject({
      code: 'captions_none',
    });
  });

  test('whose captions are longer than is read says so', async () => {
    const text = json3(Array.from({ length: 50_001 }, (_, at) => [at * 10, 5, 'a']));
    expect((await read({ captions: { track: TRACK, text } })).warnings).toMatchObject([
      { code: 'transcript_cut_off' },
    ]);
  });

  test('of no bytes fails', async () => {
    const input = {
      bytes: Buffer.alloc(0),
      mediaType: VIDEO_TYPE,
      declaredCharset: null,
      baseUrl: null,
      fileName: null,
      options: {},
    };
    await expect(parse(input, { progress: () => undefined })).rejects.toMatchObject({ code: 'source_empty' });
  });
});

test('the address of a picture is kept without its signature', () => {
  expect(unsignedUrl('https://i.ytimg.com/vi/a/hq.jpg?sqp=1&rs=2')).toBe('https://i.ytimg.com/vi/a/hq.jpg');
  expect(unsignedUrl(null)).toBeNull();
});
