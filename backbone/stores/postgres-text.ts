import type { JsonObject } from '../content/model.ts';

/** Text that PostgreSQL can keep: without NUL, which it refuses, and without halves of surrogate pairs. */
export function storableText(text: string): string {
  return text.replaceAll('\0', '').toWellFormed();
}

/** The same for `jsonb`. */
export function storableJson(value: JsonObject): string {
  return JSON.stringify(value, (_, part: unknown) => (typeof part === 'string' ? storableText(part) : part));
}
