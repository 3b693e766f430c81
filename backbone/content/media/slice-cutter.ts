/** Cuts a stream of samples into slices at its quietest moments. Pure but for what it has not given out yet. */
import { BYTES_PER_SAMPLE, FRAME_SAMPLES, loudnessOf } from './pcm.ts';

export interface SampleSlice {
  /** Of the recording. */
  readonly startSample: number;
  readonly samples: Int16Array;
}

/** A pause between words takes some 300 ms. */
const PAUSE_FRAMES = 15;
/** The cut is sought in this last share of a full slice. */
const SEARCHED_SHARE = 0.25;

/**
 * Takes bytes as they come and gives slices of at most so many samples that, one after the other, are the whole
 * recording: nothing is lost or heard twice. Holds one slice at a time; linear in the samples.
 */
export class SliceCutter {
  readonly #pending: Buffer;
  #filled = 0;
  #startSample = 0;

  constructor(mostSamples: number) {
    this.#pending = Buffer.alloc(mostSamples * BYTES_PER_SAMPLE);
  }

  *push(bytes: Buffer): Generator<SampleSlice> {
    let taken = 0;
    while (taken < bytes.length) {
      const copied = bytes.copy(this.#pending, this.#filled, taken);
      taken += copied;
      this.#filled += copied;
      if (this.#filled === this.#pending.length) yield this.#cut(this.#quietest());
    }
  }

  /** What is left at the end of the recording; half a sample at the very end is no sound. */
  *end(): Generator<SampleSlice> {
    const samples = Math.floor(this.#filled / BYTES_PER_SAMPLE);
    if (samples > 0) yield this.#cut(samples);
  }

  #quietest(): number {
    const samples = samplesOf(this.#pending);
    const searchedFrom = samples.length - Math.floor(samples.length * SEARCHED_SHARE);
    return searchedFrom + quietestSample(samples.subarray(searchedFrom));
  }

  #cut(count: number): SampleSlice {
    const bytes = count * BYTES_PER_SAMPLE;
    const slice = {
      startSample: this.#startSample,
      samples: samplesOf(Buffer.copyBytesFrom(this.#pending, 0, bytes)),
    };
    this.#pending.copy(this.#pending, 0, bytes, this.#filled);
    this.#filled -= bytes;
    this.#startSample += count;
    return slice;
  }
}

/** The middle of the quietest pause, at least one sample from the beginning. O(samples). */
export function quietestSample(samples: Int16Array): number {
  const loudness = loudnessOf(samples);
  const width = Math.min(PAUSE_FRAMES, loudness.length);
  let sum = 0;
  let best = Infinity;
  let bestEnd = loudness.length;
  for (const [at, one] of loudness.entries()) {
    sum += one - (at >= width ? (loudness[at - width] ?? 0) : 0);
    if (at + 1 < width || sum >= best) continue;
    best = sum;
    bestEnd = at + 1;
  }
  const middle = Math.round((bestEnd - width / 2) * FRAME_SAMPLES);
  return Math.max(1, Math.min(samples.length, middle));
}

function samplesOf(bytes: Buffer): Int16Array {
  return new Int16Array(bytes.buffer, bytes.byteOffset, Math.floor(bytes.length / BYTES_PER_SAMPLE));
}
