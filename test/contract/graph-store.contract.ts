import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Entity } from '../../backbone/content/model.ts';
import type { ContentGraph, GraphStore, RelatedContent } from '../../backbone/stores/graph/graph-store.ts';
import { RELATION_WEIGHTS } from '../../backbone/stores/graph/neighbours.ts';
import type { ContentVersion } from '../../backbone/stores/vectors/vector-store.ts';
import { collect } from './collect.ts';

export interface OpenedGraphStore {
  readonly store: GraphStore;
  /** Closes the store and removes what only the test needed. */
  readonly close: () => Promise<void>;
}

/** What every graph store does. Uses tenants of its own alone, so that it can run against a shared server. */
export function describeGraphStore(name: string, open: () => Promise<OpenedGraphStore>): void {
  describe(`graph store: ${name}`, () => {
    let opened: OpenedGraphStore;
    let store: GraphStore;
    let userId = '';

    beforeAll(async () => {
      opened = await open();
      store = opened.store;
    });
    beforeEach(() => {
      userId = `user-${randomUUID()}`;
    });
    afterAll(async () => {
      for await (const of of store.versions()) await store.deleteVersion(of);
      await opened.close();
    });

    const version = (contentId: string, number = 1): ContentVersion => ({
      userId,
      contentId,
      version: number,
    });
    const merge = (contentId: string, parts: Partial<ContentGraph> = {}): Promise<void> =>
      store.merge({
        ...version(contentId),
        contentType: 'webpage',
        title: `Title of ${contentId}`,
        url: null,
        authors: [],
        siteName: null,
        entities: [],
        keywords: [],
        linksTo: [],
        ...parts,
      });
    const related = (contentId: string, number = 1, limit = 10): Promise<RelatedContent[]> =>
      store.related(version(contentId, number), limit);
    const idsOf = (found: readonly ContentVersion[]): string[] => found.map((content) => content.contentId);

    describe('merging', () => {
      test('the same version twice leaves it once', async () => {
        const parts = {
          authors: ['Ann'],
          siteName: 'Site',
          keywords: [{ term: 'word', score: 1 }],
          linksTo: ['b'],
        };
        await merge('a', parts);
        await merge('b', parts);
        const before = await related('a');
        await merge('a', parts);
        await expect(store.count(version('a'))).resolves.toBe(1);
        expect(await related('a')).toEqual(before);
        await expect(store.deleteContent(version('a'))).resolves.toEqual({ contents: 1, neighbours: 0 });
        await expect(store.deleteContent(version('b'))).resolves.toEqual({ contents: 1, neighbours: 3 });
      });

      test('the same version many times at once leaves it once', async () => {
        await Promise.all([1, 2, 3, 4].map(() => merge('a', { authors: ['Ann'] })));
        await expect(store.deleteContent(version('a'))).resolves.toEqual({ contents: 1, neighbours: 1 });
      });

      test('a version anew replaces its neighbours and links, and drops those that nothing else points to', async () => {
        await merge('b', { authors: ['Ann', 'Bob'] });
        await merge('a', { authors: ['Ann', 'Only A'], linksTo: ['b'] });
        await merge('a', { authors: ['Bob'] });
        expect((await related('a')).map((content) => content.reasons)).toEqual([
          [{ kind: 'author', name: 'Bob' }],
        ]);
        await expect(store.deleteContent(version('b'))).resolves.toEqual({ contents: 1, neighbours: 1 });
        await expect(store.deleteContent(version('a'))).resolves.toEqual({ contents: 1, neighbours: 1 });
      });

      test('takes any text, and names of any length', async () => {
        const hostile = `'); DETACH DELETE n; -- "\\ ä😀\0\uD800`;
        const parts = {
          title: hostile,
          url: hostile,
          authors: [hostile, 'x'.repeat(100_000), '', '  '],
          siteName: '',
          entities: [entity(hostile)],
          keywords: [{ term: hostile, score: 1 }],
        };
        await merge('a', parts);
        await merge('b', parts);
        const [content] = await related('a');
        expect(content?.reasons.map((reason) => reason.kind).sort()).toEqual([
          'author',
          'author',
          'entity',
          'keyword',
        ]);
      });
    });

    describe('related contents', () => {
      test('share an author, site, entity or keyword, or are linked either way', async () => {
        await merge('a', {
          authors: ['Ann'],
          siteName: 'Site',
          entities: [entity('Acme')],
          keywords: [{ term: 'word', score: 0.5 }],
          linksTo: ['to'],
        });
        await merge('author', { authors: ['Ann'] });
        await merge('site', { siteName: 'Site' });
        await merge('entity', { entities: [entity('Acme')] });
        await merge('keyword', { keywords: [{ term: 'word', score: 1 }] });
        await merge('to');
        await merge('from', { linksTo: ['a'] });
        await merge('stranger', { authors: ['Bob'] });
        const reasons = (await related('a')).flatMap((content) =>
          content.reasons.map((reason) => [content.contentId, reason.kind, reason.name]),
        );
        expect(reasons.sort()).toEqual([
          ['author', 'author', 'Ann'],
          ['entity', 'entity', 'Acme'],
          ['from', 'link', 'Title of from'],
          ['keyword', 'keyword', 'word'],
          ['site', 'site', 'Site'],
          ['to', 'link', 'Title of to'],
        ]);
      });

      test('are scored by the sum of weight over log2(1 + degree), best first', async () => {
        await merge('a', {
          authors: ['Ann', 'Bob'],
          keywords: [{ term: 'word', score: 0.4 }],
          linksTo: ['c'],
        });
        await merge('b', { authors: ['Ann', 'Bob'], keywords: [{ term: 'word', score: 0.8 }] });
        await merge('c', { authors: ['Ann'] });
        const [first, second] = await related('a');
        const { author, link, keyword } = RELATION_WEIGHTS;
        expect([first?.contentId, second?.contentId]).toEqual(['c', 'b']);
        expect(first?.score).toBeCloseTo(link + author / Math.log2(4), 6);
        expect(second?.score).toBeCloseTo(
          author / Math.log2(4) + author / Math.log2(3) + (keyword * 0.4) / Math.log2(3),
          6,
        );
      });

      test('count a link in both directions once, and none of a content to itself', async () => {
        await merge('a', { linksTo: ['b', 'b', 'a'] });
        await merge('b', { linksTo: ['a'] });
        const found = await related('a');
        expect(idsOf(found)).toEqual(['b']);
        expect(found[0]?.score).toBeCloseTo(RELATION_WEIGHTS.link, 6);
        expect(found[0]?.reasons).toHaveLength(1);
      });

      test('count versions of one content as one when a degree is taken', async () => {
        await merge('a', { authors: ['Ann'] });
        await merge('b', { authors: ['Ann'] });
        await merge('b', { authors: ['Ann'], version: 2 });
        const found = await related('a');
        expect(found.map((content) => [content.contentId, content.version]).sort()).toEqual([
          ['b', 1],
          ['b', 2],
        ]);
        for (const { score } of found) expect(score).toBeCloseTo(RELATION_WEIGHTS.author / Math.log2(3), 6);
      });

      test('hold neither the content itself nor its other versions', async () => {
        await merge('a', { authors: ['Ann'] });
        await merge('a', { authors: ['Ann'], version: 2 });
        await expect(related('a')).resolves.toEqual([]);
      });

      test('meet in spite of case and spaces', async () => {
        await merge('a', { authors: ['Ann  AUTHOR'] });
        await merge('b', { authors: [' ann author'] });
        expect(idsOf(await related('a'))).toEqual(['b']);
      });

      test('do not meet in entities of different types, nor in neighbours of different kinds', async () => {
        await merge('a', { entities: [entity('Paris')], authors: ['Ann'], siteName: 'word' });
        await merge('b', { entities: [entity('Paris', 'place')], keywords: [{ term: 'word', score: 1 }] });
        await merge('c', { entities: [entity('Ann', 'person')] });
        await expect(related('a')).resolves.toEqual([]);
      });

      test('are as many as asked for, and give ten reasons at most, the strongest first', async () => {
        const keywords = Array.from({ length: 30 }, (_, index) => ({
          term: `word ${index}`,
          score: (index + 1) / 30,
        }));
        for (const contentId of ['a', 'b', 'c', 'd']) await merge(contentId, { keywords });
        const found = await related('a', 1, 2);
        expect(found).toHaveLength(2);
        expect(found[0]?.reasons.map((reason) => reason.name)).toEqual(
          Array.from({ length: 10 }, (_, index) => `word ${29 - index}`),
        );
      });

      test('of a content or version that is not there are none', async () => {
        await merge('a', { authors: ['Ann'] });
        await merge('b', { authors: ['Ann'] });
        await expect(related('none')).resolves.toEqual([]);
        await expect(related('a', 2)).resolves.toEqual([]);
      });
    });

    describe('papers', () => {
      const paper = (keys: readonly string[], cites: readonly string[] = []): Partial<ContentGraph> => ({
        paper: {
          keys,
          cites: cites.map((key) => ({ keys: [key], name: `Work ${key}` })),
          venue: null,
          topics: [],
        },
      });
      const reasonsOf = async (contentId: string): Promise<unknown[]> =>
        (await related(contentId)).flatMap((content) =>
          content.reasons.map(({ kind, name }) => [content.contentId, kind, name]),
        );

      test.each(['before', 'after'])('are the reference of their keys when they come %s', async (when) => {
        if (when === 'before') await merge('cited', paper(['doi:10.1/A', 'arxiv:1']));
        await merge('citing', paper([], ['doi:10.1/a', 'doi:10.1/other']));
        if (when === 'after') await merge('cited', paper(['doi:10.1/A', 'arxiv:1']));
        expect(await reasonsOf('citing')).toEqual([['cited', 'citation', 'Title of cited']]);
        expect(await reasonsOf('cited')).toEqual([['citing', 'citation', 'Title of citing']]);
        expect((await related('cited'))[0]?.score).toBeCloseTo(RELATION_WEIGHTS.citation, 6);
      });

      test('that cite the same work meet in it, though nobody has it', async () => {
        await merge('a', paper([], ['doi:10.1/x']));
        await merge('b', paper([], ['doi:10.1/x', 'doi:10.1/y']));
        expect(await reasonsOf('a')).toEqual([['b', 'reference', 'Work doi:10.1/x']]);
      });

      test('meet in a venue and in topics', async () => {
        const about = { paper: { keys: [], cites: [], venue: 'Lamps', topics: ['Light'] } };
        await merge('a', about);
        await merge('b', about);
        expect(await reasonsOf('a')).toEqual([
          ['b', 'topic', 'Light'],
          ['b', 'venue', 'Lamps'],
        ]);
      });

      test('that cite each other are not linked as well, and a work with two ids counts once', async () => {
        const two = { keys: ['doi:10.1/a', 'arxiv:1'], name: 'Work' };
        await merge('a', { ...paper(['doi:10.1/a', 'arxiv:1']), linksTo: ['b'] });
        await merge('b', { paper: { keys: [], cites: [two], venue: null, topics: [] }, linksTo: ['a'] });
        expect(await reasonsOf('a')).toEqual([['b', 'citation', 'Title of b']]);
        await merge('c', { paper: { keys: [], cites: [two], venue: null, topics: [] } });
        expect((await related('c')).find(({ contentId }) => contentId === 'b')?.score).toBeCloseTo(
          RELATION_WEIGHTS.reference / Math.log2(3),
          6,
        );
      });

      test('are references again once they are deleted, and those go with the last paper that cites them', async () => {
        await merge('cited', paper(['doi:10.1/a']));
        await merge('citing', paper([], ['doi:10.1/a']));
        await expect(store.deleteContent(version('cited'))).resolves.toEqual({ contents: 1, neighbours: 0 });
        await expect(related('citing')).resolves.toEqual([]);
        await merge('cited', paper([]));
        await expect(related('citing')).resolves.toEqual([]);
        await expect(store.deleteContent(version('citing'))).resolves.toEqual({ contents: 1, neighbours: 1 });
      });

      test('of other tenants are not cited', async () => {
        await merge('cited', { userId: `user-${randomUUID()}`, ...paper(['doi:10.1/a']) });
        await merge('citing', paper([], ['doi:10.1/a']));
        await expect(related('citing')).resolves.toEqual([]);
      });
    });

    describe('tenants', () => {
      test('see, count, change and delete nothing of each other', async () => {
        const stranger = `user-${randomUUID()}`;
        await merge('a', { authors: ['Ann'], linksTo: ['b'] });
        await merge('b', { userId: stranger, authors: ['Ann'], linksTo: ['a'] });
        await merge('a', { userId: stranger, authors: ['Ann'] });
        await expect(related('a')).resolves.toEqual([]);
        await store.setProperties({ userId: stranger, contentId: 'a' }, { title: 'X', authors: [] });
        await store.deleteContent({ userId: stranger, contentId: 'b' });
        await expect(store.count(version('a'))).resolves.toBe(1);
        await merge('c', { authors: ['Ann'] });
        expect((await related('c'))[0]).toMatchObject({
          contentId: 'a',
          reasons: [{ kind: 'author', name: 'Ann' }],
        });
      });
    });

    describe('changing properties', () => {
      test('gives every version the title and the authors, and drops authors left alone', async () => {
        await merge('a', { authors: ['Ann'], siteName: 'Site' });
        await merge('a', { authors: ['Ann'], siteName: 'Site', version: 2 });
        await merge('b', { authors: ['Bob'], linksTo: ['a'] });
        await store.setProperties(version('a'), { title: 'New', authors: ['Bob', 'Carl'] });
        const found = await related('b');
        expect(found.map((content) => content.version).sort()).toEqual([1, 2]);
        for (const { reasons } of found) {
          expect(reasons).toEqual([
            { kind: 'link', name: 'New' },
            { kind: 'author', name: 'Bob' },
          ]);
        }
        // Carl and the site: Ann is gone, Bob still has a content.
        await expect(store.deleteContent(version('a'))).resolves.toEqual({ contents: 2, neighbours: 2 });
      });

      test('can take both away', async () => {
        await merge('a', { authors: ['Ann'], url: 'https://example.org/a' });
        await merge('b', { linksTo: ['a'] });
        await store.setProperties(version('a'), { title: null, authors: [] });
        expect((await related('b'))[0]?.reasons).toEqual([{ kind: 'link', name: 'https://example.org/a' }]);
        await expect(store.deleteContent(version('a'))).resolves.toEqual({ contents: 1, neighbours: 0 });
      });

      test('of a content that is not there makes nothing', async () => {
        await store.setProperties(version('none'), { title: 'X', authors: ['Nobody'] });
        await expect(store.count(version('none'))).resolves.toBe(0);
        await merge('none', { authors: ['Nobody'] });
        await expect(store.deleteContent(version('none'))).resolves.toEqual({ contents: 1, neighbours: 1 });
      });
    });

    describe('deleting', () => {
      beforeEach(async () => {
        await merge('a', { authors: ['Ann', 'One'] });
        await merge('a', { authors: ['Ann', 'Two'], version: 2 });
        await merge('b', { authors: ['Ann'], linksTo: ['a'] });
      });

      test('a content takes all versions, its links, and neighbours left alone', async () => {
        await expect(store.deleteContent(version('a'))).resolves.toEqual({ contents: 2, neighbours: 2 });
        await expect(store.deleteContent(version('a'))).resolves.toEqual({ contents: 0, neighbours: 0 });
        await expect(store.count(version('a'))).resolves.toBe(0);
        await expect(related('b')).resolves.toEqual([]);
      });

      test('a content for good takes the links that others had to it', async () => {
        await store.deleteContent(version('a'));
        await merge('a');
        await expect(related('b')).resolves.toEqual([]);
      });

      test('all versions but one keeps that one and the links to it', async () => {
        await expect(store.deleteContent(version('a'), { except: 2 })).resolves.toEqual({
          contents: 1,
          neighbours: 1,
        });
        const found = await related('b');
        expect(found.map((content) => content.version)).toEqual([2]);
        expect(found[0]?.reasons.map((reason) => reason.kind)).toEqual(['link', 'author']);
      });

      test('one version keeps the others', async () => {
        await expect(store.deleteVersion(version('a', 2))).resolves.toEqual({ contents: 1, neighbours: 1 });
        await expect(store.deleteVersion(version('a', 2))).resolves.toEqual({ contents: 0, neighbours: 0 });
        await expect(store.count(version('a'))).resolves.toBe(1);
      });
    });

    test('names every version present, over several pages', async () => {
      const present = Array.from({ length: 520 }, (_, index) =>
        version(`c${index % 300}`, 1 + Math.floor(index / 300)),
      );
      for (const of of present) await merge(of.contentId, { version: of.version });
      const listed = (await collect(store.versions())).filter((of) => of.userId === userId);
      const shown = (of: ContentVersion): string => `${of.contentId} ${of.version}`;
      expect(listed.map(shown).sort()).toEqual(present.map(shown).sort());
      expect(Object.keys(listed[0] ?? {}).sort()).toEqual(['contentId', 'userId', 'version']);
    });

    test('can be probed', async () => {
      await expect(store.probe()).resolves.toBeGreaterThanOrEqual(0);
    });
  });
}

function entity(name: string, type: Entity['type'] = 'organization'): Entity {
  return { name, type, aliases: [], count: 1 };
}
