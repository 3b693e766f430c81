import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  decodePostings,
  encodePostings,
  invert,
  rank,
  type PostingList,
} from '../../../backbone/stores/vectors/posting-list.ts';
import { sparseVectorOf, termId } from '../../../backbone/stores/vectors/term-id.ts';

const posting = fc.record({
  chunkIndex: fc.integer({ min: 0, max: 0xffffffff }),
  weight: fc.float({ min: 0, max: 100, noNaN: true }),
});

describe('term ids', () => {
  test('never change: they are stored', () => {
    expect(['', 'a', 'ingestion', 'größe', '😀'].map(termId)).toEqual([
      2872998923, 444641715, 1323219431, 2538389087, 1787143206,
    ]);
  });

  test('are unsigned 32-bit numbers', () => {
    fc.assert(
      fc.property(fc.string(), (term) => {
        const id = termId(term);
        return Number.isInteger(id) && id >= 0 && id <= 0xffffffff;
      }),
    );
  });

  test('hardly ever meet', () => {
    const ids = new Set(Array.from({ length: 20_000 }, (_, index) => termId(`w${index}`)));
    expect(ids.size).toBeGreaterThan(19_995);
  });

  test('of two terms that meet add their weights', () => {
    // The first two of t0, t1, ... that share a number.
    const [one, other] = ['t439599', 't622382'];
    expect(termId(other)).toBe(termId(one));
    expect([
      ...sparseVectorOf(
        new Map([
          [one, 1],
          [other, 2],
        ]),
      ),
    ]).toEqual([[termId(one), 3]]);
  });
});

describe('postings', () => {
  test('are decoded as they were encoded', () => {
    fc.assert(
      fc.property(fc.array(posting), (postings) => {
        expect(decodePostings(encodePostings(postings))).toEqual(postings);
      }),
    );
  });

  test('hold each chunk under each of its terms', () => {
    const vector = Float32Array.of(1);
    const inverted = invert([
      {
        chunkIndex: 0,
        vector,
        terms: new Map([
          ['a', 1],
          ['b', 2],
        ]),
      },
      { chunkIndex: 3, vector, terms: new Map([['a', 4]]) },
    ]);
    expect(inverted.get(termId('a'))).toEqual([
      { chunkIndex: 0, weight: 1 },
      { chunkIndex: 3, weight: 4 },
    ]);
    expect(inverted.get(termId('b'))).toEqual([{ chunkIndex: 0, weight: 2 }]);
  });
});

describe('ranking', () => {
  const list = (id: number, owner: number, chunks: readonly number[], shown = true): PostingList => ({
    termId: id,
    owner,
    points: chunks.length,
    bytes: shown ? encodePostings(chunks.map((chunkIndex) => ({ chunkIndex, weight: 1 }))) : null,
  });

  test('counts lists that were filtered out for the idf alone', () => {
    const lists = [list(1, 1, [0]), list(1, 2, [0, 1], false)];
    const [best, ...others] = rank({ query: new Map([[1, 2]]), lists, totalPoints: 10, limit: 5 });
    expect(others).toEqual([]);
    expect(best).toMatchObject({ owner: 1, chunkIndex: 0 });
    expect(best?.score).toBeCloseTo(2 * Math.log(1 + 7.5 / 3.5), 6);
  });

  test('adds the slices of one content and keeps the order of equals', () => {
    const lists = [list(1, 1, [0, 1]), list(1, 1, [5]), list(1, 2, [0])];
    const ranked = rank({ query: new Map([[1, 1]]), lists, totalPoints: 10, limit: 3 });
    expect(ranked.map(({ owner, chunkIndex }) => [owner, chunkIndex])).toEqual([
      [1, 0],
      [1, 1],
      [1, 5],
    ]);
  });

  test('never gives a score below zero, even for a term that every point holds', () => {
    const [hit] = rank({ query: new Map([[1, 1]]), lists: [list(1, 1, [0])], totalPoints: 1, limit: 1 });
    expect(hit?.score).toBeGreaterThan(0);
  });
});
