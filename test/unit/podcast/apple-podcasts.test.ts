import { Readable } from 'node:stream';
import { describe, expect, test } from '@jest/globals';
import { lookUp, lookupAddress, type AppleEntry } from '../../../backbone/content/podcast/apple-podcasts.ts';
import { AppError } from '../../../backbone/errors.ts';
import type { FetchRequest } from '../../../backbone/fetch/fetcher.ts';

const LINK = { showId: '123', episodeId: '456', country: 'us' };
const SHOW = {
  wrapperType: 'track',
  kind: 'podcast',
  trackId: 123,
  feedUrl: 'https://coast.example/feed.xml',
};
const EPISODE = {
  wrapperType: 'podcastEpisode',
  kind: 'podcast-episode',
  trackId: 456,
  episodeGuid: 'ice',
  episodeUrl: 'https://coast.example/ice.mp3',
  feedUrl: 'https://coast.example/feed.xml',
};

function ask(
  answer: { readonly status?: number; readonly body?: unknown; readonly error?: Error },
  link = LINK as { showId: string; episodeId: string | null; country: string | null },
): Promise<AppleEntry> {
  const { status = 200, body = '', error } = answer;
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const fetcher = {
    fetch: ({ url, purpose }: FetchRequest) => {
      expect(purpose).toBe('service');
      if (error !== undefined) return Promise.reject(error);
      return Promise.resolve({
        status,
        url,
        headers: {},
        mediaType: 'text/javascript',
        charset: 'utf-8',
        fileName: null,
        sizeBytes: null,
        permanentUrl: url,
        body: Readable.from([Buffer.from(text)]),
      });
    },
    check: (url: string) => new URL(url),
    close: () => Promise.resolve(),
  };
  const ports = { fetcher, now: () => new Date(0), appleLookupUrl: 'https://directory.example/lookup' };
  return lookUp(ports, link, new AbortController().signal);
}

const answerOf = (...results: readonly unknown[]): { readonly body: unknown } => ({
  body: { resultCount: results.length, results },
});
const failure = (code: string): unknown => expect.objectContaining({ code });

describe('the directory of Apple', () => {
  test('is asked for the newest episodes of a show, or for the show', () => {
    expect(lookupAddress('https://d.example/lookup?key=1', LINK)).toBe(
      'https://d.example/lookup?key=1&id=123&entity=podcastEpisode&limit=200&country=us',
    );
    expect(lookupAddress('https://d.example/lookup', { ...LINK, episodeId: null, country: null })).toBe(
      'https://d.example/lookup?id=123&entity=podcast',
    );
  });

  test('tells feed and episode', async () => {
    const other = { ...EPISODE, trackId: 455, episodeGuid: 'sea' };
    expect(await ask(answerOf(SHOW, other, EPISODE))).toEqual({
      feedUrl: 'https://coast.example/feed.xml',
      episode: { guid: 'ice', audioUrl: 'https://coast.example/ice.mp3' },
    });
    expect(await ask(answerOf(SHOW), { ...LINK, episodeId: null })).toEqual({
      feedUrl: 'https://coast.example/feed.xml',
      episode: null,
    });
  });

  test('may leave out the show, the guid and the recording', async () => {
    const { episodeGuid: _guid, episodeUrl: _url, ...bare } = EPISODE;
    expect(await ask(answerOf(null, 7, { ...bare, episodeUrl: 5 }))).toMatchObject({
      feedUrl: 'https://coast.example/feed.xml',
      episode: { guid: null, audioUrl: null },
    });
  });

  test.each([
    ['no such show', answerOf(), 'source_not_found'],
    ['no such episode', answerOf(SHOW), 'episode_not_found'],
    ['a show without a feed', answerOf({ ...SHOW, feedUrl: null }), 'no_public_audio'],
    ['what is no JSON', { body: '<html>' }, 'directory_unreadable'],
    ['something else', { body: { results: 7 } }, 'directory_unreadable'],
    ['more than it should', answerOf(...new Array<object>(401).fill(SHOW)), 'directory_unreadable'],
    ['that it is asked too often', { status: 403 }, 'source_throttled'],
    ['an error', { status: 500 }, 'source_server_error'],
    ['nothing', { error: new AppError('source_timeout', { params: { host: 'd' } }) }, 'source_timeout'],
  ])('that answers %s fails', async (_, answer, code) => {
    await expect(ask(answer)).rejects.toEqual(failure(code));
  });

  test('hides no defect', async () => {
    await expect(ask({ error: new Error('defect') })).rejects.toThrow('defect');
  });
});
