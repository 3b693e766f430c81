const PDF_DATE =
  /^(?:D:)?(\d{4})(?:(\d{2})(?:(\d{2})(?:(\d{2})(?:(\d{2})(?:(\d{2}))?)?)?)?)?(?:(Z)|([+-])(\d{2})'?(?:(\d{2})'?)?)?/;
const ISO_DATE = /^\d{4}(?:-\d{2}(?:-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2})?)?)?)?$/;

/**
 * A date from the Info dictionary ("D:20161231184323+01'00'") or from XMP (ISO 8601) as ISO 8601, as precise
 * as it is given. Null for anything that is no date of the calendar.
 */
export function isoDate(text: string): string | null {
  const trimmed = text.slice(0, 64).trim();
  if (ISO_DATE.test(trimmed)) return isOnCalendar(trimmed) ? trimmed : null;
  const match = PDF_DATE.exec(trimmed);
  if (match === null) return null;
  const [, year = '', month, day, hours, minutes, seconds, zulu, sign, zoneHours, zoneMinutes] = match;
  const date = [year, month, day].filter((part) => part !== undefined).join('-');
  if (day === undefined || hours === undefined) return isOnCalendar(date) ? date : null;
  const zone =
    zulu === 'Z' ? 'Z' : sign === undefined ? '' : `${sign}${zoneHours ?? '00'}:${zoneMinutes ?? '00'}`;
  const full = `${date}T${hours}:${minutes ?? '00'}:${seconds ?? '00'}${zone}`;
  return isOnCalendar(full) ? full : isOnCalendar(date) ? date : null;
}

function isOnCalendar(iso: string): boolean {
  const [year = 0, month = 1, day = 1] = iso.slice(0, 10).split('-').map(Number);
  const parsed = new Date(iso.length <= 10 ? Date.UTC(year, month - 1, day) : Date.parse(iso));
  if (Number.isNaN(parsed.getTime()) || year < 1900) return false;
  const onDay = new Date(Date.UTC(year, month - 1, day));
  return onDay.getUTCMonth() === month - 1 && onDay.getUTCDate() === day;
}
