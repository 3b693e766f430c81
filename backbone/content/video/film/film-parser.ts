/** Films as extractions: a module for parse threads. */
import { AppError } from '../../../errors.ts';
import {
  NO_METADATA,
  type Block,
  type ContentMetadata,
  type Extraction,
  type JsonObject,
  type Sourced,
} from '../../model.ts';
import { withFileTitle } from '../../parsing/file-title.ts';
import { readAnyTranscript } from '../../transcripts/companion-files.ts';
import { spokenSection, TRANSCRIPT_CUT_OFF } from '../../transcripts/spoken-section.ts';
import type { Transcript } from '../../transcripts/transcript.ts';
import { descriptionSection } from '../description.ts';
import { withFileBytes, type ByteSource } from './byte-source.ts';
import { chosenSubtitles, type Film } from './film.ts';
import { readMatroskaFilm } from './matroska-film.ts';
import { readMp4Film } from './mp4-film.ts';

export interface FilmInput {
  /** A copy on this machine. */
  readonly file: string;
  readonly mediaType: string;
  readonly fileName: string | null;
  /** Where it can be played; null for uploads. */
  readonly url: string | null;
  /** Languages of subtitles, best first. */
  readonly languages: readonly string[];
  /** Captions that stand beside the film; null without. */
  readonly captions: string | null;
}

const SOURCE = 'video-file';

const READERS: Readonly<Record<string, (source: ByteSource) => Film>> = {
  'video/mp4': (source) => readMp4Film(source, 'mp4'),
  'video/x-m4v': (source) => readMp4Film(source, 'mp4'),
  'video/quicktime': (source) => readMp4Film(source, 'quicktime'),
  'video/matroska': (source) => readMatroskaFilm(source, 'matroska'),
  'video/webm': (source) => readMatroskaFilm(source, 'webm'),
};
export const FILM_MEDIA_TYPES: readonly string[] = Object.keys(READERS);

/** Facts, chapters and what is said by the subtitles in it, else by those beside it. @throws AppError file_damaged */
export function readFilm(input: FilmInput): Extraction {
  const read = READERS[input.mediaType];
  if (read === undefined) throw new Error(`No film is read from ${input.mediaType}`);
  const film = withFileBytes(input.file, read);
  if (film.tracks.length === 0) throw new AppError('file_damaged');
  const words = wordsOf(film, input);
  const description = descriptionSection(film.description ?? '');
  const extraction: Extraction = {
    blocks: [...description.blocks, ...spokenIn(words, film, input)],
    metadata: metadataOf(film, words),
    typeMetadata: detailsOf(film, words),
    links: description.links,
    pageCount: null,
    warnings: words?.transcript.isCutOff === true ? [TRANSCRIPT_CUT_OFF] : [],
  };
  return withFileTitle(extraction, input.fileName);
}

interface Words {
  readonly source: 'subtitles' | 'file';
  readonly codec: string | null;
  readonly language: string | null;
  readonly transcript: Transcript;
}

function wordsOf({ subtitles }: Film, { captions, languages }: FilmInput): Words | null {
  const chosen = chosenSubtitles(subtitles, languages);
  if (chosen !== null) {
    const { codec, language, transcript } = chosen;
    return { source: 'subtitles', codec, language, transcript };
  }
  if (captions === null) return null;
  return { source: 'file', codec: null, language: null, transcript: readAnyTranscript(captions) };
}

function spokenIn(words: Words | null, { chapters }: Film, { url }: FilmInput): readonly Block[] {
  return words === null ? [] : spokenSection(words.transcript, { chapters, href: url });
}

function metadataOf(film: Film, words: Words | null): ContentMetadata {
  const sourced = (value: string | null): Sourced<string> | null =>
    value === null ? null : { value, source: SOURCE };
  const spoken = film.tracks.find(({ kind, language }) => kind === 'audio' && language !== null);
  return {
    ...NO_METADATA,
    title: sourced(film.title),
    authors: film.artists.length === 0 ? null : { value: film.artists, source: SOURCE },
    language: sourced(words === null ? (spoken?.language ?? null) : words.language),
    publishedAt: sourced(film.publishedAt),
  };
}

function detailsOf(film: Film, words: Words | null): JsonObject {
  return {
    kind: 'film',
    container: film.container,
    durationSeconds: film.durationSeconds,
    tracks: film.tracks.map((track) => ({ ...track })),
    captionTracks: film.subtitles.map(({ language, codec }) => ({ language, codec })),
    transcript:
      words === null ? null : { source: words.source, codec: words.codec, language: words.language },
    chapters: film.chapters.map(({ title, startSeconds }) => ({ title, startSeconds })),
  };
}
