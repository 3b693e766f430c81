import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readEpisodePage, type EpisodePage } from '../../../backbone/content/podcast/episode-page.ts';

const PAGE_URL = 'https://coast.example/episodes/ice';

function read(head: string, body = ''): EpisodePage {
  return readEpisodePage({
    bytes: Buffer.from(`<!doctype html><html lang="en"><head>${head}</head><body>${body}</body></html>`),
    mediaType: 'text/html',
    declaredCharset: null,
    baseUrl: PAGE_URL,
    fileName: null,
    options: { now: '2026-06-01T00:00:00Z' },
  });
}

const jsonLd = (...nodes: readonly object[]): string =>
  `<script type="application/ld+json">${JSON.stringify({ '@graph': nodes })}</script>`;
const meta = (property: string, content: string): string =>
  `<meta property="${property}" content="${content}">`;
const audioOn = (head: string, body = ''): unknown => read(head, body).episode.audio?.url ?? null;

describe('the page of an episode', () => {
  test('is read by its structured data', () => {
    const page = read(
      jsonLd({
        '@type': 'PodcastEpisode',
        name: 'Ice &amp; lamps',
        description: 'All about ice.',
        datePublished: '2026-01-02',
        timeRequired: 'PT1H2M3S',
        episodeNumber: 12,
        inLanguage: 'de',
        author: { '@type': 'Person', name: 'Ann Lee' },
        partOfSeason: { '@type': 'PodcastSeason', seasonNumber: '3' },
        partOfSeries: { '@type': 'PodcastSeries', name: 'Coast talk', webFeed: '/feed.xml' },
        associatedMedia: { '@type': 'MediaObject', contentUrl: '/ice.mp3', encodingFormat: 'audio/mpeg' },
      }) +
        meta('og:title', 'Other') +
        meta('og:image', '/ice.png') +
        '<link rel="canonical" href="/episodes/ice?x=1">',
    );
    expect(page).toEqual({
      episode: {
        guid: null,
        title: 'Ice & lamps',
        show: 'Coast talk',
        authors: ['Ann Lee'],
        persons: [],
        language: 'de',
        publishedAt: '2026-01-02',
        season: 3,
        number: 12,
        durationSeconds: 3723,
        pageUrl: 'https://coast.example/episodes/ice?x=1',
        imageUrl: 'https://coast.example/ice.png',
        notes: 'All about ice.',
        baseUrl: PAGE_URL,
        audio: { url: 'https://coast.example/ice.mp3', type: 'audio/mpeg' },
        transcripts: [],
        chapters: null,
      },
      feeds: ['https://coast.example/feed.xml'],
    });
  });

  test('is read by its head where there are no structured data', () => {
    const { episode } = read(
      '<title>Ice</title>' +
        meta('og:audio', 'ice.mp3') +
        meta('og:audio:type', 'audio/mpeg') +
        meta('og:site_name', 'Coast talk') +
        meta('article:published_time', '2026-01-02T03:04:05Z') +
        '<meta name="description" content="Notes">',
    );
    expect(episode).toMatchObject({
      title: 'Ice',
      show: 'Coast talk',
      language: 'en',
      notes: 'Notes',
      publishedAt: '2026-01-02T03:04:05Z',
      authors: [],
      season: null,
      number: null,
      durationSeconds: null,
      pageUrl: null,
      audio: { url: 'https://coast.example/episodes/ice.mp3', type: 'audio/mpeg' },
    });
  });

  test('has a recording where it plays one', () => {
    expect(audioOn('', '<audio src="/a.mp3"></audio>')).toBe('https://coast.example/a.mp3');
    expect(audioOn('', '<audio><source src="/b.ogg" type="audio/ogg"></audio>')).toBe(
      'https://coast.example/b.ogg',
    );
    expect(audioOn('', '<video src="/v.mp4"></video>')).toBeNull();
    expect(audioOn(meta('og:audio', 'javascript:alert(1)'), '<audio src="/a.mp3"></audio>')).toBe(
      'https://coast.example/a.mp3',
    );
  });

  test('has the recording that speaks for itself, unless there are several', () => {
    const lone = { '@type': 'AudioObject', contentUrl: '/a.mp3', duration: '0:30' };
    expect(audioOn(jsonLd(lone))).toBe('https://coast.example/a.mp3');
    expect(read(jsonLd(lone)).episode.durationSeconds).toBe(30);
    expect(audioOn(jsonLd(lone, { ...lone, contentUrl: '/b.mp3' }))).toBeNull();
  });

  test('is that of the one with its address among many, and of none without', () => {
    const episode = (name: string): object => ({
      '@type': ['PodcastEpisode'],
      url: `/episodes/${name}`,
      audio: [{ '@type': 'AudioObject', contentUrl: `/${name}.mp3` }],
    });
    expect(audioOn(jsonLd(episode('sea'), episode('ice')))).toBe('https://coast.example/ice.mp3');
    expect(audioOn(jsonLd(episode('sea'), episode('fog')))).toBeNull();
    expect(audioOn(jsonLd(episode('sea')))).toBe('https://coast.example/sea.mp3');
  });

  test.each([
    ['P1DT1H', 90_000],
    ['PT0S', null],
    ['PT1.5S', 1.5],
    ['90', 90],
    ['P', null],
    ['an hour', null],
    ['PT99999M', null],
  ])('that lasts %p has %p seconds', (duration, seconds) => {
    expect(read(jsonLd({ '@type': 'PodcastEpisode', duration })).episode.durationSeconds).toBe(seconds);
  });

  test('names feeds, but not those of comments', () => {
    const link = (type: string, href: string, title = ''): string =>
      `<link rel="alternate" type="${type}" href="${href}" title="${title}">`;
    const { feeds } = read(
      link('application/rss+xml', '/feed') +
        link('application/rss+xml', '/feed') +
        link('application/rss+xml', '/comments/feed') +
        link('application/atom+xml', '/atom', 'Comments on Ice') +
        link('application/feed+json', '/feed.json') +
        link('text/html', '/de') +
        link('application/atom+xml', '/atom') +
        link('application/atom+xml', '/fourth'),
    );
    expect(feeds.map((feed) => feed.slice('https://coast.example'.length))).toEqual([
      '/feed',
      '/feed.json',
      '/atom',
    ]);
  });

  test('is read whatever stands in its structured data', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 3 }), fc.jsonValue({ maxDepth: 3 }), (any, other) => {
        const page = read(
          jsonLd({
            '@type': 'PodcastEpisode',
            name: any,
            author: other,
            url: any,
            duration: other,
            associatedMedia: any,
            audio: other,
            partOfSeries: any,
            partOfSeason: other,
            episodeNumber: any,
          }),
        );
        expect(page.episode.guid).toBeNull();
      }),
    );
  });
});
