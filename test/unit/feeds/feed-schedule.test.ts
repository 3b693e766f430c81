import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  DAY_MS,
  formatEvery,
  JITTER,
  LONGEST_EVERY_SECONDS,
  maxAgeMs,
  parseEvery,
  waitAfterFailure,
  waitAfterSuccess,
} from '../../../backbone/feeds/feed-schedule.ts';

const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const everyMs = fc.integer({ min: 1000, max: LONGEST_EVERY_SECONDS * 1000 });
const minMs = fc.integer({ min: 1000, max: DAY_MS });
const asked = fc.option(fc.integer({ min: 0, max: 400 * DAY_MS }));

describe('a duration', () => {
  test.each([
    ['90s', 90, '90s'],
    ['15m', 900, '15m'],
    [' 1 H ', 3600, '1h'],
    ['1d', 86_400, '1d'],
    ['2w', 1_209_600, '14d'],
    ['PT15M', 900, '15m'],
    ['P1DT2H30S', 93_630, '93630s'],
    ['p1w', 604_800, '7d'],
    ['0m', 0, '0s'],
  ])('%p is %i seconds, or %s', (text, seconds, shortest) => {
    expect(parseEvery(text)).toBe(seconds);
    expect(formatEvery(seconds)).toBe(shortest);
  });

  test.each(['', 'P', 'PT', '15', 'm', '-5m', '1.5h', '15 minutes', 'P1M', '1h30m', '9'.repeat(12) + 's'])(
    'is not %p',
    (text) => {
      expect(parseEvery(text)).toBeNull();
    },
  );

  test('is understood as it is shown', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: LONGEST_EVERY_SECONDS }), (seconds) => {
        expect(parseEvery(formatEvery(seconds))).toBe(seconds);
      }),
    );
  });
});

describe('the next poll', () => {
  test('is never earlier than the least wait and what was subscribed, and never later than a day or that, and jitter', () => {
    fc.assert(
      fc.property(everyMs, minMs, asked, fc.nat(2000), random, (every, min, wish, failures, chance) => {
        const rules = { everyMs: every, minMs: min, random: () => chance };
        for (const wait of [waitAfterSuccess([wish, null], rules), waitAfterFailure(failures, wish, rules)]) {
          expect(wait).toBeGreaterThanOrEqual(Math.max(every, min));
          expect(wait).toBeLessThanOrEqual(Math.max(every, min, DAY_MS) * (1 + JITTER) + 1);
        }
      }),
    );
  });

  test('comes no sooner with each failure, whatever the jitter, until it waits as long as it ever does', () => {
    fc.assert(
      fc.property(everyMs, fc.integer({ min: 1, max: 60 }), random, random, (every, failures, one, other) => {
        const waitOf = (count: number, chance: number): number =>
          waitAfterFailure(count, null, { everyMs: every, minMs: 1000, random: () => chance });
        if (waitOf(failures + 1, 0) >= DAY_MS)
          expect(waitOf(failures + 1, 0)).toBeGreaterThanOrEqual(waitOf(failures, 0));
        else expect(waitOf(failures + 1, one)).toBeGreaterThan(waitOf(failures, other));
      }),
    );
  });

  test('comes no sooner than the site asks, up to a day', () => {
    const rules = { everyMs: 60_000, minMs: 60_000, random: () => 0 };
    expect(waitAfterSuccess([null, 120_000], rules)).toBe(120_000);
    expect(waitAfterSuccess([90_000, 1000], rules)).toBe(90_000);
    expect(waitAfterSuccess([7 * DAY_MS, null], rules)).toBe(DAY_MS);
    expect(waitAfterFailure(1, 3_600_000, rules)).toBe(3_600_000);
    expect(waitAfterFailure(3, null, rules)).toBe(480_000);
  });
});

test.each([
  [undefined, null],
  ['no-store', null],
  ['s-maxage=5', null],
  ['public, max-age=600', 600_000],
  ['MAX-AGE="30",private', 30_000],
])('Cache-Control %p lets a feed be for %p ms', (field, ms) => {
  expect(maxAgeMs(field)).toBe(ms);
});
