import { describe, expect, test } from '@jest/globals';
import { startReportedLoop } from '../../backbone/background.ts';
import { Shutdown, startLoop } from '../../backbone/lifecycle.ts';

describe('a loop', () => {
  test('runs again when it is woken, and never two turns at a time', async () => {
    let running = 0;
    let turns = 0;
    const twice = Promise.withResolvers<undefined>();
    const loop = startLoop({
      everyMs: 1_000_000,
      work: async () => {
        running += 1;
        expect(running).toBe(1);
        await Promise.resolve();
        running -= 1;
        turns += 1;
        if (turns === 2) twice.resolve(undefined);
        return false;
      },
      onError: () => undefined,
    });
    loop.wake();
    await twice.promise;
    await loop.stop();
    expect(turns).toBe(2);
  });

  test('goes on at once while there is more to do', async () => {
    let left = 3;
    const done = Promise.withResolvers<undefined>();
    const loop = startLoop({
      everyMs: 1_000_000,
      work: () => {
        left -= 1;
        if (left === 0) done.resolve(undefined);
        return Promise.resolve(left > 0);
      },
      onError: () => undefined,
    });
    await done.promise;
    await loop.stop();
    expect(left).toBe(0);
  });

  test('tells its work to stop and waits for it', async () => {
    const started = Promise.withResolvers<AbortSignal>();
    const loop = startLoop({
      everyMs: 1,
      work: (signal) => {
        started.resolve(signal);
        const { promise, resolve } = Promise.withResolvers<boolean>();
        signal.addEventListener('abort', () => resolve(false));
        return promise;
      },
      onError: () => undefined,
    });
    const signal = await started.promise;
    await loop.stop();
    expect(signal.aborted).toBe(true);
  });
});

describe('a background loop', () => {
  test('logs a failure once, however many turns it lasts, and its end', async () => {
    const lines: string[] = [];
    const over = Promise.withResolvers<undefined>();
    let turns = 0;
    const loop = startReportedLoop({
      name: 'outbox sweeper',
      everyMs: 1,
      work: () => {
        turns += 1;
        if (turns <= 3) return Promise.reject(new Error('broker down'));
        return Promise.resolve(false);
      },
      logger: {
        error: (_fields, message) => lines.push(`error ${message}`),
        info: (_fields, message) => {
          lines.push(`info ${message}`);
          over.resolve(undefined);
        },
      },
    });
    await over.promise;
    await loop.stop();
    expect(lines).toEqual([
      'error Background work failed; it is tried again and again',
      'info Background work goes on',
    ]);
  });
});

describe('a shutdown', () => {
  test('undoes the steps backwards, whatever becomes of each, and names those that failed', async () => {
    const order: string[] = [];
    const shutdown = new Shutdown();
    shutdown.add('first', () => order.push('first'));
    shutdown.add('second', () => Promise.reject(new Error('stuck')));
    shutdown.add('third', () => order.push('third'));
    const failed = await shutdown.run();
    expect(order).toEqual(['third', 'first']);
    expect(failed.map(({ name }) => name)).toEqual(['second']);
    await expect(shutdown.run()).resolves.toEqual([]);
  });
});
