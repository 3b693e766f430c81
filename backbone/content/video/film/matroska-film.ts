/** Films in Matroska and WebM files (RFC 9559). */
import { AppError } from '../../../errors.ts';
import { secondsOf } from '../../transcripts/time-code.ts';
import type { Chapter } from '../../transcripts/transcript-blocks.ts';
import type { ByteSource } from './byte-source.ts';
import { childrenOf, elementAt, elementBody, floatIn, numberIn, textIn } from './ebml.ts';
import type { Film } from './film.ts';
import { chaptersOf, dateOf, labelOf, textOf } from './film-values.ts';
import { BlockCollector } from './matroska-blocks.ts';
import { readMatroskaTrack, type MatroskaTrack } from './matroska-track.ts';
import { transcriptOf } from './timed-texts.ts';

const ID = {
  segment: 0x18538067,
  info: 0x1549a966,
  tracks: 0x1654ae6b,
  chapters: 0x1043a770,
  tags: 0x1254c367,
  cluster: 0x1f43b675,
  blockGroup: 0xa0,
  timeScale: 0x2ad7b1,
  duration: 0x4489,
  title: 0x7ba9,
  trackEntry: 0xae,
  edition: 0x45b9,
  chapter: 0xb6,
  chapterStart: 0x91,
  isHidden: 0x98,
  chapterDisplay: 0x80,
  chapterTitle: 0x85,
  tag: 0x7373,
  targets: 0x63c0,
  targetTrack: 0x63c5,
  simpleTag: 0x67c8,
  tagName: 0x45a3,
  tagText: 0x4487,
} as const;
const NANOSECONDS = 1_000_000_000;
const DEFAULT_SCALE = 1_000_000;
const MOST_TRACKS = 200;
const MOST_HEAD_BYTES = 16 * 1024 * 1024;
/** Entered instead of passed over, so that elements of unknown length need no care: their parts follow. */
const ENTERED: ReadonlySet<number> = new Set([ID.segment, ID.cluster, ID.blockGroup]);
const HEADS: ReadonlySet<number> = new Set([ID.info, ID.tracks, ID.chapters, ID.tags]);

/**
 * Goes over the headers of all blocks, which is linear in their number, and reads those of subtitles alone. A file
 * that breaks off is read as far as it goes. @throws AppError file_damaged without tracks
 */
export function readMatroskaFilm(source: ByteSource, container: 'matroska' | 'webm'): Film {
  const heads = new Map<number, Buffer>();
  let tracks: readonly MatroskaTrack[] = [];
  let blocks: BlockCollector | null = null;
  for (let at = 0; at < source.sizeBytes; ) {
    const header = elementAt(source, at);
    if (header === null) break;
    const { id, bodyStart, bodyBytes } = header;
    at = bodyStart;
    if (ENTERED.has(id)) continue;
    if (bodyBytes === null) break;
    at += bodyBytes;
    if (HEADS.has(id) && !heads.has(id) && bodyBytes <= MOST_HEAD_BYTES)
      heads.set(id, Buffer.from(source.read(bodyStart, bodyBytes)));
    if (id === ID.tracks && blocks === null) {
      tracks = tracksIn(heads.get(id));
      blocks = new BlockCollector(tracks);
    }
    blocks?.take({ id, bodyBytes, read: (length) => source.read(bodyStart, length) });
    // Nothing but pictures and sound follows once all that is wanted was seen.
    if (blocks?.isFull === true) break;
  }
  if (blocks === null || tracks.length === 0) throw new AppError('file_damaged');
  return filmOf(container, heads, tracks, blocks);
}

function filmOf(
  container: 'matroska' | 'webm',
  heads: ReadonlyMap<number, Buffer>,
  tracks: readonly MatroskaTrack[],
  blocks: BlockCollector,
): Film {
  const info = heads.get(ID.info) ?? Buffer.alloc(0);
  const scaleSeconds = (numberIn(elementBody(info, ID.timeScale)) ?? DEFAULT_SCALE) / NANOSECONDS;
  const tags = tagsIn(heads.get(ID.tags));
  const duration = floatIn(elementBody(info, ID.duration));
  return {
    container,
    title: labelOf(textIn(elementBody(info, ID.title))) ?? labelOf(tags.get('TITLE')),
    artists: [labelOf(tags.get('ARTIST') ?? tags.get('DIRECTOR'))].filter((name) => name !== null),
    description: textOf(tags.get('DESCRIPTION') ?? tags.get('SUMMARY') ?? tags.get('COMMENT')),
    publishedAt: dateOf(tags.get('DATE_RELEASED') ?? tags.get('DATE')),
    durationSeconds: duration === null || duration <= 0 ? null : secondsOf(duration * scaleSeconds),
    tracks: tracks.map(({ kind, codec, language, width, height }) => ({
      kind,
      codec,
      language,
      width,
      height,
    })),
    chapters: chaptersIn(heads.get(ID.chapters)),
    subtitles: tracks
      .filter(({ kind, textOf: read }) => kind === 'subtitles' && read !== null)
      .map((track) => ({
        language: track.language,
        codec: track.codec,
        isDefault: track.isDefault,
        isForced: track.isForced,
        transcript: transcriptOf(blocks.textsOf(track, scaleSeconds)),
      })),
  };
}

function tracksIn(body: Buffer | undefined): readonly MatroskaTrack[] {
  const entries = childrenOf(body ?? Buffer.alloc(0), ID.trackEntry);
  return entries.slice(0, MOST_TRACKS).map(readMatroskaTrack);
}

/** Of the first edition; chapters within chapters are left out. */
function chaptersIn(body: Buffer | undefined): readonly Chapter[] {
  const edition = elementBody(body ?? Buffer.alloc(0), ID.edition) ?? Buffer.alloc(0);
  const shown = childrenOf(edition, ID.chapter).filter(
    (chapter) => numberIn(elementBody(chapter, ID.isHidden)) !== 1,
  );
  return chaptersOf(
    shown.map((chapter) => ({
      title: textIn(elementBody(chapter, ID.chapterDisplay, ID.chapterTitle)) ?? '',
      startSeconds: (numberIn(elementBody(chapter, ID.chapterStart)) ?? 0) / NANOSECONDS,
    })),
  );
}

/** Of the whole file, by their names in capitals; the first value of each. */
function tagsIn(body: Buffer | undefined): ReadonlyMap<string, string> {
  const tags = new Map<string, string>();
  for (const tag of childrenOf(body ?? Buffer.alloc(0), ID.tag)) {
    if ((numberIn(elementBody(tag, ID.targets, ID.targetTrack)) ?? 0) !== 0) continue;
    for (const simple of childrenOf(tag, ID.simpleTag)) {
      const name = textIn(elementBody(simple, ID.tagName))?.toUpperCase() ?? '';
      const text = textIn(elementBody(simple, ID.tagText));
      if (text !== null && !tags.has(name)) tags.set(name, text);
    }
  }
  return tags;
}
