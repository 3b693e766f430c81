/** Atom 0.3 and 1.0, as feedsmith understands it, to our shape. Pure. */
import type { AtomFeed } from 'feedsmith';
import { feedDate } from './feed-dates.ts';
import type { Feed, FeedBody, FeedContext, FeedEntry } from './feed-model.ts';
import { addressOf, looksLikeHtml, plainText, plainTexts } from './feed-text.ts';
import { attachmentsOf, mediaText, mediaTitle, pictureOf, showNotes } from './media.ts';

type AtomChannel = AtomFeed.Feed<string>;
type AtomEntry = NonNullable<AtomChannel['entries']>[number];
type AtomText = NonNullable<AtomEntry['summary']>;
type AtomLinks = AtomEntry['links'];

export function feedOfAtom(feed: AtomChannel, context: FeedContext): Feed {
  const site = addressOf(linkTo(feed.links, 'alternate'), context.baseUrl);
  const base = addressOf(feed.xml?.base, context.baseUrl) ?? context.baseUrl ?? site;
  return {
    format: 'atom',
    title: plainText(feed.title?.value),
    description: plainText(feed.subtitle?.value ?? showNotes(feed.itunes)),
    siteUrl: addressOf(linkTo(feed.links, 'alternate'), base),
    selfUrl: addressOf(linkTo(feed.links, 'self'), base),
    language: plainText(feed.xml?.lang ?? feed.dc?.languages?.[0]),
    authors: plainTexts((feed.authors ?? []).map(({ name }) => name)),
    publishedAt: null,
    modifiedAt: feedDate(feed.updated, context.now),
    imageUrl: addressOf(feed.logo ?? feed.icon, base),
    entries: (feed.entries ?? []).map((entry) => entryOf(entry, base, context.now)),
  };
}

function entryOf(entry: AtomEntry, feedBase: string | null, now: Date): FeedEntry {
  const base = addressOf(entry.xml?.base, feedBase) ?? feedBase;
  const enclosures = (entry.links ?? []).filter(({ rel }) => rel === 'enclosure');
  const creators = entry.dc?.creators ?? [];
  const modifiedAt = feedDate(entry.updated, now);
  return {
    id: plainText(entry.id),
    title: plainText(entry.title?.value ?? mediaTitle(entry.media)),
    link: addressOf(linkTo(entry.links, 'alternate'), base),
    publishedAt: feedDate(entry.published ?? entry.dc?.dates?.[0], now) ?? modifiedAt,
    modifiedAt,
    authors: plainTexts([...(entry.authors ?? []).map(({ name }) => name), ...creators]),
    body: bodyOf(entry, base),
    imageUrl: pictureOf(entry.media, base),
    attachments: attachmentsOf(enclosures.map(fileOf), entry.media, base),
    durationSeconds: entry.itunes?.duration ?? null,
    transcriptUrls: [],
  };
}

function fileOf({ href, type }: NonNullable<AtomLinks>[number]): { url?: string; type?: string } {
  return { ...(href === undefined ? {} : { url: href }), ...(type === undefined ? {} : { type }) };
}

/** A link without a relation is to the page; the one to HTML comes first where there are several. */
function linkTo(links: AtomLinks, relation: 'alternate' | 'self'): string | undefined {
  const fitting = (links ?? []).filter(({ rel }) => (rel ?? 'alternate') === relation);
  return (fitting.find(({ type }) => type === undefined || type.includes('html')) ?? fitting[0])?.href;
}

function bodyOf(entry: AtomEntry, base: string | null): FeedBody | null {
  const text = [entry.content, entry.summary].find((part) => (part?.value ?? '') !== '');
  if (text?.value !== undefined)
    return {
      text: text.value,
      isHtml: isHtml(text, text.value),
      baseUrl: addressOf(text.xml?.base, base) ?? base,
    };
  const description = mediaText(entry.media);
  return description === undefined ? null : { text: description, isHtml: false, baseUrl: base };
}

/** Many write HTML and leave the type out, although that means plain text. */
function isHtml({ type }: Pick<AtomText, 'type'>, value: string): boolean {
  if (type === undefined) return looksLikeHtml(value);
  return /html|xml/i.test(type);
}
