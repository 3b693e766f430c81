import { z } from 'zod';
import type { FieldError } from '../errors.ts';
import { textFault } from './json-body.ts';

type Kind = 'text' | 'number' | 'boolean' | 'list';

/** What each parameter of a query string becomes before its schema judges it. */
export type QueryKinds = ReadonlyMap<string, Kind>;

interface JsonSchema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
}

/** Read from the schema itself, so that the document, the conversion and the check cannot disagree. */
export function queryKinds(schema: z.ZodObject): QueryKinds {
  const { properties } = z.toJSONSchema(schema, { io: 'input' }) as JsonSchema;
  return new Map(Object.entries(properties ?? {}).map(([name, one]) => [name, kindOf(one.type)]));
}

function kindOf(type: string | undefined): Kind {
  switch (type) {
    case 'integer':
    case 'number':
      return 'number';
    case 'boolean':
      return 'boolean';
    case 'array':
      return 'list';
    default:
      return 'text';
  }
}

export interface QueryValues {
  readonly values: Readonly<Record<string, unknown>>;
  readonly errors: readonly FieldError[];
}

/**
 * The values of a query string. Lists may be repeated or parted by commas; anything else given twice is an
 * error. What does not look like a number or a boolean stays text, which the schema then refuses.
 */
export function readQuery(kinds: QueryKinds, params: URLSearchParams): QueryValues {
  const values = new Map<string, unknown>();
  const errors: FieldError[] = [];
  for (const name of new Set(params.keys())) {
    const texts = params.getAll(name);
    const kind = kinds.get(name) ?? 'text';
    const fault = texts.map(textFault).find((one) => one !== null) ?? null;
    if (fault !== null) errors.push({ field: name, message: fault });
    else if (kind === 'list') values.set(name, texts.flatMap(listItems));
    else if (texts.length > 1) errors.push({ field: name, message: 'is given more than once' });
    else values.set(name, valueOf(kind, texts[0] ?? ''));
  }
  return { values: Object.fromEntries(values), errors };
}

function listItems(text: string): string[] {
  return text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

function valueOf(kind: Kind, text: string): unknown {
  if (kind === 'number') return /^-?\d{1,15}(?:\.\d{1,15})?$/.test(text) ? Number(text) : text;
  if (kind !== 'boolean') return text;
  if (text === 'true') return true;
  return text === 'false' ? false : text;
}
