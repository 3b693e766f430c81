import { youtubeSite, type YoutubeSite } from '../../backbone/content/video/youtube-site.ts';
import type { FetchRequest } from '../../backbone/fetch/fetcher.ts';
import { Readable } from 'node:stream';

export interface FakeAnswer {
  readonly status?: number;
  readonly type?: string;
  readonly body?: string;
  /** Thrown in place of an answer. */
  readonly error?: Error;
}

export interface FakeSite {
  readonly site: YoutubeSite;
  readonly requests: readonly FetchRequest[];
}

/** A way to YouTube whose fetch module answers by path; other paths answer 404. */
export function fakeYoutubeSite(
  answers: Readonly<Record<string, FakeAnswer>>,
  baseUrl = 'https://www.youtube.com',
): FakeSite {
  const requests: FetchRequest[] = [];
  const fetch = (
    request: FetchRequest,
  ): ReturnType<Parameters<typeof youtubeSite>[0]['fetcher']['fetch']> => {
    requests.push(request);
    const { pathname, search } = new URL(request.url);
    const { status, type, body, error } = answers[`${pathname}${search}`] ??
      answers[pathname] ?? { status: 404 };
    if (error !== undefined) return Promise.reject(error);
    const mediaType = type ?? 'text/html';
    return Promise.resolve({
      status: status ?? 200,
      url: request.url,
      headers: { 'content-type': mediaType },
      mediaType,
      charset: null,
      fileName: null,
      sizeBytes: null,
      permanentUrl: request.url,
      body: Readable.from([Buffer.from(body ?? '')]),
    });
  };
  const now = (): Date => new Date('2026-01-01T00:00:00Z');
  return { site: youtubeSite({ fetcher: { fetch }, baseUrl, now }), requests };
}
