import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import fc from 'fast-check';
import type { JsonSchema, OpenApiDocument, Operation, Parameter } from '../../backbone/api/openapi.ts';
import { valuesFor, type Resolve } from './schema-values.ts';

export interface FuzzOptions {
  /** Requests to make. */
  readonly runs: number;
  readonly seed?: number;
  /** Ids that exist, by the name of the path parameter, so that some requests find something. */
  readonly known?: Readonly<Record<string, readonly string[]>>;
}

export interface FuzzReport {
  /** How often each status was answered, by `operationId status`. */
  readonly answers: ReadonlyMap<string, number>;
}

interface FuzzRequest {
  readonly operation: Operation;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | FormData | undefined;
}

const MAX_BODY_CHARS = 5_000_000;

/**
 * Makes requests from the server's own OpenAPI document, valid and broken ones, and holds every answer
 * against it. Fails, with the smallest request that shows it, on any 5xx (503 of `/readyz` apart), on a
 * status that the document does not name and is no problem document, and on a body that does not match.
 * @param baseUrl with the prefix: `http://127.0.0.1:8480/api`
 */
export async function fuzzApi(baseUrl: string, key: string, options: FuzzOptions): Promise<FuzzReport> {
  const document = (await (await fetch(`${baseUrl}/openapi.json`)).json()) as OpenApiDocument;
  const check = answerChecker(document);
  const answers = new Map<string, number>();
  await fc.assert(
    fc.asyncProperty(requestsFor(document, options.known ?? {}), async (request) => {
      const response = await fetch(baseUrl + request.path, {
        method: request.method,
        headers: { authorization: `Bearer ${key}`, ...request.headers },
        ...(request.body === undefined ? {} : { body: request.body }),
      });
      const name = `${request.operation.operationId} ${response.status}`;
      answers.set(name, (answers.get(name) ?? 0) + 1);
      await check(request.operation, response);
    }),
    {
      numRuns: options.runs,
      endOnFailure: true,
      ...(options.seed === undefined ? {} : { seed: options.seed }),
    },
  );
  return { answers };
}

/* Requests */

function requestsFor(
  document: OpenApiDocument,
  known: Readonly<Record<string, readonly string[]>>,
): fc.Arbitrary<FuzzRequest> {
  const resolve = resolverOf(document);
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) =>
      requestFor(path, method.toUpperCase(), operation, { resolve, known }),
    ),
  );
  return fc.oneof(...operations);
}

interface Sources {
  readonly resolve: Resolve;
  readonly known: Readonly<Record<string, readonly string[]>>;
}

function requestFor(
  path: string,
  method: string,
  operation: Operation,
  sources: Sources,
): fc.Arbitrary<FuzzRequest> {
  const place = (where: Parameter['in']): readonly Parameter[] =>
    operation.parameters.filter((parameter) => parameter.in === where);
  return fc
    .record({
      segments: fc.record(
        Object.fromEntries(place('path').map(({ name }) => [name, segments(name, sources)])),
      ),
      query: queries(place('query'), sources),
      headers: headersFor(place('header'), sources),
      body: bodies(operation, sources),
    })
    .map(({ segments: values, query, headers, body }) => ({
      operation,
      method,
      path:
        path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(values[name] ?? '')) + query,
      headers: { ...headers, ...body.headers },
      body: body.body,
    }));
}

function segments(name: string, { known }: Sources): fc.Arbitrary<string> {
  // A dot segment would make another address of it before it leaves the client.
  const strange = fc
    .string({ minLength: 1, maxLength: 30, unit: 'binary' })
    .filter((text) => !/^\.{1,2}$/.test(text) && text.isWellFormed());
  const existing = known[name] ?? [];
  return existing.length === 0
    ? strange
    : fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...existing) }, strange);
}

function queries(parameters: readonly Parameter[], { resolve }: Sources): fc.Arbitrary<string> {
  const required = parameters.filter((parameter) => parameter.required).map(({ name }) => name);
  const right = fc.record(
    Object.fromEntries(
      parameters.map(({ name, schema }) => [name, valuesFor(name, schema, resolve).map(queryText)]),
    ),
    { requiredKeys: required },
  );
  const names = [...parameters.map(({ name }) => name), 'unknown'];
  const wrong = fc.dictionary(fc.constantFrom(...names), fc.string({ maxLength: 20, unit: 'binary' }), {
    maxKeys: 3,
  });
  const rightOnly = right.map((values) => ({ ...values }));
  return fc
    .oneof({ weight: 3, arbitrary: rightOnly }, { weight: 1, arbitrary: wrong })
    .map((values) => new URLSearchParams(values as Record<string, string>).toString())
    .map((text) => (text === '' ? '' : `?${text}`));
}

function queryText(value: unknown): string {
  return Array.isArray(value) ? value.join(',') : String(value);
}

