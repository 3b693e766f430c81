import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { neighboursOf, RELATION_WEIGHTS } from '../../../backbone/stores/graph/neighbours.ts';

const NONE = { authors: [], siteName: null, entities: [], keywords: [] } as const;

describe('neighbours of a content', () => {
  test('are none where nothing is known', () => {
    expect(neighboursOf(NONE)).toEqual([]);
  });

  test('weigh by kind, by mentions and by score', () => {
    const neighbours = neighboursOf({
      authors: ['Ann'],
      siteName: 'Site',
      entities: [{ name: 'Acme', type: 'organization', aliases: [], count: 3 }],
      keywords: [{ term: 'word', score: 0.5 }],
    });
    expect(neighbours).toEqual([
      { kind: 'author', key: 'ann', name: 'Ann', weight: RELATION_WEIGHTS.author },
      { kind: 'entity', key: 'organization:acme', name: 'Acme', weight: RELATION_WEIGHTS.entity * 0.75 },
      { kind: 'keyword', key: 'word', name: 'word', weight: RELATION_WEIGHTS.keyword * 0.5 },
      { kind: 'site', key: 'site', name: 'Site', weight: RELATION_WEIGHTS.site },
    ]);
  });

  test('are one where spellings differ in case, width and spaces alone; the first is shown, the heaviest counts', () => {
    const keywords = [
      { term: ' Big  Word', score: 0.2 },
      { term: 'big word', score: 0.9 },
      { term: 'ＢＩＧ word', score: 0.4 },
    ];
    expect(neighboursOf({ ...NONE, keywords })).toEqual([
      { kind: 'keyword', key: 'big word', name: 'Big  Word', weight: RELATION_WEIGHTS.keyword * 0.9 },
    ]);
  });

  test.each([0, -1, NaN])('leave out what weighs %d', (score) => {
    expect(neighboursOf({ ...NONE, keywords: [{ term: 'word', score }] })).toEqual([]);
  });

  test('have names and keys that an index can hold, whatever comes', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary', maxLength: 400 })), (authors) => {
        const neighbours = neighboursOf({ ...NONE, authors });
        for (const { key, name } of neighbours) {
          expect(Buffer.byteLength(key)).toBeLessThan(2_000);
          expect(key.isWellFormed() && name.isWellFormed()).toBe(true);
          expect(`${key}${name}`).not.toContain('\0');
          expect(key).not.toBe('');
        }
        expect(new Set(neighbours.map(({ key }) => key)).size).toBe(neighbours.length);
      }),
    );
  });
});
