import type { z } from 'zod';
import { AppError, type FieldError, type ItemError } from '../errors.ts';
import type { ItemProblem, Problem } from './schemas/common.ts';

export const PROBLEM_TYPE = 'application/problem+json';

/** The document of RFC 9457 for an error of ours. */
export function problemOf(error: AppError, requestId: string): Problem {
  return {
    type: `urn:content-ingestion:problem:${error.code}`,
    title: titleOf(error.code),
    status: error.status,
    detail: error.message,
    code: error.code,
    hint: error.hint,
    errors: error.fields.map(({ field, message }) => ({ field, message })),
    request_id: requestId,
  };
}

/** Seconds for a `Retry-After` header, or null where waiting is no remedy. */
export function retryAfterSeconds(error: AppError): number | null {
  if (error.retryAfterMs !== null) return Math.ceil(error.retryAfterMs / 1000);
  return error.status === 503 || error.status === 429 ? 5 : null;
}

export function presentItemError({ code, message, hint, fields }: ItemError): ItemProblem {
  return { code, message, hint, errors: fields.map((one) => ({ field: one.field, message: one.message })) };
}

export function invalidRequest(fields: readonly FieldError[]): AppError {
  return new AppError('invalid_request', { fields });
}

/** At most this many field errors are told. */
const MAX_FIELDS = 50;

/** What zod found, as fields a caller can look for. `prefix` stands before each path. */
export function fieldErrorsOf(error: z.ZodError, prefix = ''): FieldError[] {
  return error.issues.flatMap((issue) => fieldsOf(issue, prefix)).slice(0, MAX_FIELDS);
}

function fieldsOf(issue: z.core.$ZodIssue, prefix: string): FieldError[] {
  const path = [...(prefix === '' ? [] : [prefix]), ...issue.path.map(String)];
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({ field: [...path, key].join('.'), message: 'is not a known field' }));
  return [{ field: path.join('.'), message: messageOf(issue) }];
}

function messageOf(issue: z.core.$ZodIssue): string {
  return issue.message.endsWith('received undefined') ? 'is required' : issue.message;
}

function titleOf(code: string): string {
  const words = code.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
