import type { Readable } from 'node:stream';
import { AppError, type FieldError } from '../errors.ts';
import { invalidRequest } from './problem.ts';

/** Deeper JSON is refused: nothing of ours needs it, and recursive code after us stays safe. */
export const MAX_JSON_DEPTH = 32;
/** Values in one body, so that a megabyte of `[[],[],...]` costs no more than a megabyte of text. */
const MAX_JSON_VALUES = 200_000;

/**
 * Reads the whole body, at most `limitBytes` of it.
 * @throws AppError body_too_large
 */
export async function readBytes(body: Readable, limitBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    sizeBytes += chunk.length;
    if (sizeBytes > limitBytes) throw tooLarge(limitBytes);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

export function tooLarge(limitBytes: number): AppError {
  return new AppError('body_too_large', { params: { limit: `${limitBytes / 1024 / 1024} MB` } });
}

/**
 * Parses UTF-8 JSON from outside. Beyond what JSON itself allows, it must be storable: no NUL, no lone
 * surrogates (PostgreSQL refuses both), no `__proto__`, and bounded depth and count.
 * @param field stands before the paths of field errors
 * @throws AppError malformed_json, invalid_request
 */
export function parseJson(bytes: Uint8Array, field = ''): unknown {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new AppError('malformed_json', { cause });
  }
  const fault = faultIn(value, field);
  if (fault !== null) throw invalidRequest([fault]);
  return value;
}

interface Visit {
  readonly value: unknown;
  readonly path: string;
  readonly depth: number;
}

/** The first thing that may not be stored, or null. Iterative: depth is what it is here to judge. */
function faultIn(root: unknown, field: string): FieldError | null {
  const open: Visit[] = [{ value: root, path: field, depth: 0 }];
  let seen = 0;
  for (let visit = open.pop(); visit !== undefined; visit = open.pop()) {
    seen += 1;
    if (seen > MAX_JSON_VALUES) return { field: visit.path, message: 'has too many values' };
    if (visit.depth > MAX_JSON_DEPTH) return { field: visit.path, message: 'is nested too deeply' };
    if (typeof visit.value === 'string') {
      const message = textFault(visit.value);
      if (message !== null) return { field: visit.path, message };
    } else if (typeof visit.value === 'object' && visit.value !== null) {
      for (const [key, value] of Object.entries(visit.value as Record<string, unknown>)) {
        if (key === '__proto__' || textFault(key) !== null)
          return { field: visit.path, message: 'has a name that cannot be used' };
        const path = visit.path === '' ? key : `${visit.path}.${key}`;
        open.push({ value, path: path.slice(0, 200), depth: visit.depth + 1 });
      }
    }
  }
  return null;
}

/** Why a text cannot be stored, or null. */
export function textFault(text: string): string | null {
  if (text.includes('\0')) return 'holds a NUL character';
  return text.isWellFormed() ? null : 'holds half of a surrogate pair';
}
