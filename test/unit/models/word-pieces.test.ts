import { describe, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import { createPieceEncoder } from '../../../backbone/models/word-pieces.ts';

/** A piece a character. */
const encodeWord = (word: string): readonly number[] =>
  Array.from(word, (character) => character.codePointAt(0) ?? 0);

describe('word pieces', () => {
  test('are those of the words, one after the other', () => {
    const encode = createPieceEncoder(encodeWord, 128);
    expect(encode(' ab \n c')).toEqual([97, 98, 99]);
  });

  test('are as many as the limit at most and one at least', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 60 }), fc.integer({ min: 1, max: 20 }), (text, limit) => {
        const pieces = createPieceEncoder(encodeWord, limit)(text);
        const whole = encodeWord(text.normalize('NFKC').replaceAll(/\s+/g, ''));
        expect(pieces).toEqual(whole.length === 0 ? [0] : whole.slice(0, limit));
      }),
    );
  });

  test('of a word are made once, and of no word beyond the limit', () => {
    const asked = jest.fn(encodeWord);
    const encode = createPieceEncoder(asked, 4);
    encode('ab ab cd ef');
    expect(asked.mock.calls.flat()).toEqual(['ab']);
  });

  test('are forgotten when very many words were met', () => {
    const asked = jest.fn(encodeWord);
    const encode = createPieceEncoder(asked, 128);
    for (let at = 0; at < 10_001; at += 1) encode(`w${at}`);
    encode('w10000');
    expect(asked).toHaveBeenCalledTimes(10_001);
    encode('w0');
    expect(asked).toHaveBeenCalledTimes(10_002);
  });

  test('of compatible characters are the same', () => {
    const encode = createPieceEncoder(encodeWord, 128);
    expect(encode('ﬁ')).toEqual(encode('fi'));
  });
});
