import { z } from 'zod';
import { given } from '../given.ts';
import { presentFeed } from '../presenters.ts';
import { jsonBody, NO_INPUT, route, type Route } from '../route.ts';
import { page, pathId } from '../schemas/common.ts';
import { feed, feedChanges, feedInput, feedList } from '../schemas/feeds.ts';

const params = z.object({ feed_id: pathId });
const tag = 'Feeds';

/** Feeds that are polled by themselves; their new entries become jobs. */
export const feedRoutes: readonly Route[] = [
  route({
    ...NO_INPUT,
    id: 'createFeed',
    method: 'POST',
    path: '/feeds',
    tag,
    summary: 'Subscribe to a feed: it is polled, and its new entries become jobs',
    scope: 'write',
    body: jsonBody(feedInput),
    responses: {
      201: { description: 'The subscription; its first poll is due', schema: feed },
      200: { description: 'The subscription that there was already, with nothing changed', schema: feed },
    },
    errors: ['url_forbidden', 'url_invalid', 'url_scheme', 'conflict'],
    handler: async ({ body }, { services, caller }) => {
      const made = await services.feeds.create(caller.userId, body);
      return { status: made.created ? 201 : 200, body: presentFeed(made.feed) };
    },
  }),
  route({
    ...NO_INPUT,
    id: 'listFeeds',
    method: 'GET',
    path: '/feeds',
    tag,
    summary: 'Subscriptions to feeds, newest first',
    scope: 'read',
    query: z.strictObject(page),
    responses: { 200: { description: 'A page of subscriptions', schema: feedList } },
    errors: [],
    handler: async ({ query: { limit, cursor } }, { services, caller }) => {
      const { items, total, nextCursor } = await services.feeds.list(caller.userId, {
        limit,
        ...given({ cursor }),
      });
      return { status: 200, body: { total, items: items.map(presentFeed), next_cursor: nextCursor } };
    },
  }),
  route({
    ...NO_INPUT,
    id: 'getFeed',
    method: 'GET',
    path: '/feeds/{feed_id}',
    tag,
    summary: 'One subscription, with its last polls',
    scope: 'read',
    params,
    responses: { 200: { description: 'The subscription', schema: feed } },
    errors: ['not_found'],
    handler: async ({ params: { feed_id } }, { services, caller }) => ({
      status: 200,
      body: presentFeed(await services.feeds.get(caller.userId, feed_id)),
    }),
  }),
  route({
    ...NO_INPUT,
    id: 'updateFeed',
    method: 'PATCH',
    path: '/feeds/{feed_id}',
    tag,
    summary: 'Change how often a feed is polled and what its jobs get, or pause it and take it up again',
    scope: 'write',
    params,
    body: jsonBody(feedChanges),
    responses: { 200: { description: 'The subscription as it is now', schema: feed } },
    errors: ['not_found'],
    handler: async ({ params: { feed_id }, body }, { services, caller }) => {
      const { every, paused, options } = body;
      const changes = given({ every, paused, options: options === undefined ? options : given(options) });
      return { status: 200, body: presentFeed(await services.feeds.update(caller.userId, feed_id, changes)) };
    },
  }),
  route({
    ...NO_INPUT,
    id: 'pollFeed',
    method: 'POST',
    path: '/feeds/{feed_id}/poll',
    tag,
    summary: 'Poll a feed now',
    scope: 'write',
    params,
    responses: { 202: { description: 'The subscription; its next poll is due', schema: feed } },
    errors: ['not_found', 'conflict'],
    handler: async ({ params: { feed_id } }, { services, caller }) => ({
      status: 202,
      body: presentFeed(await services.feeds.poll(caller.userId, feed_id)),
    }),
  }),
  route({
    ...NO_INPUT,
    id: 'deleteFeed',
    method: 'DELETE',
    path: '/feeds/{feed_id}',
    tag,
    summary: 'End a subscription; its jobs and their contents stay',
    scope: 'write',
    params,
    responses: { 204: { description: 'It is gone' } },
    errors: ['not_found'],
    handler: async ({ params: { feed_id } }, { services, caller }) => {
      await services.feeds.delete(caller.userId, feed_id);
      return { status: 204 };
    },
  }),
];
