/** What becomes of a stage that failed. Pure: the clock and the dice are passed in. */

import type { ErrorKind } from '../error-table.ts';

const LADDER_FACTOR = 4;
const MINUTE_MS = 60_000;

/** Due times are spread by up to this share, so that what failed together does not come back together. */
export const JITTER = 0.2;

/** A source that keeps asking us to wait gives its job up after this many waits in one stage. */
export const THROTTLE_LIMIT = 50;

/** A source that asks for a longer wait than this is not waited for at all. */
export const LONGEST_THROTTLE_MS = 24 * 60 * MINUTE_MS;

/** The longest wait we choose ourselves when the source names none: 50 of them end within 13 hours. */
export const LONGEST_UNTOLD_THROTTLE_MS = 15 * MINUTE_MS;

const DEFAULT_BASE_MS = 1000;

/** What the policy must know of an error; an `AppError` fits. */
export interface StageFailure {
  readonly kind: ErrorKind;
  readonly code: string;
  /** How long the source asks us to wait; null when it does not say. */
  readonly retryAfterMs: number | null;
}

export interface RetryInput {
  readonly error: StageFailure;
  /** Executions of this stage so far, this one included: 1 after the first, as counted at the claim. */
  readonly attempt: number;
  /** 3 means four executions. */
  readonly maxRetries: number;
  /** From `retryLadder`, rising. */
  readonly ladder: readonly number[];
  /** Times this stage has already waited because a source asked it to; 0 at first. */
  readonly throttledCount: number;
  readonly now: Date;
  /** From 0 to below 1. */
  readonly random: () => number;
}

/**
 * - `dead_letter`: the job has failed;
 * - `retry`: again at `dueAt`, by way of the retry topic of `rungMs`;
 * - `throttle`: the same, but the attempt is given back; `rungMs` null means that the wait is longer than
 *   the last rung, so the record stays in the outbox until `dueAt`;
 * - `pause`: our own machinery is down; the stage's circuit opens, the attempt is given back.
 */
export type Decision =
  | { readonly kind: 'dead_letter' }
  | { readonly kind: 'retry'; readonly rungMs: number; readonly dueAt: Date }
  | { readonly kind: 'throttle'; readonly rungMs: number | null; readonly dueAt: Date }
  | { readonly kind: 'pause' };

/** Delays of the automatic retries in milliseconds: `baseMs` times 1, 4, 16 and so on. */
export function retryLadder(baseMs: number, maxRetries: number): readonly number[] {
  return Array.from({ length: maxRetries }, (_, rung) => baseMs * LADDER_FACTOR ** rung);
}

export function decide(input: RetryInput): Decision {
  switch (input.error.kind) {
    case 'terminal':
      return { kind: 'dead_letter' };
    case 'retryable':
      return nextRung(input);
    case 'throttled':
      return waitAsTold(input);
    case 'systemic':
      return { kind: 'pause' };
  }
}

function nextRung({ attempt, maxRetries, ladder, now, random }: RetryInput): Decision {
  const rungMs = ladder[Math.min(attempt, ladder.length) - 1];
  if (attempt > maxRetries || rungMs === undefined) return { kind: 'dead_letter' };
  return { kind: 'retry', rungMs, dueAt: dueAfter(rungMs, now, random) };
}

/**
 * On a rung the wait is the rung's own, even if the hint is shorter: due times in one retry partition must
 * stay nearly sorted, because its head holds up the rest.
 */
function waitAsTold(input: RetryInput): Decision {
  const { throttledCount, ladder, now, random } = input;
  const waitMs = throttleWaitMs(input);
  if (throttledCount >= THROTTLE_LIMIT || waitMs > LONGEST_THROTTLE_MS) return { kind: 'dead_letter' };
  const rungMs = ladder.find((delayMs) => delayMs >= waitMs) ?? null;
  return { kind: 'throttle', rungMs, dueAt: dueAfter(rungMs ?? waitMs, now, random) };
}

function throttleWaitMs({ error, ladder, throttledCount }: RetryInput): number {
  if (error.retryAfterMs !== null && !Number.isNaN(error.retryAfterMs)) return error.retryAfterMs;
  const baseMs = ladder[0] ?? DEFAULT_BASE_MS;
  return Math.min(baseMs * LADDER_FACTOR ** throttledCount, LONGEST_UNTOLD_THROTTLE_MS);
}

/** Never earlier than `delayMs` from now, at most `JITTER` later. */
function dueAfter(delayMs: number, now: Date, random: () => number): Date {
  return new Date(now.getTime() + Math.ceil(Math.max(delayMs, 0) * (1 + JITTER * random())));
}
