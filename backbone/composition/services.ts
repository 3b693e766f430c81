/** What the API stands on. */
import { z } from 'zod';
import type { ApiKeys } from '../access/api-keys.ts';
import type { ContentTypeInfo, Services } from '../api/services.ts';
import type { ContentType } from '../content/content-type.ts';
import { jobOptions } from '../content/job-options.ts';
import type { JsonObject } from '../content/model.ts';
import type { Contents } from './contents.ts';
import { buildFeedSubscriptions } from './feeds.ts';
import type { Jobs } from './jobs.ts';
import type { Stores } from './stores.ts';
import type { Surroundings } from './surroundings.ts';

export function servicesOf(
  around: Surroundings,
  stores: Stores,
  { jobs, webhooks }: Jobs,
  { library, search, uploads, reembedding }: Contents,
  keys: ApiKeys,
  isReady: () => boolean,
): Services {
  const { types } = around;
  const { records, graph, vectors, blobs, cache, broker } = stores;
  return {
    jobs,
    contents: library,
    search,
    uploads,
    webhooks,
    feeds: buildFeedSubscriptions(around, stores),
    keys,
    types: types.all.map(typeInfo),
    probes: new Map(
      Object.entries({ records, graph, vectors, blobs, cache, broker }).map(([name, port]) => [
        name,
        () => port.probe(),
      ]),
    ),
    isReady,
    reembedding: () => reembedding.progress(),
  };
}

function typeInfo(of: ContentType): ContentTypeInfo {
  const { type, label, stages } = of;
  const mediaTypes = [...of.mediaTypes, ...(of.claimedMediaTypes ?? [])];
  return { type, label, stages, mediaTypes, options: z.toJSONSchema(jobOptions(of)) as JsonObject };
}
