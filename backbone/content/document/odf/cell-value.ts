/** Cells that have a value and no text: programs that write files without ever showing them leave it out. */

/** `attributeOf` takes names without their prefixes. Empty for a cell without a value. */
export function storedValue(attributeOf: (name: string) => string | undefined): string {
  const number = attributeOf('value') ?? '';
  switch (attributeOf('value-type')) {
    case 'float':
      return number;
    case 'percentage':
      return number.trim() === '' || !Number.isFinite(Number(number)) ? number : percentage(Number(number));
    case 'currency':
      return `${number} ${attributeOf('currency') ?? ''}`;
    case 'date':
      return (attributeOf('date-value') ?? '').replace('T', ' ');
    case 'time':
      return timeOf(attributeOf('time-value') ?? '');
    case 'boolean':
      return (attributeOf('boolean-value') ?? '').toUpperCase();
    default:
      return attributeOf('string-value') ?? '';
  }
}

/** Fifteen digits are what a cell keeps; more come from binary fractions. */
function percentage(value: number): string {
  return `${Number((value * 100).toPrecision(15))}%`;
}

/** `PT10H30M05S` as 10:30:05; other durations as they are. */
function timeOf(duration: string): string {
  const [, hours, minutes, seconds] = /^PT(\d{1,6})H(\d{1,2})M(\d{1,2})(?:[.,]\d+)?S$/.exec(duration) ?? [];
  if (hours === undefined || minutes === undefined || seconds === undefined) return duration;
  return [hours, minutes, seconds].map((part) => part.padStart(2, '0')).join(':');
}
