import { z } from 'zod';
import {
  count,
  dateOrTime,
  idText,
  itemError,
  jsonObject,
  listOf,
  named,
  nullableText,
  nullableTime,
  page,
  shortText,
  time,
} from './common.ts';

/* In */

const deadLetterFilter = {
  error_code: shortText.optional(),
  content_type: shortText.optional(),
  failed_from: dateOrTime.optional(),
  failed_to: dateOrTime.optional(),
};

export const deadLettersQuery = z.strictObject({ ...deadLetterFilter, ...page });

export const replayInput = z
  .strictObject({
    ids: z.array(idText).min(1).max(1000).optional(),
    ...deadLetterFilter,
    dry_run: z.boolean().default(false),
    reason: z.string().max(1000).optional(),
  })
  .refine(
    ({ ids, error_code, content_type, failed_from, failed_to }) =>
      [ids, error_code, content_type, failed_from, failed_to].some((criterion) => criterion !== undefined),
    {
      path: ['ids'],
      message: 'give ids, or at least one of error_code, content_type, failed_from, failed_to',
    },
  );

/* Out */

const deadLetter = {
  dead_letter_id: z.string(),
  job_id: nullableText,
  content_type: z.string(),
  stage: nullableText,
  error: z.object({ code: z.string(), message: z.string(), hint: z.string() }),
  attempts: count,
  first_failed_at: time,
  failed_at: time,
  topic: nullableText,
  partition: z.int().nullable(),
  offset: nullableText,
  replay_count: count,
  replayed_at: nullableTime,
  replayed_by: nullableText,
  replay_reason: nullableText,
};

export const deadLetterSummary = named('DeadLetter', z.object(deadLetter));
export type DeadLetterShape = z.output<typeof deadLetterSummary>;
export const deadLetterList = named('DeadLetterList', listOf(deadLetterSummary));
export const deadLetterDetail = named(
  'DeadLetterDetail',
  z.object({ ...deadLetter, headers: jsonObject, payload_base64: nullableText }),
);

export const replayAnswer = named(
  'Replay',
  z.object({
    dry_run: z.boolean(),
    matched: count,
    replayed: z.array(z.object({ dead_letter_id: z.string(), job_id: nullableText })),
    refused: z.array(z.object({ dead_letter_id: z.string(), error: itemError })),
  }),
);
