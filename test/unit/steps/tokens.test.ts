import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { encode } from 'gpt-tokenizer/encoding/cl100k_base';
import { countTokens, forgetMerges } from '../../../backbone/content/steps/tokens.ts';

describe('counting tokens', () => {
  test('is exact for ordinary text', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 60, unit: 'grapheme' }), { maxLength: 20 }), (words) => {
        const text = words.join(' ').replaceAll('<|', '');
        fc.pre(!/\S{129}|\s{129}/u.test(text));
        expect(countTokens(text)).toBe(encode(text).length);
      }),
    );
  });

  test('counts an endless word in slices, near the true number', () => {
    const word = 'tokenisation'.repeat(40);
    expect(Math.abs(countTokens(word) - encode(word).length)).toBeLessThan(10);
  });

  test('gives the same after merges were forgotten', () => {
    const before = countTokens('unforgettable');
    forgetMerges();
    expect(countTokens('unforgettable')).toBe(before);
  });
});
