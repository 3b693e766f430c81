import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type {
  ChunkPoint,
  ContentVersion,
  PointPayload,
  SearchFilter,
  VectorStore,
} from '../../backbone/stores/vectors/vector-store.ts';
import { collect } from './collect.ts';

export interface OpenedVectorStore {
  /** Not yet prepared, and empty but for what earlier tests left. */
  readonly store: VectorStore;
  /** Closes the store and removes what only the test needed. */
  readonly close: () => Promise<void>;
}

const MODEL = { name: 'contract-model', dimensions: 8 } as const;

const PAYLOAD: PointPayload = {
  contentType: 'webpage',
  language: 'en',
  tags: ['news'],
  authors: ['Ann Author'],
  publishedAt: '2026-03-01T12:00:00.000Z',
  createdAt: '2026-04-01T00:00:00.000Z',
  site: 'example.com',
  pages: null,
  durationSeconds: null,
};

/** What every vector store does. */
export function describeVectorStore(name: string, open: () => Promise<OpenedVectorStore>): void {
  describe(`vector store: ${name}`, () => {
    let opened: OpenedVectorStore;
    let store: VectorStore;
    let userId = '';
    let written: ContentVersion[] = [];

    beforeAll(async () => {
      opened = await open();
      store = opened.store;
      await store.prepare(MODEL);
    });
    beforeEach(() => {
      userId = `user-${randomUUID()}`;
      written = [];
    });
    // A store may count all tenants for its idf, so nothing stays behind.
    afterEach(async () => {
      for (const of of written) await store.deleteContent(of);
    });
    afterAll(() => opened.close());

    const version = (contentId: string, number = 1, owner = userId): ContentVersion => ({
      userId: owner,
      contentId,
      version: number,
    });
    const upsert = async (
      of: ContentVersion,
      points: readonly ChunkPoint[],
      payload: Partial<PointPayload> = {},
    ): Promise<void> => {
      written.push(of);
      await store.upsert(of, { ...PAYLOAD, ...payload }, points);
    };
    const dense = (vector: Float32Array, filter: Partial<SearchFilter> = {}, limit = 100) =>
      store.searchDense(vector, { userId, ...filter }, limit);
    const sparse = (terms: Record<string, number>, filter: Partial<SearchFilter> = {}, limit = 100) =>
      store.searchSparse(new Map(Object.entries(terms)), { userId, ...filter }, limit);
    const idsOf = (found: readonly ContentVersion[]): string[] =>
      found.map((point) => point.contentId).sort();

    describe('preparing', () => {
      test('again with the same model changes nothing', async () => {
        await upsert(version('a'), [point(0)]);
        await store.prepare(MODEL);
        await expect(store.count(version('a'))).resolves.toBe(1);
      });

      test.each([
        ['another model', { name: 'other', dimensions: 8 }],
        ['other dimensions', { name: 'contract-model', dimensions: 9 }],
      ])('with %s leaves the stored vectors to be searched', async (_, model) => {
        await upsert(version('a'), [point(0)]);
        await expect(store.prepare(model)).resolves.toEqual(MODEL);
        await expect(store.prepare(model)).resolves.toEqual(MODEL);
        await expect(store.count(version('a'))).resolves.toBe(1);
        await expect(dense(point(0).vector)).resolves.toHaveLength(1);
        await expect(store.prepare(MODEL)).resolves.toEqual(MODEL);
      });
    });

    describe('replacing the vectors of a model', () => {
      const OTHER = { name: 'other', dimensions: 2 };
      const flat = (chunkIndex: number) => ({ chunkIndex, vector: Float32Array.of(0, 1) });

      afterEach(async () => {
        for (const of of written) await store.deleteContent(of);
        await store.prepare(MODEL);
      });

      test('nothing is incomplete as long as the model is the same', async () => {
        await upsert(version('a'), [point(0)]);
        await store.upsert(version('empty'), PAYLOAD, []);
        written.push(version('empty'));
        await expect(store.replacement.incomplete(0)).resolves.toBeNull();
        await store.replacement.takeOver();
        await expect(dense(point(0).vector)).resolves.toHaveLength(1);
      });

      test('goes from content to content, from the first chunk without a vector on', async () => {
        await upsert(version('a'), [point(0), point(1)]);
        await upsert(version('b', 3, 'another'), [point(0)]);
        await store.prepare(OTHER);
        const first = await store.replacement.incomplete(0);
        expect(first).toMatchObject({ ...version('a'), embedded: 0 });
        await expect(store.replacement.add(version('a'), [flat(0)])).resolves.toBe(true);
        await expect(store.replacement.incomplete(0)).resolves.toEqual({ ...first, embedded: 1 });
        await store.prepare(OTHER);
        await expect(store.replacement.add(version('a'), [flat(0), flat(1)])).resolves.toBe(true);
        await expect(store.replacement.progress()).resolves.toEqual({ embedded: 2, points: 3 });
        const second = await store.replacement.incomplete(0);
        expect(second).toMatchObject({ ...version('b', 3, 'another'), embedded: 0 });
        await expect(store.replacement.incomplete(second?.cursor ?? 0)).resolves.toBeNull();
      });

      test('the former ones are searched until the new ones take over, words all the time', async () => {
        await upsert(version('a'), [point(0, { word: 1 })]);
        await store.prepare(OTHER);
        await store.replacement.add(version('a'), [flat(0)]);
        await expect(dense(point(0).vector)).resolves.toHaveLength(1);
        await store.replacement.takeOver();
        const found = await dense(Float32Array.of(0, 1));
        expect(found).toEqual([{ ...version('a'), chunkIndex: 0, score: 1 }]);
        await expect(store.denseScores(Float32Array.of(0, 1), found)).resolves.toHaveLength(1);
        await expect(sparse({ word: 1 })).resolves.toHaveLength(1);
        await expect(store.prepare(OTHER)).resolves.toEqual(OTHER);
        await expect(store.replacement.incomplete(0)).resolves.toBeNull();
      });

      test('what is written meanwhile is found by its words, and by meaning afterwards', async () => {
        await upsert(version('old'), [point(0)]);
        await store.prepare(OTHER);
        await upsert(version('new'), [{ ...flat(0), terms: new Map([['word', 1]]) }]);
        await expect(sparse({ word: 1 })).resolves.toHaveLength(1);
        expect(idsOf(await dense(point(0).vector))).toEqual(['old']);
        await expect(store.replacement.incomplete(0)).resolves.toMatchObject({ contentId: 'old' });
        await store.replacement.takeOver();
        expect(idsOf(await dense(Float32Array.of(0, 1)))).toEqual(['new']);
      });

      test('what is deleted meanwhile is gone from both, and takes no vectors any more', async () => {
        await upsert(version('a'), [point(0)]);
        await store.prepare(OTHER);
        await store.replacement.add(version('a'), [flat(0)]);
        await expect(store.deleteContent(version('a'))).resolves.toBe(1);
        await expect(dense(point(0).vector)).resolves.toEqual([]);
        await expect(store.replacement.progress()).resolves.toEqual({ embedded: 0, points: 0 });
        await expect(store.replacement.add(version('a'), [flat(0)])).resolves.toBe(false);
      });

      test('whoever goes back to the former model only misses what was written meanwhile', async () => {
        await upsert(version('old'), [point(0)]);
        await store.prepare(OTHER);
        await upsert(version('new'), [{ ...flat(0), terms: new Map() }]);
        await expect(store.prepare(MODEL)).resolves.toEqual(MODEL);
        await expect(store.replacement.incomplete(0)).resolves.toMatchObject({
          contentId: 'new',
          embedded: 0,
        });
        await store.replacement.add(version('new'), [point(0)]);
        await store.replacement.takeOver();
        expect(idsOf(await dense(point(0).vector))).toEqual(['new', 'old']);
      });

      test('a third model begins anew', async () => {
        await upsert(version('a'), [point(0)]);
        await store.prepare(OTHER);
        await store.replacement.add(version('a'), [flat(0)]);
        await expect(store.prepare({ name: 'third', dimensions: 3 })).resolves.toEqual(MODEL);
        await expect(store.replacement.incomplete(0)).resolves.toMatchObject({ contentId: 'a', embedded: 0 });
      });
    });

    describe('writing', () => {
      test('the same version twice leaves the second alone', async () => {
        await upsert(version('a'), [point(0, { old: 1 }), point(1), point(2)]);
        await upsert(version('a'), [point(0, { new: 1 }), point(1)], { language: 'de' });
        await expect(store.count(version('a'))).resolves.toBe(2);
        expect(
          (await dense(point(0).vector, { language: 'de' })).map((hit) => hit.chunkIndex).sort(),
        ).toEqual([0, 1]);
        await expect(dense(point(0).vector, { language: 'en' })).resolves.toEqual([]);
        await expect(sparse({ old: 1 })).resolves.toEqual([]);
        await expect(sparse({ new: 1 })).resolves.toHaveLength(1);
      });

      test('the same version many times at once leaves it once', async () => {
        const points = [point(0, { word: 1 }), point(1, { word: 1 })];
        await Promise.all([1, 2, 3, 4].map(() => upsert(version('a'), points)));
        await expect(store.count(version('a'))).resolves.toBe(2);
        await expect(dense(point(0).vector)).resolves.toHaveLength(2);
        await expect(sparse({ word: 1 })).resolves.toHaveLength(2);
      });

      test('a version without points leaves none', async () => {
        await upsert(version('a'), [point(0)]);
        await upsert(version('a'), []);
        await expect(store.count(version('a'))).resolves.toBe(0);
        await expect(dense(point(0).vector)).resolves.toEqual([]);
      });

      test('keeps a thousand chunks of one version', async () => {
        await upsert(
          version('a'),
          Array.from({ length: 1_100 }, (_, index) => point(index, { all: 1, [`only${index}`]: 1 })),
        );
        await expect(store.count(version('a'))).resolves.toBe(1_100);
        await expect(dense(point(0).vector, {}, 2_000)).resolves.toHaveLength(1_100);
        await expect(sparse({ all: 1 }, {}, 2_000)).resolves.toHaveLength(1_100);
        const [hit] = await sparse({ only1099: 1 });
        expect(hit).toMatchObject({ contentId: 'a', chunkIndex: 1_099 });
      });

      test('takes any text in the payload', async () => {
        const hostile = `'); DROP TABLE vector_contents; -- "\\ ä😀`;
        await upsert(version('a'), [point(0)], {
          tags: [hostile],
          authors: [`${hostile}\0\uD800`],
          site: `${hostile}\0`,
        });
        await expect(dense(point(0).vector, { tags: [hostile] })).resolves.toHaveLength(1);
        await expect(dense(point(0).vector, { author: hostile })).resolves.toEqual([]);
        await expect(dense(point(0).vector, { author: 'a\0b', tags: ['\0'] })).resolves.toEqual([]);
      });
    });

    describe('dense search', () => {
      test('ranks as a comparison with every vector does', async () => {
        await fc.assert(
          fc.asyncProperty(
            fc.array(unitVectors, { minLength: 1, maxLength: 25 }),
            unitVectors,
            async (vectors, query) => {
              await upsert(
                version('a'),
                vectors.map((vector, chunkIndex) => ({ chunkIndex, vector, terms: new Map() })),
              );
              const found = await dense(query, {}, 10);
              const expected = vectors
                .map((vector) => cosine(vector, query))
                .sort((one, other) => other - one);
              expect(found).toHaveLength(Math.min(10, vectors.length));
              for (const [rank, hit] of found.entries()) {
                const vector = vectors[hit.chunkIndex] ?? new Float32Array();
                expect(hit.score).toBeCloseTo(cosine(vector, query), 4);
                expect(hit.score).toBeCloseTo(expected[rank] ?? NaN, 4);
              }
            },
          ),
          { numRuns: 12 },
        );
      });

      test('says which chunk of which version it found', async () => {
        await upsert(version('a', 3), [point(7)]);
        const [hit] = await dense(point(7).vector);
        expect(hit).toMatchObject({ userId, contentId: 'a', version: 3, chunkIndex: 7 });
        expect(hit?.score).toBeCloseTo(1, 4);
      });

      test('scores named points alone, and leaves out those that are not there', async () => {
        await upsert(version('a'), [point(0), point(1), point(2)]);
        const refs = [
          { ...version('a'), chunkIndex: 2 },
          { ...version('a'), chunkIndex: 0 },
          { ...version('a'), chunkIndex: 9 },
          { ...version('a', 2), chunkIndex: 0 },
          { ...version('a', 1, 'somebody-else'), chunkIndex: 0 },
        ];
        const scored = await store.denseScores(point(0).vector, refs);
        const scores = new Map(scored.map((hit) => [hit.chunkIndex, hit.score]));
        expect([...scores.keys()].sort()).toEqual([0, 2]);
        expect(scores.get(0)).toBeCloseTo(1, 4);
        expect(scores.get(2)).toBeCloseTo(cosine(point(2).vector, point(0).vector), 4);
        await expect(store.denseScores(point(0).vector, [])).resolves.toEqual([]);
      });
    });

    describe('sparse search', () => {
      const words = ['alpha', 'beta', 'gamma', 'delta', 'epsilon', 'zeta'];
      const weights = fc.integer({ min: 1, max: 20 }).map((weight) => weight / 10);
      const termsOf = (minKeys: number): fc.Arbitrary<Record<string, number>> =>
        fc.dictionary(fc.constantFrom(...words), weights, {
          minKeys,
          maxKeys: words.length,
          noNullPrototype: true,
        });

      test('ranks by weight and idf, whatever the documents', async () => {
        await fc.assert(
          fc.asyncProperty(
            fc.array(termsOf(0), { minLength: 1, maxLength: 20 }),
            termsOf(1),
            async (docs, query) => {
              await upsert(
                version('a'),
                docs.map((terms, index) => point(index, terms)),
              );
              const expected = bm25(docs, query);
              const found = await sparse(query);
              expect(found).toHaveLength(expected.filter((score) => score > 0).length);
              const best = expected.toSorted((one, other) => other - one);
              for (const [rank, hit] of found.entries()) {
                expect(hit.score).toBeCloseTo(expected[hit.chunkIndex] ?? NaN, 3);
                expect(hit.score).toBeCloseTo(best[rank] ?? NaN, 3);
              }
            },
          ),
          { numRuns: 12 },
        );
      });

      test('prefers the rare term to the common one', async () => {
        await upsert(version('a'), [
          ...Array.from({ length: 20 }, (_, index) => point(index, { common: 1 })),
          point(20, { rare: 1 }),
        ]);
        const [best] = await sparse({ common: 1, rare: 1 });
        expect(best?.chunkIndex).toBe(20);
      });

      test('finds only points that share a term', async () => {
        await upsert(version('a'), [point(0, { one: 1 }), point(1, { two: 1 }), point(2)]);
        expect((await sparse({ one: 1, three: 1 })).map((hit) => hit.chunkIndex)).toEqual([0]);
        await expect(sparse({ three: 1 })).resolves.toEqual([]);
        await expect(sparse({})).resolves.toEqual([]);
      });

      test('gives the best ones only', async () => {
        await upsert(
          version('a'),
          [1, 3, 2].map((weight, index) => point(index, { word: weight })),
        );
        expect((await sparse({ word: 1 }, {}, 2)).map((hit) => hit.chunkIndex)).toEqual([1, 2]);
      });

      test('answers a question of hundreds of words', async () => {
        const many = Object.fromEntries(
          Array.from({ length: 300 }, (_, index) => [`word${index}`, 1 + index]),
        );
        await upsert(version('a'), [point(0, many)]);
        await expect(sparse(many)).resolves.toHaveLength(1);
      });
    });

    describe('filters', () => {
      const vector = point(0).vector;

      beforeEach(async () => {
        await upsert(version('plain'), [point(0, { word: 1 })]);
        await upsert(version('other'), [point(0, { word: 1 })], {
          contentType: 'document',
          language: null,
          tags: ['x', 'y'],
          authors: ['Bob', 'Carl'],
          publishedAt: '2026-05-01T00:00:00.000Z',
          site: 'docs.example.com',
          pages: 12,
          durationSeconds: 90.5,
        });
        await upsert(version('undated'), [point(0, { word: 1 })], {
          language: 'de',
          tags: [],
          authors: [],
          publishedAt: null,
          site: 'badexample.com',
          pages: 3,
          durationSeconds: 3600,
        });
      });

      const cases: [string, Partial<SearchFilter>, string[]][] = [
        ['nothing', {}, ['other', 'plain', 'undated']],
        ['one type', { contentTypes: ['document'] }, ['other']],
        ['several types', { contentTypes: ['document', 'webpage'] }, ['other', 'plain', 'undated']],
        ['no type at all', { contentTypes: [] }, []],
        ['contents', { contentIds: ['plain', 'undated', 'none'] }, ['plain', 'undated']],
        ['no content at all', { contentIds: [] }, []],
        ['language', { language: 'de' }, ['undated']],
        ['a tag', { tags: ['y'] }, ['other']],
        ['any of the tags', { tags: ['y', 'news'] }, ['other', 'plain']],
        ['an author', { author: 'Carl' }, ['other']],
        ['an author nobody has', { author: 'Car' }, []],
        ['a first time, which counts', { publishedFrom: '2026-05-01T00:00:00.000Z' }, ['other']],
        ['a last time, which counts', { publishedTo: '2026-03-01T12:00:00.000Z' }, ['plain']],
        [
          'a span of time',
          { publishedFrom: '2026-01-01T00:00:00Z', publishedTo: '2026-12-31T00:00:00Z' },
          ['other', 'plain'],
        ],
        ['a site, with those below it', { site: 'example.com' }, ['other', 'plain']],
        ['a site below another', { site: 'docs.example.com' }, ['other']],
        ['a site nobody has', { site: 'com.example' }, []],
        ['a pattern, which means nothing', { site: '%' }, []],
        ['pages, both bounds counting', { minPages: 3, maxPages: 12 }, ['other', 'undated']],
        ['a least number of pages', { minPages: 4 }, ['other']],
        ['a most', { maxPages: 11 }, ['undated']],
        ['a least duration', { minDuration: 90.5 }, ['other', 'undated']],
        ['a longest duration', { maxDuration: 90.5 }, ['other']],
        [
          'all at once',
          { contentTypes: ['document'], tags: ['x'], author: 'Bob', contentIds: ['other'] },
          ['other'],
        ],
        ['a contradiction', { contentTypes: ['document'], language: 'de' }, []],
        ['an injection', { author: `' OR true --` }, []],
      ];

      test.each(cases)('by %s', async (_, filter, expected) => {
        expect(idsOf(await dense(vector, filter))).toEqual(expected);
        expect(idsOf(await sparse({ word: 1 }, filter))).toEqual(expected);
      });

      test('do not change the score of what passes', async () => {
        const score = async (filter: Partial<SearchFilter>): Promise<number | undefined> =>
          (await sparse({ word: 1 }, filter)).find((hit) => hit.contentId === 'other')?.score;
        expect(await score({ contentTypes: ['document'] })).toBeCloseTo((await score({})) ?? NaN, 5);
      });

      test('follow a new payload, for every version', async () => {
        await upsert(version('plain', 2), [point(0, { word: 1 })]);
        await store.setPayload(version('plain'), { ...PAYLOAD, tags: ['edited'], authors: ['Dora'] });
        const found = await dense(vector, { tags: ['edited'], author: 'Dora' });
        expect(found.map((hit) => [hit.contentId, hit.version]).sort()).toEqual([
          ['plain', 1],
          ['plain', 2],
        ]);
        await expect(dense(vector, { author: 'Ann Author' })).resolves.toEqual([]);
        await expect(sparse({ word: 1 }, { tags: ['edited'] })).resolves.toHaveLength(2);
      });

      test('of a payload for a content that is not there make none', async () => {
        await store.setPayload(version('none'), PAYLOAD);
        await expect(store.count(version('none'))).resolves.toBe(0);
      });
    });

    describe('tenants', () => {
      test('see, count, change and delete nothing of each other', async () => {
        const stranger = `user-${randomUUID()}`;
        await upsert(version('a'), [point(0, { word: 1 })]);
        await upsert(version('a', 1, stranger), [point(0, { word: 1 }), point(1)]);
        await store.setPayload(version('a', 1, stranger), { ...PAYLOAD, language: 'fr' });
        await expect(dense(point(0).vector)).resolves.toHaveLength(1);
        await expect(sparse({ word: 1 })).resolves.toHaveLength(1);
        await expect(dense(point(0).vector, { language: 'fr' })).resolves.toEqual([]);
        await expect(store.deleteContent(version('a', 1, stranger))).resolves.toBe(2);
        await expect(store.count(version('a'))).resolves.toBe(1);
      });
    });

    describe('deleting', () => {
      beforeEach(async () => {
        await upsert(version('a', 1), [point(0, { word: 1 }), point(1)]);
        await upsert(version('a', 2), [point(0, { word: 1 }), point(1), point(2)]);
        await upsert(version('b', 1), [point(0, { word: 1 })]);
      });

      test('a content counts the points of all its versions, and spares others', async () => {
        await expect(store.deleteContent(version('a'))).resolves.toBe(5);
        await expect(store.deleteContent(version('a'))).resolves.toBe(0);
        await expect(store.count(version('a'))).resolves.toBe(0);
        expect(idsOf(await dense(point(0).vector))).toEqual(['b']);
        expect(idsOf(await sparse({ word: 1 }))).toEqual(['b']);
      });

      test('all versions but one keeps that one', async () => {
        await expect(store.deleteContent(version('a'), { except: 2 })).resolves.toBe(2);
        await expect(store.count(version('a'))).resolves.toBe(3);
        expect((await sparse({ word: 1 }, { contentIds: ['a'] })).map((hit) => hit.version)).toEqual([2]);
      });

      test('one version keeps the others', async () => {
        await expect(store.deleteVersion(version('a', 2))).resolves.toBe(3);
        await expect(store.deleteVersion(version('a', 2))).resolves.toBe(0);
        await expect(store.count(version('a'))).resolves.toBe(2);
      });

      test('takes the terms out of the idf', async () => {
        const alone = async (): Promise<number | undefined> => (await sparse({ word: 1 }))[0]?.score;
        await store.deleteContent(version('a'));
        const after = await alone();
        expect(after).toBeCloseTo(bm25([{ word: 1 }], { word: 1 })[0] ?? NaN, 4);
      });
    });

    test('names every version present, over several pages', async () => {
      const present = Array.from({ length: 520 }, (_, index) =>
        version(`c${index % 300}`, 1 + Math.floor(index / 300)),
      );
      for (const of of present) await upsert(of, [point(0)]);
      const listed = (await collect(store.versions())).filter((of) => of.userId === userId);
      const shown = (of: ContentVersion): string => `${of.contentId} ${of.version}`;
      expect(listed.map(shown).sort()).toEqual(present.map(shown).sort());
      expect(Object.keys(listed[0] ?? {}).sort()).toEqual(['contentId', 'userId', 'version']);
    });

    test('can be probed', async () => {
      await expect(store.probe()).resolves.toBeGreaterThanOrEqual(0);
    });

    // Last, since it empties the store.
    test('takes another model when no vectors are left', async () => {
      for await (const of of store.versions()) await store.deleteVersion(of);
      const other = { name: 'other', dimensions: 3 };
      await store.prepare(other);
      await upsert(version('a'), [{ chunkIndex: 0, vector: Float32Array.of(0, 1, 0), terms: new Map() }]);
      await expect(dense(Float32Array.of(0, 1, 0))).resolves.toHaveLength(1);
      await expect(store.prepare(MODEL)).resolves.toEqual(other);
      await store.deleteContent(version('a'));
      await store.prepare(MODEL);
    });
  });
}

