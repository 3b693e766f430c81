/** One track of an MP4 or QuickTime file: what it is, and its texts if it has any. Pure but for the source. */
import type { ByteSource } from './byte-source.ts';
import type { FilmTrack, FilmTrackKind } from './film.ts';
import { languageOf } from './film-values.ts';
import { bodyAt, boxesIn } from './mp4-boxes.ts';
import { samplesIn } from './mp4-samples.ts';
import { sampleText } from './mp4-text.ts';
import type { TimedText } from './timed-texts.ts';

export interface Mp4Track extends FilmTrack {
  readonly id: number;
  readonly isEnabled: boolean;
  /** Ids of tracks whose texts name the chapters of this one. */
  readonly chapterTracks: readonly number[];
  readonly body: Buffer;
}

const KINDS: Readonly<Record<string, FilmTrackKind>> = {
  vide: 'video',
  soun: 'audio',
  sbtl: 'subtitles',
  subt: 'subtitles',
  text: 'subtitles',
  clcp: 'subtitles',
};
/** A text longer than this is none. */
const MOST_SAMPLE_BYTES = 64 * 1024;
/** Lengths are fixed-point numbers. */
const SIXTEENTHS = 65_536;

/** @param body of `trak`; null when it lacks what every track has */
export function readTrack(body: Buffer): Mp4Track | null {
  const header = bodyAt(body, 'tkhd');
  const handler = bodyAt(body, 'mdia', 'hdlr');
  if (header === null || header.length < 84 || handler === null || handler.length < 12) return null;
  const isLong = header[0] === 1;
  const kind = KINDS[handler.toString('latin1', 8, 12)] ?? 'other';
  const size = sizeOf(kind, header);
  return {
    id: isLong ? header.readUInt32BE(20) : header.readUInt32BE(12),
    isEnabled: (header.readUInt32BE(0) & 1) === 1,
    kind,
    codec: codecOf(body),
    language: trackLanguage(body),
    ...size,
    chapterTracks: chapterTracksOf(body),
    body,
  };
}

/** The texts of a track, in order. @param movieScale units a second in which edits are counted */
export function* textsOf(track: Mp4Track, source: ByteSource, movieScale: number): Generator<TimedText> {
  const table = bodyAt(track.body, 'mdia', 'minf', 'stbl');
  const scale = timeScale(bodyAt(track.body, 'mdia', 'mdhd'));
  if (table === null || scale === null) return;
  const shiftSeconds = editShift(bodyAt(track.body, 'edts', 'elst'), scale, movieScale);
  for (const { offset, sizeBytes, start, duration } of samplesIn(table)) {
    if (sizeBytes > MOST_SAMPLE_BYTES) continue;
    const startSeconds = start / scale + shiftSeconds;
    const text = sampleText(track.codec, source.read(offset, sizeBytes));
    if (text !== '') yield { startSeconds, endSeconds: startSeconds + duration / scale, text };
  }
}

/** Units a second, of `mvhd` and `mdhd`; null when it is missing or zero. */
export function timeScale(header: Buffer | null): number | null {
  const at = header?.[0] === 1 ? 20 : 12;
  if (header === null || header.length < at + 4) return null;
  const scale = header.readUInt32BE(at);
  return scale === 0 ? null : scale;
}

function sizeOf(kind: FilmTrackKind, header: Buffer): Pick<FilmTrack, 'width' | 'height'> {
  const at = header[0] === 1 ? 88 : 76;
  if (kind !== 'video' || header.length < at + 8) return { width: null, height: null };
  const pixels = (from: number): number => Math.round(header.readUInt32BE(from) / SIXTEENTHS);
  return { width: pixels(at), height: pixels(at + 4) };
}

function codecOf(body: Buffer): string {
  const description = bodyAt(body, 'mdia', 'minf', 'stbl', 'stsd');
  const name = description?.toString('latin1', 12, 16) ?? '';
  return /^[\w\-. ]{4}$/.test(name) ? name.trim() : 'unknown';
}

/** Three letters in five bits each; smaller numbers are those of old Macintoshes. `elng` is more precise. */
function trackLanguage(body: Buffer): string | null {
  const extended = bodyAt(body, 'mdia', 'elng')?.toString('latin1', 4).replace(/\0.*$/s, '');
  const header = bodyAt(body, 'mdia', 'mdhd');
  const at = header?.[0] === 1 ? 32 : 20;
  const packed = header === null || header.length < at + 2 ? 0 : header.readUInt16BE(at);
  const letters = [packed >> 10, packed >> 5, packed].map((five) => String.fromCharCode(0x60 + (five & 31)));
  return languageOf(extended) ?? (packed < 0x400 ? null : languageOf(letters.join('')));
}

function chapterTracksOf(body: Buffer): readonly number[] {
  const references = bodyAt(body, 'tref');
  const ids: number[] = [];
  for (const { type, body: list } of boxesIn(references ?? Buffer.alloc(0)))
    for (let at = 0; type === 'chap' && at + 4 <= list.length; at += 4) ids.push(list.readUInt32BE(at));
  return ids;
}

/** How much later than its own times a track is shown: an empty edit delays it, a start behind zero brings it forward. */
function editShift(list: Buffer | null, scale: number, movieScale: number): number {
  if (list === null) return 0;
  const isLong = list[0] === 1;
  const entryBytes = isLong ? 20 : 12;
  let delaySeconds = 0;
  for (let at = 8; at + entryBytes <= list.length; at += entryBytes) {
    const duration = isLong ? Number(list.readBigUInt64BE(at)) : list.readUInt32BE(at);
    const start = isLong ? Number(list.readBigInt64BE(at + 8)) : list.readInt32BE(at + 4);
    if (start >= 0) return delaySeconds - start / scale;
    delaySeconds += duration / movieScale;
  }
  return delaySeconds;
}
