import { openApiDocument, type OpenApiDocument } from '../openapi.ts';
import type { Route } from '../route.ts';
import { batchRoutes } from './batches.ts';
import { citationRoutes } from './citations.ts';
import { contentFileRoutes } from './content-file.ts';
import { contentViewRoutes } from './content-views.ts';
import { contentRoutes } from './contents.ts';
import { deadLetterRoutes } from './dead-letters.ts';
import { deletionRoutes } from './deletions.ts';
import { feedRoutes } from './feeds.ts';
import { jobRoutes } from './jobs.ts';
import { processRoutes } from './process.ts';
import { searchRoutes } from './search.ts';
import { statusStreamRoutes } from './status-stream.ts';
import { keyRoutes } from './keys.ts';
import { probeRoutes, systemRoutes, type SystemRouteOptions } from './system.ts';
import { uploadRoutes } from './uploads.ts';
import { webhookRoutes } from './webhooks.ts';

export const PREFIX = '/api';

export interface AllRoutes {
  /** Below the prefix. Fixed segments come before parameters. */
  readonly routes: readonly Route[];
  /** Mounted at the root as well. */
  readonly probes: readonly Route[];
  /** Made when it is first asked for: that takes longer than everything else at the start of the API. */
  readonly document: () => OpenApiDocument;
}

export function allRoutes(options: Omit<SystemRouteOptions, 'document'>): AllRoutes {
  let made: OpenApiDocument | null = null;
  const document = (): OpenApiDocument => (made ??= openApiDocument(routes, PREFIX));
  const system = { ...options, document };
  const routes = [
    ...systemRoutes(system),
    ...processRoutes,
    ...uploadRoutes,
    ...batchRoutes,
    ...jobRoutes,
    ...statusStreamRoutes,
    ...deadLetterRoutes,
    ...deletionRoutes,
    ...searchRoutes,
    ...feedRoutes,
    ...webhookRoutes,
    ...keyRoutes,
    ...citationRoutes,
    ...contentFileRoutes,
    ...contentViewRoutes,
    ...contentRoutes,
  ];
  return { routes, probes: probeRoutes(system), document };
}
