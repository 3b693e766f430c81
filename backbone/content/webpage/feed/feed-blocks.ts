/** The entries of a feed as blocks: a heading and a section each. Pure. */
import type { Block, ContentLink, Locator } from '../../model.ts';
import { htmlBlocks, type ReadLink } from '../../parsing/html-blocks.ts';
import { parseHtml } from '../../parsing/html-tree.ts';
import type { Feed, FeedBody, FeedEntry } from './feed-model.ts';
import { htmlOf, htmlOfPlain } from './feed-text.ts';

/** Characters of source that are read of one entry and of all entries together. */
export interface FeedTextLimits {
  readonly entryCharacters: number;
  readonly allCharacters: number;
}

export interface FeedBlocks {
  readonly blocks: readonly Block[];
  readonly links: readonly ContentLink[];
  /** Entries whose text was cut off or left out. */
  readonly shortened: number;
}

export const FEED_TEXT_LIMITS: FeedTextLimits = { entryCharacters: 200_000, allCharacters: 5_000_000 };

const MOST_LINKS = 5000;
const ENTRY_LEVEL = 2;
const DEEPEST_LEVEL = 6;

/** `progress` is told how many entries are done. */
export function feedBlocks(
  feed: Pick<Feed, 'title' | 'description' | 'entries'>,
  limits: FeedTextLimits,
  progress: (done: number) => void,
): FeedBlocks {
  const blocks: Block[] = channelBlocks(feed);
  const links: ContentLink[] = [];
  let left = limits.allCharacters;
  let shortened = 0;
  for (const [at, entry] of feed.entries.entries()) {
    const body = cutBody(entry.body, Math.min(limits.entryCharacters, left));
    if (body?.text !== entry.body?.text) shortened += 1;
    left -= body?.text.length ?? 0;
    const section = entrySection(feed.title, entry, at, body);
    for (const block of section.blocks) blocks.push(block);
    for (const { url, text } of section.links) if (links.length < MOST_LINKS) links.push({ url, text });
    progress(at + 1);
  }
  return { blocks, links, shortened };
}

/** What the entry is called where it needs a name: without a title its day, else its place in the feed. */
export function entryName(entry: FeedEntry, at: number): string {
  return entry.title ?? entry.publishedAt?.slice(0, 10) ?? `Entry ${at + 1}`;
}

function channelBlocks({ title, description }: Pick<Feed, 'title' | 'description'>): Block[] {
  const heading: Block[] = title === null ? [] : [{ kind: 'heading', level: 1, text: title, locator: {} }];
  if (description === null || description === title) return heading;
  const locator = title === null ? {} : { headingPath: [title] };
  return [...heading, { kind: 'paragraph', text: description, locator }];
}

function cutBody(body: FeedBody | null, characters: number): FeedBody | null {
  if (body === null || body.text.length <= characters) return body;
  return characters <= 0 ? null : { ...body, text: body.text.slice(0, characters) };
}

function entrySection(
  feedTitle: string | null,
  entry: FeedEntry,
  at: number,
  body: FeedBody | null,
): { readonly blocks: readonly Block[]; readonly links: readonly (ContentLink | ReadLink)[] } {
  const name = entryName(entry, at);
  const above = feedTitle === null ? [] : [feedTitle];
  const place: Locator = entry.link === null ? {} : { href: entry.link };
  const path = { ...place, headingPath: [...above, name.slice(0, 200)] };
  const read = body === null ? null : readBody(body, path.headingPath, place);
  const byline = bylineOf(entry);
  return {
    blocks: [
      {
        kind: 'heading',
        level: ENTRY_LEVEL,
        text: name,
        locator: above.length > 0 ? { ...place, headingPath: above } : place,
      },
      ...(byline === '' ? [] : [{ kind: 'paragraph', text: byline, locator: path } as const]),
      ...(read?.blocks ?? []).filter((block, index) => !isRepeatedTitle(block, index, name)),
    ],
    links: [...(entry.link === null ? [] : [{ url: entry.link, text: name }]), ...(read?.links ?? [])],
  };
}

function readBody(
  { text, isHtml, baseUrl }: FeedBody,
  headingPath: readonly string[],
  locator: Locator,
): { readonly blocks: readonly Block[]; readonly links: readonly ReadLink[] } {
  const html = isHtml ? htmlOf(text) : htmlOfPlain(text);
  const read = htmlBlocks(parseHtml(html)('body').toArray(), { baseUrl, headingPath, locator });
  return { blocks: read.blocks.map(({ block }) => lowered(block)), links: read.links };
}

/** Headings within an entry stand below that of the entry. */
function lowered(block: Block): Block {
  if (block.kind !== 'heading') return block;
  return { ...block, level: Math.min((block.level ?? 1) + ENTRY_LEVEL, DEEPEST_LEVEL) };
}

function isRepeatedTitle(block: Block, index: number, name: string): boolean {
  return index === 0 && block.kind === 'heading' && block.text === name;
}

function bylineOf({ authors, publishedAt, title }: FeedEntry): string {
  const day = title === null ? undefined : publishedAt?.slice(0, 10);
  return [authors.slice(0, 10).join(', '), day ?? ''].filter((part) => part !== '').join(', ');
}
