import { z } from 'zod';
import { STAGES } from '../../pipeline/stages.ts';
import { jsonObject, named } from './common.ts';

export const health = named('Health', z.object({ status: z.literal('alive') }));

export const readiness = named(
  'Readiness',
  z.object({
    status: z.enum(['ready', 'not_ready']),
    ports: z.array(
      z.object({ name: z.string(), status: z.enum(['up', 'down']), latency_ms: z.number().nullable() }),
    ),
    reembedding: z
      .object({
        model: z.string(),
        chunks_done: z.int(),
        chunks: z.int(),
        problem: z.string().nullable().describe('Code of the failure that holds it up'),
      })
      .nullable()
      .describe('How far the stored vectors are made anew with another model; null when they need not be'),
  }),
);
export type ReadinessShape = z.output<typeof readiness>;

export const contentTypes = named(
  'ContentTypes',
  z.object({
    items: z.array(
      z.object({
        type: z.string(),
        label: z.string(),
        stages: z.array(z.enum(STAGES)),
        media_types: z.array(z.string()),
        options: jsonObject,
      }),
    ),
  }),
);
