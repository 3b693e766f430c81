import { Readable } from 'node:stream';
import type { Fetcher, FetchResponse } from '../../backbone/fetch/fetcher.ts';

export interface FakeAnswer {
  readonly status?: number;
  readonly mediaType?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

export interface FakeFetcher extends Fetcher {
  readonly asked: readonly string[];
}

/** Answers by the beginning of the address, or throws what it is told to; whatever is not listed answers 404. */
export function fakeFetcher(answers: Readonly<Record<string, FakeAnswer | Error>>): FakeFetcher {
  const asked: string[] = [];
  return {
    asked,
    fetch: ({ url }) => {
      asked.push(url);
      const answer = Object.entries(answers).find(([start]) => url.startsWith(start))?.[1] ?? { status: 404 };
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(responseOf(url, answer));
    },
    check: (url) => new URL(url),
    close: () => Promise.resolve(),
  };
}

function responseOf(
  url: string,
  { status = 200, mediaType, headers = {}, body = '' }: FakeAnswer,
): FetchResponse {
  return {
    status,
    url,
    headers,
    mediaType: mediaType ?? null,
    charset: null,
    fileName: null,
    sizeBytes: null,
    permanentUrl: url,
    body: Readable.from([Buffer.from(body)]),
  };
}
