import type { Page } from '../api/services/page.ts';
import { AppError } from '../errors.ts';

/**
 * A position in a list ordered by a time and an id, as an opaque string. The time is exact only where its column
 * holds whole milliseconds, as a Date does: `timestamptz(3)`, or values that came from a Date.
 */
export interface Position {
  readonly at: Date;
  readonly id: string;
}

export function encodeCursor(position: Position): string {
  return Buffer.from(JSON.stringify([position.at.toISOString(), position.id])).toString('base64url');
}

/** One page, from rows of which one more than `limit` was asked for: whether there is another shows in that one. */
export function pageOf<T>(
  rows: readonly T[],
  page: { readonly limit: number; readonly total: number; readonly positionOf: (row: T) => Position },
): Page<T> {
  const items = rows.slice(0, page.limit);
  const last = rows.length > page.limit ? items.at(-1) : undefined;
  return { items, total: page.total, nextCursor: last ? encodeCursor(page.positionOf(last)) : null };
}

/** @throws AppError invalid_request */
export function decodeCursor(cursor: string): Position {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    if (!Array.isArray(parsed) || parsed.length !== 2) throw new Error('not a pair');
    const [at, id] = parsed as readonly unknown[];
    if (typeof at !== 'string' || typeof id !== 'string' || Number.isNaN(Date.parse(at)))
      throw new Error('not a position');
    return { at: new Date(at), id };
  } catch (error) {
    throw new AppError('invalid_request', {
      fields: [{ field: 'cursor', message: 'Use next_cursor of the page before, unchanged' }],
      cause: error,
    });
  }
}
