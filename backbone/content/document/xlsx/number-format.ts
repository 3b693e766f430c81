/** Numbers of a workbook as a reader sees them. Dates are written the ISO way, whatever the format's order. */

/** Formats that every program knows by number (ECMA-376, 18.8.30); others stand in the file. */
const BUILT_IN: ReadonlyMap<number, string> = new Map([
  [1, '0'],
  [2, '0.00'],
  [3, '#,##0'],
  [4, '#,##0.00'],
  [9, '0%'],
  [10, '0.00%'],
  [14, 'yyyy-mm-dd'],
  [15, 'yyyy-mm-dd'],
  [16, 'yyyy-mm-dd'],
  [17, 'yyyy-mm-dd'],
  [18, 'h:mm'],
  [19, 'h:mm:ss'],
  [20, 'h:mm'],
  [21, 'h:mm:ss'],
  [22, 'yyyy-mm-dd h:mm'],
  [37, '#,##0'],
  [38, '#,##0'],
  [39, '#,##0.00'],
  [40, '#,##0.00'],
  [45, '[mm]:ss'],
  [46, '[h]:mm:ss'],
  [47, '[mm]:ss'],
]);
const GENERAL = 'General';
const DAY_SECONDS = 86_400;
/** Serial numbers count days; 25,569 lie between their zero, 1899-12-30, and 1970. */
const DAYS_TO_1970 = 25_569;
/** What the 1904 system of old Macs lags behind. */
const DAYS_TO_1904 = 1462;
/** 9999-12-31. */
const LAST_DAY = 2_958_465;
const MOST_DECIMALS = 15;
/** Formats are 255 characters at most; a hostile one is not read. */
const LONGEST_FORMAT = 255;

export function builtInFormat(id: number): string {
  return BUILT_IN.get(id) ?? GENERAL;
}

/** `format` as in the file: `#,##0.00 "kg"`. `is1904`: the workbook's days count from 1904. */
export function shownNumber(value: number, format: string, is1904: boolean): string {
  if (format.length > LONGEST_FORMAT || /^general$/i.test(format)) return general(value);
  const sections = sectionsOf(format);
  const [first = ''] = sections;
  if (isDateFormat(first)) return shownDate(value + (is1904 ? DAYS_TO_1904 : 0), first) ?? general(value);
  if (value < 0 && sections[1] !== undefined) return withPattern(-value, sections[1]);
  if (value === 0 && sections[2] !== undefined) return withPattern(0, sections[2]);
  return value < 0 ? `-${withPattern(-value, first)}` : withPattern(value, first);
}

function general(value: number): string {
  return String(Number(value.toPrecision(15)));
}

/** Parts for positive, negative and zero. Literals are kept as `\x` a character; colours and conditions go. */
function sectionsOf(format: string): readonly string[] {
  return format
    .replaceAll(/"([^"]*)"/g, (_, literal: string) => escaped(literal))
    .replaceAll(/\[\$([^\]-]*)[^\]]*\]/g, (_, symbol: string) => escaped(symbol))
    .replaceAll(/\[(?!h+\]|m+\]|s+\])[^\]]*\]/gi, '')
    .replaceAll(/[_*]./g, '')
    .split(/(?<!\\);/);
}

function escaped(literal: string): string {
  return literal.replaceAll(/./gu, '\\$&');
}

function isDateFormat(section: string): boolean {
  return /[dmyhs]/i.test(withoutLiterals(section)) && !/general/i.test(section);
}

function withoutLiterals(section: string): string {
  return section.replaceAll(/\\./gu, '');
}

/** Null for numbers that are no date. */
function shownDate(serial: number, section: string): string | null {
  if (!(serial >= 0 && serial <= LAST_DAY + 1)) return null;
  const pattern = withoutLiterals(section);
  const seconds = Math.round(serial * DAY_SECONDS);
  const days = Math.floor(seconds / DAY_SECONDS);
  const time = timeOf(/\[/.test(pattern) ? seconds : seconds - days * DAY_SECONDS, /s/i.test(pattern));
  const hasTime = /[hs]/i.test(pattern);
  if (hasTime && !/[dy]/i.test(pattern)) return time;
  // Day 60 of the 1900 system is a 29 February that never was: before it, days are one off.
  const day = new Date((days + (days < 60 ? 1 : 0) - DAYS_TO_1970) * DAY_SECONDS * 1000);
  const date = day.toISOString().slice(0, 10);
  return hasTime ? `${date} ${time}` : date;
}

function timeOf(seconds: number, withSeconds: boolean): string {
  const two = (value: number): string => String(Math.floor(value)).padStart(2, '0');
  const hoursAndMinutes = `${two(seconds / 3600)}:${two((seconds / 60) % 60)}`;
  return withSeconds ? `${hoursAndMinutes}:${two(seconds % 60)}` : hoursAndMinutes;
}

function withPattern(value: number, section: string): string {
  const literal = (part: string): string => part.replaceAll(/\\(.)/gu, '$1').replaceAll(/[#?0]/g, '');
  const found = /(?<!\\)[#?0][#?0,.]*/.exec(section);
  if (found === null) return /general|@/i.test(section) ? general(value) : literal(section).trim();
  const after = section.slice(found.index + found[0].length);
  const lead = literal(section.slice(0, found.index));
  // Scientific numbers and fractions lose nothing when written in full.
  if (/^e|^[ #?0]*\//i.test(after)) return `${lead}${general(value)}`.trim();
  const scaled = /%/.test(withoutLiterals(section)) ? value * 100 : value;
  return `${lead}${digits(scaled, found[0])}${literal(after)}`.trim();
}

/** `pattern` is the placeholders alone: `#,##0.00`. */
function digits(value: number, pattern: string): string {
  const [whole = '', decimals = ''] = pattern.split('.');
  const places = Math.min(decimals.replaceAll(',', '').length, MOST_DECIMALS);
  const needed = decimals.lastIndexOf('0') + 1;
  const thousands = pattern.length - pattern.replace(/,+$/, '').length;
  const [before = '', after = ''] = (value / 1000 ** thousands).toFixed(places).split('.');
  const grouped = /[#?0],[#?0]/.test(whole) ? before.replaceAll(/\B(?=(?:\d{3})+$)/g, ',') : before;
  const fraction = after.replace(/0+$/, '').padEnd(Math.min(needed, places), '0');
  return fraction === '' ? grouped : `${grouped}.${fraction}`;
}
