import { Readable } from 'node:stream';
import { describe, expect, test } from '@jest/globals';
import { AppError } from '../../../backbone/errors.ts';
import type { ManagerPorts } from '../../../backbone/content/content-manager.ts';
import { parsePageVideo } from '../../../backbone/content/video/page/page-parser.ts';
import { chosenTrack } from '../../../backbone/content/video/page/page-stage.ts';
import type { PageVideo } from '../../../backbone/content/video/page/page-video.ts';
import { peertubeId, readPeertube } from '../../../backbone/content/video/page/peertube.ts';
import { durationOf, readVideoPage } from '../../../backbone/content/video/page/video-page.ts';

const URL_OF_PAGE = 'https://films.example/a/page';
const read = (html: string): ReturnType<typeof readVideoPage> =>
  readVideoPage({ bytes: Buffer.from(html), declaredCharset: 'utf-8', url: URL_OF_PAGE });
const jsonLd = (...nodes: readonly object[]): string =>
  nodes
    .map(
      (node) =>
        `<script type="application/ld+json">${JSON.stringify({ '@type': 'VideoObject', ...node })}</script>`,
    )
    .join('');

describe('the video of a page', () => {
  test('is what JSON-LD says, and the page where that is silent', () => {
    const node = {
      name: 'Wicks',
      creator: { name: 'Ann Lee' },
      uploadDate: '2024-05-01',
      duration: 'PT1H2M3.5S',
      inLanguage: 'de',
      contentUrl: '../wicks.mp4',
      thumbnailUrl: ['/t.jpg'],
      caption: [{ contentUrl: '/de.vtt', inLanguage: 'de' }, 'text', { contentUrl: 'javascript:x' }],
    };
    const { video, isPeertube } = read(
      `<title>Page</title><meta name="description" content="About wicks."><meta property="og:site_name" content="Films">${jsonLd({ name: 'no file' }, node)}`,
    );
    expect(isPeertube).toBe(false);
    expect(video).toEqual({
      source: 'jsonld',
      url: URL_OF_PAGE,
      mediaUrl: 'https://films.example/wicks.mp4',
      title: 'Wicks',
      author: 'Ann Lee',
      siteName: 'Films',
      description: 'About wicks.',
      publishedAt: '2024-05-01',
      durationSeconds: 3723.5,
      language: 'de',
      thumbnailUrl: 'https://films.example/t.jpg',
      transcript: null,
      captions: [{ url: 'https://films.example/de.vtt', language: 'de' }],
    });
  });

  test.each([
    [
      'a type',
      '<meta property="og:video" content="/v?id=1"><meta property="og:video:type" content="video/mp4">',
      '/v?id=1',
    ],
    ['an ending', '<meta property="og:video:secure_url" content="/v.webm">', '/v.webm'],
    [
      'an element',
      '<video src="v.mp4"><track src="en.vtt" srclang="en"><track kind="metadata" src="m.vtt"></video>',
      '/a/v.mp4',
    ],
    ['a source', '<video><source src="/s.webm"></video>', '/s.webm'],
  ])('is told by %s', (_how, html, address) => {
    expect(read(html).video?.mediaUrl).toBe(`https://films.example${address}`);
  });

  test('has the captions of its element', () => {
    const { video } = read(
      '<video src="v.mp4"><track src="en.vtt" srclang="en"><track kind="metadata" src="m.vtt"></video>',
    );
    expect(video?.captions).toEqual([{ url: 'https://films.example/a/en.vtt', language: 'en' }]);
  });

  test.each([
    [
      'a player',
      '<meta property="og:video" content="https://p.example/embed/1"><meta property="og:video:type" content="text/html">',
    ],
    ['a list of pieces', jsonLd({ contentUrl: 'https://p.example/a.m3u8' })],
    ['an address of another kind', '<video src="blob:https://a.example/1"></video>'],
    ['nothing', '<p>Text</p>'],
  ])('is none where there is %s', (_what, html) => {
    expect(read(html).video).toBeNull();
  });

  test('may be its text alone', () => {
    expect(read(jsonLd({ transcript: 'What is said.' })).video).toMatchObject({
      mediaUrl: null,
      transcript: 'What is said.',
    });
  });
});

