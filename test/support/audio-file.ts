/** Small audio files: silence, with whatever tags a test wants. */

/** MPEG 1 layer III, 128 kbit/s, 44.1 kHz: a frame of 1152 samples without sound. */
const FRAME = Buffer.concat([Buffer.from([0xff, 0xfb, 0x90, 0xc4]), Buffer.alloc(413)]);
const FRAME_SECONDS = 1152 / 44_100;

export interface Id3Frame {
  readonly id: string;
  readonly body: Buffer;
}

/** An MP3 of about that many seconds behind an ID3v2.3 tag. */
export function buildMp3(frames: readonly Id3Frame[], seconds = 2): Buffer {
  const body = Buffer.concat(frames.map(frameBytes));
  const header = Buffer.from([0x49, 0x44, 0x33, 3, 0, 0, ...syncSafe(body.length)]);
  const audio = Array.from({ length: Math.round(seconds / FRAME_SECONDS) }, () => FRAME);
  return Buffer.concat([header, body, ...audio]);
}

/** `TIT2`, `TPE1` and their like. */
export function textFrame(id: string, text: string): Id3Frame {
  return { id, body: Buffer.concat([Buffer.from([1, 0xff, 0xfe]), Buffer.from(text, 'utf16le')]) };
}

/** `COMM` and `USLT`. */
export function languageFrame(id: string, text: string, descriptor = ''): Id3Frame {
  return { id, body: Buffer.from(`\0eng${descriptor}\0${text}`, 'latin1') };
}

/** `SYLT`: words with their milliseconds. */
export function timedFrame(words: readonly (readonly [word: string, at: number])[], format = 2): Id3Frame {
  const parts = words.map(([word, at]) => Buffer.concat([Buffer.from(`${word}\0`, 'latin1'), uint32(at)]));
  return { id: 'SYLT', body: Buffer.concat([Buffer.from([0, 0x65, 0x6e, 0x67, format, 2, 0]), ...parts]) };
}

/** `CHAP`, in milliseconds. */
export function chapterFrame(id: string, startMs: number, title: string | null): Id3Frame {
  const times = Buffer.concat([
    uint32(startMs),
    uint32(startMs + 1000),
    uint32(0xffffffff),
    uint32(0xffffffff),
  ]);
  const name = title === null ? Buffer.alloc(0) : frameBytes(textFrame('TIT2', title));
  return { id: 'CHAP', body: Buffer.concat([Buffer.from(`${id}\0`, 'latin1'), times, name]) };
}

/** `APIC`: a cover of no size. */
export function coverFrame(): Id3Frame {
  return { id: 'APIC', body: Buffer.from('\0image/png\0\x03\0\x89PNG', 'latin1') };
}

/** An M4A without sound: a title, and chapters as Nero writes them. */
export function buildM4a(
  title: string,
  chapters: readonly (readonly [title: string, seconds: number])[],
): Buffer {
  const list = chapters.map(([name, seconds]) =>
    Buffer.concat([uint64(BigInt(seconds) * 10_000_000n), Buffer.from([name.length]), Buffer.from(name)]),
  );
  const chpl = atom('chpl', Buffer.from([1, 0, 0, 0, 0, 0, 0, 0, chapters.length]), ...list);
  const data = atom('data', uint32(1), uint32(0), Buffer.from(title));
  const handler = atom('hdlr', Buffer.alloc(8), Buffer.from('mdirappl'), Buffer.alloc(9));
  const meta = atom('meta', uint32(0), handler, atom('ilst', atom('\xa9nam', data)));
  const times = Buffer.concat([Buffer.alloc(12), uint32(1000), uint32(90_000), Buffer.alloc(80)]);
  return Buffer.concat([
    atom('ftyp', Buffer.from('M4A \0\0\0\0M4A mp42', 'latin1')),
    atom('moov', atom('mvhd', times), atom('udta', chpl, meta)),
  ]);
}

/** A WAV of eight thousand samples a second. */
export function buildWav(seconds: number): Buffer {
  const samples = Buffer.alloc(seconds * 8000, 0x80);
  const format = Buffer.from([1, 0, 1, 0, 0x40, 0x1f, 0, 0, 0x40, 0x1f, 0, 0, 1, 0, 8, 0]);
  const chunk = (id: string, body: Buffer): Buffer =>
    Buffer.concat([Buffer.from(id), uint32(body.length, 'little'), body]);
  return chunk('RIFF', Buffer.concat([Buffer.from('WAVE'), chunk('fmt ', format), chunk('data', samples)]));
}

function frameBytes({ id, body }: Id3Frame): Buffer {
  return Buffer.concat([Buffer.from(id), uint32(body.length), Buffer.alloc(2), body]);
}

function atom(name: string, ...parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  return Buffer.concat([uint32(body.length + 8), Buffer.from(name, 'latin1'), body]);
}

function syncSafe(size: number): readonly number[] {
  return [21, 14, 7, 0].map((shift) => (size >> shift) & 0x7f);
}

function uint32(value: number, order: 'big' | 'little' = 'big'): Buffer {
  const bytes = Buffer.alloc(4);
  if (order === 'big') bytes.writeUInt32BE(value);
  else bytes.writeUInt32LE(value);
  return bytes;
}

function uint64(value: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(value);
  return bytes;
}
