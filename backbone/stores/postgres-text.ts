/** Text that PostgreSQL can keep: without NUL, which it refuses, and without halves of surrogate pairs. */
export function storableText(text: string): string {
  return text.replaceAll('\0', '').toWellFormed();
}

/** How `JSON.stringify` writes the two, alone or, harmlessly, as part of a longer text. */
const REFUSED_ESCAPE = /\\u(?:0000|d[89a-f])/;

/** The same for `jsonb`: every text in it, but no name of a field. */
export function storableJson(value: object): string {
  const json = JSON.stringify(value);
  if (!REFUSED_ESCAPE.test(json)) return json;
  return JSON.stringify(value, (_, part: unknown) => (typeof part === 'string' ? storableText(part) : part));
}
