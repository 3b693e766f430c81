import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createOffsetTracker } from '../../../backbone/broker/offset-tracker.ts';

describe('the offset tracker', () => {
  test('has no watermark before the first record is finished', () => {
    const tracker = createOffsetTracker();
    tracker.delivered(5n);
    tracker.delivered(6n);
    tracker.finished(6n);
    expect(tracker.watermark()).toBeNull();
    expect(tracker.windowSize()).toBe(2);
  });

  test('moves over what finished out of order once the head has finished, gaps included', () => {
    const tracker = createOffsetTracker();
    for (const offset of [5n, 6n, 9n, 10n]) tracker.delivered(offset);
    tracker.finished(9n);
    tracker.finished(6n);
    tracker.finished(5n);
    expect(tracker.watermark()).toBe(9n);
    expect(tracker.windowSize()).toBe(1);
  });

  test('knows what is delivered again, running or finished', () => {
    const tracker = createOffsetTracker();
    expect([1n, 2n].map((offset) => tracker.delivered(offset))).toEqual([true, true]);
    tracker.finished(1n);
    expect([1n, 2n, 3n].map((offset) => tracker.delivered(offset))).toEqual([false, false, true]);
    expect(tracker.windowSize()).toBe(2);
  });

  test('ignores offsets that it does not know and those finished before', () => {
    const tracker = createOffsetTracker();
    tracker.delivered(1n);
    tracker.finished(7n);
    tracker.finished(1n);
    tracker.finished(1n);
    expect(tracker.watermark()).toBe(1n);
  });

  test('agrees with a naive model over thousands of records in any order', () => {
    const steps = fc.array(fc.tuple(fc.boolean(), fc.nat(20), fc.integer({ min: 1, max: 3 })), {
      maxLength: 300,
    });
    fc.assert(
      fc.property(steps, fc.nat(3000), (sequence, finishedBefore) => {
        const tracker = createOffsetTracker();
        const model: { readonly offset: bigint; done: boolean }[] = [];
        let next = 0n;
        const deliver = (gap: number): void => {
          next += BigInt(gap);
          model.push({ offset: next, done: false });
          tracker.delivered(next);
        };
        const finish = (at: number): void => {
          const entry = model[at];
          if (!entry) return;
          entry.done = true;
          tracker.finished(entry.offset);
        };
        for (let n = 0; n < finishedBefore; n += 1) deliver(1);
        for (let n = finishedBefore - 1; n >= 0; n -= 1) finish(n);
        for (const [delivering, back, gap] of sequence) {
          if (delivering) deliver(gap);
          else finish(model.length - 1 - back);
        }
        const firstOpen = model.findIndex((entry) => !entry.done);
        const done = firstOpen === -1 ? model.length : firstOpen;
        expect(tracker.watermark()).toBe(model[done - 1]?.offset ?? null);
        expect(tracker.windowSize()).toBe(model.length - done);
      }),
    );
  });
});
