/** What a web page says of the episode it is about. Opens no address. */
import type { CheerioAPI } from 'cheerio/slim';
import { z } from 'zod';
import { decodeText } from '../parsing/charset.ts';
import { attributeOf, parseHtml } from '../parsing/html-tree.ts';
import type { ParserInput } from '../parsing/parser.ts';
import { feedDate } from '../webpage/feed/feed-dates.ts';
import { addressOf, plainText, plainTexts } from '../webpage/feed/feed-text.ts';
import { isObject, textIn, type JsonLdNode } from '../webpage/json-ld.ts';
import { pageFacts, type PageFacts } from '../webpage/page-facts.ts';
import { durationOf, episodeNodeOf, recordingIn } from './episode-node.ts';
import { LONGEST_NOTES, type EpisodeFile, type FeedEpisode } from './episode.ts';

export interface EpisodePage {
  /** `audio` is null where the page names no recording. */
  readonly episode: FeedEpisode;
  /** Feeds that may have the episode, with more to say of it. */
  readonly feeds: readonly string[];
}

const OPTIONS = z.object({ now: z.string().default('') });
const MOST_FEEDS = 3;
const FEED_LINK = /(?:rss|atom|feed)\+(?:xml|json)$/i;

/** Runs in a parse thread. Option `now`: the time after which dates are not believed. O(length). */
export function readEpisodePage(input: ParserInput): EpisodePage {
  const { text } = decodeText(input.bytes, { declared: input.declaredCharset, kind: 'html' });
  const facts = pageFacts(parseHtml(text), input.baseUrl);
  const node = episodeNodeOf(facts);
  const now = new Date(OPTIONS.parse(input.options).now);
  return { episode: episodeOn(facts, node, now), feeds: feedsOf(facts, node) };
}

function episodeOn(facts: PageFacts, node: JsonLdNode | null, now: Date): FeedEpisode {
  const { $, meta, baseUrl } = facts;
  const said = (...names: readonly string[]): string | null => meta.first(...names)?.value ?? null;
  const own = (name: string): string | null => textIn(node?.[name]);
  return {
    guid: null,
    title: plainText(own('name') ?? said('og:title', 'twitter:title') ?? $('title').first().text()),
    show: plainText(textIn(node?.['partOfSeries']) ?? said('og:site_name')),
    authors: plainTexts([own('author') ?? own('creator') ?? undefined]),
    persons: [],
    language: plainText(own('inLanguage') ?? $('html').attr('lang')),
    publishedAt: feedDate(own('datePublished') ?? said('article:published_time'), now),
    season: numberOf(seasonOf(node)),
    number: numberOf(own('episodeNumber')),
    durationSeconds: durationOf(node),
    pageUrl: addressOf($('link[rel="canonical"]').first().attr('href') ?? said('og:url'), baseUrl),
    imageUrl: addressOf(said('og:image'), baseUrl),
    notes: (own('description') ?? said('og:description', 'description'))?.slice(0, LONGEST_NOTES) ?? null,
    baseUrl,
    audio: recordingOn(facts, node),
    transcripts: [],
    chapters: null,
  };
}

/** What is said of the episode, then of the page, then what the page plays. */
function recordingOn({ $, meta, baseUrl }: PageFacts, node: JsonLdNode | null): EpisodeFile | null {
  const shared = meta.first('og:audio:secure_url', 'og:audio:url', 'og:audio');
  const named = [
    recordingIn(node),
    shared === null ? null : { url: shared.value, type: meta.first('og:audio:type')?.value ?? null },
    ...playedOn($),
  ];
  for (const file of named) {
    const url = addressOf(file?.url, baseUrl);
    if (url !== null) return { url, type: file?.type?.slice(0, 100) ?? null };
  }
  return null;
}

function playedOn($: CheerioAPI): readonly EpisodeFile[] {
  return $('audio[src], audio source[src]')
    .toArray()
    .slice(0, MOST_FEEDS)
    .map((element) => ({ url: attributeOf(element, 'src'), type: attributeOf(element, 'type') || null }));
}

/** Feeds of comments are none of episodes. */
function feedsOf({ $, baseUrl }: PageFacts, node: JsonLdNode | null): readonly string[] {
  const series = node?.['partOfSeries'];
  const links = $('link[rel~="alternate"][href]')
    .toArray()
    .filter((link) => FEED_LINK.test(attributeOf(link, 'type')))
    .filter((link) => !/\bcomments?\b/i.test(`${attributeOf(link, 'title')} ${attributeOf(link, 'href')}`))
    .map((link) => attributeOf(link, 'href'));
  const named = [isObject(series) ? textIn(series['webFeed']) : null, ...links];
  return [...new Set(named.flatMap((link) => addressOf(link, baseUrl) ?? []))].slice(0, MOST_FEEDS);
}

function seasonOf(node: JsonLdNode | null): string | null {
  const season = node?.['partOfSeason'];
  return isObject(season) ? textIn(season['seasonNumber']) : null;
}

function numberOf(text: string | null): number | null {
  return text !== null && /^\d{1,6}$/.test(text) ? Number(text) : null;
}
