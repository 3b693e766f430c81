import { describe, expect, test } from '@jest/globals';
import { createMetrics } from '../../../backbone/metrics.ts';
import { RESERVED_WORDS } from '../../../backbone/api/content-key.ts';
import { ERRORS } from '../../../backbone/error-table.ts';
import { allRoutes } from '../../../backbone/api/routes/all-routes.ts';

const all = allRoutes({
  metrics: createMetrics(),
  readiness: async () => ({ status: 'ready', ports: [], reembedding: null }),
  metricsScope: null,
});
const { routes, probes } = all;
const document = all.document();
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
);

describe('the OpenAPI document', () => {
  test('holds every route, and nothing else', () => {
    const described = operations.map(({ path, method }) => `${method.toUpperCase()} ${path}`).sort();
    expect(described).toEqual(routes.map(({ method, path }) => `${method} ${path}`).sort());
    expect(new Set(described).size).toBe(routes.length);
  });

  test('describes the probes that also stand at the root', () => {
    for (const probe of probes) expect(document.paths).toHaveProperty([probe.path]);
  });

  test.each(operations)('$method $path has what its route has', ({ path, method, operation }) => {
    const route = routes.find((one) => one.path === path && one.method.toLowerCase() === method);
    const named = (place: string): string[] =>
      operation.parameters.filter((parameter) => parameter.in === place).map(({ name }) => name);
    expect(operation.operationId).toBe(route?.id);
    expect(operation['x-scope']).toBe(route?.scope);
    expect(operation.security).toHaveLength(route?.scope === null ? 0 : 2);
    expect(named('path')).toEqual([...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]));
    expect(named('query')).toEqual(Object.keys(route?.query.shape ?? {}));
    expect(named('header')).toEqual(Object.keys(route?.headers.shape ?? {}));
    expect('requestBody' in operation).toBe(route?.body.kind !== 'none');
    for (const status of Object.keys(route?.responses ?? {}))
      expect(operation.responses).toHaveProperty(status);
    for (const code of route?.errors ?? [])
      expect(operation.responses).toHaveProperty(String(ERRORS[code].status));
    expect(operation.responses).toHaveProperty('default');
  });

  test('names each operation once', () => {
    expect(new Set(operations.map(({ operation }) => operation.operationId)).size).toBe(operations.length);
  });

  test('leads every reference somewhere', () => {
    const refs = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map((match) => match[1] ?? '');
    expect(refs.length).toBeGreaterThan(50);
    for (const ref of refs)
      expect(document.components.schemas).toHaveProperty([ref.replace('#/components/schemas/', '')]);
  });

  test('refuses unknown fields where the API does', () => {
    expect(document.components.schemas['Submission']).toMatchObject({ additionalProperties: false });
    expect(document.components.schemas['BatchItem']).toMatchObject({
      additionalProperties: false,
      properties: { priority: { minimum: 1, maximum: 10, default: 5 } },
    });
  });
});

test('every fixed segment below /content is a word that no content type may have', () => {
  const segments = routes
    .map(({ path }) => /^\/content\/([a-z-]+)(?:\/|$)/.exec(path)?.[1])
    .filter((segment) => segment !== undefined);
  expect([...new Set(segments)].sort()).toEqual([...RESERVED_WORDS].sort());
});