test.each([
  ['PT2M', 120],
  ['P1DT1H', 90_000],
  ['2 minutes', null],
  [null, null],
])('the duration %s is %s seconds', (text, seconds) => {
  expect(durationOf(text)).toBe(seconds);
});

test('captions are chosen by language, else the first', () => {
  const tracks = [
    { url: 'a', language: 'de-AT' },
    { url: 'b', language: 'en' },
  ];
  expect(chosenTrack(tracks, ['fr', 'en-GB'])?.url).toBe('b');
  expect(chosenTrack(tracks, ['fr'])?.url).toBe('a');
  expect(chosenTrack([], [])).toBeNull();
});

describe('PeerTube', () => {
  const page = { url: new URL('https://tube.example/w/abcdefgh'), id: 'abcdefgh', thumbnailUrl: null };
  const ports = (answers: readonly string[]): Pick<ManagerPorts, 'fetcher' | 'now'> => {
    const left = [...answers];
    const fetch = (): Promise<object> =>
      Promise.resolve({
        status: 200,
        headers: {},
        charset: null,
        body: Readable.from([Buffer.from(left.shift() ?? '')]),
      });
    return { fetcher: { fetch } as unknown as ManagerPorts['fetcher'], now: () => new Date(0) };
  };
  const { signal } = new AbortController();

  test('has its videos under these addresses', () => {
    const ids = ['/w/abcdefgh', '/videos/watch/11111111-2222', '/videos/embed/abcdefgh/', '/about', '/w/x'];
    expect(ids.map((path) => peertubeId(new URL(path, page.url)))).toEqual([
      'abcdefgh',
      '11111111-2222',
      'abcdefgh',
      null,
      null,
    ]);
  });

  test('gives the smallest file', async () => {
    const video = {
      name: 'Rocks',
      publishedAt: '2024-05-01T10:00:00.000Z',
      language: { id: 'en' },
      files: [{ fileUrl: 'https://tube.example/720.mp4', resolution: { id: 720 } }],
      streamingPlaylists: [
        {
          files: [
            { fileUrl: '/240.mp4', resolution: { id: 240 } },
            { fileUrl: 'magnet:x', resolution: { id: 144 } },
          ],
        },
      ],
    };
    const captions = { data: [{ fileUrl: '/en.vtt' }, { captionPath: null }] };
    const read = await readPeertube(ports([JSON.stringify(video), JSON.stringify(captions)]), page, signal);
    expect(read).toMatchObject({
      mediaUrl: 'https://tube.example/240.mp4',
      publishedAt: '2024-05-01T10:00:00.000Z',
      siteName: 'tube.example',
      author: null,
      captions: [{ url: 'https://tube.example/en.vtt', language: null }],
    });
  });

  test.each([['<html>'], ['{"name": 1}']])('whose answer is %s cannot be read', async (answer) => {
    await expect(readPeertube(ports([answer]), page, signal)).rejects.toMatchObject({
      code: 'video_page_unreadable',
    });
  });
});

describe('a stored video of a page', () => {
  const video: PageVideo = {
    source: 'og',
    url: URL_OF_PAGE,
    mediaUrl: null,
    title: null,
    author: null,
    siteName: null,
    description: null,
    publishedAt: null,
    durationSeconds: null,
    language: null,
    thumbnailUrl: null,
    transcript: null,
    captions: [],
  };
  const stored = { kind: 'page', captions: null, warnings: [] } as const;

  test('is its transcript', () => {
    const extraction = parsePageVideo({ ...stored, video: { ...video, transcript: 'What is said.' } });
    expect(extraction.blocks.at(-1)?.text).toBe('What is said.');
    expect(extraction.metadata.title).toBeNull();
  });

  test('may still be heard where it has a file, and else has no captions', () => {
    expect(
      parsePageVideo({ ...stored, video: { ...video, mediaUrl: 'https://a.example/v.mp4' } }).blocks,
    ).toEqual([]);
    expect(() => parsePageVideo({ ...stored, video })).toThrow(new AppError('captions_none'));
  });
});
