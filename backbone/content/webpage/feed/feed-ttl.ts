/** How often a feed asks to be polled. Pure. */

const HEAD_CHARACTERS = 64 * 1024;
const FIRST_ENTRY = /<(?:[a-z]{1,10}:)?(?:item|entry)[\s>]/i;
/** Minutes (RSS 2.0). */
const TTL = /<ttl>\s{0,20}(\d{1,7})\s{0,20}<\/ttl>/i;
/** The syndication module of RSS 1.0, which WordPress writes into every feed. */
const PERIOD = /<sy:updatePeriod>\s{0,20}(hourly|daily|weekly|monthly|yearly)\s{0,20}<\/sy:updatePeriod>/i;
const FREQUENCY = /<sy:updateFrequency>\s{0,20}(\d{1,5})\s{0,20}<\/sy:updateFrequency>/i;

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const PERIODS_MS: Readonly<Record<string, number>> = {
  hourly: HOUR_MS,
  daily: DAY_MS,
  weekly: 7 * DAY_MS,
  monthly: 30 * DAY_MS,
  yearly: 365 * DAY_MS,
};

/** `ttl`, or the period of the syndication module; null where a feed names neither, or nothing that can be used. */
export function feedTtlMs(text: string): number | null {
  const start = text.slice(0, HEAD_CHARACTERS);
  const end = FIRST_ENTRY.exec(start)?.index ?? start.length;
  const head = start.slice(0, end);
  const minutes = Number(TTL.exec(head)?.[1] ?? 0);
  if (minutes > 0) return minutes * MINUTE_MS;
  const period = PERIODS_MS[PERIOD.exec(head)?.[1]?.toLowerCase() ?? ''];
  const times = Number(FREQUENCY.exec(head)?.[1] ?? 1);
  return period === undefined || times === 0 ? null : period / times;
}
