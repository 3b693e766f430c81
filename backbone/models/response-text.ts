import type { FetchResponse } from '../fetch/fetcher.ts';

/** The whole body as text; how large it may be was said when it was fetched. */
export async function responseText({ body }: Pick<FetchResponse, 'body'>): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of body) parts.push(Buffer.from(part as Uint8Array));
  return Buffer.concat(parts).toString('utf8');
}
