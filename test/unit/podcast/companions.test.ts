import { Readable } from 'node:stream';
import { describe, expect, test } from '@jest/globals';
import { withCompanions } from '../../../backbone/content/podcast/companions.ts';
import type { FeedEpisode, StoredEpisode } from '../../../backbone/content/podcast/episode.ts';
import { AppError } from '../../../backbone/errors.ts';
import type { FetchResponse } from '../../../backbone/fetch/fetcher.ts';

const EPISODE = {
  transcripts: [1, 2, 3, 4].map((at) => ({ url: `https://coast.example/${at}.vtt`, type: null })),
  chapters: null,
} as unknown as FeedEpisode;

/** Answers each address in its own way and writes down what was asked for. */
function fetchAll(
  answer: (url: string) => Promise<FetchResponse>,
  signal = new AbortController().signal,
): { readonly asked: readonly string[]; readonly stored: Promise<StoredEpisode> } {
  const asked: string[] = [];
  const fetcher = {
    fetch: ({ url }: { readonly url: string }) => {
      asked.push(url);
      return answer(url);
    },
    check: (url: string) => new URL(url),
    close: () => Promise.resolve(),
  };
  return { asked, stored: withCompanions({ fetcher, now: () => new Date(0) }, EPISODE, { signal }) };
}

const response = (status: number, body: string): FetchResponse => ({
  status,
  url: 'https://coast.example/',
  permanentUrl: 'https://coast.example/',
  headers: {},
  mediaType: null,
  charset: 'iso-8859-1',
  fileName: null,
  sizeBytes: null,
  body: Readable.from([Buffer.from(body, 'latin1')]),
});

describe('the files beside an episode', () => {
  test('are tried until one is there, each in its charset', async () => {
    const { asked, stored } = fetchAll((url) =>
      Promise.resolve(url.endsWith('2.vtt') ? response(200, 'Gr\u00fc\u00dfe') : response(404, '')),
    );
    expect(await stored).toMatchObject({
      transcript: { url: 'https://coast.example/2.vtt', text: 'Gr\u00fc\u00dfe' },
      chapters: null,
      warnings: [{ code: 'companion_missing' }],
    });
    expect(asked).toHaveLength(2);
  });

  test('are given up after three, each with a warning', async () => {
    const { asked, stored } = fetchAll(() =>
      Promise.reject(new AppError('connection_failed', { params: { host: 'coast.example' } })),
    );
    expect(await stored).toMatchObject({ transcript: null, warnings: { length: 3 } });
    expect(asked).toHaveLength(3);
  });

  test('are no reason to go on when the job was cancelled, or to hide a defect', async () => {
    const controller = new AbortController();
    const cancelled = fetchAll(() => {
      controller.abort(new Error('cancelled'));
      return Promise.reject(new AppError('source_timeout', { params: { host: 'coast.example' } }));
    }, controller.signal);
    await expect(cancelled.stored).rejects.toThrow('cancelled');
    await expect(fetchAll(() => Promise.reject(new Error('defect'))).stored).rejects.toThrow('defect');
  });
});
