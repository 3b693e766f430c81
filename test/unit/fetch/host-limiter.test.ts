import { describe, expect, test } from '@jest/globals';
import type { Release } from '../../../backbone/fetch/host-limiter.ts';
import { HostLimiter } from '../../../backbone/fetch/host-limiter.ts';

/** A clock that stands still until it is advanced; timers fire on the way. */
class FakeClock {
  nowMs = 1_000;
  readonly #timers = new Set<{ readonly at: number; readonly callback: () => void }>();

  readonly now = (): number => this.nowMs;

  readonly setTimer = (callback: () => void, delayMs: number): (() => void) => {
    const timer = { at: this.nowMs + delayMs, callback };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  };

  get timerCount(): number {
    return this.#timers.size;
  }

  async advance(byMs: number): Promise<void> {
    const end = this.nowMs + byMs;
    for (;;) {
      const [next] = [...this.#timers].filter((timer) => timer.at <= end).sort((a, b) => a.at - b.at);
      if (!next) break;
      this.#timers.delete(next);
      this.nowMs = Math.max(next.at, this.nowMs);
      next.callback();
      await settle();
    }
    this.nowMs = end;
    await settle();
  }
}

/** Lets every promise that can settle without time passing do so. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

interface Setup {
  readonly clock: FakeClock;
  readonly limiter: HostLimiter;
  readonly started: string[];
  readonly releases: Map<string, Release>;
  readonly failures: unknown[];
  readonly ask: (name: string, host?: string, delayMs?: number, signal?: AbortSignal) => void;
}

function setUp(options: { concurrency?: number; maxWaiting?: number } = {}): Setup {
  const clock = new FakeClock();
  const limiter = new HostLimiter({
    concurrency: 2,
    maxWaiting: 10,
    now: clock.now,
    setTimer: clock.setTimer,
    ...options,
  });
  const started: string[] = [];
  const failures: unknown[] = [];
  const releases = new Map<string, Release>();
  const ask: Setup['ask'] = (name, host = 'a', delayMs = 0, signal = new AbortController().signal) => {
    limiter.acquire({ host, delayMs, signal }).then(
      (release) => {
        started.push(name);
        releases.set(name, release);
      },
      (error: unknown) => failures.push(error),
    );
  };
  return { clock, limiter, started, releases, failures, ask };
}

describe('limits by host', () => {
  test('no more than the allowed number run at the same time, and the next starts when one ends', async () => {
    const { ask, started, releases } = setUp();
    for (const name of ['1', '2', '3', '4']) ask(name);
    await settle();
    expect(started).toEqual(['1', '2']);
    releases.get('2')?.();
    await settle();
    expect(started).toEqual(['1', '2', '3']);
  });

  test('giving a slot back twice frees it once', async () => {
    const { ask, started, releases } = setUp({ concurrency: 1 });
    for (const name of ['1', '2', '3']) ask(name);
    await settle();
    releases.get('1')?.();
    releases.get('1')?.();
    await settle();
    expect(started).toEqual(['1', '2']);
  });

  test('hosts do not wait for each other', async () => {
    const { ask, started } = setUp({ concurrency: 1 });
    ask('a1', 'a');
    ask('a2', 'a');
    ask('b1', 'b');
    await settle();
    expect(started).toEqual(['a1', 'b1']);
  });

  test('starts at one host keep their distance in time', async () => {
    const { ask, started, clock } = setUp({ concurrency: 5 });
    for (const name of ['1', '2', '3']) ask(name, 'a', 200);
    await settle();
    expect(started).toEqual(['1']);
    await clock.advance(199);
    expect(started).toEqual(['1']);
    await clock.advance(1);
    expect(started).toEqual(['1', '2']);
    await clock.advance(200);
    expect(started).toEqual(['1', '2', '3']);
  });

  test('a delay of zero starts at once', async () => {
    const { ask, started } = setUp({ concurrency: 9 });
    for (const name of ['1', '2', '3']) ask(name);
    await settle();
    expect(started).toHaveLength(3);
  });

  test('more waiting requests than allowed are put off without an attempt being spent', async () => {
    const { ask, failures } = setUp({ concurrency: 1, maxWaiting: 2 });
    for (const name of ['1', '2', '3', '4']) ask(name);
    await settle();
    expect(failures).toEqual([
      expect.objectContaining({ code: 'source_throttled', kind: 'throttled', retryAfterMs: 30_000 }),
    ]);
  });

  test('a waiting request leaves the queue when it is aborted, with the reason', async () => {
    const { ask, started, failures, releases } = setUp({ concurrency: 1 });
    const controller = new AbortController();
    const reason = new Error('cancelled');
    ask('1');
    ask('2', 'a', 0, controller.signal);
    ask('3');
    await settle();
    controller.abort(reason);
    await settle();
    expect(failures).toEqual([reason]);
    releases.get('1')?.();
    await settle();
    expect(started).toEqual(['1', '3']);
  });

  test('a request aborted before it asks is refused at once, with an Error whatever the reason is', async () => {
    const { ask, failures, limiter } = setUp();
    ask('1', 'a', 0, AbortSignal.abort('because'));
    await settle();
    expect(failures).toEqual([expect.objectContaining({ name: 'AbortError' })]);
    expect(limiter.hostCount).toBe(0);
  });

  test('an abort after the start changes nothing', async () => {
    const { ask, started, failures } = setUp();
    const controller = new AbortController();
    ask('1', 'a', 0, controller.signal);
    await settle();
    controller.abort();
    await settle();
    expect([started, failures]).toEqual([['1'], []]);
  });

  test('a host is forgotten when nothing of it runs, waits or is due', async () => {
    const { ask, clock, limiter, releases } = setUp();
    ask('1', 'a', 200);
    ask('2', 'b');
    await settle();
    releases.get('1')?.();
    releases.get('2')?.();
    expect(limiter.hostCount).toBe(1);
    await clock.advance(200);
    expect([limiter.hostCount, clock.timerCount]).toEqual([0, 0]);
  });

  test('a moment that comes while the queue is looked through is not missed', async () => {
    // Time passes at every look at the clock, so the second request is due between any two of them.
    for (let startMs = 0; startMs < 12; startMs += 1) {
      let nowMs = startMs;
      const timers: (() => void)[] = [];
      const limiter = new HostLimiter({
        concurrency: 2,
        maxWaiting: 10,
        now: () => (nowMs += 1),
        setTimer: (callback) => {
          timers.push(callback);
          return () => void timers.splice(timers.indexOf(callback), 1);
        },
      });
      const { signal } = new AbortController();
      const started: Release[] = [];
      for (let count = 0; count < 2; count += 1) {
        void limiter
          .acquire({ host: 'a', delayMs: startMs, signal })
          .then((release) => started.push(release));
      }
      await settle();
      started[0]?.();
      while (timers.length > 0) timers.shift()?.();
      await settle();
      expect([startMs, started.length]).toEqual([startMs, 2]);
    }
  });
});
