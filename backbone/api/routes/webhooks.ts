import { z } from 'zod';
import { given } from '../given.ts';
import { presentDelivery, presentWebhook } from '../presenters.ts';
import { jsonBody, NO_INPUT, route, type Route } from '../route.ts';
import { page, pathId } from '../schemas/common.ts';
import {
  callbackSecret,
  deliveryList,
  webhook,
  webhookChanges,
  webhookCreated,
  webhookInput,
  webhookList,
} from '../schemas/webhooks.ts';

const params = z.object({ webhook_id: pathId });
const query = z.strictObject(page);
const tag = 'Webhooks';

/** Subscriptions to events. Deliveries are signed per Standard Webhooks. */
export const webhookRoutes: readonly Route[] = [
  route({
    ...NO_INPUT,
    id: 'createWebhook',
    method: 'POST',
    path: '/webhooks',
    tag,
    summary: 'Subscribe an address to events; the answer alone tells the secret that signs them',
    scope: 'write',
    body: jsonBody(webhookInput),
    responses: { 201: { description: 'The subscription and its secret', schema: webhookCreated } },
    errors: ['callback_forbidden', 'url_invalid', 'url_scheme'],
    handler: async ({ body }, { services, caller }) => {
      const created = await services.webhooks.create(caller.userId, {
        url: body.url,
        events: body.events,
        contentTypes: body.content_types,
        tags: body.tags,
        batchId: body.batch_id ?? null,
        active: body.active,
      });
      return { status: 201, body: { ...presentWebhook(created.webhook), secret: created.secret } };
    },
  }),
  route({
    ...NO_INPUT,
    id: 'listWebhooks',
    method: 'GET',
    path: '/webhooks',
    tag,
    summary: 'Subscriptions, newest first',
    scope: 'read',
    query,
    responses: { 200: { description: 'A page of subscriptions', schema: webhookList } },
    errors: [],
    handler: async ({ query: { limit, cursor } }, { services, caller }) => {
      const { items, total, nextCursor } = await services.webhooks.list(caller.userId, {
        limit,
        ...given({ cursor }),
      });
      return { status: 200, body: { total, items: items.map(presentWebhook), next_cursor: nextCursor } };
    },
  }),
  route({
    ...NO_INPUT,
    id: 'getCallbackSecret',
    method: 'GET',
    path: '/webhooks/callback-secret',
    tag,
    summary: 'The secret that signs the callbacks of your jobs and batches',
    scope: 'write',
    responses: { 200: { description: 'The secret', schema: callbackSecret } },
    errors: [],
    handler: async (_input, { services, caller }) => ({
      status: 200,
      body: { secret: await services.webhooks.callbackSecret(caller.userId) },
    }),
  }),
  route({
    ...NO_INPUT,
    id: 'getWebhook',
    method: 'GET',
    path: '/webhooks/{webhook_id}',
    tag,
    summary: 'One subscription',
    scope: 'read',
    params,
    responses: { 200: { description: 'The subscription', schema: webhook } },
    errors: ['not_found'],
    handler: async ({ params: { webhook_id } }, { services, caller }) => ({
      status: 200,
      body: presentWebhook(await services.webhooks.get(caller.userId, webhook_id)),
    }),
  }),
  route({
    ...NO_INPUT,
    id: 'updateWebhook',
    method: 'PATCH',
    path: '/webhooks/{webhook_id}',
    tag,
    summary: 'Change a subscription, or switch it off and on',
    scope: 'write',
    params,
    body: jsonBody(webhookChanges),
    responses: { 200: { description: 'The subscription as it is now', schema: webhook } },
    errors: ['not_found', 'callback_forbidden', 'url_invalid', 'url_scheme'],
    handler: async ({ params: { webhook_id }, body }, { services, caller }) => {
      const changes = given({
        url: body.url,
        events: body.events,
        contentTypes: body.content_types,
        tags: body.tags,
        batchId: body.batch_id,
        active: body.active,
      });
      const changed = await services.webhooks.update(caller.userId, webhook_id, changes);
      return { status: 200, body: presentWebhook(changed) };
    },
  }),
  route({
    ...NO_INPUT,
    id: 'deleteWebhook',
    method: 'DELETE',
    path: '/webhooks/{webhook_id}',
    tag,
    summary: 'End a subscription',
    scope: 'write',
    params,
    responses: { 204: { description: 'It is gone' } },
    errors: ['not_found'],
    handler: async ({ params: { webhook_id } }, { services, caller }) => {
      await services.webhooks.delete(caller.userId, webhook_id);
      return { status: 204 };
    },
  }),
  route({
    ...NO_INPUT,
    id: 'listDeliveries',
    method: 'GET',
    path: '/webhooks/{webhook_id}/deliveries',
    tag,
    summary: 'What was delivered and what was not, newest first',
    scope: 'read',
    params,
    query,
    responses: { 200: { description: 'A page of deliveries', schema: deliveryList } },
    errors: ['not_found'],
    handler: async ({ params: { webhook_id }, query: { limit, cursor } }, { services, caller }) => {
      const { items, total, nextCursor } = await services.webhooks.deliveries(caller.userId, webhook_id, {
        limit,
        ...given({ cursor }),
      });
      return { status: 200, body: { total, items: items.map(presentDelivery), next_cursor: nextCursor } };
    },
  }),
];
