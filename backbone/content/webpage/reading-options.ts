/** Options of one reading, from the untyped object that a parse worker gets. */
import type { JsonObject } from '../model.ts';

export interface ReadingOptions {
  /** Dates after this moment are not believed. */
  readonly now: Date;
  /** Longest page, in bytes as stored and in characters as decoded. Setting MAX_PAGE_MB. */
  readonly maxPageBytes: number;
}

export const DEFAULT_MAX_PAGE_BYTES = 20 * 1024 * 1024;

/** `now`: ISO 8601, default the present; `maxPageBytes`: a positive number. What cannot be used counts as absent. */
export function readingOptions(options: JsonObject): ReadingOptions {
  const now = typeof options['now'] === 'string' ? new Date(options['now']) : new Date();
  const limit = options['maxPageBytes'];
  return {
    now: Number.isNaN(now.getTime()) ? new Date() : now,
    maxPageBytes: typeof limit === 'number' && limit > 0 ? limit : DEFAULT_MAX_PAGE_BYTES,
  };
}
