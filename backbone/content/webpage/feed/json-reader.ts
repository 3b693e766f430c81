/** JSON Feed, as feedsmith understands it, to our shape. Pure. */
import type { JsonFeed } from 'feedsmith';
import { feedDate } from './feed-dates.ts';
import type { Feed, FeedBody, FeedContext, FeedEntry } from './feed-model.ts';
import { addressOf, plainText, plainTexts } from './feed-text.ts';
import { attachmentsOf } from './media.ts';

type JsonChannel = JsonFeed.Feed<string>;
type JsonItem = NonNullable<JsonChannel['items']>[number];

export function feedOfJson(feed: JsonChannel, context: FeedContext): Feed {
  const base = context.baseUrl ?? addressOf(feed.feed_url, null) ?? addressOf(feed.home_page_url, null);
  return {
    format: 'json-feed',
    title: plainText(feed.title),
    description: plainText(feed.description),
    siteUrl: addressOf(feed.home_page_url, base),
    selfUrl: addressOf(feed.feed_url, base),
    language: plainText(feed.language),
    authors: namesOf(feed.authors),
    publishedAt: null,
    modifiedAt: null,
    imageUrl: addressOf(feed.icon ?? feed.favicon, base),
    entries: (feed.items ?? []).map((item) => entryOf(item, base, context.now)),
  };
}

function entryOf(item: JsonItem, base: string | null, now: Date): FeedEntry {
  const attachments = item.attachments ?? [];
  const files = attachments.map(({ url, mime_type: type }) => ({
    ...(url === undefined ? {} : { url }),
    ...(type === undefined ? {} : { type }),
  }));
  return {
    id: plainText(item.id),
    title: plainText(item.title),
    link: addressOf(item.url ?? item.external_url, base),
    publishedAt: feedDate(item.date_published, now),
    modifiedAt: feedDate(item.date_modified, now),
    authors: namesOf(item.authors),
    body: bodyOf(item, base),
    imageUrl: addressOf(item.image ?? item.banner_image, base),
    attachments: attachmentsOf(files, undefined, base),
    durationSeconds: attachments[0]?.duration_in_seconds ?? null,
    transcriptUrls: [],
  };
}

function bodyOf(item: JsonItem, baseUrl: string | null): FeedBody | null {
  if (item.content_html !== undefined) return { text: item.content_html, isHtml: true, baseUrl };
  const text = item.content_text ?? item.summary;
  return text === undefined ? null : { text, isHtml: false, baseUrl };
}

function namesOf(authors: JsonChannel['authors']): string[] {
  return plainTexts((authors ?? []).map(({ name }) => name));
}
