import { describe, expect, test } from '@jest/globals';
import { readEpisode } from '../../../backbone/content/podcast/episode-feed.ts';
import type { FeedEpisode } from '../../../backbone/content/podcast/episode.ts';
import { AppError } from '../../../backbone/errors.ts';
import { podcastFeed } from '../../support/podcast-feed.ts';

const FEED_URL = 'https://coast.example/talk/feed.xml';
const NOW = '2026-06-01T00:00:00Z';

function read(
  feed: string,
  episode?: string | null,
  options: Readonly<Record<string, number | readonly string[]>> = {},
  mediaType = 'application/rss+xml',
): FeedEpisode {
  return readEpisode({
    bytes: Buffer.from(feed),
    mediaType,
    declaredCharset: null,
    baseUrl: FEED_URL,
    fileName: null,
    options: { now: NOW, ...options, ...(episode === undefined ? {} : { episode }) },
  });
}

const item = (title: string, more = ''): string => `<item><title>${title}</title>${more}</item>`;
const ITEMS = [
  item(
    'One',
    '<guid>a1</guid><itunes:episode>1</itunes:episode><pubDate>Mon, 01 Jan 2024 08:00:00 GMT</pubDate>',
  ),
  item(
    'Three',
    '<guid>2</guid><podcast:episode>3</podcast:episode><pubDate>Wed, 03 Jan 2024 08:00:00 GMT</pubDate>',
  ),
  item(
    'Two',
    '<guid> c3 </guid><itunes:episode>2</itunes:episode><pubDate>Tue, 02 Jan 2024 08:00:00 GMT</pubDate>',
  ),
].join('');

describe('the episode of a feed', () => {
  test.each([
    [undefined, 'Three'],
    ['latest', 'Three'],
    ['a1', 'One'],
    ['1', 'One'],
    ['3', 'Three'],
    ['c3', 'Two'],
  ])('named %p is %s', (name, title) => {
    expect(read(podcastFeed(ITEMS), name).title).toBe(title);
  });

  test('is sought by guid before number', () => {
    expect(read(podcastFeed(ITEMS), '2').title).toBe('Three');
  });

  test('that is the latest one stands first where there are no dates', () => {
    expect(read(podcastFeed(item('A') + item('B'))).title).toBe('A');
  });

  test('that is not there fails', () => {
    expect(() => read(podcastFeed(ITEMS), '77')).toThrow(
      expect.objectContaining({ code: 'episode_not_found' }),
    );
    expect(() => read(podcastFeed(''))).toThrow(expect.objectContaining({ code: 'episode_not_found' }));
  });

  test.each([
    ['what is no feed', '<rss>', 'file_damaged'],
    ['a feed beyond the limit', podcastFeed(item('x'.repeat(2000))), 'source_too_large'],
  ])('of %s fails', (_, feed, code) => {
    expect(() => read(feed, 'latest', { maxTextBytes: 1000 })).toThrow(expect.objectContaining({ code }));
  });

  test('is read with all that the feed says', () => {
    const all = item(
      'Lamps &amp; ice',
      `<guid>g</guid><link>/lamps</link><description>Short</description><content:encoded><![CDATA[<p>Long</p>]]></content:encoded>
       <pubDate>Mon, 01 Jan 2024 08:00:00 GMT</pubDate><itunes:author>Ann Lee</itunes:author>
       <itunes:duration>1:02:03</itunes:duration><itunes:image href="cover.png"/><podcast:season>4</podcast:season>
       <podcast:person role="guest">Bob</podcast:person><podcast:person> </podcast:person>
       <enclosure url="1.mp3" type="audio/mpeg" length="9"/>
       <podcast:transcript url="t.html" type="text/html"/><podcast:transcript url="t.txt" type="text/plain"/>
       <podcast:transcript url="t.srt" type="application/x-subrip"/><podcast:transcript url="t.vtt" type="text/vtt"/>
       <podcast:transcript url="t.json" type="application/json"/><podcast:transcript url="mailto:x" type="text/vtt"/>
       <podcast:chapters url="c.json" type="application/json+chapters"/>`,
    );
    const episode = read(podcastFeed(all));
    expect(episode).toMatchObject({
      guid: 'g',
      title: 'Lamps & ice',
      show: 'Coast talk',
      authors: ['Ann Lee'],
      persons: [{ name: 'Bob', role: 'guest' }],
      language: 'en',
      publishedAt: '2024-01-01T08:00:00Z',
      season: 4,
      number: null,
      durationSeconds: 3723,
      pageUrl: 'https://coast.example/lamps',
      imageUrl: 'https://coast.example/talk/cover.png',
      notes: '<p>Long</p>',
      audio: { url: 'https://coast.example/talk/1.mp3', type: 'audio/mpeg' },
      chapters: { url: 'https://coast.example/talk/c.json' },
    });
    expect(episode.transcripts.map(({ url }) => url.slice(-6))).toEqual([
      '/t.vtt',
      't.json',
      '/t.srt',
      't.html',
      '/t.txt',
    ]);
  });

  test('says nothing where the feed says nothing, and has the author of the show', () => {
    const feed = podcastFeed(
      '<item><itunes:title>T</itunes:title><itunes:summary>S</itunes:summary></item>',
      '<itunes:author>Ann</itunes:author>',
    );
    expect(read(feed)).toMatchObject({
      guid: null,
      title: 'T',
      authors: ['Ann'],
      persons: [],
      publishedAt: null,
      durationSeconds: null,
      notes: 'S',
      audio: null,
      transcripts: [],
      chapters: null,
    });
    expect(read(podcastFeed(item('x'))).notes).toBeNull();
  });
});

