import { z } from 'zod';
import { presentReceipt } from '../content-presenters.ts';
import { NO_INPUT, route, type Route } from '../route.ts';
import { pathId } from '../schemas/common.ts';
import { receipt } from '../schemas/contents.ts';

export const deletionRoutes: readonly Route[] = [
  route({
    ...NO_INPUT,
    id: 'getDeletion',
    method: 'GET',
    path: '/content/deletions/{deletion_id}',
    tag: 'Content',
    summary: 'What a hard delete removed from each store so far',
    scope: 'read',
    params: z.object({ deletion_id: pathId }),
    responses: { 200: { description: 'The receipt', schema: receipt } },
    errors: ['not_found'],
    handler: async ({ params }, { services, caller }) => ({
      status: 200,
      body: presentReceipt(await services.contents.deletion(caller.userId, params.deletion_id)),
    }),
  }),
];
