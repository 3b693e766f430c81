import { z } from 'zod';
import { WEBHOOK_EVENTS } from '../services/webhook-service.ts';
import {
  address,
  count,
  idText,
  listOf,
  named,
  nullableText,
  nullableTime,
  shortText,
  time,
} from './common.ts';

/* In */

const events = z.array(z.enum(WEBHOOK_EVENTS)).min(1).max(WEBHOOK_EVENTS.length);
const names = z.array(shortText).max(100);

export const webhookInput = z.strictObject({
  url: address,
  events,
  content_types: names.default([]),
  tags: names.default([]),
  batch_id: idText.optional(),
  active: z.boolean().default(true),
});

export const webhookChanges = z
  .strictObject({
    url: address.optional(),
    events: events.optional(),
    content_types: names.optional(),
    tags: names.optional(),
    batch_id: idText.nullable().optional(),
    active: z.boolean().optional(),
  })
  .refine((changes) => Object.keys(changes).length > 0, { message: 'give at least one field to change' });

/* Out */

const webhookFields = {
  webhook_id: z.string(),
  url: z.string(),
  events: z.array(z.string()),
  content_types: z.array(z.string()),
  tags: z.array(z.string()),
  batch_id: nullableText,
  active: z.boolean(),
  created_at: time,
  updated_at: time,
};

export const webhook = named('Webhook', z.object(webhookFields));
export type WebhookShape = z.output<typeof webhook>;
export const webhookList = named('WebhookList', listOf(webhook));
/** The secret that signs deliveries is told in this answer alone. */
export const webhookCreated = named('WebhookCreated', z.object({ ...webhookFields, secret: z.string() }));

export const callbackSecret = named('CallbackSecret', z.object({ secret: z.string() }));

export const delivery = named(
  'Delivery',
  z.object({
    delivery_id: z.string(),
    event: z.string(),
    job_id: nullableText,
    batch_id: nullableText,
    status: z.enum(['pending', 'delivered', 'failed']),
    attempts: count,
    next_attempt_at: nullableTime,
    last_status: z.int().nullable(),
    last_error: nullableText,
    created_at: time,
    finished_at: nullableTime,
  }),
);
export type DeliveryShape = z.output<typeof delivery>;
export const deliveryList = named('DeliveryList', listOf(delivery));