describe('the episode of a feed by its addresses', () => {
  const feed = podcastFeed(
    item(
      'Ice',
      '<link>http://www.coast.example/ice/</link><enclosure url="1.mp3" type="audio/mpeg" length="1"/>',
    ) + item('Sea', '<guid>sea</guid><link>/sea?utm_source=feed</link>'),
  );
  const found = (...links: readonly string[]): string | null => read(feed, null, { links }).title;

  test('is the one with that page, whatever the scheme, or that recording', () => {
    expect(found('https://coast.example/ice')).toBe('Ice');
    expect(found('mailto:x', 'https://coast.example/sea#top')).toBe('Sea');
    expect(found('https://coast.example/talk/1.mp3?utm_medium=x')).toBe('Ice');
    expect(read(feed, 'sea', { links: ['https://coast.example/ice'] }).title).toBe('Sea');
    expect(read(feed, 'gone', { links: ['https://coast.example/ice'] }).title).toBe('Ice');
  });

  test('is not there when no address fits', () => {
    expect(() => found('https://coast.example/fog')).toThrow('https://coast.example/fog');
    expect(() => found()).toThrow(expect.objectContaining({ code: 'episode_not_found' }));
  });
});

describe('the episode of a feed in another format', () => {
  const ATOM = `<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en"><title>Coast talk</title><author><name>Ann</name></author>
    <entry><id>ice</id><title>Ice</title><published>2024-01-01T08:00:00Z</published><link href="/ice"/>
      <link rel="enclosure" href="/ice.pdf" type="application/pdf"/><link rel="enclosure" href="/ice.mp3" type="audio/mpeg"/>
      <content type="html">&lt;p&gt;On ice&lt;/p&gt;</content></entry>
    <entry><id>sea</id><title>Sea</title><published>2024-02-01T08:00:00Z</published></entry></feed>`;
  const JSON_FEED = JSON.stringify({
    version: 'https://jsonfeed.org/version/1.1',
    title: 'Coast talk',
    language: 'en',
    authors: [{ name: 'Ann' }],
    items: [
      {
        id: 'ice',
        title: 'Ice',
        url: '/ice',
        date_published: '2024-01-01T08:00:00Z',
        content_html: '<p>On ice</p>',
        attachments: [{ url: '/ice.mp3', mime_type: 'audio/mpeg', duration_in_seconds: 60 }],
      },
      { id: 'sea', title: 'Sea', date_published: '2024-02-01T08:00:00Z' },
    ],
  });
  const RDF = `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">
    <channel><title>Coast talk</title></channel><item rdf:about="ice"><title>Ice</title><link>https://coast.example/ice</link></item></rdf:RDF>`;
  const RSS_JSON = JSON.stringify({
    rss: {
      channel: { title: 'Coast talk', item: [{ title: 'Ice', guid: 'ice', enclosure: { url: '/ice.mp3' } }] },
    },
  });

  test.each([
    ['application/atom+xml', ATOM, null],
    ['application/feed+json', JSON_FEED, 60],
  ])('(%s) is read as far as the format goes', (mediaType, feed, durationSeconds) => {
    expect(read(feed, 'ice', {}, mediaType)).toEqual({
      guid: 'ice',
      title: 'Ice',
      show: 'Coast talk',
      authors: ['Ann'],
      persons: [],
      language: 'en',
      publishedAt: '2024-01-01T08:00:00Z',
      season: null,
      number: null,
      durationSeconds,
      pageUrl: 'https://coast.example/ice',
      imageUrl: null,
      notes: '<p>On ice</p>',
      baseUrl: FEED_URL,
      audio: { url: 'https://coast.example/ice.mp3', type: 'audio/mpeg' },
      transcripts: [],
      chapters: null,
    });
    expect(read(feed, 'latest', {}, mediaType)).toMatchObject({ guid: 'sea', audio: null, notes: null });
    expect(() => read(feed, 'fog', {}, mediaType)).toThrow(
      expect.objectContaining({ code: 'episode_not_found' }),
    );
  });

  test('is found in RDF by its page, and in RSS written as JSON by its guid', () => {
    expect(read(RDF, null, { links: ['https://coast.example/ice'] }).title).toBe('Ice');
    expect(read(RSS_JSON, 'ice').audio?.url).toBe('https://coast.example/ice.mp3');
  });

  test.each([
    ['application/atom+xml', '<feed>'],
    ['application/feed+json', '{"items": 7'],
  ])('(%s) fails when it is damaged', (mediaType, feed) => {
    expect(() => read(feed, 'ice', {}, mediaType)).toThrow(AppError);
  });
});

describe('a feed without end', () => {
  const most = 5000;

  test.each([
    ['application/rss+xml', podcastFeed('<item><guid>a</guid></item>'.repeat(1_000_000))],
    [
      'application/atom+xml',
      `<feed xmlns="http://www.w3.org/2005/Atom"><title>T</title>${'<entry><id>a</id></entry>'.repeat(1_000_000)}</feed>`,
    ],
    [
      'application/feed+json',
      `{"version":"https://jsonfeed.org/version/1.1","title":"T","items":[${'{"id":"a"},'.repeat(1_000_000)}{"id":"b"}]}`,
    ],
  ])('(%s) is read to its first 5000 episodes', (mediaType, feed) => {
    expect(read(feed, 'a', {}, mediaType).guid).toBe('a');
    expect(() => read(feed, 'b', {}, mediaType)).toThrow(
      expect.objectContaining({ code: 'episode_not_found' }),
    );
  });

  test('keeps the last of the first 5000', () => {
    const items = Array.from({ length: most + 1 }, (_, at) => item(String(at), `<guid>g${at}</guid>`));
    expect(read(podcastFeed(items.join('')), `g${most - 1}`).title).toBe(String(most - 1));
  });
});
