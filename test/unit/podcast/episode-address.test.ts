import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { episodeNamed, isPodcastAddress } from '../../../backbone/content/podcast/episode-address.ts';
import { appleLinkOf, isEpisodeHost, isSpotify } from '../../../backbone/content/podcast/podcast-places.ts';
import { podcastType } from '../../../backbone/content/podcast/podcast-type.ts';

const FEED = 'https://coast.example/feed.xml';
const APPLE = 'https://podcasts.apple.com/us/podcast/coast-talk/id123?i=456';

const idOf = (address: string, episode?: unknown): string =>
  podcastType.identify({
    kind: 'url',
    url: new URL(address),
    ...(episode === undefined ? {} : { options: podcastType.options.parse({ episode }) }),
  });

describe('the name of an episode', () => {
  const named = (fragment: string, options = {}): string | null =>
    episodeNamed(new URL(FEED + fragment), options);

  test('stands in the fragment of the address', () => {
    expect(named('#episode=https%3A%2F%2Fx%2F1')).toBe('https://x/1');
    expect(named('#episode=12')).toBe('12');
    expect(named('#episode=latest')).toBe('latest');
    for (const fragment of ['', '#x', '#episode=']) expect(named(fragment)).toBeNull();
    expect(episodeNamed(null, {})).toBeNull();
  });

  test('or in the options, which go first', () => {
    expect(named('#episode=12', { episode: 'g' })).toBe('g');
    expect(named('#episode=12', { episode: 7 })).toBe('7');
    expect(named('#episode=12', { episode: 'latest' })).toBe('latest');
  });

  test.each([[''], [-1], [1.5], [{}], ['x'.repeat(2001)]])('is not %p', (episode) => {
    expect(podcastType.options.safeParse({ episode }).success).toBe(false);
  });
});

describe('the content id of an episode', () => {
  test('tells the episodes of a feed apart', () => {
    const ids = ['', '#episode=1', '#episode=2', '#episode=latest'].map((fragment) => idOf(FEED + fragment));
    expect(ids[3]).toBe(ids[0]);
    expect(new Set(ids).size).toBe(3);
    expect(ids.every((id) => /^[0-9a-f]{24}$/.test(id))).toBe(true);
    expect(podcastType.identify({ kind: 'upload', sha256: 'a'.repeat(64), nativeId: null })).toBe(
      'a'.repeat(24),
    );
  });

  test('is the same whether the address or an option names it', () => {
    const name = fc
      .string({ minLength: 1, maxLength: 50 })
      .map((text) => text.trim())
      .filter((text) => text !== '');
    fc.assert(
      fc.property(name, (episode) => {
        expect(idOf(FEED, episode)).toBe(
          idOf(`${FEED}#episode=${encodeURIComponent(episode.toWellFormed())}`),
        );
      }),
      { examples: [['latest'], ['a b+c&d#e%']] },
    );
    expect(idOf(FEED, 12)).toBe(idOf(`${FEED}#episode=12`));
    expect(idOf(`${FEED}#episode=3`, 'latest')).toBe(idOf(FEED));
  });

  test('is one for all addresses that Apple has for it', () => {
    const same = [
      APPLE,
      'https://podcasts.apple.com/de/podcast/k%C3%BCste/id123?i=456&uo=4#x',
      'https://itunes.apple.com/podcast/id123?i=456',
    ];
    expect(new Set(same.map((address) => idOf(address))).size).toBe(1);
    const show = APPLE.replace('?i=456', '');
    expect(new Set([APPLE, show, APPLE.replace('456', '457')].map((address) => idOf(address))).size).toBe(3);
    expect(idOf(APPLE, 'latest')).toBe(idOf(show));
    expect(idOf(APPLE, 'g')).toBe(idOf(show, 'g'));
  });
});

describe('an address', () => {
  test.each([
    [APPLE, { showId: '123', episodeId: '456', country: 'us' }],
    ['https://podcasts.apple.com/podcast/id9/', { showId: '9', episodeId: null, country: null }],
    ['https://podcasts.apple.com/us/podcast/a/id9?i=x', { showId: '9', episodeId: null, country: 'us' }],
    ['https://podcasts.apple.com/us/charts', null],
    ['https://apple.example/us/podcast/a/id9', null],
  ])('%s is the Apple link %p', (address, link) => {
    expect(appleLinkOf(new URL(address))).toEqual(link);
  });

  test.each([
    ['https://open.spotify.com/episode/4rOoJ6Egrf8K2IrywzwOMk', true],
    ['https://open.spotify.com/intl-de/show/4rOoJ6', true],
    ['https://open.spotify.com/track/4rOoJ6', false],
    ['https://spotify.example/episode/1', false],
  ])('%s belongs to Spotify: %p', (address, expected) => {
    expect(isSpotify(new URL(address))).toBe(expected);
  });

  test.each([
    ['https://coast.buzzsprout.com/1/episodes/2', true],
    ['https://share.transistor.fm/s/abc', true],
    ['https://overcast.fm/', false],
    ['https://notovercast.fm/x', false],
  ])('%s is of a host of episodes: %p', (address, expected) => {
    expect(isEpisodeHost(new URL(address))).toBe(expected);
  });

  test.each([
    [APPLE, true],
    ['https://open.spotify.com/show/1', true],
    ['https://coast.podbean.com/e/ice', true],
    ['https://coast.example/1.MP3', true],
    [`${FEED}#episode=1`, true],
    [FEED, false],
    ['https://coast.example/episodes/1', false],
  ])('%s claims to be a podcast: %p', (address, expected) => {
    expect(isPodcastAddress(new URL(address))).toBe(expected);
    expect(podcastType.claimsUrl(new URL(address))).toBe(expected);
  });
});
