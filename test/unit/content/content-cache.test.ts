import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ContentCache, type CacheLookup } from '../../../backbone/content/content-cache.ts';
import type { ContentRow } from '../../../backbone/stores/records/entities.ts';
import { openCache } from '../../../backbone/stores/cache/open-cache.ts';
import type { Cache } from '../../../backbone/stores/cache/cache.ts';

const USER = 'somebody';
const ID = 'content';

function rowOf(version: number): ContentRow {
  return {
    user_id: USER,
    content_id: ID,
    version,
    created_at: new Date(version),
    deleted_at: null,
  } as ContentRow;
}

function newCache(now: () => number = () => 0): Promise<Cache> {
  return openCache({
    url: 'memory:',
    now,
    maxEntries: 100,
    maxBytes: 100_000,
    onListenerError: (error) => {
      throw error;
    },
  });
}

describe('the cache of contents', () => {
  test('gives back what was kept, times as times', async () => {
    const cache = new ContentCache(await newCache());
    const first = await cache.lookUp(USER, ID);
    expect(first.row).toBeNull();
    await first.keep(rowOf(7));
    expect((await cache.lookUp(USER, ID)).row).toEqual(rowOf(7));
    expect((await cache.lookUp('other', ID)).row).toBeNull();
    expect((await cache.lookUp(USER, 'other')).row).toBeNull();
  });

  test('forgets after an hour', async () => {
    let now = 0;
    const cache = new ContentCache(await newCache(() => now));
    await (await cache.lookUp(USER, ID)).keep(rowOf(1));
    now = 60 * 60 * 1000 + 1;
    expect((await cache.lookUp(USER, ID)).row).toBeNull();
  });

  test('counts what a purge removed', async () => {
    const cache = new ContentCache(await newCache());
    expect(await cache.purge(USER, ID)).toBe(0);
    await (await cache.lookUp(USER, ID)).keep(rowOf(1));
    expect(await cache.purge(USER, ID)).toBe(1);
    expect(await cache.purge(USER, ID)).toBe(0);
  });

  test('never gives what was read before a change, however slowly readers keep it', async () => {
    const step = fc.oneof(
      fc.constant({ kind: 'look' } as const),
      fc.record({ kind: fc.constant('keep' as const), reader: fc.nat(5) }),
      fc.constant({ kind: 'change' } as const),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const cache = new ContentCache(await newCache());
        const readers: { readonly lookup: CacheLookup; readonly seen: number }[] = [];
        let version = 1;
        for (const one of steps) {
          if (one.kind === 'change') {
            version += 1;
            await cache.purge(USER, ID);
          } else if (one.kind === 'look') {
            const lookup = await cache.lookUp(USER, ID);
            expect([null, version]).toContain(lookup.row?.version ?? null);
            readers.push({ lookup, seen: version });
          } else {
            const reader = readers[one.reader % Math.max(readers.length, 1)];
            await reader?.lookup.keep(rowOf(reader.seen));
          }
        }
        expect([null, version]).toContain((await cache.lookUp(USER, ID)).row?.version ?? null);
      }),
    );
  });
});
