import { z } from 'zod';
import { MOST_EXPANDED } from '../../content/expansion.ts';
import { BULK_PRIORITY, HIGHEST_PRIORITY, LOWEST_PRIORITY } from '../../pipeline/lanes.ts';
import { FEED_DEFAULTS } from '../services/feed-service.ts';
import { address, count, jsonObject, listOf, named, nullableText, nullableTime, time } from './common.ts';

/* In */

const every = z
  .string()
  .min(2)
  .max(40)
  .describe(
    'Time between two polls, such as 15m, 1h, 1d or PT30M; longer where the feed or its site asks for it',
  );
const optionFields = {
  first: z
    .int()
    .min(0)
    .max(MOST_EXPANDED)
    .describe('Jobs made of the newest entries at the first poll; the others count as seen'),
  limit: z
    .int()
    .min(1)
    .max(MOST_EXPANDED)
    .describe('Most jobs made at one poll; further new entries wait for the next'),
  priority: z.int().min(HIGHEST_PRIORITY).max(LOWEST_PRIORITY).describe('Of the jobs'),
  metadata: jsonObject.describe('Of the jobs, with their tags'),
};

export const feedInput = z.strictObject({
  url: address,
  every: every.default(FEED_DEFAULTS.every),
  options: z
    .strictObject({
      first: optionFields.first.default(FEED_DEFAULTS.first),
      limit: optionFields.limit.default(FEED_DEFAULTS.limit),
      priority: optionFields.priority.default(BULK_PRIORITY),
      metadata: optionFields.metadata.default({}),
    })
    .prefault({}),
});

export const feedChanges = z
  .strictObject({
    every: every.optional(),
    paused: z.boolean().optional(),
    options: z.strictObject(optionFields).partial().optional(),
  })
  .refine((changes) => Object.keys(changes).length > 0, { message: 'give at least one field to change' });

/* Out */

const feedPoll = named(
  'FeedPoll',
  z.object({
    at: time,
    outcome: z.enum(['unchanged', 'read', 'failed']),
    started: count,
    skipped: count,
    refused: count,
    batch_id: nullableText,
    error_code: nullableText,
  }),
);

export const feed = named(
  'Feed',
  z.object({
    feed_id: z.string(),
    url: z.string(),
    title: nullableText,
    every: z.string(),
    options: z.object({ first: count, limit: count, priority: z.int(), metadata: jsonObject }),
    paused: z.boolean(),
    next_poll_at: nullableTime,
    last_polled_at: nullableTime,
    last_new_at: nullableTime,
    last_error: z.object({ code: z.string(), message: z.string(), hint: z.string() }).nullable(),
    failures: count,
    poll_count: count,
    job_count: count,
    recent_polls: z.array(feedPoll),
    created_at: time,
    updated_at: time,
  }),
);
export type FeedShape = z.output<typeof feed>;
export const feedList = named('FeedList', listOf(feed));
