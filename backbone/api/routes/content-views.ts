import { contentKey, contentParams } from '../content-key.ts';
import { presentChunk, presentDuplicate, presentRelated } from '../content-presenters.ts';
import { given } from '../given.ts';
import { presentEvent } from '../presenters.ts';
import { NO_INPUT, route, type Route } from '../route.ts';
import {
  chunkList,
  chunksQuery,
  duplicateList,
  eventList,
  limitQuery,
  relatedList,
} from '../schemas/contents.ts';

/** What belongs to one content. */
export const contentViewRoutes: readonly Route[] = [
  route({
    ...NO_INPUT,
    id: 'listChunks',
    method: 'GET',
    path: '/content/{type}/{content_id}/chunks',
    tag: 'Content',
    summary: 'The chunks of a content in reading order, with page, timecode or chapter',
    scope: 'read',
    params: contentParams,
    query: chunksQuery,
    responses: { 200: { description: 'A page of chunks', schema: chunkList } },
    errors: ['not_found'],
    handler: async ({ params, query }, context) => {
      const { items, total, nextCursor } = await context.services.contents.chunks(
        contentKey(params, context),
        {
          limit: query.limit,
          ...given({ cursor: query.cursor }),
        },
      );
      return { status: 200, body: { total, items: items.map(presentChunk), next_cursor: nextCursor } };
    },
  }),
  route({
    ...NO_INPUT,
    id: 'listRelated',
    method: 'GET',
    path: '/content/{type}/{content_id}/related',
    tag: 'Content',
    summary: 'Contents that share authors, sites, entities or keywords with it',
    scope: 'read',
    params: contentParams,
    query: limitQuery,
    responses: { 200: { description: 'Related contents, the nearest first', schema: relatedList } },
    errors: ['not_found'],
    handler: async ({ params, query }, context) => {
      const related = await context.services.contents.related(contentKey(params, context), query.limit);
      return { status: 200, body: { items: related.map(presentRelated) } };
    },
  }),
  route({
    ...NO_INPUT,
    id: 'listDuplicates',
    method: 'GET',
    path: '/content/{type}/{content_id}/duplicates',
    tag: 'Content',
    summary: 'Contents whose text is nearly the same, under another address or as another file',
    scope: 'read',
    params: contentParams,
    query: limitQuery,
    responses: { 200: { description: 'Near-duplicates, the most similar first', schema: duplicateList } },
    errors: ['not_found'],
    handler: async ({ params, query }, context) => {
      const near = await context.services.contents.duplicates(contentKey(params, context), query.limit);
      return { status: 200, body: { items: near.map(presentDuplicate) } };
    },
  }),
  route({
    ...NO_INPUT,
    id: 'listContentEvents',
    method: 'GET',
    path: '/content/{type}/{content_id}/events',
    tag: 'Content',
    summary: 'What its jobs have done, the newest job first',
    scope: 'read',
    params: contentParams,
    query: limitQuery,
    responses: { 200: { description: 'Events of all its jobs', schema: eventList } },
    errors: ['not_found'],
    handler: async ({ params, query }, context) => {
      const events = await context.services.contents.history(contentKey(params, context), query.limit);
      return { status: 200, body: { items: events.map(presentEvent) } };
    },
  }),
];
