const ZONE = /(?:Z|[+-]\d{2}:?\d{2})$/i;

/**
 * The first instant of a date that is as precise as its source: `2026`, `2026-05`, a day, or a time, which
 * without a zone counts as UTC. For filters by time; the date itself is kept as it is. Null when there is none,
 * or none that a calendar has.
 */
export function publicationInstant(date: string | null): string | null {
  if (date === null) return null;
  const at = new Date(date.includes('T') && !ZONE.test(date) ? `${date}Z` : date);
  // Databases know no year 0, and write years of more than four digits in their own way.
  const year = at.getUTCFullYear();
  return year >= 1 && year <= 9999 ? at.toISOString() : null;
}
