import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { editDistance } from '../../../backbone/content/spelling/edit-distance.ts';
import {
  corrections,
  spelledWords,
  toleratedMistakes,
  withCorrections,
  type KnownWord,
} from '../../../backbone/content/spelling/spelling.ts';

const known = (word: string, contents = 1, term = word): KnownWord => ({ word, term, contents });

describe('the distance of two words', () => {
  test.each([
    ['', '', 0],
    ['', 'sea', 3],
    ['glacier', 'glacier', 0],
    ['glacer', 'glacier', 1],
    ['glaciier', 'glacier', 1],
    ['glaceer', 'glacier', 1],
    ['glaicer', 'glacier', 1],
    ['measurment', 'measurements', 2],
    ['ca', 'abc', 3],
    ['🐝s', '🐜s', 1],
  ])('“%s” and “%s”: %i', (one, other, distance) => {
    expect(editDistance(one, other)).toBe(distance);
  });

  test('is none to itself, the same both ways, and at most the length of the longer one', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'é') });
    fc.assert(
      fc.property(word, word, (one, other) => {
        const distance = editDistance(one, other);
        expect(editDistance(one, one)).toBe(0);
        expect(editDistance(other, one)).toBe(distance);
        expect(distance === 0).toBe(one === other);
        expect(distance).toBeLessThanOrEqual(Math.max(one.length, other.length));
        expect(distance).toBeGreaterThanOrEqual(Math.abs(one.length - other.length));
      }),
    );
  });
});

describe('what may be misspelt', () => {
  test.each([
    ['the glacer moves', ['glacer', 'moves']],
    ['Keepr’s house', ['keepr', 'house']],
    ['ice sea', []],
    ['error E4040 in v2beta or 12345', ['error']],
    ['foo_barr light-house getUserNmae', []],
    ['which through während', []],
    ['glacer Glacer', ['glacer']],
    ['灯塔灯塔灯塔', []],
    ['a'.repeat(33), []],
  ])('%s', (text, words) => {
    expect(spelledWords(text, null).map((word) => word.text)).toEqual(words);
  });

  test('comes as it was typed, with every form that would show that it is a word', () => {
    const [word] = spelledWords('Glaciers', null);
    expect(word).toMatchObject({ typed: 'Glaciers', text: 'glaciers' });
    expect(word?.terms).toEqual(expect.arrayContaining(['glaciers', 'glacier']));
    // A stem of two letters, as some language has for it, shows nothing.
    expect(spelledWords('baot', null)[0]?.terms.every((term) => term.length > 2)).toBe(true);
  });

  test('is not all of a long text', () => {
    const letters = 'abcdefghijklmnopqrstuvwxyz';
    const text = Array.from(letters)
      .map((letter) => letter.repeat(5))
      .join(' ');
    expect(spelledWords(text, null)).toHaveLength(16);
  });

  test.each([
    ['ice', 0],
    ['bees', 1],
    ['glacier', 1],
    ['lighthou', 2],
    ['größer', 1],
  ])('%s with %i mistakes', (word, mistakes) => {
    expect(toleratedMistakes(word)).toBe(mistakes);
  });
});

describe('corrections', () => {
  const of = (word: string, candidates: readonly KnownWord[]): string[] =>
    corrections({ typed: word, text: word, terms: [word] }, candidates).map((found) => found.word);

  test('are the nearest words, those that most contents hold first', () => {
    expect(of('hause', [known('house', 3), known('pause', 7), known('mouse', 9)])).toEqual([
      'pause',
      'house',
    ]);
    expect(of('hause', [known('house', 2), known('cause', 2)])).toEqual(['cause', 'house']);
  });

  test('leave out what is too far for the length of the word', () => {
    expect(of('glacr', [known('glaciers')])).toEqual([]);
    expect(of('mesurment', [known('measurement'), known('monument')])).toEqual(['measurement']);
  });

  test('take accents for no mistake, name each term once, and are at most three', () => {
    expect(of('grossse', [known('größe')])).toEqual(['größe']);
    expect(of('glacer', [known('glacier', 5, 'glaci'), known('glaces', 2, 'glaci')])).toEqual(['glacier']);
    expect(
      of(
        'xale',
        ['bale', 'dale', 'gale', 'hale'].map((word) => known(word)),
      ),
    ).toHaveLength(3);
  });

  test('weigh less than a word as it was typed, and never lower its weight', () => {
    const [near] = corrections({ typed: 'Glacer', text: 'glacer', terms: [] }, [known('glacier')]);
    const [far] = corrections({ typed: 'mesurment', text: 'mesurment', terms: [] }, [known('measurement')]);
    expect(near).toMatchObject({ from: 'Glacer', weight: 0.6 });
    expect(far?.weight).toBeLessThan(near?.weight ?? 0);
    const weights = withCorrections(
      new Map([['glacer', 1]]),
      [near, near].flatMap((found) => found ?? []),
    );
    expect(weights).toEqual(
      new Map([
        ['glacer', 1],
        ['glacier', 0.6],
      ]),
    );
    expect(withCorrections(new Map([['glacier', 1]]), near ? [near] : [])).toEqual(new Map([['glacier', 1]]));
  });

  test('find the word again that one mistake was made in', () => {
    const word = fc.stringMatching(/^[a-z]{5,12}$/);
    fc.assert(
      fc.property(
        word,
        fc.nat(),
        fc.constantFrom('remove', 'double', 'swap', 'replace'),
        (right, where, how) => {
          const at = where % (right.length - 1);
          const [one = '', two = ''] = right.slice(at, at + 2);
          const wrong = { remove: two, double: one + one + two, swap: two + one, replace: `é${two}` }[how];
          const typed = right.slice(0, at) + wrong + right.slice(at + 2);
          expect(of(typed, [known('elsewhere'), known(right)])).toContain(right);
        },
      ),
    );
  });
});
