import { z } from 'zod';
import { ERRORS, type ErrorCode, type ErrorEntry } from '../error-table.ts';
import { PROBLEM_TYPE } from './problem.ts';
import type { ResponseSpec, Route } from './route.ts';
import { components, problem } from './schemas/common.ts';

export type JsonSchema = Readonly<Record<string, unknown>>;

export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required: boolean;
  readonly schema: JsonSchema;
  readonly style?: string;
  readonly explode?: boolean;
}

export type MediaTypes = Readonly<Record<string, { readonly schema: JsonSchema }>>;

export interface Operation {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly summary: string;
  readonly security: readonly Readonly<Record<string, readonly string[]>>[];
  readonly 'x-scope': string | null;
  readonly parameters: readonly Parameter[];
  readonly requestBody?: { readonly required: boolean; readonly content: MediaTypes };
  readonly responses: Readonly<
    Record<string, { readonly description: string; readonly content?: MediaTypes }>
  >;
}

export interface OpenApiDocument {
  readonly openapi: '3.1.0';
  readonly info: Readonly<Record<string, unknown>>;
  readonly servers: readonly { readonly url: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: {
    readonly securitySchemes: Readonly<Record<string, unknown>>;
    readonly schemas: Readonly<Record<string, JsonSchema>>;
  };
}

/** The document of every route, from the very schemas that check the requests and shape the answers. */
export function openApiDocument(routes: readonly Route[], prefix: string): OpenApiDocument {
  const schemas = new Map<string, JsonSchema>();
  const paths: Record<string, Record<string, Operation>> = {};
  for (const route of routes)
    (paths[route.path] ??= {})[route.method.toLowerCase()] = operationOf(route, schemas);
  return {
    openapi: '3.1.0',
    info: {
      title: 'Content ingestion',
      version: '1',
      description:
        'Errors are problem documents (RFC 9457). Times are ISO 8601 in UTC. A job can also be followed over WebSocket at the address of followStatus, with the key in the header or as the subprotocol "bearer.KEY".',
    },
    servers: [{ url: prefix }],
    paths,
    components: {
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer' },
        apiKey: { type: 'apiKey', in: 'header', name: 'X-API-Key' },
      },
      schemas: Object.fromEntries([...schemas].sort(([a], [b]) => (a < b ? -1 : 1))),
    },
  };
}

type Schemas = Map<string, JsonSchema>;

function operationOf(route: Route, schemas: Schemas): Operation {
  const requestBody = requestBodyOf(route, schemas);
  return {
    operationId: route.id,
    tags: [route.tag],
    summary: route.summary,
    security: route.scope === null ? [] : [{ bearer: [] }, { apiKey: [] }],
    'x-scope': route.scope,
    parameters: [
      ...parametersOf(route.params, 'path', schemas),
      ...parametersOf(route.query, 'query', schemas),
      ...parametersOf(route.headers, 'header', schemas),
    ],
    ...(requestBody === null ? {} : { requestBody }),
    responses: { ...successes(route, schemas), ...failures(route, schemas) },
  };
}

function parametersOf(schema: z.ZodObject, place: Parameter['in'], schemas: Schemas): Parameter[] {
  const { properties = {}, required = [] } = jsonSchema(schema, 'input', schemas) as {
    readonly properties?: Readonly<Record<string, JsonSchema>>;
    readonly required?: readonly string[];
  };
  return Object.entries(properties).map(([name, one]) => ({
    name,
    in: place,
    required: required.includes(name),
    schema: one,
    ...(one['type'] === 'array' ? { style: 'form', explode: false } : {}),
  }));
}

function requestBodyOf({ body }: Route, schemas: Schemas): NonNullable<Operation['requestBody']> | null {
  if (body.kind === 'none') return null;
  const content = body.kind === 'json' ? { 'application/json': body.schema } : body.content;
  return {
    required: body.kind === 'json',
    content: Object.fromEntries(
      Object.entries(content).map(([type, schema]) => [
        type,
        { schema: jsonSchema(schema, 'input', schemas) },
      ]),
    ),
  };
}

function successes(route: Route, schemas: Schemas): Operation['responses'] {
  return Object.fromEntries(
    Object.entries(route.responses).map(([status, spec]) => [status, successOf(spec, schemas)]),
  );
}

function successOf(
  { description, schema, mediaType }: ResponseSpec,
  schemas: Schemas,
): Operation['responses'][string] {
  if (schema === undefined) return { description };
  const content = { [mediaType ?? 'application/json']: { schema: jsonSchema(schema, 'output', schemas) } };
  return { description, content };
}

/** Every status that the route's errors have, with their codes, and `default` for those of any route. */
function failures(route: Route, schemas: Schemas): Operation['responses'] {
  const content = { [PROBLEM_TYPE]: { schema: jsonSchema(problem, 'output', schemas) } };
  const byStatus = Map.groupBy(errorsOf(route), (code) => statusOf(code));
  const named = [...byStatus]
    .filter(([status]) => !(status in route.responses))
    .map(([status, codes]) => [String(status), { description: codes.join(', '), content }] as const);
  return { ...Object.fromEntries(named), default: { description: 'Any other problem', content } };
}

function errorsOf(route: Route): readonly ErrorCode[] {
  const key: readonly ErrorCode[] = route.scope === null ? [] : ['unauthorized', 'forbidden'];
  const body: readonly ErrorCode[] =
    route.body.kind === 'none' ? [] : ['malformed_json', 'body_too_large', 'unsupported_media_type'];
  return [...new Set([...key, ...body, 'invalid_request' as const, ...route.errors])];
}

function statusOf(code: ErrorCode): number {
  const entry: ErrorEntry = ERRORS[code];
  return entry.status;
}

const DEFINITION = '#/$defs/';

/** Named parts move to the components of the document. */
function jsonSchema(schema: z.ZodType, io: 'input' | 'output', schemas: Schemas): JsonSchema {
  const { $defs = {}, ...root } = z.toJSONSchema(schema, { metadata: components, io });
  for (const [id, definition] of Object.entries($defs)) schemas.set(id, bare(definition));
  return bare(root);
}

/** Without the name, which the place in the document says, and the dialect, which is that of the document. */
function bare(schema: object): JsonSchema {
  const members = Object.entries(schema).filter(([name]) => name !== 'id' && name !== '$schema');
  return relocated(Object.fromEntries(members)) as JsonSchema;
}

function relocated(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(relocated);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) =>
      name === '$ref' && typeof one === 'string'
        ? [name, one.replace(DEFINITION, '#/components/schemas/')]
        : [name, relocated(one)],
    ),
  );
}
