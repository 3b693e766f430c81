/** Why YouTube does not play a video to us, as an error of ours. Pure. */
import { AppError } from '../../errors.ts';
import type { ErrorCode } from '../../error-table.ts';

export interface Playability {
  /** `OK`, `ERROR`, `LOGIN_REQUIRED`, `UNPLAYABLE`, `LIVE_STREAM_OFFLINE`, ... */
  readonly status: string;
  /** In English, since that is what we ask for; empty when there is none. */
  readonly reason: string;
  readonly isLive: boolean;
  /** Seconds since the epoch, as YouTube writes them; null when no start is planned. */
  readonly startsAt: string | null;
}

/** How long until a broadcast is looked at again, in ms: a quarter of an hour. */
const LIVE_WAIT_MS = 15 * 60 * 1000;
/** A waiting job is given up beyond a day, as everywhere. */
const LONGEST_WAIT_MS = 24 * 60 * 60 * 1000;
const LONGEST_REASON = 200;

/** The first that fits. Several say "unavailable" as well, so that comes last. */
const REASONS: readonly (readonly [RegExp, ErrorCode])[] = [
  [/not a (?:bot|robot)/i, 'ip_blocked'],
  [/\bprivate\b/i, 'video_private'],
  [/\bage\b|age-restricted|inappropriate for some/i, 'video_age_restricted'],
  [/\bcountry\b|\bregion\b/i, 'video_region_limited'],
  [/\bmembers?\b|\bpremium\b|\bpurchase|\brent|\bpayment\b|\bpaid\b/i, 'video_members_only'],
  [
    /unavailable|removed|terminated|deleted|not exist|no longer|isn['’]t available|not available/i,
    'video_removed',
  ],
];

const STATUSES: Readonly<Record<string, ErrorCode>> = {
  AGE_VERIFICATION_REQUIRED: 'video_age_restricted',
  AGE_CHECK_REQUIRED: 'video_age_restricted',
  CONTENT_CHECK_REQUIRED: 'video_age_restricted',
  ERROR: 'video_removed',
};

/** Null for a video that can be read. */
export function playabilityError(
  { status, reason, isLive, startsAt }: Playability,
  now: Date,
): AppError | null {
  if (status === 'LIVE_STREAM_OFFLINE' || isLive) return liveError(startsAt, now);
  if (status === 'OK') return null;
  const code = REASONS.find(([pattern]) => pattern.test(reason))?.[1] ?? STATUSES[status];
  if (code !== undefined) return new AppError(code);
  const told = reason.replaceAll(/\s+/g, ' ').trim().slice(0, LONGEST_REASON);
  return new AppError('video_unplayable', { params: { reason: told || status.slice(0, 40) } });
}

/** There are no captions before the end: the job waits, and longer than a day for none. */
function liveError(startsAt: string | null, now: Date): AppError {
  const untilStart = startsAt === null ? 0 : Number(startsAt) * 1000 - now.getTime();
  if (untilStart > LONGEST_WAIT_MS) return new AppError('video_not_begun');
  return new AppError('video_live', { retryAfterMs: Math.max(untilStart, LIVE_WAIT_MS) });
}
