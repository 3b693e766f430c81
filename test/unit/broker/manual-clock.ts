import type { SetTimer } from '../../../backbone/broker/partition-delivery.ts';

/** A clock with timers that move only when a test says so. */
export interface ManualClock {
  readonly now: () => number;
  readonly setTimer: SetTimer;
  /** Timers that have neither fired nor been cancelled. */
  readonly pending: () => number;
  /** Moves on in steps of 10 ms, each followed by a turn of the event loop. */
  readonly elapse: (ms: number) => Promise<void>;
}

const STEP_MS = 10;

export function createManualClock(startMs: number): ManualClock {
  const timers = new Set<{ readonly dueMs: number; readonly callback: () => void }>();
  let nowMs = startMs;
  return {
    now: () => nowMs,
    setTimer: (callback, delayMs) => {
      // Node warns of such a delay.
      if (delayMs < 0) throw new RangeError('A timer cannot go back in time');
      const timer = { dueMs: nowMs + delayMs, callback };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    pending: () => timers.size,
    elapse: async (ms) => {
      for (const endMs = nowMs + ms; nowMs < endMs; ) {
        nowMs = Math.min(nowMs + STEP_MS, endMs);
        for (const timer of [...timers]) {
          if (timer.dueMs <= nowMs && timers.delete(timer)) timer.callback();
        }
        await turn();
      }
    },
  };
}

/** One turn of the event loop. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
