/** When a feed is polled next. Pure; times in ms unless they say otherwise. */

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

export const DEFAULT_EVERY_SECONDS = 60 * 60;
export const LONGEST_EVERY_SECONDS = (30 * DAY_MS) / SECOND_MS;

/** Added to a wait at most, as a part of it: so that feeds subscribed together are not polled together for ever. */
export const JITTER = 0.1;

const UNITS_SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };
const SHORT = /^(\d{1,9})\s?([smhdw])$/i;
const ISO = /^P(?:(\d{1,9})W)?(?:(\d{1,9})D)?(?:T(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,9})S)?)?$/i;

/** `90s`, `15m`, `1h`, `1d`, `1w`, or ISO 8601 such as `PT15M`; null for what is neither. */
export function parseEvery(text: string): number | null {
  const short = SHORT.exec(text.trim());
  if (short?.[1] !== undefined && short[2] !== undefined)
    return Number(short[1]) * (UNITS_SECONDS[short[2].toLowerCase()] ?? 0);
  const iso = ISO.exec(text.trim());
  if (iso === null || !/\d/.test(text)) return null;
  const [weeks, days, hours, minutes, seconds] = iso
    .slice(1)
    .map((part: string | undefined) => Number(part ?? 0));
  return (
    (weeks ?? 0) * 604_800 + (days ?? 0) * 86_400 + (hours ?? 0) * 3600 + (minutes ?? 0) * 60 + (seconds ?? 0)
  );
}

/** The same in its shortest form: in the largest unit that leaves no rest. */
export function formatEvery(seconds: number): string {
  for (const [unit, size] of [
    ['d', 86_400],
    ['h', 3600],
    ['m', 60],
  ] as const)
    if (seconds > 0 && seconds % size === 0) return `${seconds / size}${unit}`;
  return `${seconds}s`;
}

export interface WaitRules {
  readonly everyMs: number;
  readonly minMs: number;
  /** From 0 to 1, without 1. */
  readonly random: () => number;
}

/**
 * After a poll that succeeded: what the subscription says, or what the site asks for where that is longer, though
 * no longer than a day.
 */
export function waitAfterSuccess(
  askedMs: readonly (number | null)[],
  { everyMs, minMs, random }: WaitRules,
): number {
  const asked = Math.min(Math.max(0, ...askedMs.map((ms) => ms ?? 0)), DAY_MS);
  return jittered(Math.max(everyMs, asked, minMs), random);
}

/**
 * After the n-th failure in a row: twice as long with each, up to a day, and never shorter than usual or than
 * `retryAfterMs`.
 */
export function waitAfterFailure(
  failures: number,
  retryAfterMs: number | null,
  { everyMs, minMs, random }: WaitRules,
): number {
  const usual = Math.max(everyMs, minMs);
  const longest = Math.max(DAY_MS, usual);
  const backOff = Math.min(usual * 2 ** Math.min(failures, 30), longest);
  return jittered(Math.max(backOff, Math.min(retryAfterMs ?? 0, DAY_MS)), random);
}

/** `max-age` of a Cache-Control field; null when there is none. */
export function maxAgeMs(cacheControl: string | undefined): number | null {
  const found = /(?:^|[,\s])max-age\s{0,5}=\s{0,5}"?(\d{1,10})/i.exec(cacheControl?.slice(0, 1000) ?? '');
  return found?.[1] === undefined ? null : Number(found[1]) * SECOND_MS;
}

function jittered(waitMs: number, random: () => number): number {
  return Math.round(waitMs * (1 + JITTER * random()));
}
