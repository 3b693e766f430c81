/** Dates as feeds write them: RFC 822 in all its broken forms, RFC 3339, seconds since 1970, and the rest. Pure. */
import { isoDate } from '../dates.ts';

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
/** Minutes ahead of UTC, of the zone names that RFC 822 and its users write. */
const ZONES: Readonly<Record<string, number>> = {
  z: 0,
  ut: 0,
  utc: 0,
  gmt: 0,
  wet: 0,
  est: -300,
  edt: -240,
  cst: -360,
  cdt: -300,
  mst: -420,
  mdt: -360,
  pst: -480,
  pdt: -420,
  bst: 60,
  cet: 60,
  cest: 120,
  met: 60,
  mest: 120,
  eet: 120,
  eest: 180,
  msk: 180,
  ist: 330,
  jst: 540,
  kst: 540,
  aest: 600,
  aedt: 660,
};
const RFC822 =
  /^(?:\p{L}{2,12}\.?,?\s{0,3})?(\d{1,2})[\s-]{1,3}([a-z]{3})[a-z]{0,6}\.?,?[\s-]{1,3}(\d{4}|\d{2})(?!\d)(?:,?\s{1,3}(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d{1,9})?)?\s{0,3}([ap]m)?\s{0,3}((?:gmt|utc)?[+-]\d{1,2}:?(?:\d{2})?|[a-z]{1,5})?)?/iu;
/** C's `asctime`, and the `Date` of scripts: `Fri Oct 09 2020 04:30:38`, `Fri Oct 9 04:30:38 2020`. */
const ASCTIME =
  /^[a-z]{3} ([a-z]{3}) {1,2}(\d{1,2}) (?:(\d{4}) )?(\d{1,2}):(\d{2}):(\d{2})(?: (?:[a-z]{3,4} )?(\d{4}))?/i;
/** A date in numbers with a time: `2020/1/10 4:33:00`. */
const NUMERIC = /^(\d{4})[/.-](\d{1,2})[/.-](\d{1,2})[ T](\d{1,2}):(\d{2})(?::(\d{2}))?$/;
const EPOCH = /^\d{9,13}$/;
const LONGEST = 100;

/** The date as ISO 8601, or null when there is none that can be believed. A date without a zone keeps none. */
export function feedDate(value: string | null | undefined, now: Date): string | null {
  const text = (value ?? '').slice(0, LONGEST).replaceAll(/\s+/g, ' ').trim();
  if (text === '') return null;
  const iso = fromEpoch(text) ?? fromRfc822(text) ?? fromAsctime(text) ?? fromNumbers(text) ?? text;
  return isoDate(iso, now);
}

function fromEpoch(text: string): string | null {
  if (!EPOCH.test(text)) return null;
  const time = Number(text) * (text.length > 11 ? 1 : 1000);
  return new Date(time).toISOString().replace(/\.\d{3}Z$/, 'Z');
}

function fromRfc822(text: string): string | null {
  const match = RFC822.exec(text);
  if (match === null) return null;
  const [, day = '', month = '', year = '', hour, minute = '', second = '00', half, zone] = match;
  const date = dateOf(fullYear(year), month, day);
  if (date === null || hour === undefined) return date;
  const time = `${String(hourOf(Number(hour), half)).padStart(2, '0')}:${minute}:${second}`;
  return `${date}T${time}${zoneOf(zone)}`;
}

function fromAsctime(text: string): string | null {
  const match = ASCTIME.exec(text);
  if (match === null) return null;
  const [, month = '', day = '', early, hour = '', minute = '', second = '', late] = match;
  const date = dateOf(early ?? late ?? '', month, day);
  return date === null ? null : `${date}T${hour.padStart(2, '0')}:${minute}:${second}`;
}

function fromNumbers(text: string): string | null {
  const match = NUMERIC.exec(text);
  if (match === null) return null;
  const parts: readonly (string | undefined)[] = match.slice(1);
  const [year, month, day, hour, minute, second] = parts.map((part = '00') => part.padStart(2, '0'));
  return `${year}-${month}-${day}T${hour}:${minute}:${second}`;
}

function dateOf(year: string, month: string, day: string): string | null {
  const at = MONTHS.indexOf(month.slice(0, 3).toLowerCase()) + 1;
  return at === 0 || year === '' ? null : `${year}-${String(at).padStart(2, '0')}-${day.padStart(2, '0')}`;
}

/** As RFC 2822 reads two digits. */
function fullYear(year: string): string {
  if (year.length === 4) return year;
  return Number(year) < 50 ? `20${year}` : `19${year}`;
}

function hourOf(hour: number, half: string | undefined): number {
  if (half === undefined) return hour;
  return (hour % 12) + (half.toLowerCase() === 'pm' ? 12 : 0);
}

function zoneOf(zone: string | undefined): string {
  if (zone === undefined) return '';
  const offset = /([+-])(\d{1,2}):?(\d{2})?$/.exec(zone);
  if (offset !== null) return `${offset[1]}${(offset[2] ?? '').padStart(2, '0')}:${offset[3] ?? '00'}`;
  const minutes = ZONES[zone.toLowerCase()];
  if (minutes === undefined) return '';
  if (minutes === 0) return 'Z';
  const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
  return `${minutes < 0 ? '-' : '+'}${String(hours).padStart(2, '0')}:${String(rest).padStart(2, '0')}`;
}
