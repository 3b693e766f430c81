/** The text of a feed of any format to our shape, by way of feedsmith. Pure. */
import { parseAtomFeed, parseJsonFeed, parseRdfFeed, parseRssFeed } from 'feedsmith';
import { AppError } from '../../../errors.ts';
import { isObject } from '../json-ld.ts';
import { feedOfAtom } from './atom-reader.ts';
import { MOST_READ_ENTRIES, type Feed, type FeedContext } from './feed-model.ts';
import { repairJson } from './json-repair.ts';
import { feedOfJson } from './json-reader.ts';
import { rssOfJson } from './rss-in-json.ts';
import { feedOfRdf, feedOfRss } from './rss-reader.ts';
import { repairXml } from './xml-repair.ts';

export interface ReadFeed {
  readonly feed: Feed;
  /** The file ends too early; the entries that were whole are there. */
  readonly isCutOff: boolean;
  /** There are more entries than are read at all. */
  readonly hasMore: boolean;
}

/** Throws `file_damaged` when no feed can be made out, and `file_unsafe`. */
export function readFeed(text: string, context: FeedContext): ReadFeed {
  return /^\s*\{/.test(text) ? readJson(text, context) : readXml(text, context);
}

function readXml(text: string, context: FeedContext): ReadFeed {
  const { xml, root, isCutOff, hasMore } = repairXml(text);
  const feed = attempt(() => {
    if (root === 'feed') return feedOfAtom(parseAtomFeed(xml), context);
    if (root === 'rdf') return feedOfRdf(parseRdfFeed(xml), context);
    return feedOfRss(parseRssFeed(xml), context);
  });
  return { feed, isCutOff, hasMore };
}

function readJson(text: string, context: FeedContext): ReadFeed {
  const json = repairJson(text);
  if (json === null) throw new AppError('file_damaged');
  const { value, isCutOff } = json;
  const rss = rssOfJson(value);
  if (rss !== null) {
    const read = readXml(rss, context);
    return { ...read, feed: { ...read.feed, format: 'rss-in-json' }, isCutOff };
  }
  const items = isObject(value) && Array.isArray(value['items']) ? (value['items'] as unknown[]) : [];
  const feed = attempt(() => feedOfJson(parseJsonFeed(value, { maxItems: MOST_READ_ENTRIES }), context));
  return { feed, isCutOff, hasMore: items.length > MOST_READ_ENTRIES };
}

/** The library throws errors of its own for what it takes for no feed. */
function attempt(read: () => Feed): Feed {
  try {
    return read();
  } catch (cause) {
    throw new AppError('file_damaged', { cause });
  }
}
