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
