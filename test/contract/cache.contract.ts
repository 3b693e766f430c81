import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Cache } from '../../backbone/stores/cache/cache.ts';

export interface OpenedCache {
  readonly cache: Cache;
  /** Lets this much time pass: by the clock that was passed in, or, against a server, by waiting. */
  readonly pass: (ms: number) => Promise<void>;
  /** Closes the cache and removes what only the test needed. */
  readonly close: () => Promise<void>;
}

const MINUTE = 60_000;

/** What every cache does. Uses keys and channels of its own alone, so that it can run against a shared server. */
export function describeCache(name: string, open: () => Promise<OpenedCache>): void {
  describe(`cache: ${name}`, () => {
    let opened: OpenedCache;
    let cache: Cache;
    let area = '';

    beforeAll(async () => {
      opened = await open();
      cache = opened.cache;
    });
    beforeEach(() => {
      area = `contract:${randomUUID()}:`;
    });
    afterAll(async () => {
      await cache.deletePrefix('contract:');
      await opened.close();
    });

    /** Resolves with the first `count` messages. */
    const listen = async (
      channel: string,
      count: number,
    ): Promise<{ messages: Promise<string[]>; stop: () => Promise<void> }> => {
      const { promise, resolve } = Promise.withResolvers<string[]>();
      const messages: string[] = [];
      const subscription = await cache.subscribe(channel, (message) => {
        messages.push(message);
        if (messages.length === count) resolve(messages);
      });
      return { messages: promise, stop: () => subscription.unsubscribe() };
    };

    describe('values', () => {
      test('are read as they were written, whatever their characters', async () => {
        await fc.assert(
          fc.asyncProperty(
            fc.string({ unit: 'grapheme' }),
            fc.string({ unit: 'grapheme' }),
            async (key, value) => {
              await cache.set(area + key, value, MINUTE);
              expect(await cache.get(area + key)).toBe(value);
            },
          ),
          { numRuns: 30 },
        );
      });

      test('are null where nothing was written', async () => {
        await expect(cache.get(`${area}none`)).resolves.toBeNull();
      });

      test('replace what was there, and its time', async () => {
        await cache.set(`${area}one`, 'old', 50);
        await cache.set(`${area}one`, 'new', MINUTE);
        await opened.pass(60);
        await expect(cache.get(`${area}one`)).resolves.toBe('new');
      });

      test('are gone when their time is over, not before', async () => {
        await cache.set(`${area}short`, 'x', 50);
        await cache.set(`${area}long`, 'x', MINUTE);
        await expect(cache.get(`${area}short`)).resolves.toBe('x');
        await opened.pass(60);
        await expect(cache.get(`${area}short`)).resolves.toBeNull();
        await expect(cache.get(`${area}long`)).resolves.toBe('x');
      });

      test.each([0, -1])('with %d ms to live are not kept, and end what was there', async (ttlMs) => {
        await cache.set(`${area}one`, 'old', MINUTE);
        await cache.set(`${area}one`, 'new', ttlMs);
        await expect(cache.get(`${area}one`)).resolves.toBeNull();
      });
    });

    describe('deleting', () => {
      test('counts the keys that were there', async () => {
        await cache.set(`${area}a`, 'x', MINUTE);
        await cache.set(`${area}b`, 'x', MINUTE);
        await expect(cache.delete([`${area}a`, `${area}b`, `${area}c`])).resolves.toBe(2);
        await expect(cache.delete([`${area}a`])).resolves.toBe(0);
        await expect(cache.delete([])).resolves.toBe(0);
        await expect(cache.get(`${area}a`)).resolves.toBeNull();
      });

      test('does not count what had expired', async () => {
        await cache.set(`${area}a`, 'x', 50);
        await opened.pass(60);
        await expect(cache.delete([`${area}a`])).resolves.toBe(0);
      });

      test('by prefix spares all other keys, whatever the prefix means elsewhere', async () => {
        for (const key of ['u*[1]:a', 'u*[1]:b', 'u1:a', 'U*[1]:a']) await cache.set(area + key, 'x', MINUTE);
        await expect(cache.deletePrefix(`${area}u*[1]:`)).resolves.toBe(2);
        await expect(cache.deletePrefix(`${area}u*[1]:`)).resolves.toBe(0);
        await expect(cache.get(`${area}u1:a`)).resolves.toBe('x');
        await expect(cache.get(`${area}U*[1]:a`)).resolves.toBe('x');
      });

      test('by prefix reaches thousands of keys', async () => {
        const keys = Array.from({ length: 3_000 }, (_, index) => `${area}many:${index}`);
        await Promise.all(keys.map((key) => cache.set(key, 'x', MINUTE)));
        await expect(cache.deletePrefix(`${area}many:`)).resolves.toBe(3_000);
      });
    });

    describe('messages', () => {
      test('arrive once and in order', async () => {
        const sent = Array.from({ length: 500 }, (_, index) => String(index));
        const { messages, stop } = await listen(`${area}news`, sent.length);
        for (const message of sent) await cache.publish(`${area}news`, message);
        expect(await messages).toEqual(sent);
        await stop();
      });

      test('stay in order when their sender does not wait', async () => {
        const sent = Array.from({ length: 100 }, (_, index) => String(index));
        const { messages, stop } = await listen(`${area}news`, sent.length);
        await Promise.all(sent.map((message) => cache.publish(`${area}news`, message)));
        expect(await messages).toEqual(sent);
        await stop();
      });

      test('reach every listener of their channel and none of another', async () => {
        const one = await listen(`${area}a`, 1);
        const two = await listen(`${area}a`, 1);
        const other = await listen(`${area}b`, 1);
        await cache.publish(`${area}a`, 'for a');
        await cache.publish(`${area}b`, 'for b');
        expect([await one.messages, await two.messages, await other.messages]).toEqual([
          ['for a'],
          ['for a'],
          ['for b'],
        ]);
        await Promise.all([one.stop(), two.stop(), other.stop()]);
      });

      test('come after their sender went on', async () => {
        const order: string[] = [];
        const { promise, resolve } = Promise.withResolvers<undefined>();
        const subscription = await cache.subscribe(`${area}news`, () => {
          order.push('heard');
          resolve(undefined);
        });
        const publishing = cache.publish(`${area}news`, 'x');
        order.push('sender went on');
        await publishing;
        await promise;
        expect(order).toEqual(['sender went on', 'heard']);
        await subscription.unsubscribe();
      });

      test('stop when the subscription ends, for that listener alone', async () => {
        const gone = await listen(`${area}news`, 2);
        const stays = await listen(`${area}news`, 2);
        await cache.publish(`${area}news`, '1');
        await stays.stop();
        const staysStill = await listen(`${area}news`, 1);
        await gone.stop();
        await gone.stop();
        await cache.publish(`${area}news`, '2');
        expect(await staysStill.messages).toEqual(['2']);
        // Had either still listened, it would have heard the second message by now.
        await expect(Promise.race([gone.messages, stays.messages, Promise.resolve('nothing')])).resolves.toBe(
          'nothing',
        );
        await staysStill.stop();
      });

      test('without a listener are lost without a sound', async () => {
        await expect(cache.publish(`${area}nobody`, 'x')).resolves.toBeUndefined();
      });

      test('carry any text', async () => {
        const { messages, stop } = await listen(`${area}news`, 2);
        await cache.publish(`${area}news`, '');
        await cache.publish(`${area}news`, '{"ä":"😀\n"}');
        expect(await messages).toEqual(['', '{"ä":"😀\n"}']);
        await stop();
      });
    });

    test('can be probed', async () => {
      await expect(cache.probe()).resolves.toBeGreaterThanOrEqual(0);
    });
  });
}
