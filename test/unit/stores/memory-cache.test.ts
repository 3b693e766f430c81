import { beforeEach, describe, expect, test } from '@jest/globals';
import type { Cache } from '../../../backbone/stores/cache/cache.ts';
import { openMemoryCache } from '../../../backbone/stores/cache/memory-cache.ts';
import { openCache } from '../../../backbone/stores/cache/open-cache.ts';

const MINUTE = 60_000;

let nowMs = 0;
let faults: [unknown, string][] = [];
const onListenerError = (error: unknown, channel: string): void => {
  faults.push([error, channel]);
};
const open = (limits: { maxEntries?: number; maxBytes?: number } = {}): Cache =>
  openMemoryCache({ now: () => nowMs, onListenerError, ...limits });
const present = async (cache: Cache, keys: readonly string[]): Promise<string[]> => {
  const found: string[] = [];
  for (const key of keys) if ((await cache.get(key)) !== null) found.push(key);
  return found;
};

beforeEach(() => {
  nowMs = 0;
  faults = [];
});

describe('the memory cache', () => {
  test('drops what was used longest ago when there are too many entries', async () => {
    const cache = open({ maxEntries: 3 });
    for (const key of ['a', 'b', 'c']) await cache.set(key, 'x', MINUTE);
    await cache.get('a');
    await cache.set('d', 'x', MINUTE);
    expect(await present(cache, ['a', 'b', 'c', 'd'])).toEqual(['a', 'c', 'd']);
  });

  test('drops what was used longest ago when there are too many bytes', async () => {
    const cache = open({ maxBytes: 2 * 30 });
    for (const key of ['a', 'b', 'c']) await cache.set(key, 'x'.repeat(9), MINUTE);
    await cache.set('d', 'x'.repeat(15), MINUTE);
    expect(await present(cache, ['a', 'b', 'c', 'd'])).toEqual(['c', 'd']);
  });

  test('counts bytes once, however often a key is written, read and deleted', async () => {
    const cache = open({ maxBytes: 2 * 20 });
    for (let round = 0; round < 10; round += 1) {
      await cache.set('a', 'x'.repeat(9), MINUTE);
      await cache.get('a');
    }
    await cache.set('b', 'x'.repeat(9), MINUTE);
    expect(await present(cache, ['a', 'b'])).toEqual(['a', 'b']);
    await cache.delete(['a']);
    await cache.set('c', 'x'.repeat(9), MINUTE);
    expect(await present(cache, ['b', 'c'])).toEqual(['b', 'c']);
  });

  test('does not keep a value larger than all its room', async () => {
    const cache = open({ maxBytes: 20 });
    await cache.set('a', 'x'.repeat(100), MINUTE);
    expect(await cache.get('a')).toBeNull();
    await cache.set('b', 'x', MINUTE);
    expect(await cache.get('b')).toBe('x');
  });

  test('gives the room of what expired to others', async () => {
    const cache = open({ maxEntries: 2 });
    await cache.set('a', 'x', 10);
    nowMs = 10;
    expect(await cache.get('a')).toBeNull();
    await cache.set('b', 'x', MINUTE);
    await cache.set('c', 'x', MINUTE);
    expect(await present(cache, ['b', 'c'])).toEqual(['b', 'c']);
  });

  test('reports a listener that throws, and serves the others and what comes after', async () => {
    const cache = open();
    const fault = new Error('listener');
    const heard: string[] = [];
    const { promise, resolve } = Promise.withResolvers<undefined>();
    await cache.subscribe('news', () => {
      throw fault;
    });
    await cache.subscribe('news', (message) => {
      heard.push(message);
      if (message === '2') resolve(undefined);
    });
    await cache.publish('news', '1');
    await cache.publish('news', '2');
    await promise;
    expect(heard).toEqual(['1', '2']);
    expect(faults).toEqual([
      [fault, 'news'],
      [fault, 'news'],
    ]);
  });

  test('delivers nothing that was under way when the subscription ended', async () => {
    const cache = open();
    const heard: string[] = [];
    const subscription = await cache.subscribe('news', (message) => heard.push(message));
    const publishing = cache.publish('news', 'late');
    await subscription.unsubscribe();
    await publishing;
    expect(heard).toEqual([]);
  });

  test('is unavailable once closed, and forgets everything', async () => {
    const cache = open();
    const heard: string[] = [];
    await cache.set('a', 'x', MINUTE);
    const subscription = await cache.subscribe('news', (message) => heard.push(message));
    await cache.close();
    const closed = { code: 'store_unavailable' };
    await expect(cache.get('a')).rejects.toMatchObject(closed);
    await expect(cache.set('a', 'x', 1)).rejects.toMatchObject(closed);
    await expect(cache.delete(['a'])).rejects.toMatchObject(closed);
    await expect(cache.publish('news', 'x')).rejects.toMatchObject(closed);
    await expect(cache.probe()).rejects.toMatchObject(closed);
    await expect(subscription.unsubscribe()).resolves.toBeUndefined();
    expect(heard).toEqual([]);
  });
});

test('a cache of an unknown scheme is refused without showing its password', async () => {
  await expect(
    openCache({ url: 'redis://user:secret@host', now: () => 0, onListenerError }),
  ).rejects.toMatchObject({
    code: 'config_invalid',
    message: 'The settings cannot be used: CACHE_URL has the unknown scheme redis: (use one of: memory:).',
  });
});
