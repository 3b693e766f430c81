/** What a parse thread and its owner say to each other, as data that survives structured cloning. */
import type { ErrorCode } from '../../error-table.ts';
import { AppError, type FieldError } from '../../errors.ts';

export interface ParseRequest {
  /** A `file:` URL of a module of ours. Never comes from outside. */
  readonly moduleUrl: string;
  /** Name of its function `(input, events) => Promise<result>`. */
  readonly exportName: string;
  /** Must survive structured cloning, and so must the result. */
  readonly input: unknown;
}

export type ParseReply =
  | { readonly kind: 'progress'; readonly done: number; readonly total: number }
  | { readonly kind: 'more-time'; readonly ms: number }
  | { readonly kind: 'done'; readonly result: unknown }
  | { readonly kind: 'refused'; readonly error: AppErrorRecord }
  | { readonly kind: 'crashed'; readonly cause: string };

/** An `AppError` on its way between threads. */
export interface AppErrorRecord {
  readonly code: ErrorCode;
  readonly params: Readonly<Record<string, string | number>>;
  readonly fields: readonly FieldError[];
  readonly retryAfterMs: number | null;
  readonly cause: string | null;
}

export function recordOf(error: AppError): AppErrorRecord {
  return {
    code: error.code,
    params: error.params,
    fields: error.fields,
    retryAfterMs: error.retryAfterMs,
    cause: error.cause === undefined ? null : describeThrown(error.cause),
  };
}

export function appErrorOf(record: AppErrorRecord): AppError {
  return new AppError(record.code, {
    params: record.params,
    fields: record.fields,
    ...(record.retryAfterMs === null ? {} : { retryAfterMs: record.retryAfterMs }),
    ...(record.cause === null ? {} : { cause: new Error(record.cause) }),
  });
}

/** Whatever was thrown, as text for the log: the stack where there is one. */
export function describeThrown(thrown: unknown): string {
  if (thrown instanceof Error) return thrown.stack ?? thrown.message;
  try {
    return String(thrown);
  } catch {
    return 'a value that cannot be shown';
  }
}
