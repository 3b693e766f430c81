/** The episodes of a feed in Atom, JSON or RDF: what entries of any feed say. Pure. */
import type { Feed, FeedAttachment, FeedEntry } from '../webpage/feed/feed-model.ts';
import { secondsOf } from '../transcripts/time-code.ts';
import type { Candidate } from './episode-choice.ts';
import { LONGEST_NOTES, type FeedEpisode } from './episode.ts';

export function episodesOfEntries(feed: Feed): readonly Candidate[] {
  return feed.entries.map((entry) => ({
    guid: entry.id,
    number: null,
    publishedAt: entry.publishedAt,
    links: [entry.link, recordingOf(entry)?.url ?? null],
    read: () => episodeOf(feed, entry),
  }));
}

/** The file that is called a recording, else the first one. */
function recordingOf({ attachments }: FeedEntry): FeedAttachment | null {
  return attachments.find(({ type }) => type?.startsWith('audio/')) ?? attachments[0] ?? null;
}

function episodeOf(feed: Feed, entry: FeedEntry): FeedEpisode {
  return {
    guid: entry.id,
    title: entry.title,
    show: feed.title,
    authors: entry.authors.length > 0 ? entry.authors : feed.authors,
    persons: [],
    language: feed.language,
    publishedAt: entry.publishedAt,
    season: null,
    number: null,
    durationSeconds: secondsOf(entry.durationSeconds),
    pageUrl: entry.link,
    imageUrl: entry.imageUrl ?? feed.imageUrl,
    notes: entry.body?.text.slice(0, LONGEST_NOTES).toWellFormed() ?? null,
    baseUrl: entry.body?.baseUrl ?? null,
    audio: recordingOf(entry),
    transcripts: entry.transcriptUrls.map((url) => ({ url, type: null })),
    chapters: null,
  };
}
