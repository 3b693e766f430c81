/** RSS 0.9 to 2.0 and RDF, as feedsmith understands them, to our shape. Pure. */
import type { RdfFeed, RssFeed } from 'feedsmith';
import { feedDate } from './feed-dates.ts';
import type { Feed, FeedBody, FeedContext, FeedEntry } from './feed-model.ts';
import { addressOf, plainText, plainTexts } from './feed-text.ts';
import { attachmentsOf, mediaText, mediaTitle, pictureOf, showNotes } from './media.ts';

type RssChannel = RssFeed.Feed<string>;
type RdfChannel = RdfFeed.Feed<string>;
type RssItem = NonNullable<RssChannel['items']>[number];
type RdfItem = NonNullable<RdfChannel['items']>[number];

export function feedOfRss(feed: RssChannel, context: FeedContext): Feed {
  const base = baseOf(feed, context);
  const managing = feed.managingEditor;
  return {
    ...channelOf(feed, base),
    format: 'rss',
    description: plainText(feed.description ?? showNotes(feed.itunes)),
    language: plainText(feed.language ?? feed.dc?.languages?.[0] ?? feed.xml?.lang),
    authors: firstOf([feed.itunes?.author], [managing?.name], feed.dc?.creators),
    publishedAt: feedDate(feed.pubDate ?? feed.dc?.dates?.[0], context.now),
    modifiedAt: feedDate(feed.lastBuildDate, context.now),
    imageUrl: addressOf(feed.image?.url ?? feed.itunes?.image, base),
    entries: (feed.items ?? []).map((item) => entryOfRss(item, base, context)),
  };
}

export function feedOfRdf(feed: RdfChannel, context: FeedContext): Feed {
  const base = baseOf(feed, context);
  return {
    ...channelOf(feed, base),
    format: 'rdf',
    description: plainText(feed.description),
    language: plainText(feed.dc?.languages?.[0] ?? feed.xml?.lang),
    authors: plainTexts(feed.dc?.creators ?? []),
    publishedAt: feedDate(feed.dc?.dates?.[0], context.now),
    modifiedAt: null,
    imageUrl: addressOf(feed.image?.url, base),
    entries: (feed.items ?? []).map((item) => entryOfRdf(item, base, context)),
  };
}

/** Where relative addresses start: what the feed declares, its own address, else its site's. */
function baseOf(feed: RssChannel | RdfChannel, { baseUrl }: FeedContext): string | null {
  return addressOf(feed.xml?.base, baseUrl) ?? baseUrl ?? addressOf(feed.link, null);
}

function channelOf(
  feed: RssChannel | RdfChannel,
  base: string | null,
): Pick<Feed, 'title' | 'siteUrl' | 'selfUrl'> {
  const self = feed.atom?.links?.find(({ rel }) => rel === 'self')?.href;
  return {
    title: plainText(feed.title ?? feed.dc?.titles?.[0]),
    siteUrl: addressOf(feed.link, base),
    selfUrl: addressOf(self, base),
  };
}

function entryOfRss(item: RssItem, feedBase: string | null, { now }: FeedContext): FeedEntry {
  const base = addressOf(item.xml?.base, feedBase) ?? feedBase;
  return {
    modifiedAt: modifiedOf(item, now),
    id: plainText(item.guid?.value),
    title: titleOf(item),
    link: linkOf(item, base),
    publishedAt: publishedOf(item, now),
    authors: authorsOf(item),
    body: bodyOf(item, base, showNotes(item.itunes)),
    imageUrl: pictureOf(item.media, base) ?? addressOf(item.itunes?.image, base),
    attachments: attachmentsOf(item.enclosures ?? [], item.media, base),
    durationSeconds: item.itunes?.duration ?? null,
    transcriptUrls: (item.podcast?.transcripts ?? [])
      .slice(0, MOST_TRANSCRIPTS)
      .flatMap(({ url }) => addressOf(url, base) ?? []),
  };
}

const MOST_TRANSCRIPTS = 10;

function titleOf({ title, itunes, dc, media }: RssItem): string | null {
  return plainText(title ?? itunes?.title ?? dc?.titles?.[0] ?? mediaTitle(media));
}

function publishedOf({ pubDate, dc, atom }: RssItem, now: Date): string | null {
  return feedDate(pubDate ?? dc?.dates?.[0] ?? atom?.published, now);
}

function authorsOf({ authors, dc, itunes }: RssItem): string[] {
  return firstOf(
    authors?.map(({ name }) => name),
    dc?.creators,
    [itunes?.author],
  );
}

function entryOfRdf(item: RdfItem, feedBase: string | null, { now }: FeedContext): FeedEntry {
  const base = addressOf(item.xml?.base, feedBase) ?? feedBase;
  return {
    modifiedAt: modifiedOf(item, now),
    id: plainText(item.rdf?.about),
    title: plainText(item.title ?? item.dc?.titles?.[0]),
    link: addressOf(item.link, base) ?? addressOf(item.rdf?.about, base),
    publishedAt: feedDate(item.dc?.dates?.[0], now),
    authors: plainTexts(item.dc?.creators ?? []),
    body: bodyOf(item, base),
    imageUrl: pictureOf(item.media, base),
    attachments: attachmentsOf([], item.media, base),
    durationSeconds: null,
    transcriptUrls: [],
  };
}

function modifiedOf({ atom, dcterms }: RssItem | RdfItem, now: Date): string | null {
  return feedDate(atom?.updated ?? dcterms?.modified?.[0], now);
}

/** A guid is an address unless it says that it is none. */
function linkOf(item: RssItem, base: string | null): string | null {
  const alternate = item.atom?.links?.find(({ rel }) => rel === undefined || rel === 'alternate')?.href;
  const guid = item.guid?.isPermaLink === false ? undefined : item.guid?.value;
  return (
    addressOf(item.link, base) ??
    addressOf(alternate, base) ??
    (guid !== undefined && /^https?:/i.test(guid) ? addressOf(guid, null) : null)
  );
}

function bodyOf(item: RssItem | RdfItem, baseUrl: string | null, summary?: string): FeedBody | null {
  const text =
    item.content?.encoded ??
    item.atom?.content?.value ??
    item.description ??
    item.dc?.descriptions?.[0] ??
    summary ??
    mediaText(item.media);
  return text === undefined ? null : { text, isHtml: true, baseUrl };
}

/** The first list that names anybody. */
function firstOf(...lists: readonly (readonly (string | undefined)[] | undefined)[]): string[] {
  for (const list of lists) {
    const names = plainTexts(list ?? []);
    if (names.length > 0) return names;
  }
  return [];
}
