/** Audio files and transcripts as extractions. */
import { AppError } from '../../errors.ts';
import {
  NO_METADATA,
  type ContentMetadata,
  type Extraction,
  type JsonObject,
  type Sourced,
} from '../model.ts';
import { withFileTitle } from '../parsing/file-title.ts';
import { decodeText } from '../parsing/charset.ts';
import type { Parser, ParserInput } from '../parsing/parser.ts';
import { textLimitOf, textTooLarge } from '../parsing/text-limit.ts';
import { readCaptions } from '../transcripts/caption-file.ts';
import { TRANSCRIPT_LIMITS } from '../transcripts/transcript.ts';
import { readAudioTags, type AudioTags } from './audio-tags.ts';
import { parseEpisode } from './episode-parser.ts';
import { episodeText } from './episode-text.ts';
import { EPISODE_TYPE, type StoredEpisode } from './episode.ts';
import { TRANSCRIPT_MEDIA_TYPES } from './media-types.ts';

const SOURCE = 'audio-tags';
const NO_NOTES = { text: null, baseUrl: null };

/**
 * An episode of a feed as `podcast-manager.ts` stores it, a transcript (SRT, WebVTT), or an audio file by its tags, embedded transcript included; what is said in it is not
 * heard. Option `maxTextBytes` (setting MAX_TEXT_MB), for a transcript. Errors: `file_damaged`, `no_text`,
 * `source_empty`, `source_too_large`.
 */
export const parse: Parser = async (input) => {
  if (input.bytes.length === 0) throw new AppError('source_empty');
  if (input.mediaType === EPISODE_TYPE)
    return parseEpisode(JSON.parse(Buffer.from(input.bytes).toString('utf8')) as StoredEpisode);
  const isTranscript = TRANSCRIPT_MEDIA_TYPES.includes(input.mediaType);
  return withFileTitle(isTranscript ? parseTranscript(input) : await parseAudio(input), input.fileName);
};

function parseTranscript(input: ParserInput): Extraction {
  const limit = textLimitOf(input);
  if (input.bytes.length > limit) throw textTooLarge(limit);
  const decoded = decodeText(input.bytes, { declared: input.declaredCharset, kind: 'text' });
  const transcript = readCaptions(decoded.text, TRANSCRIPT_LIMITS);
  if (transcript.cues.length === 0) throw new AppError('no_text');
  const { blocks, warnings } = episodeText({ notes: NO_NOTES, transcript, chapters: [], audioUrl: null });
  return {
    blocks,
    metadata: NO_METADATA,
    typeMetadata: { transcript: { source: 'file' } },
    links: [],
    pageCount: null,
    warnings: [...decoded.warnings, ...warnings],
  };
}

async function parseAudio({ bytes, mediaType, baseUrl }: ParserInput): Promise<Extraction> {
  const tags = await readAudioTags(bytes, mediaType);
  const { blocks, links, warnings } = episodeText({
    notes: { text: tags.notes, baseUrl },
    transcript: tags.transcript,
    chapters: tags.chapters,
    audioUrl: baseUrl,
  });
  return {
    blocks,
    metadata: metadataOf(tags),
    typeMetadata: detailsOf(tags),
    links,
    pageCount: null,
    warnings,
  };
}

function metadataOf(tags: AudioTags): ContentMetadata {
  return {
    ...NO_METADATA,
    title: sourced(tags.title),
    authors: tags.artists.length === 0 ? null : { value: tags.artists, source: SOURCE },
    language: sourced(tags.language),
    publishedAt: sourced(tags.publishedAt),
    siteName: sourced(tags.show),
  };
}

function detailsOf(tags: AudioTags): JsonObject {
  return {
    show: tags.show,
    durationSeconds: tags.durationSeconds,
    genres: tags.genres,
    audio: { container: tags.container, codec: tags.codec, hasCover: tags.hasCover },
    chapters: tags.chapters.map(({ title, startSeconds }) => ({ title, startSeconds })),
    transcript: tags.transcript === null ? null : { source: SOURCE },
  };
}

function sourced(value: string | null): Sourced<string> | null {
  return value === null ? null : { value, source: SOURCE };
}
