import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { fuse, highlight } from '../../../backbone/content/fusion.ts';
import { queryTerms } from '../../../backbone/content/steps/terms.ts';
import type { ScoredPoint } from '../../../backbone/stores/vectors/vector-store.ts';

const point = (chunkIndex: number, score: number): ScoredPoint => ({
  userId: 'u',
  contentId: 'c',
  version: 1,
  chunkIndex,
  score,
});

const points = (least: number): fc.Arbitrary<ScoredPoint[]> =>
  fc.uniqueArray(
    fc
      .record({ at: fc.nat(30), score: fc.double({ min: least, max: 20, noNaN: true }) })
      .map(({ at, score }) => point(at, score)),
    { selector: ({ chunkIndex }) => chunkIndex, maxLength: 20 },
  );

describe('fusion', () => {
  test('adds the weighted, normalised scores', () => {
    const fused = fuse({
      dense: [point(1, 0.9), point(2, 0.1)],
      sparse: [point(2, 4), point(1, 2)],
      denseWeight: 0.5,
    });
    expect(fused.map(({ chunkIndex, score }) => [chunkIndex, score])).toEqual([
      [1, 0.75],
      [2, 0.5],
    ]);
  });

  test('with dense weight 0 ranks as the words alone', () => {
    fc.assert(
      fc.property(points(-1), points(0.001), (dense, sparse) => {
        const fused = fuse({ dense, sparse, denseWeight: 0 });
        const words = [...sparse].sort((a, b) => b.score - a.score);
        expect(
          fused.map(({ chunkIndex }) => sparse.find((one) => one.chunkIndex === chunkIndex)?.score),
        ).toEqual(words.map(({ score }) => score));
      }),
    );
  });

  test('gives every point once, scored 0-1, best first, whatever the order of the input', () => {
    fc.assert(
      fc.property(
        points(-1),
        points(0.001),
        fc.double({ min: -1, max: 2, noNaN: true }),
        (dense, sparse, denseWeight) => {
          const fused = fuse({ dense, sparse, denseWeight });
          expect(fuse({ dense: dense.toReversed(), sparse: sparse.toReversed(), denseWeight })).toEqual(
            fused,
          );
          expect(new Set(fused.map(({ chunkIndex }) => chunkIndex)).size).toBe(fused.length);
          for (const { score } of fused) {
            expect(score).toBeGreaterThanOrEqual(0);
            expect(score).toBeLessThanOrEqual(1 + 1e-12);
          }
          const scores = fused.map(({ score }) => score);
          expect(scores).toEqual([...scores].sort((a, b) => b - a));
        },
      ),
    );
  });

  test('a point better on both sides is never ranked lower', () => {
    fc.assert(
      fc.property(
        points(-1),
        points(0.001),
        fc.double({ min: 0.01, max: 0.99, noNaN: true }),
        (dense, sparse, denseWeight) => {
          const best = [...dense, ...sparse].map(({ score }) => score).reduce((a, b) => Math.max(a, b), 1);
          const fused = fuse({
            dense: [...dense, point(99, best + 1)],
            sparse: [...sparse, point(99, best + 1)],
            denseWeight,
          });
          expect(fused[0]?.chunkIndex).toBe(99);
        },
      ),
    );
  });

  test('ties are broken by content, version and chunk', () => {
    const tied = [
      { ...point(2, 1), contentId: 'b' },
      point(3, 1),
      { ...point(1, 1), contentId: 'b' },
      { ...point(2, 1), contentId: 'b', version: 0 },
      { ...point(2, 1), userId: 'a' },
    ];
    const fused = fuse({ dense: [], sparse: tied, denseWeight: 0.3 });
    const keys = fused.map(({ userId, contentId, version, chunkIndex }) =>
      [userId, contentId, version, chunkIndex].join(''),
    );
    expect(keys).toEqual(['ac12', 'ub02', 'ub11', 'ub12', 'uc13']);
  });

  test('vectors alone are ranked when no word is shared', () => {
    const fused = fuse({ dense: [point(1, 0.2), point(2, 0.4)], sparse: [], denseWeight: 0.2 });
    expect(fused.map(({ chunkIndex }) => chunkIndex)).toEqual([2, 1]);
  });

  test('scores that are no numbers count as absent, doubles by their best', () => {
    const fused = fuse({
      dense: [point(1, NaN), point(2, 0.5)],
      sparse: [point(1, 1), point(1, 3), point(2, 2)],
      denseWeight: 0.2,
    });
    expect(fused.map(({ chunkIndex, denseScore }) => [chunkIndex, denseScore])).toEqual([
      [1, 0],
      [2, 0],
    ]);
  });
});

describe('highlights', () => {
  const marked = (text: string, query: string, language: string | null): string[] =>
    highlight(text, queryTerms(query, language).keys(), language).map(({ start, end }) =>
      text.slice(start, end),
    );

  test('are the words that a query meets, in any of their forms', () => {
    expect(marked('The cats ran. A cat runs; running is fun.', 'cat running', 'en')).toEqual([
      'cats',
      'cat',
      'runs',
      'running',
    ]);
  });

  test('cover overlapping bigrams as one range', () => {
    expect(marked('研究机器学习的人', '机器学习', 'zh')).toEqual(['机器学习']);
  });

  test('cover an identifier once', () => {
    expect(marked('call max_retry now', 'max_retry', null)).toEqual(['max_retry']);
  });

  test('are none without terms', () => {
    expect(highlight('text', [], 'en')).toEqual([]);
  });

  test('lie in the text, in order, without overlap', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 80 }),
        fc.constantFrom('en', null),
        (text, language) => {
          let last = 0;
          for (const { start, end } of highlight(text, queryTerms(text, language).keys(), language)) {
            expect(start).toBeGreaterThanOrEqual(last);
            expect(end).toBeGreaterThan(start);
            last = end;
          }
          expect(last).toBeLessThanOrEqual(text.length);
        },
      ),
    );
  });
});
