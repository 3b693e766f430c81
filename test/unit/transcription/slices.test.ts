import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { withoutInventions, withoutLoops } from '../../../backbone/content/media/heard-guards.ts';
import { SAMPLE_RATE, isSilent, loudnessOf, wavOf } from '../../../backbone/content/media/pcm.ts';
import {
  SliceCutter,
  quietestSample,
  type SampleSlice,
} from '../../../backbone/content/media/slice-cutter.ts';

const hum = (samples: number): Int16Array =>
  Int16Array.from({ length: samples }, (_, at) => Math.round(9000 * Math.sin(at / 5)) + 1);
const bytesOf = (samples: Int16Array): Buffer =>
  Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength);

function cutAll(parts: readonly Buffer[], mostSamples: number): readonly SampleSlice[] {
  const cutter = new SliceCutter(mostSamples);
  return [...parts.flatMap((part) => [...cutter.push(part)]), ...cutter.end()];
}

describe('slices', () => {
  test('are the recording, whole and in order, however its bytes come', () => {
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ maxLength: 900 }), { maxLength: 12 }),
        fc.integer({ min: 8, max: 700 }),
        (parts, most) => {
          const slices = cutAll(
            parts.map((part) => Buffer.from(part)),
            most,
          );
          const whole = Buffer.concat(parts);
          const joined = Buffer.concat(slices.map(({ samples }) => bytesOf(samples)));
          expect(joined.equals(whole.subarray(0, whole.length - (whole.length % 2)))).toBe(true);
          let at = 0;
          for (const { startSample, samples } of slices) {
            expect(startSample).toBe(at);
            expect(samples.length).toBeGreaterThan(0);
            expect(samples.length).toBeLessThanOrEqual(most);
            at += samples.length;
          }
        },
      ),
    );
  });

  test('are cut in the middle of a pause', () => {
    const sound = hum(20 * SAMPLE_RATE);
    sound.fill(0, 9 * SAMPLE_RATE, 9.5 * SAMPLE_RATE);
    const [first] = cutAll([bytesOf(sound)], 10 * SAMPLE_RATE);
    const cutAt = (first?.samples.length ?? 0) / SAMPLE_RATE;
    expect(cutAt).toBeGreaterThan(9);
    expect(cutAt).toBeLessThan(9.5);
  });

  test('are cut somewhere even without a pause', () => {
    fc.assert(
      fc.property(fc.int16Array({ minLength: 1, maxLength: 4000 }), (samples) => {
        const at = quietestSample(samples);
        expect(at).toBeGreaterThanOrEqual(1);
        expect(at).toBeLessThanOrEqual(samples.length);
      }),
    );
  });

  test('have a header that tells their form', () => {
    const wav = wavOf(Int16Array.from([1, -1]));
    expect([wav.length, wav.readUInt32LE(4), wav.readUInt32LE(24), wav.readInt16LE(46)]).toEqual([
      48, 40, 16_000, -1,
    ]);
  });
});

test('silence is told from speech by its loudness', () => {
  const sound = hum(2 * SAMPLE_RATE);
  sound.fill(3, 0, SAMPLE_RATE);
  const loudness = loudnessOf(sound);
  expect([isSilent(loudness, 0, 1), isSilent(loudness, 0, 1.5), isSilent(loudness, 9, 8)]).toEqual([
    true,
    false,
    true,
  ]);
});

describe('what a model makes up', () => {
  const segment = (text: string, more: object = {}) => ({
    startSeconds: 0,
    endSeconds: 1,
    text,
    confidence: 0.9,
    noSpeech: 0.1,
    ...more,
  });

  test('on silence is left out', () => {
    const said = [
      segment('Real.'),
      segment('Thank you for watching.', { startSeconds: 5, endSeconds: 6 }),
      segment('Subscribe!', { noSpeech: 0.9, confidence: 0.2 }),
      segment('Sure.', { noSpeech: 0.9 }),
      segment('Untimed.', { startSeconds: null, endSeconds: null, confidence: null, noSpeech: 0.9 }),
    ];
    const real = withoutInventions(said, (from) => from === 5);
    expect(real.map(({ text }) => text)).toEqual(['Real.', 'Sure.', 'Untimed.']);
  });

  test('in loops stands once', () => {
    const texts = ['No.', 'no', 'No!', 'Go.', 'Go.', 'Go.', 'Go.'];
    const kept = withoutInventions(
      texts.map((text) => segment(text)),
      () => false,
    );
    expect(kept.map(({ text }) => text)).toEqual(['No.', 'no', 'No!', 'Go.']);
    expect(withoutLoops('and so on and so on and so on and so on and then')).toBe('and so on and then');
    expect(withoutLoops('no no no, he said')).toBe('no no no, he said');
  });

  test('never gives more words than were heard', () => {
    const word = fc.constantFrom('a', 'b', 'C', 'd.');
    fc.assert(
      fc.property(fc.array(word, { maxLength: 60 }), (words) => {
        const once = withoutLoops(words.join(' '));
        expect(once.length).toBeLessThanOrEqual(words.join(' ').length);
      }),
    );
  });
});
