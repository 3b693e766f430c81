/** What an audio file says of itself, by way of music-metadata: ID3, MP4 atoms, Vorbis comments, RIFF. */
import { parseFromTokenizer, type IAudioMetadata, type ILyricsTag } from 'music-metadata';
import { AppError } from '../../errors.ts';
import { publicationInstant } from '../publication-instant.ts';
import { secondsOf } from '../transcripts/time-code.ts';
import type { Chapter } from '../transcripts/transcript-blocks.ts';
import { boundedTokenizer } from './bounded-tokenizer.ts';
import { tagTranscript } from './tag-transcript.ts';
import type { Transcript } from '../transcripts/transcript.ts';

export interface AudioTags {
  readonly title: string | null;
  readonly artists: readonly string[];
  /** The album: of a podcast, the show. */
  readonly show: string | null;
  readonly genres: readonly string[];
  readonly language: string | null;
  /** ISO 8601, as precise as the tag. */
  readonly publishedAt: string | null;
  /** Plain text or HTML. */
  readonly notes: string | null;
  /** Milliseconds are kept; null where the file does not tell. */
  readonly durationSeconds: number | null;
  readonly container: string | null;
  readonly codec: string | null;
  readonly hasCover: boolean;
  readonly chapters: readonly Chapter[];
  /** Lyrics frames with words in them; null without. */
  readonly transcript: Transcript | null;
}

const LONGEST_LABEL = 1000;
const LONGEST_NOTES = 200_000;
const MOST_NAMES = 50;
const MOST_CHAPTERS = 2000;
const DATE = /^\d{4}(?:-\d{2}(?:-\d{2}(?:T[\d:.]{5,18}(?:Z|[+-]\d{2}:\d{2})?)?)?)?$/;
/** Written by iTunes for itself: volume, gaps, disc ids. */
const ITUNES_COMMENT = /^iTun/i;

/**
 * Reads tags and duration from the bytes. Linear in the file for MP3 without a table of its length (100 MB: some
 * tens of milliseconds), else in the tags. @throws AppError file_damaged when the file cannot be made out
 */
export async function readAudioTags(bytes: Uint8Array, mediaType: string): Promise<AudioTags> {
  const { common, format } = await metadataOf(bytes, mediaType);
  return {
    title: label(common.title),
    artists: labels(common.artists ?? [common.artist ?? common.albumartist]),
    show: label(common.album),
    genres: labels(common.genre ?? []),
    language: languageOf(common.language),
    publishedAt: dateOf(common),
    notes: notesOf(common),
    durationSeconds: secondsOf(format.duration),
    container: label(format.container),
    codec: label(format.codec),
    hasCover: (common.picture ?? []).length > 0,
    chapters: chaptersOf(format.chapters ?? []),
    transcript: firstTranscript(common.lyrics ?? []),
  };
}

/** The library reports what it cannot read by many classes of errors, and trips over broken files in others. */
async function metadataOf(bytes: Uint8Array, mediaType: string): Promise<IAudioMetadata> {
  try {
    const tokenizer = boundedTokenizer(bytes, mediaType);
    return await parseFromTokenizer(tokenizer, { duration: true, includeChapters: true });
  } catch (cause) {
    throw new AppError('file_damaged', { cause });
  }
}

function label(text: unknown): string | null {
  if (typeof text !== 'string') return null;
  const line = text
    .slice(0, LONGEST_LABEL)
    .replaceAll(/[\s\0]+/g, ' ')
    .trim()
    .toWellFormed();
  return line === '' ? null : line;
}

function labels(texts: readonly unknown[]): readonly string[] {
  return [...new Set(texts.slice(0, MOST_NAMES).flatMap((text) => label(text) ?? []))];
}

/** ISO 639-2 in ID3 (`eng`), with `und` and `XXX` for unknown; other tags have whatever was typed. */
function languageOf(text: unknown): string | null {
  const code = label(text);
  if (code === null || !/^[a-z]{2,3}(?:-[a-z\d]{2,8})?$/i.test(code) || /^(?:und|xxx)$/i.test(code))
    return null;
  return new Intl.Locale(code).language;
}

/** The year alone where nothing more is told. Whole days come with a midnight that the tag does not have. */
function dateOf(common: IAudioMetadata['common']): string | null {
  const dates = [common.releasedate, common.date, common.originaldate, common.year];
  for (const date of dates) {
    const text = String(date ?? '').replace(/T00:00:00(?:\.000)?Z$/, '');
    if (DATE.test(text) && publicationInstant(text) !== null) return text;
  }
  return null;
}

function notesOf(common: IAudioMetadata['common']): string | null {
  const comments = (common.comment ?? []).filter(({ descriptor }) => !ITUNES_COMMENT.test(descriptor ?? ''));
  const texts = [
    common.longDescription,
    ...(common.description ?? []),
    ...comments.map(({ text }) => text),
    ...(common.subtitle ?? []),
  ];
  const notes = texts.find((text) => text !== undefined && text.trim() !== '');
  return notes === undefined
    ? null
    : notes.slice(0, LONGEST_NOTES).replaceAll('\0', '').toWellFormed().trim();
}

/** In order of time; those without a title or a time that can be are left out. */
function chaptersOf(chapters: NonNullable<IAudioMetadata['format']['chapters']>): readonly Chapter[] {
  const read = chapters.slice(0, MOST_CHAPTERS).flatMap(({ title, start, timeScale }): Chapter[] => {
    const name = label(title);
    const startSeconds = secondsOf(start / (timeScale ?? 1));
    return name === null || startSeconds === null ? [] : [{ title: name, startSeconds }];
  });
  return read.sort((a, b) => a.startSeconds - b.startSeconds);
}

/** A frame with times is worth more than one without. */
function firstTranscript(frames: readonly ILyricsTag[]): Transcript | null {
  const read = frames.slice(0, MOST_NAMES).map((frame) => tagTranscript(frame));
  const filled = read.filter(({ cues }) => cues.length > 0);
  return filled.find(({ cues }) => cues[0]?.startSeconds !== null) ?? filled[0] ?? null;
}
