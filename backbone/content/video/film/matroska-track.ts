/** One track of a Matroska or WebM file, and how its texts are packed (RFC 9559, sections 5.1.4 and 12). Pure. */
import { inflateSync } from 'node:zlib';
import { childrenOf, elementBody, numberIn, textIn } from './ebml.ts';
import type { FilmTrack, FilmTrackKind } from './film.ts';
import { labelOf, languageOf } from './film-values.ts';

export interface MatroskaTrack extends FilmTrack {
  readonly number: number;
  readonly isDefault: boolean;
  readonly isForced: boolean;
  /** The text in a block of this track, with the markup of captions; null for tracks without texts. */
  readonly textOf: ((block: Buffer) => string) | null;
}

const ID = {
  number: 0xd7,
  type: 0x83,
  codec: 0x86,
  language: 0x22b59c,
  languageTag: 0x22b59d,
  isDefault: 0x88,
  isForced: 0x55aa,
  video: 0xe0,
  width: 0xb0,
  height: 0xba,
  encodings: 0x6d80,
  encoding: 0x6240,
  compression: 0x5034,
  algorithm: 0x4254,
  settings: 0x4255,
} as const;
const KINDS: Readonly<Record<number, FilmTrackKind>> = { 1: 'video', 2: 'audio', 17: 'subtitles' };
const ZLIB = 0;
const STRIPPED_HEADER = 3;
const MOST_TEXT_BYTES = 64 * 1024;
/** Of SSA within Matroska: ReadOrder, Layer, Style, Name, three margins and Effect stand in front of the text. */
const SSA_FIELDS = 8;

/** @param entry body of `TrackEntry` */
export function readMatroskaTrack(entry: Buffer): MatroskaTrack {
  const codec = labelOf(textIn(elementBody(entry, ID.codec))) ?? 'unknown';
  const unpack = unpackerOf(entry);
  const read = READERS[codec] ?? null;
  return {
    number: numberIn(elementBody(entry, ID.number)) ?? 0,
    kind: KINDS[numberIn(elementBody(entry, ID.type)) ?? 0] ?? 'other',
    codec,
    language:
      languageOf(textIn(elementBody(entry, ID.languageTag))) ??
      languageOf(textIn(elementBody(entry, ID.language)) ?? 'eng'),
    isDefault: (numberIn(elementBody(entry, ID.isDefault)) ?? 1) === 1,
    isForced: numberIn(elementBody(entry, ID.isForced)) === 1,
    width: numberIn(elementBody(entry, ID.video, ID.width)),
    height: numberIn(elementBody(entry, ID.video, ID.height)),
    textOf: read === null || unpack === null ? null : (block) => read(unpack(block).toString('utf8')),
  };
}

const READERS: Readonly<Record<string, (text: string) => string>> = {
  'S_TEXT/UTF8': (text) => text,
  'S_TEXT/ASCII': (text) => text,
  'S_TEXT/WEBVTT': (text) => text,
  // WebM: a line with the cue's name and one with its settings first.
  'D_WEBVTT/SUBTITLES': (text) => text.split('\n').slice(2).join('\n'),
  'D_WEBVTT/CAPTIONS': (text) => text.split('\n').slice(2).join('\n'),
  'S_TEXT/ASS': ssaText,
  'S_TEXT/SSA': ssaText,
};

function ssaText(line: string): string {
  const text = line.split(',').slice(SSA_FIELDS).join(',');
  return text.replaceAll(/\\[Nn]/g, '\n').replaceAll('\\h', ' ');
}

/** Null for a track that is encrypted or compressed in another way. */
function unpackerOf(entry: Buffer): ((block: Buffer) => Buffer) | null {
  const encodings = childrenOf(elementBody(entry, ID.encodings) ?? Buffer.alloc(0), ID.encoding);
  const [encoding] = encodings;
  if (encoding === undefined) return (block) => block;
  const compression = elementBody(encoding, ID.compression);
  if (encodings.length > 1 || compression === null) return null;
  const prefix = elementBody(compression, ID.settings) ?? Buffer.alloc(0);
  switch (numberIn(elementBody(compression, ID.algorithm)) ?? ZLIB) {
    case ZLIB:
      return inflated;
    case STRIPPED_HEADER:
      return (block) => Buffer.concat([prefix, block]);
    default:
      return null;
  }
}

/** A block that cannot be unpacked, or unpacks to more than a text, is left out. */
function inflated(block: Buffer): Buffer {
  try {
    return inflateSync(block, { maxOutputLength: MOST_TEXT_BYTES });
  } catch {
    return Buffer.alloc(0);
  }
}
