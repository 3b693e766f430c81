/** Films in MP4 and QuickTime files. */
import { AppError } from '../../../errors.ts';
import { secondsOf } from '../../transcripts/time-code.ts';
import type { Chapter } from '../../transcripts/transcript-blocks.ts';
import type { ByteSource } from './byte-source.ts';
import type { Film, FilmSubtitles } from './film.ts';
import { chaptersOf, dateOf, labelOf, textOf } from './film-values.ts';
import { bodyAt, boxesIn, topBox } from './mp4-boxes.ts';
import { isTextCodec } from './mp4-text.ts';
import { readTrack, textsOf, timeScale, type Mp4Track } from './mp4-track.ts';
import { transcriptOf } from './timed-texts.ts';

/** The index of a film of ten hours has some 20 MB. */
const MOST_INDEX_BYTES = 64 * 1024 * 1024;
const MOST_TRACKS = 200;
/** Units a second in which lists of chapters by Nero count. */
const CHAPTER_SCALE = 10_000_000;
/** Of values in `ilst`. */
const UTF8_TAG = 1;

/** Reads the index, then the texts alone. @throws AppError file_damaged without an index */
export function readMp4Film(source: ByteSource, container: 'mp4' | 'quicktime'): Film {
  const index = topBox(source, 'moov', MOST_INDEX_BYTES);
  const header = index === null ? null : bodyAt(index, 'mvhd');
  if (index === null || header === null) throw new AppError('file_damaged');
  const movieScale = timeScale(header) ?? 1;
  const tracks = tracksIn(index);
  const chapterIds = new Set(tracks.flatMap((track) => track.chapterTracks));
  const tags = tagsIn(index);
  return {
    container,
    title: labelOf(tags.get('\xa9nam')),
    artists: [labelOf(tags.get('\xa9ART') ?? tags.get('aART'))].filter((name) => name !== null),
    description: textOf(tags.get('ldes') ?? tags.get('desc') ?? tags.get('\xa9cmt')),
    publishedAt: dateOf(tags.get('\xa9day')),
    durationSeconds: durationOf(header, movieScale),
    tracks: tracks
      .filter(({ id }) => !chapterIds.has(id))
      .map(({ kind, codec, language, width, height }) => ({ kind, codec, language, width, height })),
    chapters: chaptersIn(index, tracks, { chapterIds, source, movieScale }),
    subtitles: tracks
      .filter(({ id, kind, codec }) => kind === 'subtitles' && !chapterIds.has(id) && isTextCodec(codec))
      .map((track) => subtitlesOf(track, source, movieScale)),
  };
}

function tracksIn(index: Buffer): readonly Mp4Track[] {
  const tracks: Mp4Track[] = [];
  for (const { type, body } of boxesIn(index)) {
    const track = type === 'trak' && tracks.length < MOST_TRACKS ? readTrack(body) : null;
    if (track !== null) tracks.push(track);
  }
  return tracks;
}

function subtitlesOf(track: Mp4Track, source: ByteSource, movieScale: number): FilmSubtitles {
  const { language, codec, isEnabled } = track;
  const transcript = transcriptOf(textsOf(track, source, movieScale));
  return { language, codec, isDefault: isEnabled, isForced: false, transcript };
}

/** All ones: unknown, as fragments tell. */
function durationOf(header: Buffer, scale: number): number | null {
  const isLong = header[0] === 1;
  if (header.length < (isLong ? 32 : 20)) return null;
  const duration = isLong ? Number(header.readBigUInt64BE(24)) : header.readUInt32BE(16);
  return duration === 0 || duration === 0xffff_ffff ? null : secondsOf(duration / scale);
}

/** The first value of each name: as iTunes writes them (`udta/meta/ilst/<name>/data`), and as QuickTime does (`udta/<name>`). */
function tagsIn(index: Buffer): ReadonlyMap<string, string> {
  const userData = bodyAt(index, 'udta') ?? Buffer.alloc(0);
  const meta = bodyAt(userData, 'meta') ?? Buffer.alloc(0);
  // QuickTime writes no version in front of the boxes.
  const boxes = meta.toString('latin1', 4, 8) === 'hdlr' ? meta : meta.subarray(4);
  const tags = new Map<string, string>();
  for (const { type, body } of boxesIn(bodyAt(boxes, 'ilst') ?? Buffer.alloc(0))) {
    const value = bodyAt(body, 'data');
    if (value !== null && value.length > 8 && value.readUInt32BE(0) === UTF8_TAG && !tags.has(type))
      tags.set(type, value.toString('utf8', 8));
  }
  for (const { type, body } of boxesIn(userData)) {
    if (type.startsWith('\xa9') && body.length > 4 && !tags.has(type))
      tags.set(type, body.toString('utf8', 4, 4 + body.readUInt16BE(0)));
  }
  return tags;
}

interface ChapterPlaces {
  readonly chapterIds: ReadonlySet<number>;
  readonly source: ByteSource;
  readonly movieScale: number;
}

/** The list by Nero, else the texts of the track that others name for their chapters. */
function chaptersIn(
  index: Buffer,
  tracks: readonly Mp4Track[],
  { chapterIds, source, movieScale }: ChapterPlaces,
): readonly Chapter[] {
  const list = chapterList(bodyAt(index, 'udta', 'chpl'));
  if (list.length > 0) return list;
  const track = tracks.find(({ id }) => chapterIds.has(id));
  if (track === undefined) return [];
  const texts = [...textsOf(track, source, movieScale)];
  return chaptersOf(texts.map(({ text, startSeconds }) => ({ title: text, startSeconds })));
}

/** A time, the length of a title, and the title; how many, in one byte, or in four of a later version. */
function chapterList(box: Buffer | null): readonly Chapter[] {
  if (box === null || box.length < 9) return [];
  const count = box[0] === 0 ? (box[4] ?? 0) : (box[8] ?? 0);
  let at = box[0] === 0 ? 5 : 9;
  const read: Chapter[] = [];
  for (let index = 0; index < count && at + 9 <= box.length; index += 1) {
    const end = at + 9 + (box[at + 8] ?? 0);
    const startSeconds = Number(box.readBigUInt64BE(at)) / CHAPTER_SCALE;
    read.push({ title: box.toString('utf8', at + 9, end), startSeconds });
    at = end;
  }
  return chaptersOf(read);
}
