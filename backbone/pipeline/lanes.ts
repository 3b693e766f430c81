/** Priorities and the lanes that carry them. Pure. */

export const LANES = ['urgent', 'normal', 'bulk'] as const;
export type Lane = (typeof LANES)[number];

export const HIGHEST_PRIORITY = 1;
export const LOWEST_PRIORITY = 10;
export const DEFAULT_PRIORITY = 5;
export const REPROCESS_PRIORITY = 1;
/** The first of the lane `bulk`. */
export const BULK_PRIORITY = 8;

/** Priority 1 comes first, 10 last. */
export function laneOf(priority: number): Lane {
  if (priority <= 3) return 'urgent';
  return priority < BULK_PRIORITY ? 'normal' : 'bulk';
}
