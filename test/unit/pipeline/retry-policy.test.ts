import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { AppError } from '../../../backbone/errors.ts';
import {
  JITTER,
  LONGEST_THROTTLE_MS,
  LONGEST_UNTOLD_THROTTLE_MS,
  THROTTLE_LIMIT,
  decide,
  retryLadder,
  type RetryInput,
} from '../../../backbone/pipeline/retry-policy.ts';

const NOW = new Date('2026-01-02T03:04:05Z');
const LADDER = retryLadder(1000, 3);

function input(change: Partial<RetryInput>): RetryInput {
  return {
    error: new AppError('source_timeout'),
    attempt: 1,
    maxRetries: 3,
    ladder: LADDER,
    throttledCount: 0,
    now: NOW,
    random: () => 0,
    ...change,
  };
}

function throttled(retryAfterMs: number | null, change: Partial<RetryInput> = {}): RetryInput {
  return input({ error: { kind: 'throttled', code: 'source_throttled', retryAfterMs }, ...change });
}

const afterNow = (ms: number): Date => new Date(NOW.getTime() + ms);
const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

describe('the retry ladder', () => {
  test('rises fourfold from its base', () => {
    expect(retryLadder(1000, 3)).toEqual([1000, 4000, 16_000]);
    expect(retryLadder(10, 2)).toEqual([10, 40]);
    expect(retryLadder(1000, 0)).toEqual([]);
  });
});

describe('a retryable error', () => {
  test('is tried four times in all with three retries', () => {
    const kinds = [1, 2, 3, 4].map((attempt) => decide(input({ attempt })));
    expect(kinds).toEqual([
      { kind: 'retry', rungMs: 1000, dueAt: afterNow(1000) },
      { kind: 'retry', rungMs: 4000, dueAt: afterNow(4000) },
      { kind: 'retry', rungMs: 16_000, dueAt: afterNow(16_000) },
      { kind: 'dead_letter' },
    ]);
  });

  test('stays on the last rung when a job may be tried more often than the ladder is long', () => {
    expect(decide(input({ attempt: 9, maxRetries: 10 }))).toMatchObject({ kind: 'retry', rungMs: 16_000 });
  });

  test('is a dead letter when there is no ladder', () => {
    expect(decide(input({ ladder: [] }))).toEqual({ kind: 'dead_letter' });
  });

  test('never comes back early, and at most a fifth late', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 10 }),
        fc.integer({ min: 0, max: 10 }),
        fc.integer({ min: 1, max: 5000 }),
        random,
        (attempt, maxRetries, baseMs, dice) => {
          const ladder = retryLadder(baseMs, maxRetries);
          const decision = decide(input({ attempt, maxRetries, ladder, random: () => dice }));
          expect(decision.kind).toBe(attempt > maxRetries ? 'dead_letter' : 'retry');
          if (decision.kind !== 'retry') return;
          const waitMs = decision.dueAt.getTime() - NOW.getTime();
          expect(decision.rungMs).toBe(ladder[attempt - 1]);
          expect(waitMs).toBeGreaterThanOrEqual(decision.rungMs);
          expect(waitMs).toBeLessThanOrEqual(Math.ceil(decision.rungMs * (1 + JITTER)));
        },
      ),
    );
  });
});

describe('the other kinds', () => {
  test('a terminal error is a dead letter at its first attempt', () => {
    expect(decide(input({ error: new AppError('source_not_found') }))).toEqual({ kind: 'dead_letter' });
  });

  test('a systemic error pauses the stage at any attempt', () => {
    expect(decide(input({ error: new AppError('store_unavailable'), attempt: 99 }))).toEqual({
      kind: 'pause',
    });
  });
});

describe('a throttled error', () => {
  test('waits on the smallest rung that is long enough, whatever the attempt', () => {
    expect(decide(throttled(0))).toMatchObject({ kind: 'throttle', rungMs: 1000 });
    expect(decide(throttled(1000))).toMatchObject({ rungMs: 1000 });
    expect(decide(throttled(1001, { attempt: 9 }))).toEqual({
      kind: 'throttle',
      rungMs: 4000,
      dueAt: afterNow(4000),
    });
  });

  test('waits in the outbox when the source asks for more than the last rung', () => {
    expect(decide(throttled(600_000))).toEqual({
      kind: 'throttle',
      rungMs: null,
      dueAt: afterNow(600_000),
    });
  });

  test('waits longer each time when the source does not say how long', () => {
    const waits = [0, 1, 2, 3, 9].map((throttledCount) => decide(throttled(null, { throttledCount })));
    expect(waits).toMatchObject([
      { rungMs: 1000 },
      { rungMs: 4000 },
      { rungMs: 16_000 },
      { rungMs: null, dueAt: afterNow(64_000) },
      { rungMs: null, dueAt: afterNow(LONGEST_UNTOLD_THROTTLE_MS) },
    ]);
    expect(decide(throttled(Number.NaN))).toMatchObject({ rungMs: 1000 });
    expect(decide(throttled(null, { ladder: [] }))).toMatchObject({ rungMs: null, dueAt: afterNow(1000) });
  });

  test('takes a hint in the past as no wait at all', () => {
    expect(decide(throttled(-5, { ladder: [] }))).toEqual({ kind: 'throttle', rungMs: null, dueAt: NOW });
  });

  test('ends as a dead letter after its last wait, or when told to wait for days', () => {
    expect(decide(throttled(1, { throttledCount: THROTTLE_LIMIT - 1 }))).toMatchObject({ kind: 'throttle' });
    expect(decide(throttled(1, { throttledCount: THROTTLE_LIMIT }))).toEqual({ kind: 'dead_letter' });
    expect(decide(throttled(LONGEST_THROTTLE_MS))).toMatchObject({ kind: 'throttle' });
    expect(decide(throttled(LONGEST_THROTTLE_MS + 1))).toEqual({ kind: 'dead_letter' });
    expect(decide(throttled(Number.POSITIVE_INFINITY))).toEqual({ kind: 'dead_letter' });
  });

  test('never comes back before the source allows it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: LONGEST_THROTTLE_MS }), random, (retryAfterMs, dice) => {
        const decision = decide(throttled(retryAfterMs, { random: () => dice }));
        expect(decision.kind).toBe('throttle');
        if (decision.kind !== 'throttle') return;
        expect(decision.dueAt.getTime() - NOW.getTime()).toBeGreaterThanOrEqual(retryAfterMs);
      }),
    );
  });
});
