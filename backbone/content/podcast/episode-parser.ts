/** A stored episode of a feed as an extraction. Pure. */
import {
  NO_METADATA,
  type ContentMetadata,
  type ContentWarning,
  type Extraction,
  type JsonObject,
  type Sourced,
} from '../model.ts';
import { readAnyTranscript, readChapters } from '../transcripts/companion-files.ts';
import type { Chapter } from '../transcripts/transcript-blocks.ts';
import { episodeText } from './episode-text.ts';
import type { FeedEpisode, StoredEpisode } from './episode.ts';

type Origin = NonNullable<StoredEpisode['origin']>;

export function parseEpisode(stored: StoredEpisode): Extraction {
  const { episode, transcript, chapters, warnings, origin = 'feed' } = stored;
  const spoken = transcript === null ? null : readAnyTranscript(transcript.text);
  const parts = chapters === null ? [] : readChapters(chapters.text);
  const text = episodeText({
    notes: { text: episode.notes, baseUrl: episode.baseUrl },
    transcript: spoken,
    chapters: parts,
    audioUrl: episode.audio?.url ?? null,
  });
  return {
    blocks: text.blocks,
    metadata: metadataOf(episode, origin),
    typeMetadata: {
      ...detailsOf(episode, parts),
      transcript: spoken === null ? null : { source: origin, url: transcript?.url ?? null },
    },
    links: text.links,
    pageCount: null,
    warnings: [
      ...warnings,
      ...(spoken?.cues.length === 0 ? [unreadable('transcript', transcript?.url)] : []),
      ...(chapters !== null && parts.length === 0 ? [unreadable('list of chapters', chapters.url)] : []),
      ...text.warnings,
    ],
  };
}

function metadataOf(episode: FeedEpisode, source: Origin): ContentMetadata {
  const sourced = (value: string | null): Sourced<string> | null =>
    value === null ? null : { value, source };
  return {
    ...NO_METADATA,
    title: sourced(episode.title),
    authors: episode.authors.length === 0 ? null : { value: episode.authors, source },
    language: sourced(episode.language),
    publishedAt: sourced(episode.publishedAt),
    siteName: sourced(episode.show),
    canonicalUrl: sourced(episode.pageUrl),
    imageUrl: sourced(episode.imageUrl),
  };
}

function detailsOf(episode: FeedEpisode, chapters: readonly Chapter[]): JsonObject {
  const { show, durationSeconds, guid, season, number, persons, audio } = episode;
  return {
    show,
    durationSeconds,
    guid,
    season,
    episode: number,
    persons: persons.map(({ name, role }) => ({ name, role })),
    audio: audio === null ? null : { url: audio.url, type: audio.type },
    chapters: chapters.map(({ title, startSeconds }) => ({ title, startSeconds })),
  };
}

function unreadable(what: string, url: string | undefined): ContentWarning {
  return { code: 'companion_unreadable', message: `The ${what} at ${url ?? 'the feed'} could not be read.` };
}
