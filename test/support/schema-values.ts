import fc from 'fast-check';
import type { JsonSchema } from '../../backbone/api/openapi.ts';

export type Resolve = (ref: string) => JsonSchema;

/** Values that a JSON schema accepts, as far as our document's keywords go. Patterns are met by samples alone. */
export function valuesOf(schema: JsonSchema, resolve: Resolve, depth = 0): fc.Arbitrary<unknown> {
  const ref = schema['$ref'];
  if (typeof ref === 'string') return valuesOf(resolve(ref), resolve, depth);
  if ('const' in schema) return fc.constant(schema['const']);
  if (Array.isArray(schema['enum'])) return fc.constantFrom(...(schema['enum'] as unknown[]));
  const choices = schema['anyOf'];
  if (Array.isArray(choices))
    return fc.oneof(...choices.map((one) => valuesOf(one as JsonSchema, resolve, depth)));
  switch (schema['type']) {
    case 'string':
      return texts(schema);
    case 'integer':
      return fc.integer({ min: number(schema, 'minimum', -1000), max: number(schema, 'maximum', 10_000) });
    case 'number':
      return fc.double({
        min: number(schema, 'minimum', -1000),
        max: number(schema, 'maximum', 1000),
        noNaN: true,
      });
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    case 'array':
      return fc.array(valuesOf((schema['items'] ?? {}) as JsonSchema, resolve, depth + 1), {
        minLength: number(schema, 'minItems', 0),
        maxLength: Math.min(number(schema, 'maxItems', 3), 4),
      });
    case 'object':
      return objects(schema, resolve, depth);
    default:
      return depth > 3 ? fc.constant(1) : fc.jsonValue({ maxDepth: 2 });
  }
}

function texts(schema: JsonSchema): fc.Arbitrary<string> {
  if (schema['format'] === 'date-time')
    return fc.constantFrom('2026-01-02T03:04:05Z', '2026-01-02T03:04:05+01:00');
  if (schema['format'] === 'date') return fc.constantFrom('2026-01-02', '2024-02-29');
  if (schema['format'] === 'binary') return fc.string({ minLength: 1, maxLength: 50 });
  const maxLength = Math.min(number(schema, 'maxLength', 40), 40);
  const digits = fc.nat().map(String);
  const words = fc.string({ minLength: number(schema, 'minLength', 0), maxLength, unit: 'grapheme' });
  return 'pattern' in schema ? fc.oneof(digits, words) : words;
}

function objects(schema: JsonSchema, resolve: Resolve, depth: number): fc.Arbitrary<unknown> {
  const properties = Object.entries((schema['properties'] ?? {}) as Record<string, JsonSchema>);
  const required = (schema['required'] ?? []) as string[];
  const known = fc.record(
    Object.fromEntries(properties.map(([name, one]) => [name, valuesFor(name, one, resolve, depth + 1)])),
    { requiredKeys: required },
  );
  const free = schema['additionalProperties'];
  if (typeof free !== 'object' || free === null) return known;
  const more = fc.dictionary(fc.string({ maxLength: 8 }), valuesOf(free as JsonSchema, resolve, depth + 1), {
    maxKeys: 3,
  });
  return fc.tuple(known, more).map(([fixed, extra]) => ({ ...extra, ...fixed }));
}

/** Never a place outside this machine: what is accepted is really fetched. Port 9 discards or refuses. */
const GOOD_ADDRESSES = ['http://localhost:9/', 'http://localhost:9/a?b=c#d'];
const BAD_ADDRESSES = ['http://127.0.0.1:9/a', 'ftp://127.0.0.1/', 'not an address', ''];

export function valuesFor(
  name: string,
  schema: JsonSchema,
  resolve: Resolve,
  depth = 0,
): fc.Arbitrary<unknown> {
  if (/url$/.test(name))
    return fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom(...GOOD_ADDRESSES) },
      fc.constantFrom(...BAD_ADDRESSES),
    );
  if (name === 'content_type') return fc.constantFrom('webpage', 'document', 'nonsense');
  return valuesOf(schema, resolve, depth);
}

function number(schema: JsonSchema, keyword: string, fallback: number): number {
  const value = schema[keyword];
  return typeof value === 'number' ? value : fallback;
}