const unitVectors = fc
  .array(fc.integer({ min: -100, max: 100 }), { minLength: MODEL.dimensions, maxLength: MODEL.dimensions })
  .filter((components) => components.some((component) => component !== 0))
  .map((components) => unit(components));

/** A point whose vector depends on its index. */
function point(chunkIndex: number, terms: Record<string, number> = {}): ChunkPoint {
  const components = Array.from({ length: MODEL.dimensions }, (_, at) =>
    Math.sin(1 + chunkIndex * 3 + at * at),
  );
  return { chunkIndex, vector: unit(components), terms: new Map(Object.entries(terms)) };
}

function unit(components: readonly number[]): Float32Array {
  const length = Math.hypot(...components);
  return Float32Array.from(components, (component) => component / length);
}

function cosine(one: Float32Array, other: Float32Array): number {
  return one.reduce((sum, component, at) => sum + component * (other[at] ?? 0), 0);
}

/** Scores of the documents: their weights are BM25's saturated frequencies already. */
function bm25(docs: readonly Record<string, number>[], query: Record<string, number>): number[] {
  return docs.map((doc) =>
    Object.entries(query).reduce((sum, [term, weight]) => {
      const frequency = docs.filter((other) => other[term] !== undefined).length;
      const idf = Math.log(1 + (docs.length - frequency + 0.5) / (frequency + 0.5));
      return sum + weight * (doc[term] ?? 0) * idf;
    }, 0),
  );
}
