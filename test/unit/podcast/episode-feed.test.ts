import { describe, expect, test } from '@jest/globals';
import { readEpisode } from '../../../backbone/content/podcast/episode-feed.ts';
import type { FeedEpisode } from '../../../backbone/content/podcast/episode.ts';
import { podcastFeed } from '../../support/podcast-feed.ts';

const FEED_URL = 'https://coast.example/talk/feed.xml';
const NOW = '2026-06-01T00:00:00Z';

function read(feed: string, episode?: string, options: Readonly<Record<string, number>> = {}): FeedEpisode {
  return readEpisode({
    bytes: Buffer.from(feed),
    mediaType: 'application/rss+xml',
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
