/** Finds one episode in a podcast's feed. */
import { parseRdfFeed, parseRssFeed } from 'feedsmith';
import { z } from 'zod';
import { AppError } from '../../errors.ts';
import { decodeText } from '../parsing/charset.ts';
import type { ParserInput } from '../parsing/parser.ts';
import { textLimitOf, textTooLarge } from '../parsing/text-limit.ts';
import type { FeedContext } from '../webpage/feed/feed-model.ts';
import { readFeed } from '../webpage/feed/feed-source.ts';
import { feedOfRdf } from '../webpage/feed/rss-reader.ts';
import { repairXml } from '../webpage/feed/xml-repair.ts';
import { episodesOfEntries } from './entry-episodes.ts';
import { LATEST } from './episode-address.ts';
import { chosenEpisode, type Candidate } from './episode-choice.ts';
import type { FeedEpisode } from './episode.ts';
import { FEED_TYPE } from './media-types.ts';
import { episodesOfRss } from './rss-episodes.ts';

const OPTIONS = z.object({
  episode: z.string().nullable().default(LATEST),
  links: z.array(z.string()).default([]),
  now: z.string().default(''),
});

/**
 * Runs in a parse thread. Options `episode` and `links` are an `EpisodeQuery`, by default the latest episode; `now` is
 * the time after which dates are not believed. Of a longer feed the first 5000 entries are looked at.
 * @throws AppError episode_not_found, file_damaged, file_unsafe, source_too_large
 */
export function readEpisode(input: ParserInput): FeedEpisode {
  const limit = textLimitOf(input);
  if (input.bytes.length > limit) throw textTooLarge(limit);
  const { text } = decodeText(input.bytes, { declared: input.declaredCharset, kind: 'xml' });
  const { episode: name, links, now } = OPTIONS.parse(input.options);
  const candidates = candidatesIn(text, input.mediaType, { baseUrl: input.baseUrl, now: new Date(now) });
  const found = chosenEpisode(candidates, { name, links });
  if (found !== null) return found.read();
  const episode = (name ?? links[0] ?? '').slice(0, 100);
  throw new AppError('episode_not_found', { params: { episode } });
}

function candidatesIn(text: string, mediaType: string, context: FeedContext): readonly Candidate[] {
  if (mediaType !== FEED_TYPE || /^\s*\{/.test(text)) return episodesOfEntries(readFeed(text, context).feed);
  const { xml, root } = repairXml(text);
  try {
    if (root === 'rdf') return episodesOfEntries(feedOfRdf(parseRdfFeed(xml), context));
    return episodesOfRss(parseRssFeed(xml), context);
  } catch (cause) {
    throw new AppError('file_damaged', { cause });
  }
}
