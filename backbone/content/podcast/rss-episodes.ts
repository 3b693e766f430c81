/** The episodes of an RSS feed, with all that the podcast namespaces say. Pure. */
import type { RssFeed } from 'feedsmith';
import { secondsOf } from '../transcripts/time-code.ts';
import { feedDate } from '../webpage/feed/feed-dates.ts';
import type { FeedContext } from '../webpage/feed/feed-model.ts';
import { addressOf, plainText, plainTexts } from '../webpage/feed/feed-text.ts';
import { showNotes } from '../webpage/feed/media.ts';
import type { Candidate } from './episode-choice.ts';
import { LONGEST_NOTES, type EpisodeFile, type FeedEpisode } from './episode.ts';

type Channel = RssFeed.Feed<string>;
type Item = NonNullable<Channel['items']>[number];

const MOST_FILES = 10;
const MOST_PERSONS = 50;
/** Best first: with times and voices, with times, then without. Others come last. */
const FORMATS = [/vtt/i, /json/i, /srt|subrip/i, /html/i];

export function episodesOfRss(channel: Channel, { baseUrl, now }: FeedContext): readonly Candidate[] {
  return (channel.items ?? []).map((item) => {
    const base = baseOf(channel, item, baseUrl);
    return {
      guid: item.guid?.value?.trim() ?? null,
      number: numberOf(item),
      publishedAt: feedDate(item.pubDate, now),
      links: [addressOf(item.link, base), addressOf(item.enclosures?.[0]?.url, base)],
      read: () => episodeOf(channel, item, base, now),
    };
  });
}

function baseOf(channel: Channel, item: Item, feedUrl: string | null): string | null {
  return addressOf(item.xml?.base ?? channel.xml?.base, feedUrl) ?? feedUrl;
}

function numberOf({ podcast, itunes }: Item): number | null {
  return podcast?.episode?.number ?? itunes?.episode ?? null;
}

function seasonOf({ podcast, itunes }: Item): number | null {
  return podcast?.season?.number ?? itunes?.season ?? null;
}

function episodeOf(channel: Channel, item: Item, base: string | null, now: Date): FeedEpisode {
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
