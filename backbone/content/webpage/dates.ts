/** Dates as pages write them, to ISO 8601 with the precision given. Pure; the clock is passed in. */

const MONTHS: readonly string[] = [
  'jan january januar jänner janvier enero gennaio janeiro januari stycznia styczeń января',
  'feb february februar février fevrier febrero febbraio fevereiro februari lutego luty февраля',
  'mar march märz maerz mars marzo março maart marca marzec марта',
  'apr april avril abril aprile kwietnia kwiecień апреля',
  'may mai mayo maggio maio mei maja maj мая',
  'jun june juni juin junio giugno junho czerwca czerwiec июня',
  'jul july juli juillet julio luglio julho lipca lipiec июля',
  'aug august août aout agosto augustus sierpnia sierpień августа',
  'sep sept september septembre septiembre settembre setembro września wrzesień сентября',
  'oct october oktober okt octobre octubre ottobre outubro października październik октября',
  'nov november novembre noviembre novembro listopada listopad ноября',
  'dec december dezember dez décembre decembre diciembre dicembre dezembro grudnia grudzień декабря',
];
const MONTH_OF: ReadonlyMap<string, number> = new Map(
  MONTHS.flatMap((names, at) => names.split(' ').map((name) => [name, at + 1] as const)),
);
const MONTH_NAME = [...MONTH_OF.keys()].sort((a, b) => b.length - a.length).join('|');

const ISO =
  /^([12]\d{3})(?:-?(\d{2})(?:-?(\d{2})(?:[T ](\d{2}):?(\d{2})(?::?(\d{2})(?:[.,]\d{1,9})?)?\s?(Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?)?)?)?(?!\d)/i;
const NUMERIC: readonly (readonly [RegExp, 'ymd' | 'dmy' | 'mdy'])[] = [
  [/(?<!\d)([12]\d{3})[/.-](\d{1,2})[/.-](\d{1,2})(?!\d)/, 'ymd'],
  [/(?<!\d)([12]\d{3})年\s?(\d{1,2})月\s?(\d{1,2})日/, 'ymd'],
  [/(?<!\d)(\d{1,2})[.-]\s?(\d{1,2})[.-]\s?([12]\d{3})(?!\d)/, 'dmy'],
  [/(?<!\d)(\d{1,2})\/(\d{1,2})\/([12]\d{3})(?!\d)/, 'mdy'],
];
const DAY_FIRST = new RegExp(
  `(?<![\\d\\p{L}])(\\d{1,2})(?:\\.|st|nd|rd|th|er|º)?\\s{1,3}(?:of |de )?(${MONTH_NAME})\\.?,?\\s{1,3}(?:de |del )?([12]\\d{3})(?!\\d)`,
  'iu',
);
const MONTH_FIRST = new RegExp(
  `(?<!\\p{L})(${MONTH_NAME})\\.?\\s{1,3}(\\d{1,2})(?:st|nd|rd|th)?,?\\s{1,3}([12]\\d{3})(?!\\d)`,
  'iu',
);
const LONGEST_TEXT = 300;
/** A clock ahead by a time zone is no lie. */
const SLACK_MS = 36 * 3600 * 1000;
const EARLIEST_YEAR = 1900;

/**
 * The date that a value of metadata names, or null when it names none, or one in the future, before 1900, or
 * the epoch (what systems write for "no date").
 */
export function isoDate(value: string, now: Date): string | null {
  const text = value.trim().slice(0, LONGEST_TEXT);
  const iso = ISO.exec(text);
  const date = (iso === null ? null : fromIso(iso, text)) ?? fromRfc822(text) ?? dateWithin(text);
  return date !== null && isCredible(date, now) ? date : null;
}

/** The first date within a line that people read, such as a byline. To the day. */
export function visibleDate(line: string, now: Date): string | null {
  const date = dateWithin(line.slice(0, LONGEST_TEXT));
  return date !== null && isCredible(date, now) ? date : null;
}

/** A date in the path of an address: `/2024/05/17/` or `/2024-05-17-`; a day is needed to be sure. */
export function dateInUrl(url: string, now: Date): string | null {
  const path = URL.parse(url)?.pathname ?? '';
  const match = /\/([12]\d{3})[/-]?(\d{2})[/-]?(\d{2})(?=[/_-]|$)/.exec(path);
  const date = match === null ? null : calendarDate(Number(match[1]), Number(match[2]), Number(match[3]));
  return date !== null && isCredible(date, now) ? date : null;
}

function fromIso(match: RegExpExecArray, text: string): string | null {
  const [, year = '', month, day, hour, minute, second, zone] = match;
  if (month === undefined) return text === year ? year : null;
  const date = calendarDate(Number(year), Number(month), Number(day ?? '1'));
  if (date === null) return null;
  if (day === undefined) return date.slice(0, 7);
  if (hour === undefined || Number(hour) > 24 || Number(minute) > 59) return date;
  return `${date}T${hour}:${minute ?? '00'}${second === undefined ? '' : `:${second}`}${zoneOf(zone)}`;
}

function zoneOf(zone: string | undefined): string {
  if (zone === undefined) return '';
  if (!/^[+-]/.test(zone)) return 'Z';
  const digits = zone.slice(1).replace(':', '').padEnd(4, '0');
  return `${zone.slice(0, 1)}${digits.slice(0, 2)}:${digits.slice(2)}`;
}

function fromRfc822(text: string): string | null {
  if (!/^(?:[a-z]{3,9},? )?\d{1,2} [a-z]{3} \d{4} \d{2}:\d{2}/i.test(text)) return null;
  const time = Date.parse(text);
  return Number.isNaN(time) ? null : new Date(time).toISOString().replace('.000Z', 'Z');
}

function dateWithin(text: string): string | null {
  const dayFirst = DAY_FIRST.exec(text);
  if (dayFirst !== null) return calendarDate(Number(dayFirst[3]), monthOf(dayFirst[2]), Number(dayFirst[1]));
  const monthFirst = MONTH_FIRST.exec(text);
  if (monthFirst !== null)
    return calendarDate(Number(monthFirst[3]), monthOf(monthFirst[1]), Number(monthFirst[2]));
  for (const [pattern, order] of NUMERIC) {
    const match = pattern.exec(text);
    if (match !== null) return ordered(match.slice(1).map(Number), order);
  }
  return null;
}

function ordered(numbers: readonly number[], order: 'ymd' | 'dmy' | 'mdy'): string | null {
  const [a = 0, b = 0, c = 0] = numbers;
  if (order === 'ymd') return calendarDate(a, b, c);
  if (order === 'dmy') return calendarDate(c, b, a);
  // With slashes both orders are in use; a number above 12 decides.
  return a > 12 ? calendarDate(c, b, a) : calendarDate(c, a, b);
}

function monthOf(name: string | undefined): number {
  return MONTH_OF.get((name ?? '').toLowerCase()) ?? 0;
}

function calendarDate(year: number, month: number, day: number): string | null {
  if (month < 1 || month > 12 || day < 1) return null;
  const date = new Date(Date.UTC(year, month - 1, day));
  if (date.getUTCMonth() !== month - 1) return null;
  return date.toISOString().slice(0, 10);
}

function isCredible(date: string, now: Date): boolean {
  if (date.startsWith('1970-01-01') || Number(date.slice(0, 4)) < EARLIEST_YEAR) return false;
  const time = Date.parse(date);
  return Number.isNaN(time) ? false : time <= now.getTime() + SLACK_MS;
}
