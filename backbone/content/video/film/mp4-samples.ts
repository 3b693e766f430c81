/** Where the samples of a track lie and when they are shown (ISO 14496-12, section 8.6 and 8.7). Pure. */
import { bodyAt } from './mp4-boxes.ts';

export interface Mp4Sample {
  readonly offset: number;
  readonly sizeBytes: number;
  /** In units of the track's time scale. */
  readonly start: number;
  readonly duration: number;
}

/** A text that changes ten times a second for three hours. */
const MOST_SAMPLES = 100_000;

/** @param table body of `stbl`. Ends where one of its lists does. */
export function* samplesIn(table: Buffer): Generator<Mp4Sample> {
  const sizes = bodyAt(table, 'stsz');
  const chunks = new ChunkWalk(table);
  if (sizes === null || sizes.length < 12) return;
  const common = sizes.readUInt32BE(4);
  const count = Math.min(sizes.readUInt32BE(8), MOST_SAMPLES);
  const durations = durationsIn(bodyAt(table, 'stts'));
  let start = 0;
  for (let index = 0; index < count; index += 1) {
    const sizeBytes = common === 0 ? uint32At(sizes, 12 + index * 4) : common;
    const duration = durations.next();
    const offset = sizeBytes === null ? null : chunks.place(sizeBytes);
    if (sizeBytes === null || offset === null || duration.done === true) return;
    yield { offset, sizeBytes, start, duration: duration.value };
    start += duration.value;
  }
}

function* durationsIn(runs: Buffer | null): Generator<number, undefined> {
  for (let at = 8; runs !== null && at + 8 <= runs.length; at += 8) {
    const duration = runs.readUInt32BE(at + 4);
    const count = Math.min(runs.readUInt32BE(at), MOST_SAMPLES);
    for (let index = 0; index < count; index += 1) yield duration;
  }
}

/** Hands out places: samples stand one behind the other in chunks, of which runs hold equally many. */
class ChunkWalk {
  readonly #runs: Buffer;
  readonly #offsets: Buffer;
  readonly #isLarge: boolean;
  #chunk = 0;
  #run = 0;
  #left = 0;
  #next = 0;

  constructor(table: Buffer) {
    const large = bodyAt(table, 'co64');
    this.#isLarge = large !== null;
    this.#offsets = large ?? bodyAt(table, 'stco') ?? Buffer.alloc(0);
    this.#runs = bodyAt(table, 'stsc') ?? Buffer.alloc(0);
  }

  /** Null behind the last chunk. */
  place(sizeBytes: number): number | null {
    if (this.#left === 0 && !this.#enterChunk()) return null;
    this.#left -= 1;
    const offset = this.#next;
    this.#next += sizeBytes;
    return offset;
  }

  #enterChunk(): boolean {
    const offset = this.#isLarge
      ? uint64At(this.#offsets, 8 + this.#chunk * 8)
      : uint32At(this.#offsets, 8 + this.#chunk * 4);
    this.#chunk += 1;
    // Entries of `stsc`: first chunk, samples a chunk, description. The next one begins at its first chunk.
    if (uint32At(this.#runs, 8 + (this.#run + 1) * 12) === this.#chunk) this.#run += 1;
    const samples = uint32At(this.#runs, 12 + this.#run * 12);
    if (offset === null || samples === null || samples === 0) return false;
    this.#next = offset;
    this.#left = samples;
    return true;
  }
}

function uint32At(bytes: Buffer, at: number): number | null {
  return at + 4 <= bytes.length ? bytes.readUInt32BE(at) : null;
}

function uint64At(bytes: Buffer, at: number): number | null {
  return at + 8 <= bytes.length ? Number(bytes.readBigUInt64BE(at)) : null;
}
