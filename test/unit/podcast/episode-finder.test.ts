import { Readable } from 'node:stream';
import { describe, expect, test } from '@jest/globals';
import type { ContentLimits } from '../../../backbone/content/content-manager.ts';
import { readEpisode } from '../../../backbone/content/podcast/episode-feed.ts';
import { EpisodeFinder, type FoundEpisode } from '../../../backbone/content/podcast/episode-finder.ts';
import { readEpisodePage } from '../../../backbone/content/podcast/episode-page.ts';
import type { ParsePool } from '../../../backbone/content/parsing/parse-pool.ts';
import type { ParserInput } from '../../../backbone/content/parsing/parser.ts';
import { AppError } from '../../../backbone/errors.ts';
import { podcastFeed } from '../../support/podcast-feed.ts';

const READERS: Readonly<Record<string, (input: ParserInput) => unknown>> = { readEpisode, readEpisodePage };

/** The readers in this thread. */
const parsePool = {
  run: ({ exportName, input }: { readonly exportName: string; readonly input: ParserInput }) =>
    Promise.resolve().then(() => READERS[exportName]?.(input)),
} as unknown as ParsePool;

const FEED = podcastFeed(
  '<item><guid>ice</guid><link>https://coast.example/ice</link></item><item><guid>sea</guid><title>Sea</title></item>',
);
const PAGE = `<title>Page of ice</title><meta property="og:audio" content="/ice.mp3"><meta name="description" content="Notes">
  <script type="application/ld+json">{"@type":"PodcastEpisode","name":"Ice","author":"Ann","episodeNumber":4,"duration":"PT1M",
  "datePublished":"2026-01-02","partOfSeries":{"name":"Other talk"},"partOfSeason":{"seasonNumber":2}}</script>
  <link rel="alternate" type="application/rss+xml" href="/feed.xml">`;

function onPage(
  html: string,
  options: {
    readonly name?: string;
    readonly error?: Error;
    readonly signal?: AbortSignal;
    readonly address?: string | null;
  } = {},
): Promise<FoundEpisode> {
  const { name = null, error, signal = new AbortController().signal } = options;
  const fetcher = {
    fetch: ({ url }: { readonly url: string }) =>
      error === undefined
        ? Promise.resolve({
            status: 200,
            url,
            headers: {},
            mediaType: 'application/rss+xml',
            charset: null,
            fileName: null,
            sizeBytes: null,
            permanentUrl: url,
            body: Readable.from([Buffer.from(FEED)]),
          })
        : Promise.reject(error),
    check: (url: string) => new URL(url),
    close: () => Promise.resolve(),
  };
  const limits = { textBytes: 1_000_000 } as ContentLimits;
  const finder = new EpisodeFinder(
    { fetcher, limits, now: () => new Date('2026-06-01T00:00:00Z'), parsePool },
    signal,
  );
  const address = options.address === undefined ? 'https://coast.example/ice#part' : options.address;
  return finder.onPage(
    { bytes: Buffer.from(html), mediaType: 'text/html', declaredCharset: null, baseUrl: address },
    name,
  );
}

describe('the episode of a page', () => {
  test('is that of its feed, and what the feed leaves open is that of the page', async () => {
    const { episode, origin, warnings } = await onPage(PAGE);
    expect({ origin, warnings }).toEqual({ origin: 'feed', warnings: [] });
    expect(episode).toMatchObject({
      guid: 'ice',
      title: 'Ice',
      show: 'Coast talk',
      authors: ['Ann'],
      language: 'en',
      publishedAt: '2026-01-02',
      season: 2,
      number: 4,
      durationSeconds: 60,
      notes: 'Notes',
      baseUrl: 'https://coast.example/ice',
      audio: { url: 'https://coast.example/ice.mp3' },
    });
  });

  test('that is named is that of the feed alone', async () => {
    const { episode } = await onPage(PAGE, { name: 'sea' });
    expect(episode).toMatchObject({ guid: 'sea', title: 'Sea', authors: [], audio: null, notes: null });
  });

  test('is that of the page where the feed cannot be had, with a warning', async () => {
    const found = await onPage(PAGE, {
      error: new AppError('connection_failed', { params: { host: 'coast.example' } }),
    });
    expect(found).toMatchObject({
      origin: 'page',
      episode: { title: 'Ice' },
      warnings: [{ code: 'companion_missing' }],
    });
  });

  test('of no address is what the page says', async () => {
    const html = '<meta property="og:audio" content="https://coast.example/x.mp3">';
    expect(await onPage(html, { address: null })).toMatchObject({ origin: 'page', warnings: [] });
  });

  test('is not there without a recording, or without one of that name', async () => {
    await expect(onPage('<p>Words</p>')).rejects.toMatchObject({ code: 'no_episode' });
    await expect(onPage(PAGE, { name: 'fog' })).rejects.toMatchObject({ code: 'episode_not_found' });
  });

  test('is no reason to go on when the job was cancelled, or to hide a defect', async () => {
    const cancelled = AbortSignal.abort(new Error('cancelled'));
    const error = new AppError('source_timeout', { params: { host: 'coast.example' } });
    await expect(onPage(PAGE, { error, signal: cancelled })).rejects.toThrow('cancelled');
    await expect(onPage(PAGE, { error: new Error('defect') })).rejects.toThrow('defect');
  });
});