function headersFor(
  parameters: readonly Parameter[],
  { resolve }: Sources,
): fc.Arbitrary<Record<string, string>> {
  const values = fc.string({ maxLength: 30 }).filter((text) => text.trim() === text);
  const right = (schema: JsonSchema): fc.Arbitrary<string> =>
    valuesFor('', schema, resolve)
      .map(String)
      .filter((text) => /^[!-~]*$/.test(text));
  const own = Object.fromEntries(
    parameters.map(({ name, schema }) => [
      name,
      fc.oneof({ weight: 3, arbitrary: right(schema) }, { weight: 1, arbitrary: values }),
    ]),
  );
  return fc
    .record(
      { ...own, 'x-request-id': values, authorization: fc.constant('Bearer nobody') },
      { requiredKeys: [] },
    )
    .map((headers) => headers as Record<string, string>)
    .chain((headers) =>
      // Most requests keep the right key.
      fc.nat(9).map((dice) => {
        const { authorization, ...rest } = headers;
        return dice === 0 && authorization !== undefined ? headers : rest;
      }),
    );
}

interface Body {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | FormData | undefined;
}

const NO_BODY: Body = { headers: {}, body: undefined };

function bodies({ requestBody }: Operation, { resolve }: Sources): fc.Arbitrary<Body> {
  if (requestBody === undefined) return fc.constant(NO_BODY);
  const kinds = Object.entries(requestBody.content).map(([mediaType, { schema }]) => {
    const values = valuesFor('', schema, resolve);
    if (mediaType === 'multipart/form-data') return values.map(formOf);
    if (mediaType !== 'application/json') return values.map((value) => bodyOf(mediaType, String(value)));
    return fc.oneof(
      { weight: 4, arbitrary: values.map((value) => bodyOf(mediaType, JSON.stringify(value))) },
      { weight: 2, arbitrary: values.chain(broken).map((value) => bodyOf(mediaType, JSON.stringify(value))) },
      { weight: 1, arbitrary: fc.string({ maxLength: 50 }).map((text) => bodyOf(mediaType, text)) },
      { weight: 1, arbitrary: fc.json().map((text) => bodyOf(mediaType, text)) },
    );
  });
  const strange = fc.constantFrom(bodyOf('application/x-nothing', 'x'), bodyOf('text/plain', '{}'), NO_BODY);
  return fc.oneof({ weight: 8, arbitrary: fc.oneof(...kinds) }, { weight: 1, arbitrary: strange });
}

function bodyOf(mediaType: string, body: string): Body {
  return { headers: { 'content-type': mediaType }, body };
}

function formOf(value: unknown): Body {
  const form = new FormData();
  for (const [name, one] of Object.entries(value as Record<string, unknown>))
    if (name === 'file') form.append(name, new Blob([String(one)]), 'file.txt');
    else form.append(name, String(one));
  return { headers: {}, body: form };
}

/** One member of an object replaced, removed or added. */
function broken(value: unknown): fc.Arbitrary<unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return fc.jsonValue();
  const names = [...Object.keys(value), 'unknown', 'constructor', 'toString'];
  const strange = fc.oneof(
    fc.jsonValue({ maxDepth: 1 }),
    fc.constantFrom('\0', '\ud800', 1e308, -1, '9'.repeat(300), [], {}, null),
  );
  return fc.tuple(fc.constantFrom(...names), strange).map(([name, one]) => ({ ...value, [name]: one }));
}

/* Answers */

function answerChecker(
  document: OpenApiDocument,
): (operation: Operation, response: Response) => Promise<void> {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats.default(ajv);
  ajv.addFormat('binary', true);
  ajv.addSchema({ $id: 'openapi', components: document.components });
  const compiled = new Map<JsonSchema, ValidateFunction>();
  const validatorOf = (schema: JsonSchema): ValidateFunction => {
    const present = compiled.get(schema) ?? ajv.compile(JSON.parse(absolute(schema)) as object);
    compiled.set(schema, present);
    return present;
  };
  return async (operation, response) => {
    const told = operation.responses[response.status] ?? operation.responses['default'];
    if (told === undefined) throw new Error(`${response.status} is not in the document`);
    const mediaType = (response.headers.get('content-type') ?? '').split(';', 1)[0] ?? '';
    if (response.status >= 500 && operation.operationId !== 'readyz')
      throw new Error(`${response.status}: ${await response.text()}`);
    if (told.content === undefined) {
      await response.body?.cancel();
      return;
    }
    const content = told.content[mediaType] ?? told.content['*/*'];
    if (content === undefined) throw new Error(`${response.status} with ${mediaType} is not in the document`);
    if (!mediaType.endsWith('json')) {
      await response.body?.cancel();
      return;
    }
    const text = await response.text();
    if (text.length > MAX_BODY_CHARS) throw new Error('the answer has no end');
    const validate = validatorOf(content.schema);
    if (!validate(JSON.parse(text)))
      throw new Error(`${response.status} does not match: ${ajv.errorsText(validate.errors)}: ${text}`);
  };
}

function absolute(schema: JsonSchema): string {
  return JSON.stringify(schema).replaceAll('"#/components/', '"openapi#/components/');
}

function resolverOf(document: OpenApiDocument): Resolve {
  return (ref) => {
    const schema = document.components.schemas[ref.replace('#/components/schemas/', '')];
    if (schema === undefined) throw new Error(`${ref} leads nowhere`);
    return schema;
  };
}
