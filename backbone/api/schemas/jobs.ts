import { z } from 'zod';
import { JOB_EVENT_TYPES, JOB_STATUSES } from '../../jobs/job.ts';
import { DEFAULT_PRIORITY, HIGHEST_PRIORITY, LANES, LOWEST_PRIORITY } from '../../pipeline/lanes.ts';
import { STAGES } from '../../pipeline/stages.ts';
import {
  address,
  components,
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
  warning,
} from './common.ts';
import { delivery } from './webhooks.ts';

/* In */

export const MAX_BATCH = 1000;

const ifExists = z.enum(['refresh', 'skip', 'force']).default('refresh');
const priority = z.int().min(HIGHEST_PRIORITY).max(LOWEST_PRIORITY).default(DEFAULT_PRIORITY);

const submissionFields = {
  url: address.optional(),
  upload_id: idText.optional(),
  content_type: shortText.optional(),
  priority,
  metadata: jsonObject.default({}),
  options: jsonObject.default({}),
  if_exists: ifExists,
  callback_url: address.optional(),
};

/** One thing to ingest. That it has exactly one source is checked where the fields of body and query meet. */
export const submission = named('Submission', z.strictObject(submissionFields));
export type SubmissionInput = z.output<typeof submission>;

export const submissionQuery = z.strictObject({
  url: address.optional(),
  content_type: shortText.optional(),
  priority: priority.unwrap().optional(),
  if_exists: ifExists.unwrap().optional(),
  callback_url: address.optional(),
});

/** The multipart form: one `file` and the fields of a submission, `metadata` and `options` as JSON text. */
export const submissionForm = z.strictObject({
  file: z.string().meta({ format: 'binary' }),
  content_type: shortText.optional(),
  priority,
  metadata: z.string().optional(),
  options: z.string().optional(),
  if_exists: ifExists,
  callback_url: address.optional(),
});

/** Each item is judged on its own, so that one that is wrong spoils no other; the document shows what it should be. */
const batchItem = z.record(z.string(), z.unknown());
components.add(batchItem, {
  ...z.toJSONSchema(z.strictObject(submissionFields), { io: 'input' }),
  id: 'BatchItem',
  $schema: undefined,
});

export const batchInput = z.strictObject({
  items: z.array(batchItem).max(MAX_BATCH),
  batch_id: idText.optional(),
  open: z.boolean().default(false),
  callback_url: address.optional(),
});
export type BatchInput = z.output<typeof batchInput>;

export const jobsQuery = z.strictObject({
  status: z.array(z.enum(JOB_STATUSES)).min(1).max(JOB_STATUSES.length).optional(),
  content_type: shortText.optional(),
  content_id: idText.optional(),
  batch_id: idText.optional(),
  created_from: dateOrTime.optional(),
  created_to: dateOrTime.optional(),
  lane: z.enum(LANES).optional(),
  ...page,
});

/* Out */

const jobStatus = z.enum(JOB_STATUSES);
const stage = z.enum(STAGES);

const accepted = {
  job_id: nullableText,
  content_id: z.string(),
  content_type: z.string(),
  status: jobStatus,
  deduplicated: z.boolean(),
  skipped: z.boolean(),
  message: z.string(),
};

/** `job_id` is null when the content existed and `if_exists` was `skip`. */
export const acceptedAnswer = named('Accepted', z.object(accepted));
export type AcceptedAnswer = z.output<typeof acceptedAnswer>;

export const batchAnswer = named(
  'BatchAccepted',
  z.object({
    batch_id: z.string(),
    open: z.boolean(),
    accepted: count,
    rejected: count,
    items: z.array(
      z.object({
        index: count,
        job_id: nullableText,
        content_id: nullableText,
        content_type: nullableText,
        status: jobStatus.nullable(),
        deduplicated: z.boolean(),
        skipped: z.boolean(),
        message: nullableText,
        error: itemError.nullable(),
      }),
    ),
  }),
);
export type BatchAnswer = z.output<typeof batchAnswer>;

export const batchStatus = named(
  'BatchStatus',
  z.object({
    batch_id: z.string(),
    open: z.boolean(),
    created_at: time,
    ended_at: nullableTime,
    total: count,
    counts: z.record(z.string(), count),
    items: z.array(
      z.object({
        index: count,
        job_id: nullableText,
        content_id: nullableText,
        status: z.string(),
        error: itemError.nullable(),
      }),
    ),
    callbacks: z.array(delivery),
  }),
);
export type BatchStatusShape = z.output<typeof batchStatus>;

export const jobError = named(
  'JobError',
  z.object({ code: z.string(), message: z.string(), hint: z.string(), retryable: z.boolean() }),
);
export type JobErrorShape = z.output<typeof jobError>;

/** Jobs made of what the content lists, with the option `expand`. */
const expansion = named(
  'Expansion',
  z.object({ batch_id: nullableText, started: count, skipped: count, refused: count }),
);

const job = {
  job_id: z.string(),
  batch_id: nullableText,
  content_id: z.string(),
  content_type: z.string(),
  url: nullableText,
  status: jobStatus,
  progress: z.int().min(0).max(100),
  current_stage: stage.nullable(),
  error: jobError.nullable(),
  retry_count: count,
  max_retries: count,
  next_retry_at: nullableTime,
  priority: z.int(),
  unchanged: z.boolean(),
  created_at: time,
  started_at: nullableTime,
  completed_at: nullableTime,
  metadata: jsonObject,
  warnings: z.array(warning),
  expansion: expansion.nullable(),
};

export const jobSummary = named('Job', z.object(job));
export type JobSummary = z.output<typeof jobSummary>;
export const jobList = named('JobList', listOf(jobSummary));

export const jobStatusAnswer = named(
  'JobStatus',
  z.object({
    ...job,
    stages: z.array(
      z.object({
        stage,
        status: z.enum(['waiting', 'running', 'done', 'failed', 'cancelled']),
        attempts: count,
        started_at: nullableTime,
        seconds: z.number().nullable(),
      }),
    ),
    queue_position: count.nullable(),
    eta_seconds: z.number().nullable(),
  }),
);
export type JobStatusShape = z.output<typeof jobStatusAnswer>;

/** One change of a job, as status streams and histories tell it. */
export const jobEvent = named(
  'JobEvent',
  z.object({
    seq: count,
    type: z.enum(['created', ...JOB_EVENT_TYPES]),
    job_id: z.string(),
    status: jobStatus,
    progress: z.int().min(0).max(100),
    current_stage: stage.nullable(),
    error: jobError.nullable(),
    at: time,
    detail: jsonObject,
  }),
);
export type JobEventShape = z.output<typeof jobEvent>;

export const startedAnswer = named(
  'Started',
  z.object({ job_id: nullableText, content_id: z.string(), status: jobStatus, message: z.string() }),
);

export const uploadAnswer = named(
  'Upload',
  z.object({
    upload_id: z.string(),
    sha256: z.string(),
    size_bytes: count,
    media_type: z.string(),
    file_name: nullableText,
    expires_at: time,
  }),
);
