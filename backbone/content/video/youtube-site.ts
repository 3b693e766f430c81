/** The way to YouTube's hosts: through the fetch module, to these hosts alone. */
import { buffer } from 'node:stream/consumers';
import { AppError } from '../../errors.ts';
import type { Fetcher, FetchRequest } from '../../fetch/fetcher.ts';
import { throwForStatus } from '../../fetch/throw-for-status.ts';

export interface SiteAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly mediaType: string | null;
  readonly bytes: Buffer;
}

export interface SiteRequest extends Pick<FetchRequest, 'method' | 'headers' | 'body'> {
  /** Absolute, or a path of www.youtube.com. */
  readonly url: string;
  readonly signal: AbortSignal;
  readonly maxBytes?: number;
}

export interface YoutubeSite {
  /** Of any status. @throws AppError url_forbidden, source_too_large, or what the fetch module throws */
  ask(request: SiteRequest): Promise<SiteAnswer>;
  /** @throws AppError also source_* for a status that is no success */
  read(request: SiteRequest): Promise<SiteAnswer>;
}

export interface SiteOptions {
  readonly fetcher: Pick<Fetcher, 'fetch'>;
  readonly baseUrl: string;
  readonly now: () => Date;
}

export const YOUTUBE_ORIGIN = 'https://www.youtube.com';
/** Where answers may send us: watch pages, the player's interface, captions, pictures. */
const HOSTS =
  /^(?:(?:[a-z0-9-]{1,30}\.)?youtube\.com|youtubei\.googleapis\.com|(?:[a-z0-9-]{1,30}\.)?ytimg\.com)$/;
/** A watch page has some 1.5 MB, captions of a day some 8 MB. */
const MOST_BYTES = 16 * 1024 * 1024;
/** Without it Europe is asked for consent in place of an answer; it says that only what is needed may be stored. */
const CONSENT = 'SOCS=CAI';

export function youtubeSite({ fetcher, baseUrl, now }: SiteOptions): YoutubeSite {
  const ask = async (request: SiteRequest): Promise<SiteAnswer> => {
    const { method, headers, body, signal, maxBytes = MOST_BYTES } = request;
    const response = await fetcher.fetch({
      url: targetOf(request.url, baseUrl),
      purpose: 'content',
      signal,
      maxBytes,
      limitSetting: 'MAX_TEXT_MB',
      headers: { 'accept-language': 'en', cookie: CONSENT, ...headers },
      ...(method === undefined ? {} : { method }),
      ...(body === undefined ? {} : { body }),
    });
    try {
      const bytes = await buffer(response.body);
      return { status: response.status, headers: response.headers, mediaType: response.mediaType, bytes };
    } finally {
      response.body.destroy();
    }
  };
  return {
    ask,
    read: async (request) => {
      const answer = await ask(request);
      throwForStatus({ ...answer, url: targetOf(request.url, baseUrl) }, now().getTime());
      return answer;
    },
  };
}

/** @throws AppError url_forbidden */
function targetOf(address: string, baseUrl: string): string {
  const url = URL.parse(address, YOUTUBE_ORIGIN);
  if (url === null || !/^https?:$/.test(url.protocol) || !HOSTS.test(url.hostname))
    throw new AppError('url_forbidden', { params: { reason: 'it is none of YouTube' } });
  url.protocol = 'https:';
  return baseUrl === YOUTUBE_ORIGIN ? url.href : new URL(`${url.pathname}${url.search}`, baseUrl).href;
}
