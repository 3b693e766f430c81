import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { fingerprintOf, type Fingerprint } from '../../../backbone/content/steps/fingerprint.ts';

/** So many words that no other seed has. */
function wordsFrom(seed: number, count: number): string[] {
  const letters = (number: number): string =>
    String(number).replaceAll(/\d/g, (digit) => 'bcdfghjklm'.charAt(Number(digit)));
  return Array.from({ length: count }, (_, index) => `${letters(seed)}o${letters(index)}`);
}

function printOf(words: readonly string[]): Fingerprint {
  const print = fingerprintOf(words.join(' '));
  if (print === null) throw new Error('Too short');
  return print;
}

function similarity(a: Fingerprint, b: Fingerprint): number {
  return a.signature.filter((value, place) => value === b.signature[place]).length / a.signature.length;
}

const shareBand = (a: Fingerprint, b: Fingerprint): boolean => a.bands.some((band) => b.bands.includes(band));

describe('a fingerprint', () => {
  test('has the same size for every text, of numbers that PostgreSQL keeps as integer', () => {
    for (const count of [20, 500]) {
      const { signature, bands } = printOf(wordsFrom(1, count));
      expect([signature.length, bands.length]).toEqual([64, 16]);
      for (const value of [...signature, ...bands]) expect(value).toBe(value | 0);
    }
  });

  test('does not depend on case, punctuation, white space or the form of accents', () => {
    const plain =
      'the café by the old harbour opens at nine and closes at ten in the evening on every day of the week';
    const other =
      'The CAFE\u0301, by the  old harbour: opens at nine\nand closes at ten in the evening, on every day of the week!';
    expect(fingerprintOf(other)).toEqual(fingerprintOf(plain));
  });

  test('is missing for a text of fewer than twenty words', () => {
    expect(fingerprintOf('')).toBeNull();
    expect(fingerprintOf(wordsFrom(1, 19).join(' '))).toBeNull();
    expect(fingerprintOf(wordsFrom(1, 20).join(' '))).not.toBeNull();
  });

  test('covers scripts without spaces', () => {
    const text =
      '吾輩は猫である。名前はまだ無い。どこで生れたかとんと見当がつかぬ。何でも薄暗いじめじめした所でニャーニャー泣いていた事だけは記憶している。';
    const print = fingerprintOf(text);
    const copy = fingerprintOf(`${text}続く。`);
    expect(print && copy && similarity(print, copy)).toBeGreaterThan(0.8);
  });

  test('shares nothing with that of a text of other words', () => {
    const [one, two] = [printOf(wordsFrom(1, 400)), printOf(wordsFrom(2, 400))];
    expect(similarity(one, two)).toBeLessThan(0.1);
    expect(shareBand(one, two)).toBe(false);
  });

  test('estimates the share of word runs in common', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10_000 }), fc.integer({ min: 0, max: 400 }), (seed, added) => {
        const words = wordsFrom(seed, 400);
        const one = printOf(words);
        const two = printOf([...words, ...wordsFrom(seed + 20_000, added)]);
        const shared = 398 / (398 + added);
        // Five standard errors of 64 trials, at most.
        expect(Math.abs(similarity(one, two) - shared)).toBeLessThan(5 * 0.0625);
        if (shared > 0.85) expect(shareBand(one, two)).toBe(true);
      }),
      { numRuns: 40, seed: 7 },
    );
  });

  test('differs when words stand in another order', () => {
    const words = wordsFrom(3, 100);
    expect(similarity(printOf(words), printOf(words.toReversed()))).toBeLessThan(0.1);
  });
});
