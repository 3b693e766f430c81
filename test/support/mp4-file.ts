/** Small MP4 files: an index with whatever tracks a test wants, and the texts in them; no pictures and no sound. */

/** A text with its time in milliseconds. */
export type TimedLine = readonly [startMs: number, durationMs: number, text: string];

export interface Mp4Text {
  /** Three letters of ISO 639-2. */
  readonly language?: string;
  readonly codec?: 'tx3g' | 'text' | 'wvtt' | 'stpp';
  readonly lines: readonly TimedLine[];
  /** Body of `elst`. */
  readonly edits?: Buffer;
  readonly isDisabled?: boolean;
}

export interface Mp4File {
  readonly title?: string;
  readonly artist?: string;
  readonly date?: string;
  readonly description?: string;
  readonly seconds?: number;
  readonly texts?: readonly Mp4Text[];
  /** Whether there are tracks for pictures and sound. */
  readonly isSilent?: boolean;
  readonly chapters?: readonly (readonly [startSeconds: number, title: string])[];
  readonly brand?: string;
}

const SCALE = 1000;

export function buildMp4(file: Mp4File): Buffer {
  const head = box('ftyp', Buffer.from(`${file.brand ?? 'isom'}\0\0\x02\0isommp41`, 'latin1'));
  const samples = (file.texts ?? []).map(samplesOf);
  const start = head.length + 8;
  const index = box(
    'moov',
    movieHeader(file.seconds ?? 60),
    mediaTrack(1, 'vide', 'avc1'),
    ...(file.isSilent === true ? [] : [mediaTrack(2, 'soun', 'mp4a')]),
    ...(file.texts ?? []).map((text, at) => {
      const before = samples.slice(0, at).flat();
      return textTrack(10 + at, text, samples[at] ?? [], start + Buffer.concat(before).length);
    }),
    userData(file),
  );
  return Buffer.concat([head, box('mdat', ...samples.flat()), index]);
}

export function box(type: string, ...parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  return Buffer.concat([uint32(body.length + 8), Buffer.from(type, 'latin1'), body]);
}

export function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

const numbers = (...values: readonly number[]): Buffer => Buffer.concat(values.map(uint32));

function movieHeader(seconds: number): Buffer {
  return box('mvhd', numbers(0, 0, 0, SCALE, seconds * SCALE), Buffer.alloc(80));
}

/** Gaps between texts are samples without text. */
function samplesOf({ lines, codec = 'tx3g' }: Mp4Text): readonly Buffer[] {
  return timeline(lines).map(([, , text]) => {
    const bytes = Buffer.from(text, 'utf8');
    if (codec === 'wvtt') return text === '' ? box('vtte') : box('vttc', box('payl', bytes));
    const length = Buffer.alloc(2);
    length.writeUInt16BE(bytes.length);
    return Buffer.concat([length, bytes]);
  });
}

function timeline(lines: readonly TimedLine[]): readonly TimedLine[] {
  const all: TimedLine[] = [];
  let at = 0;
  for (const [start, duration, text] of lines) {
    if (start > at) all.push([at, start - at, '']);
    all.push([start, duration, text]);
    at = start + duration;
  }
  return all;
}

function mediaTrack(id: number, handler: string, codec: string): Buffer {
  const table = box('stbl', description(codec));
  const media = box('mdia', mediaHeader('und'), handlerBox(handler), box('minf', table));
  return box('trak', trackHeader(id, true), media);
}

function textTrack(id: number, text: Mp4Text, samples: readonly Buffer[], offset: number): Buffer {
  const { codec = 'tx3g', language = 'und', edits, isDisabled = false } = text;
  const durations = timeline(text.lines).map(([, duration]) => numbers(1, duration));
  const table = box(
    'stbl',
    description(codec),
    box('stts', numbers(0, durations.length), ...durations),
    box('stsc', numbers(0, 1, 1, samples.length, 1)),
    box('stsz', numbers(0, 0, samples.length), ...samples.map(({ length }) => uint32(length))),
    box('stco', numbers(0, 1, offset)),
  );
  return box(
    'trak',
    trackHeader(id, !isDisabled),
    ...(edits === undefined ? [] : [box('edts', box('elst', edits))]),
    box('mdia', mediaHeader(language), handlerBox('sbtl'), box('minf', table)),
  );
}

function trackHeader(id: number, isEnabled: boolean): Buffer {
  const size = numbers(320 * 65_536, 180 * 65_536);
  return box('tkhd', numbers(isEnabled ? 1 : 0, 0, 0, id), Buffer.alloc(60), size);
}

function mediaHeader(language: string): Buffer {
  const [a = 0, b = 0, c = 0] = language.split('').map((letter) => letter.charCodeAt(0) - 0x60);
  return box('mdhd', numbers(0, 0, 0, SCALE, 0, ((a << 10) | (b << 5) | c) * 65_536));
}

function handlerBox(handler: string): Buffer {
  return box('hdlr', numbers(0, 0), Buffer.from(handler, 'latin1'), Buffer.alloc(13));
}

function description(codec: string): Buffer {
  return box('stsd', numbers(0, 1), box(codec, Buffer.alloc(8)));
}

function userData({ title, artist, date, description: about, chapters = [] }: Mp4File): Buffer {
  const tags = [
    ['\xa9nam', title],
    ['\xa9ART', artist],
    ['\xa9day', date],
    ['desc', about],
  ] as const;
  const values = tags.flatMap(([name, value]) =>
    value === undefined ? [] : [box(name, box('data', numbers(1, 0), Buffer.from(value, 'utf8')))],
  );
  const meta = box('meta', uint32(0), handlerBox('mdir'), box('ilst', ...values));
  return box('udta', meta, ...(chapters.length === 0 ? [] : [chapterList(chapters)]));
}

function chapterList(chapters: NonNullable<Mp4File['chapters']>): Buffer {
  const entries = chapters.map(([startSeconds, title]) => {
    const time = Buffer.alloc(8);
    time.writeBigUInt64BE(BigInt(startSeconds * 10_000_000));
    const name = Buffer.from(title, 'utf8');
    return Buffer.concat([time, Buffer.from([name.length]), name]);
  });
  return box('chpl', numbers(0x0100_0000, 0), Buffer.from([chapters.length]), ...entries);
}
