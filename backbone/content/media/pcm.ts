/** Sound as signed 16-bit samples, mono, 16,000 a second: what speech models hear. Pure. */

export const SAMPLE_RATE = 16_000;
export const BYTES_PER_SAMPLE = 2;
export const WAV_HEADER_BYTES = 44;

/** Samples whose loudness is measured as one: 20 ms. */
export const FRAME_SAMPLES = 320;
const FULL_SCALE = 32_768;
/** Root mean square of full scale, some -54 dB: below it nobody can be heard. */
const SILENCE = 0.002;

export function secondsOfSamples(samples: number): number {
  return samples / SAMPLE_RATE;
}

/** Loudness (root mean square, 0-1) of each frame; the last one may be shorter. O(samples). */
export function loudnessOf(samples: Int16Array): Float32Array {
  const frames = new Float32Array(Math.ceil(samples.length / FRAME_SAMPLES));
  for (let frame = 0; frame < frames.length; frame += 1) {
    const part = samples.subarray(frame * FRAME_SAMPLES, (frame + 1) * FRAME_SAMPLES);
    let sum = 0;
    for (const sample of part) sum += sample * sample;
    frames[frame] = Math.sqrt(sum / part.length) / FULL_SCALE;
  }
  return frames;
}

/** True when no frame between two moments, in seconds, is loud enough to be speech. */
export function isSilent(loudness: Float32Array, fromSeconds: number, toSeconds: number): boolean {
  const frame = (seconds: number): number => (seconds * SAMPLE_RATE) / FRAME_SAMPLES;
  const from = Math.max(0, Math.floor(frame(fromSeconds)));
  return loudness.subarray(from, Math.max(from, Math.ceil(frame(toSeconds)))).every((one) => one < SILENCE);
}

/** A WAV file of the samples. */
export function wavOf(samples: Int16Array): Buffer {
  const header = Buffer.alloc(WAV_HEADER_BYTES);
  const dataBytes = samples.length * BYTES_PER_SAMPLE;
  header.write('RIFF', 0, 'latin1');
  header.writeUInt32LE(WAV_HEADER_BYTES - 8 + dataBytes, 4);
  header.write('WAVEfmt ', 8, 'latin1');
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(SAMPLE_RATE, 24);
  header.writeUInt32LE(SAMPLE_RATE * BYTES_PER_SAMPLE, 28);
  header.writeUInt16LE(BYTES_PER_SAMPLE, 32);
  header.writeUInt16LE(BYTES_PER_SAMPLE * 8, 34);
  header.write('data', 36, 'latin1');
  header.writeUInt32LE(dataBytes, 40);
  return Buffer.concat([header, Buffer.from(samples.buffer, samples.byteOffset, dataBytes)]);
}
