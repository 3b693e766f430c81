import { z } from 'zod';
import type { JsonValue } from '../../content/model.ts';

/** Names under which the OpenAPI document lists the shapes that several answers share. */
export const components = z.registry<{ readonly id: string; readonly [keyword: string]: unknown }>();

/** Gives a schema its name in the OpenAPI document. */
export function named<T extends z.ZodType>(id: string, schema: T): T {
  components.add(schema, { id });
  return schema;
}

export const MAX_PAGE = 100;
export const DEFAULT_PAGE = 20;
export const MAX_OFFSET = 10_000;
export const MAX_QUERY_LENGTH = 1000;

/** Any JSON. Bodies reach the schemas from `JSON.parse`, so the type only says what is known already. */
const json: z.ZodType<JsonValue> = z.any();
export const jsonObject = z.record(z.string(), json);

/* In */

/** A path segment; anything that could not be an id answers like an unknown one. */
export const pathId = z
  .string()
  .min(1)
  .max(512)
  .regex(/^\P{Cc}+$/u);
export const shortText = z.string().min(1).max(200);
export const idText = z.string().min(1).max(512);
/** Whether it is an address that may be used is decided by `url-rules.ts`, which has a code for each fault. */
export const address = z.string().max(4096);
export const dateOrTime = z.union([z.iso.datetime({ offset: true }), z.iso.date()]);
export const limit = z.int().min(1).max(MAX_PAGE).default(DEFAULT_PAGE);
export const cursor = z.string().min(1).max(1024).optional();
export const offset = z.int().min(0).max(MAX_OFFSET).optional();
export const page = { limit, cursor };
export const nothing = z.strictObject({});

export function asDate(text: string | undefined): Date | undefined {
  return text === undefined ? undefined : new Date(text);
}

/* Out */

export const time = z.string().meta({ format: 'date-time' });
export const nullableTime = time.nullable();
export const nullableText = z.string().nullable();
export const count = z.int().min(0);

/** A page of a list. `total` counts all pages. */
export function listOf<T extends z.ZodType>(
  item: T,
): z.ZodObject<{ total: typeof count; items: z.ZodArray<T>; next_cursor: typeof nullableText }> {
  return z.object({ total: count, items: z.array(item), next_cursor: nullableText });
}

export const fieldError = named('FieldError', z.object({ field: z.string(), message: z.string() }));

export const problem = named(
  'Problem',
  z.object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.string(),
    hint: z.string(),
    errors: z.array(fieldError),
    request_id: z.string(),
  }),
);
export type Problem = z.output<typeof problem>;

/** Why one item of several was refused. */
export const itemError = named(
  'ItemError',
  z.object({ code: z.string(), message: z.string(), hint: z.string(), errors: z.array(fieldError) }),
);
export type ItemProblem = z.output<typeof itemError>;

export const locator = named(
  'Locator',
  z.object({
    page: z.int().optional(),
    page_label: z.string().optional(),
    heading_path: z.array(z.string()).optional(),
    start_seconds: z.number().optional(),
    end_seconds: z.number().optional(),
    speaker: z.string().optional(),
    chapter: z.string().optional(),
    cfi: z.string().optional(),
    href: z.string().optional(),
    slide: z.int().optional(),
    sheet: z.string().optional(),
    cell: z.string().optional(),
    line: z.int().optional(),
  }),
);
export type LocatorShape = z.output<typeof locator>;

export const warning = named('Warning', z.object({ code: z.string(), message: z.string() }));
