/** Dates of header fields (RFC 5322, with the zones and years of its forerunners). Pure. */

const DATE =
  /(\d{1,2})\s{1,9}([a-z]{3})[a-z]{0,6}\s{1,9}(\d{4}|\d\d)\s{1,9}(\d{1,2}):(\d\d)(?::(\d\d))?(?:\s{1,9}([+-]\d{4}|[a-z]{1,5}))?/i;
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const ZONES: Readonly<Record<string, string>> = {
  EST: '-05:00',
  EDT: '-04:00',
  CST: '-06:00',
  CDT: '-05:00',
  MST: '-07:00',
  MDT: '-06:00',
  PST: '-08:00',
  PDT: '-07:00',
};

/** ISO 8601 with the sender's offset; null when it is no date. An unknown zone is UTC, as the standard has it. */
export function mailDate(field: string): string | null {
  const match = DATE.exec(field.slice(0, 200));
  if (match === null) return null;
  const [, day = '', name = '', shownYear = '', hour = '', minute = '', second = '00', zone = ''] = match;
  const month = MONTHS.indexOf(name.toLowerCase()) + 1;
  const date = `${fullYear(shownYear)}-${twoDigits(month)}-${twoDigits(Number(day))}`;
  const iso = `${date}T${hour.padStart(2, '0')}:${minute}:${second}`;
  const read = Date.parse(`${iso}Z`);
  // Date.parse lets the 31st of a short month run over.
  if (Number.isNaN(read) || new Date(read).getUTCDate() !== Number(day)) return null;
  const dated = iso + offsetOf(zone);
  return Number.isNaN(Date.parse(dated)) ? `${iso}Z` : dated;
}

function fullYear(shown: string): string {
  if (shown.length === 4) return shown;
  return Number(shown) < 50 ? `20${shown}` : `19${shown}`;
}

function offsetOf(zone: string): string {
  const numeric = /^([+-]\d\d)(\d\d)$/.exec(zone);
  if (numeric === null) return ZONES[zone.toUpperCase()] ?? 'Z';
  return /0000$/.test(zone) ? 'Z' : `${numeric[1] ?? ''}:${numeric[2] ?? ''}`;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}
