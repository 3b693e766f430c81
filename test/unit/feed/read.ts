import type { Extraction } from '../../../backbone/content/model.ts';
import type { Feed } from '../../../backbone/content/webpage/feed/feed-model.ts';
import { readFeed } from '../../../backbone/content/webpage/feed/feed-source.ts';
import { parse } from '../../../backbone/content/webpage/webpage-parser.ts';

export const NOW = new Date('2026-06-01T00:00:00Z');
export const FEED_URL = 'https://coast.example/news/feed.xml';

export function feedOf(text: string, baseUrl: string | null = FEED_URL): Feed {
  return readFeed(text, { baseUrl, now: NOW }).feed;
}

export function rss(items: string, channel = '<title>Coast</title>'): string {
  return `<?xml version="1.0"?><rss version="2.0"><channel>${channel}${items}</channel></rss>`;
}

/** Reads a feed as the parse thread does. */
export function extract(source: string | Uint8Array, baseUrl: string | null = FEED_URL): Promise<Extraction> {
  const bytes = typeof source === 'string' ? Buffer.from(source) : source;
  const options = { now: NOW.toISOString() };
  const input = {
    bytes,
    mediaType: 'application/rss+xml',
    declaredCharset: null,
    baseUrl,
    fileName: null,
    options,
  };
  return parse(input, { progress: () => undefined });
}
