/** Finds one episode in a podcast's feed. */
import { parseRssFeed, type RssFeed } from 'feedsmith';
import { AppError } from '../../errors.ts';
import { decodeText } from '../parsing/charset.ts';
import type { ParserInput } from '../parsing/parser.ts';
import { textLimitOf, textTooLarge } from '../parsing/text-limit.ts';
import { publicationInstant } from '../publication-instant.ts';
import { secondsOf } from '../transcripts/time-code.ts';
import { feedDate } from '../webpage/feed/feed-dates.ts';
import { addressOf, plainText, plainTexts } from '../webpage/feed/feed-text.ts';
import { showNotes } from '../webpage/feed/media.ts';
import { repairXml } from '../webpage/feed/xml-repair.ts';
import { LATEST, type EpisodeFile, type FeedEpisode } from './episode.ts';

type Channel = RssFeed.Feed<string>;
type Item = NonNullable<Channel['items']>[number];

const MOST_FILES = 10;
const MOST_PERSONS = 50;
const LONGEST_NOTES = 200_000;
/** Best first: with times and voices, with times, then without. Others come last. */
const FORMATS = [/vtt/i, /json/i, /srt|subrip/i, /html/i];

/**
 * Runs in a parse thread. Option `episode` is a guid, a number or `latest`; `now` the time after which dates are not
 * believed. @throws AppError episode_not_found, file_damaged, file_unsafe, source_too_large
 */
export function readEpisode(input: ParserInput): FeedEpisode {
  const limit = textLimitOf(input);
  if (input.bytes.length > limit) throw textTooLarge(limit);
  const { text } = decodeText(input.bytes, { declared: input.declaredCharset, kind: 'xml' });
  const { episode, now: nowText } = input.options;
  const wanted = typeof episode === 'string' ? episode : LATEST;
  const now = new Date(typeof nowText === 'string' ? nowText : Number.NaN);
  const channel = channelOf(text);
  const item = itemOf(channel.items ?? [], wanted, now);
  if (item === null) throw new AppError('episode_not_found', { params: { episode: wanted.slice(0, 100) } });
  return episodeOf(channel, item, input.baseUrl, now);
}

function channelOf(text: string): Channel {
  const { xml } = repairXml(text);
  try {
    return parseRssFeed(xml);
  } catch (cause) {
    throw new AppError('file_damaged', { cause });
  }
}

/** A guid before a number, since a guid may look like one. Of several with the number, the first in the feed. */
function itemOf(items: readonly Item[], wanted: string, now: Date): Item | null {
  if (wanted === LATEST) return latestOf(items, now);
  const byGuid = items.find(({ guid }) => guid?.value?.trim() === wanted);
  return byGuid ?? items.find((item) => String(numberOf(item)) === wanted) ?? null;
}

/** Without dates the first one, as feeds begin with the newest. */
function latestOf(items: readonly Item[], now: Date): Item | null {
  const at = (item: Item): string => publicationInstant(feedDate(item.pubDate, now)) ?? '';
  return items.reduce<Item | null>(
    (best, item) => (best === null || at(item) > at(best) ? item : best),
    null,
  );
}

function numberOf({ podcast, itunes }: Item): number | null {
  return podcast?.episode?.number ?? itunes?.episode ?? null;
}

function seasonOf({ podcast, itunes }: Item): number | null {
  return podcast?.season?.number ?? itunes?.season ?? null;
}

function episodeOf(channel: Channel, item: Item, feedUrl: string | null, now: Date): FeedEpisode {
  const base = addressOf(item.xml?.base ?? channel.xml?.base, feedUrl) ?? feedUrl;
  const { itunes, podcast } = item;
  return {
    guid: plainText(item.guid?.value),
    title: plainText(item.title ?? itunes?.title),
    show: plainText(channel.title),
    authors: authorsOf(channel, item),
    persons: personsOf(item),
    language: plainText(channel.language),
    publishedAt: feedDate(item.pubDate, now),
    season: seasonOf(item),
    number: numberOf(item),
    durationSeconds: secondsOf(itunes?.duration),
    pageUrl: addressOf(item.link, base),
    imageUrl: addressOf(itunes?.image ?? channel.itunes?.image, base),
    notes: notesOf(item),
    baseUrl: base,
    audio: fileOf(item.enclosures?.[0], base),
    transcripts: transcriptsOf(item, base),
    chapters: fileOf(podcast?.chapters, base),
  };
}

function personsOf({ podcast }: Item): FeedEpisode['persons'] {
  return (podcast?.persons ?? []).slice(0, MOST_PERSONS).flatMap(({ display, role }) => {
    const name = plainText(display);
    return name === null ? [] : [{ name, role: plainText(role) }];
  });
}

function authorsOf(channel: Channel, item: Item): readonly string[] {
  const own = plainTexts([item.itunes?.author, ...(item.dc?.creators ?? [])]);
  return own.length > 0 ? own : plainTexts([channel.itunes?.author]);
}

function notesOf(item: Item): string | null {
  const notes = item.content?.encoded ?? item.description ?? showNotes(item.itunes);
  return notes === undefined ? null : notes.slice(0, LONGEST_NOTES).toWellFormed();
}

function transcriptsOf({ podcast }: Item, base: string | null): readonly EpisodeFile[] {
  const files = (podcast?.transcripts ?? [])
    .slice(0, MOST_FILES)
    .flatMap((named) => fileOf(named, base) ?? []);
  const rank = ({ type, url }: EpisodeFile): number => {
    const at = FORMATS.findIndex((format) => format.test(type ?? url));
    return at < 0 ? FORMATS.length : at;
  };
  return files.sort((a, b) => rank(a) - rank(b));
}

function fileOf(
  file: { readonly url?: string | undefined; readonly type?: string | undefined } | undefined,
  base: string | null,
): EpisodeFile | null {
  const url = addressOf(file?.url, base);
  return url === null ? null : { url, type: file?.type?.slice(0, 100) ?? null };
}
