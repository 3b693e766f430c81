import { z } from 'zod';
import { presentBatch } from '../presenters.ts';
import { NO_INPUT, route, type Route } from '../route.ts';
import { pathId } from '../schemas/common.ts';
import { batchStatus } from '../schemas/jobs.ts';

export const batchRoutes: readonly Route[] = [
  route({
    ...NO_INPUT,
    id: 'getBatch',
    method: 'GET',
    path: '/content/batches/{batch_id}',
    tag: 'Jobs',
    summary: 'How far the jobs of a batch are',
    scope: 'read',
    params: z.object({ batch_id: pathId }),
    responses: { 200: { description: 'Counts by status, items and callbacks', schema: batchStatus } },
    errors: ['not_found'],
    handler: async ({ params }, { services, caller }) => ({
      status: 200,
      body: presentBatch(await services.jobs.batch(caller.userId, params.batch_id)),
    }),
  }),
];
