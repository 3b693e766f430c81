import { ERRORS, type ErrorCode, type ErrorEntry, type ErrorKind } from './error-table.ts';

export interface FieldError {
  /** Path of the field, dots between its parts: `items.3.url`. */
  readonly field: string;
  readonly message: string;
}

export interface ErrorOptions {
  /** Values for the placeholders of message and hint. */
  readonly params?: Readonly<Record<string, string | number>>;
  readonly fields?: readonly FieldError[];
  readonly cause?: unknown;
  /** For throttled errors: how long the source asks us to wait. */
  readonly retryAfterMs?: number;
}

/** A failure of the table in `error-table.ts`. Anything else that is thrown is a defect and answers `internal_error`. */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly code: ErrorCode;
  readonly kind: ErrorKind;
  readonly status: number;
  readonly hint: string;
  /** What message and hint were filled with, so that the error can be made anew on the other side of a thread. */
  readonly params: Readonly<Record<string, string | number>>;
  readonly fields: readonly FieldError[];
  readonly retryAfterMs: number | null;

  constructor(code: ErrorCode, options: ErrorOptions = {}) {
    const entry: ErrorEntry = ERRORS[code];
    super(fill(entry.message, options.params ?? {}), { cause: options.cause });
    this.code = code;
    this.kind = entry.kind;
    this.status = entry.status;
    this.hint = fill(entry.hint, options.params ?? {});
    this.params = options.params ?? {};
    this.fields = options.fields ?? [];
    this.retryAfterMs = options.retryAfterMs ?? null;
  }
}

/** A refused item of several, as it is told beside the items that were taken. */
export interface ItemError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint: string;
  /** Field errors of a refused request item; empty otherwise. */
  readonly fields: readonly FieldError[];
}

export function itemErrorOf({ code, message, hint, fields }: AppError): ItemError {
  return { code, message, hint, fields };
}

/** The error itself when it is one of ours, else `fallback` with the original as its cause. */
export function asAppError(error: unknown, fallback: ErrorCode, params?: ErrorOptions['params']): AppError {
  if (error instanceof AppError) return error;
  return new AppError(fallback, { cause: error, ...(params ? { params } : {}) });
}

export function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(ERRORS, code);
}

function fill(template: string, params: Readonly<Record<string, string | number>>): string {
  return template.replaceAll(/\{(\w+)\}/g, (whole, name: string) => String(params[name] ?? whole));
}
