import { z } from 'zod';
import type { Scope } from '../../access/api-keys.ts';
import type { Metrics } from '../../metrics.ts';
import type { OpenApiDocument } from '../openapi.ts';
import { NO_INPUT, route, type Route } from '../route.ts';
import { contentTypes, health, readiness, type ReadinessShape } from '../schemas/system.ts';

export interface SystemRouteOptions {
  readonly metrics: Pick<Metrics, 'render'>;
  readonly readiness: () => Promise<ReadinessShape>;
  /** Null lets anybody read the metrics, which is for servers that only this machine can reach. */
  readonly metricsScope: Scope | null;
  /** Asked for at each request, since it describes these routes as well. */
  readonly document: () => OpenApiDocument;
}

const tag = 'System';
const NO_STORE = { 'cache-control': 'no-store' };

export function systemRoutes(options: SystemRouteOptions): readonly Route[] {
  return [...probeRoutes(options), ...descriptionRoutes(options)];
}

/** Also mounted without the prefix, where orchestrators look for them. */
export function probeRoutes({
  metrics,
  readiness: read,
  metricsScope,
}: SystemRouteOptions): readonly Route[] {
  return [
    route({
      ...NO_INPUT,
      id: 'healthz',
      method: 'GET',
      path: '/healthz',
      tag,
      summary: 'Whether the process is alive',
      scope: null,
      responses: { 200: { description: 'It is', schema: health } },
      handler: () => Promise.resolve({ status: 200, body: { status: 'alive' }, headers: NO_STORE }),
    }),
    route({
      ...NO_INPUT,
      id: 'readyz',
      method: 'GET',
      path: '/readyz',
      tag,
      summary: 'Whether every store, the broker and the models answer, and how fast',
      scope: null,
      responses: {
        200: { description: 'All of them do', schema: readiness },
        503: { description: 'Some do not', schema: readiness },
      },
      handler: async () => {
        const body = await read();
        return { status: body.status === 'ready' ? 200 : 503, body, headers: NO_STORE };
      },
    }),
    route({
      ...NO_INPUT,
      id: 'metrics',
      method: 'GET',
      path: '/metrics',
      tag,
      summary: 'Figures for Prometheus; without a key only where the server listens on loopback',
      scope: metricsScope,
      responses: { 200: { description: 'The figures', schema: z.string(), mediaType: 'text/plain' } },
      handler: async () => {
        const { contentType, text } = await metrics.render();
        return { status: 200, body: text, headers: { ...NO_STORE, 'content-type': contentType } };
      },
    }),
  ];
}

function descriptionRoutes({ document }: SystemRouteOptions): readonly Route[] {
  return [
    route({
      ...NO_INPUT,
      id: 'listContentTypes',
      method: 'GET',
      path: '/content-types',
      tag,
      summary: 'The types of content this server processes',
      scope: 'read',
      responses: { 200: { description: 'Types with their stages and options', schema: contentTypes } },
      handler: (_input, { services }) => {
        const items = services.types.map(({ type, label, stages, mediaTypes, options }) => ({
          type,
          label,
          stages,
          media_types: mediaTypes,
          options,
        }));
        return Promise.resolve({ status: 200, body: { items } });
      },
    }),
    route({
      ...NO_INPUT,
      id: 'openapi',
      method: 'GET',
      path: '/openapi.json',
      tag,
      summary: 'This document',
      scope: null,
      responses: { 200: { description: 'OpenAPI 3.1', schema: z.record(z.string(), z.unknown()) } },
      handler: () => Promise.resolve({ status: 200, body: document() }),
    }),
  ];
}
