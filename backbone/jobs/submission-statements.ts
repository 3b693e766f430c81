/** The statements behind `submission.ts`. All run inside the caller's transaction, for one item as for a thousand. */

import type { Accepted, Rejected, Submission } from '../api/services/submission.ts';
import type { UploadRow } from '../stores/records/entities.ts';
import type { SqlExecutor } from '../stores/records/record-store.ts';
import { NEW_JOB } from './job.ts';
import type { PlannedJob } from './submission-plan.ts';

/** Whose jobs are inserted, and for what. */
export interface SubmissionOwner {
  readonly userId: string;
  readonly batchId: string | null;
  readonly traceparent: string | null;
}

/** A job that works on the same content already. */
export interface ActiveJob {
  readonly job_id: string;
  readonly content_id: string;
  readonly content_type: string;
  readonly status: Accepted['status'];
}

/** A content that is stored, that is being deleted, or both; the type is null when it is not visible. */
export interface KnownContent {
  readonly content_id: string;
  readonly content_type: string | null;
  readonly deleting: boolean;
}

/** The uploads that items name, locked; those that are taken or have expired are missing. */
export async function readUploads(
  sql: SqlExecutor,
  userId: string,
  items: readonly (Submission | Rejected)[],
): Promise<ReadonlyMap<string, UploadRow>> {
  const ids = items.flatMap((item) => ('error' in item || item.uploadId === null ? [] : [item.uploadId]));
  if (ids.length === 0) return new Map();
  const rows = await sql.query<UploadRow>(
    `SELECT upload_id, blob_key, sha256, size_bytes, media_type, file_name, native_ids FROM uploads
      WHERE user_id = $1 AND upload_id = ANY($2::text[]) AND job_id IS NULL AND expires_at > now() FOR UPDATE`,
    [userId, ids],
  );
  return new Map(rows.map((row) => [row.upload_id, row]));
}

/** By content id. */
export async function readKnownContents(
  sql: SqlExecutor,
  userId: string,
  jobs: readonly PlannedJob[],
): Promise<ReadonlyMap<string, KnownContent>> {
  const rows = await sql.query<KnownContent>(
    `SELECT content_id, c.content_type, d.deletion_id IS NOT NULL AS deleting
       FROM (SELECT content_id, content_type FROM contents WHERE user_id = $1 AND content_id = ANY($2::text[]) AND deleted_at IS NULL) c
       FULL JOIN (SELECT content_id, deletion_id FROM deletions
                   WHERE user_id = $1 AND content_id = ANY($2::text[]) AND completed_at IS NULL) d USING (content_id)`,
    [userId, jobs.map((job) => job.contentId)],
  );
  return new Map(rows.map((row) => [row.content_id, row]));
}

/** Inserts jobs with their first events, except where another job works on the content. Resolves with the ids inserted. */
export async function insertJobs(
  sql: SqlExecutor,
  jobs: readonly PlannedJob[],
  options: SubmissionOwner & { readonly maxRetries: number; readonly now: Date },
): Promise<ReadonlySet<string>> {
  if (jobs.length === 0) return new Set();
  const rows = await sql.query<{ job_id: string }>(INSERT_JOBS, [
    JSON.stringify(jobs.map(jobColumns)),
    options.userId,
    options.batchId,
    options.traceparent,
    options.maxRetries,
    NEW_JOB.status,
    options.now,
  ]);
  return new Set(rows.map((row) => row.job_id));
}

/** By content id, the jobs that work on the same contents already; none of them ends before this transaction does. */
export async function lockActiveJobs(
  sql: SqlExecutor,
  userId: string,
  jobs: readonly PlannedJob[],
): Promise<ReadonlyMap<string, ActiveJob>> {
  if (jobs.length === 0) return new Map();
  const rows = await sql.query<ActiveJob>(
    `SELECT job_id, content_id, content_type, status FROM processing_jobs
      WHERE user_id = $1 AND content_id = ANY($2::text[]) AND stage_state <> 'ended' ORDER BY job_id FOR UPDATE`,
    [userId, jobs.map((job) => job.contentId)],
  );
  return new Map(rows.map((row) => [row.content_id, row]));
}

/** The uploads belong to these jobs now. */
export async function takeUploads(sql: SqlExecutor, jobs: readonly PlannedJob[]): Promise<void> {
  const taken = jobs.flatMap((job) =>
    job.source.kind === 'upload' ? [{ job, id: job.source.uploadId }] : [],
  );
  if (taken.length === 0) return;
  await sql.query(
    `UPDATE uploads u SET job_id = taken.job_id FROM unnest($1::text[], $2::text[]) AS taken(upload_id, job_id)
      WHERE u.upload_id = taken.upload_id`,
    [taken.map(({ id }) => id), taken.map(({ job }) => job.jobId)],
  );
}

/** Whoever joins a job that runs already is told of its end as well. */
export async function joinCallbacks(
  sql: SqlExecutor,
  joined: readonly { readonly plan: PlannedJob; readonly job: ActiveJob }[],
): Promise<void> {
  const callbacks = joined.flatMap(({ plan, job }) =>
    plan.callbackUrl === null ? [] : [{ jobId: job.job_id, url: plan.callbackUrl }],
  );
  if (callbacks.length === 0) return;
  await sql.query(
    `INSERT INTO job_callbacks (job_id, url) SELECT * FROM unnest($1::text[], $2::text[]) ON CONFLICT DO NOTHING`,
    [callbacks.map(({ jobId }) => jobId), callbacks.map(({ url }) => url)],
  );
}

const INSERT_JOBS = `
WITH given AS (
  SELECT * FROM jsonb_to_recordset($1::jsonb) AS g(
    job_id text, content_id text, url text, content_type text, source jsonb, type_given boolean, priority smallint,
    metadata jsonb, options jsonb, if_exists text, callback_url text, stage text, input_key text, position int)),
job AS (
  INSERT INTO processing_jobs (job_id, content_id, user_id, url, content_type, status, current_stage, created_at, max_retries,
    priority, metadata, options, source, type_given, if_exists, batch_id, callback_url, traceparent, input_key, stage_state, event_seq)
  SELECT job_id, content_id, $2, url, content_type, $6, stage, $7, $5, priority, metadata, options, source, type_given,
         if_exists, $3, callback_url, $4, input_key, 'ready', 1
    FROM given ORDER BY position
  ON CONFLICT (user_id, content_id) WHERE stage_state <> 'ended' DO NOTHING
  RETURNING job_id, status, current_stage)
INSERT INTO job_events (job_id, seq, type, status, stage, progress)
SELECT job_id, 1, 'created', status, current_stage, 0 FROM job RETURNING job_id`;

function jobColumns(job: PlannedJob, position: number): object {
  return {
    job_id: job.jobId,
    content_id: job.contentId,
    url: job.url,
    content_type: job.contentType,
    source: job.source,
    type_given: job.typeGiven,
    priority: job.priority,
    metadata: job.metadata,
    options: job.options,
    if_exists: job.ifExists,
    callback_url: job.callbackUrl,
    stage: job.stage,
    input_key: job.inputKey,
    position,
  };
}
