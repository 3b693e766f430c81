import type { IncomingMessage } from 'node:http';
import { z } from 'zod';
import type { Caller, Scope } from '../access/api-keys.ts';
import type { ErrorCode } from '../error-table.ts';
import { AppError, type FieldError } from '../errors.ts';
import type { Logger } from '../logger.ts';
import { fieldErrorsOf, invalidRequest } from './problem.ts';
import { queryKinds, readQuery } from './query-values.ts';
import { nothing } from './schemas/common.ts';
import type { Services } from './services.ts';
import type { Streaming } from './stream-session.ts';

export type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';

/** What a handler may use beside its checked input. */
export interface RequestContext {
  readonly services: Services;
  /** `NOBODY` on routes without a scope. */
  readonly caller: Caller;
  readonly requestId: string;
  readonly traceparent: string | null;
  /** Aborts when the client has left. */
  readonly signal: AbortSignal;
  /** `HEAD` for a request that wants the headers of a `GET`. */
  readonly method: string;
  /** Query parameters and body parts together need it; everything else comes as input. */
  readonly request: IncomingMessage;
  readonly logger: Logger;
  readonly streaming: Streaming;
  /** Milliseconds of a clock that only goes forward. */
  readonly elapsed: () => number;
}

export const NOBODY: Caller = { keyId: '', userId: '', scopes: [] };

export interface Reply {
  readonly status: number;
  /** Sent as JSON, or as it is when it is a stream or text. Left out for answers without a body. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface ResponseSpec {
  readonly description: string;
  /** Left out for answers without a body. */
  readonly schema?: z.ZodType;
  /** `application/json` unless named. */
  readonly mediaType?: string;
}

/** `json`: read and checked before the handler runs. `raw`: the handler reads it; `content` describes it. */
export type RouteBody<B extends z.ZodType> =
  | { readonly kind: 'none'; readonly schema: B }
  | { readonly kind: 'json'; readonly schema: B; readonly limitBytes: number }
  | { readonly kind: 'raw'; readonly schema: B; readonly content: Readonly<Record<string, z.ZodType>> };

export interface RouteSpec<
  P extends z.ZodObject,
  Q extends z.ZodObject,
  H extends z.ZodObject,
  B extends z.ZodType,
> {
  /** `operationId` of the document. */
  readonly id: string;
  readonly method: Method;
  /** Template below the prefix: `/content/status/{job_id}`. */
  readonly path: string;
  readonly tag: string;
  readonly summary: string;
  /** Null: no key is asked for. */
  readonly scope: Scope | null;
  readonly params: P;
  readonly query: Q;
  readonly headers: H;
  readonly body: RouteBody<B>;
  readonly responses: Readonly<Record<number, ResponseSpec>>;
  /** What may go wrong beyond what every route can answer. */
  readonly errors: readonly ErrorCode[];
  readonly handler: (input: Input<P, Q, H, B>, context: RequestContext) => Promise<Reply>;
}

export interface Input<
  P extends z.ZodObject,
  Q extends z.ZodObject,
  H extends z.ZodObject,
  B extends z.ZodType,
> {
  readonly params: z.output<P>;
  readonly query: z.output<Q>;
  readonly headers: z.output<H>;
  readonly body: z.output<B>;
}

/** A request as it came in, apart from its body, which is parsed JSON or undefined. */
export interface RawInput {
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: unknown;
}

/** A route as data: what the router mounts, and what the document describes. */
export type Route = Omit<RouteSpec<z.ZodObject, z.ZodObject, z.ZodObject, z.ZodType>, 'handler'> & {
  /** Checks the input and runs the handler. @throws AppError invalid_request, not_found, and the route's own */
  readonly respond: (raw: RawInput, context: RequestContext) => Promise<Reply>;
};

/** For routes that take none of these: `{ ...NO_INPUT, query: ... }`. */
export const NO_INPUT = {
  params: nothing,
  query: nothing,
  headers: nothing,
  body: { kind: 'none', schema: z.undefined() },
  errors: [],
} as const;

/** A JSON body of at most 1 MB, or as much as is named. */
export function jsonBody<B extends z.ZodType>(schema: B, limitBytes = 1024 * 1024): RouteBody<B> {
  return { kind: 'json', schema, limitBytes };
}

export function route<
  P extends z.ZodObject,
  Q extends z.ZodObject,
  H extends z.ZodObject,
  B extends z.ZodType,
>(spec: RouteSpec<P, Q, H, B>): Route {
  const { handler, ...described } = spec;
  const kinds = queryKinds(spec.query);
  return {
    ...described,
    respond: (raw, context) => {
      const params = spec.params.safeParse(raw.params);
      // An id that cannot exist answers like one that does not.
      if (!params.success) throw new AppError('not_found');
      const given = readQuery(kinds, raw.query);
      const query = spec.query.safeParse(given.values);
      const headers = spec.headers.safeParse(headersFor(spec.headers, raw.headers));
      const body = spec.body.schema.safeParse(raw.body);
      if (query.success && headers.success && body.success && given.errors.length === 0) {
        const input = { params: params.data, query: query.data, headers: headers.data, body: body.data };
        return handler(input, context);
      }
      throw invalidRequest(refusals(given.errors, [query, headers, body]));
    },
  };
}

function refusals(
  errors: readonly FieldError[],
  parsed: readonly z.ZodSafeParseResult<unknown>[],
): FieldError[] {
  const told = new Set(errors.map((error) => error.field));
  const found = parsed.flatMap(({ error }) => (error === undefined ? [] : fieldErrorsOf(error)));
  return [...errors, ...found.filter((error) => !told.has(error.field))];
}

/** Only headers that the route reads; all others are the business of HTTP. */
function headersFor(schema: z.ZodObject, headers: IncomingMessage['headers']): Record<string, unknown> {
  const names = Object.keys(schema.shape);
  return Object.fromEntries(names.flatMap((name) => (name in headers ? [[name, headers[name]]] : [])));
}
