/**
 * The statements behind `stage-claims.ts` and `stage-transitions.ts`. After a lock wait PostgreSQL reads only
 * the row it updates again, so everything a statement tests stands on `processing_jobs`, and one statement is
 * one decision.
 */

const ERROR =
  "jsonb_build_object('code', error_code, 'message', error_message, 'hint', error_hint, 'retryable', error_retryable)";
const EVENT_COLUMNS = 'job_id, seq, type, status, stage, progress, detail';

export const CLAIM = `
WITH job AS (
  UPDATE processing_jobs
     SET epoch = epoch + 1, attempt = attempt + 1, stage_state = 'running', status = $6,
         progress_percent = GREATEST(progress_percent, $7), lease_until = now() + $8 * interval '1 ms',
         started_at = COALESCE(started_at, now()), next_retry_at = NULL, event_seq = event_seq + 1
   WHERE job_id = $1 AND current_stage = $2 AND content_type = $3 AND ready_epoch = $4 AND due_at <= now()
     AND status = ANY($5::text[]) AND cancel_requested_at IS NULL AND (stage_state = 'ready' OR lease_until < now())
  RETURNING *),
lost AS (
  UPDATE stage_runs SET outcome = 'lost', finished_at = now()
   WHERE job_id IN (SELECT job_id FROM job) AND outcome IS NULL),
run AS (
  INSERT INTO stage_runs (job_id, epoch, stage, attempt, owner, claimed_at)
  SELECT job_id, epoch, current_stage, attempt, $9, now() FROM job),
event AS (
  INSERT INTO job_events (${EVENT_COLUMNS})
  SELECT job_id, event_seq, 'claimed', status, current_stage, progress_percent, jsonb_build_object('attempt', attempt) FROM job)
SELECT * FROM job`;

export const HAND_OFF = `
WITH job AS (
  UPDATE processing_jobs
     SET current_stage = $6, content_type = $7, stage_state = 'ready', ready_epoch = epoch, attempt = 0, throttled_count = 0,
         due_at = now(), ready_at = now(), lease_until = NULL, status = $4, progress_percent = GREATEST(progress_percent, $5),
         input_key = $8, file_paths = file_paths || $9::jsonb, warnings = warnings || $10::jsonb,
         error_code = NULL, error_message = NULL, error_hint = NULL, error_retryable = NULL,
         resend_after = NULL, resend_count = 0, event_seq = event_seq + 1
   WHERE job_id = $1 AND epoch = $2 AND stage_state = 'running' AND cancel_requested_at IS NULL AND status = ANY($3::text[])
  RETURNING job_id, epoch, event_seq, status, current_stage, progress_percent),
run AS (
  UPDATE stage_runs r SET outcome = 'done', finished_at = now(), output_key = $8 FROM job
   WHERE r.job_id = job.job_id AND r.epoch = job.epoch),
event AS (
  INSERT INTO job_events (${EVENT_COLUMNS})
  SELECT job_id, event_seq, $11, status, current_stage, progress_percent, '{}' FROM job)
INSERT INTO outbox (topic, aggregateid, headers, payload)
SELECT $12, job_id, $13::jsonb, $14::bytea FROM job RETURNING id`;

export const COMPLETE = `
WITH job AS (
  UPDATE processing_jobs
     SET status = 'completed', stage_state = 'ended', progress_percent = 100, completed_at = now(), lease_until = NULL,
         unchanged = $4, warnings = warnings || $5::jsonb, event_seq = event_seq + 1,
         error_code = NULL, error_message = NULL, error_hint = NULL, error_retryable = NULL
   WHERE job_id = $1 AND epoch = $2 AND stage_state = 'running' AND cancel_requested_at IS NULL AND status = ANY($3::text[])
  RETURNING job_id, epoch, event_seq, status, current_stage, progress_percent),
run AS (
  UPDATE stage_runs r SET outcome = 'done', finished_at = now() FROM job WHERE r.job_id = job.job_id AND r.epoch = job.epoch)
INSERT INTO job_events (${EVENT_COLUMNS})
SELECT job_id, event_seq, 'completed', status, current_stage, progress_percent, $6::jsonb FROM job RETURNING job_id`;

export const FAIL = `
WITH job AS (
  UPDATE processing_jobs
     SET status = 'failed', stage_state = 'ended', completed_at = now(), lease_until = NULL, next_retry_at = NULL,
         error_code = $4, error_message = $5, error_hint = $6, error_retryable = $7, event_seq = event_seq + 1,
         current_stage = COALESCE($13::text, current_stage), input_key = COALESCE($14::text, input_key)
   WHERE job_id = $1 AND epoch = $2 AND stage_state = 'running' AND cancel_requested_at IS NULL AND status = ANY($3::text[])
  RETURNING *),
run AS (
  UPDATE stage_runs r SET outcome = 'failed', finished_at = now(), error_code = $4 FROM job
   WHERE r.job_id = job.job_id AND r.epoch = job.epoch),
letter AS (
  INSERT INTO dead_letters (dead_letter_id, user_id, job_id, content_type, stage, topic, partition, "offset",
                            error_code, error_message, error_hint, attempts, first_failed_at, failed_at, payload)
  SELECT $8, job.user_id, job.job_id, job.content_type, job.current_stage, $9, $10::int, $11::bigint, $4, $5, $6, job.attempt,
         COALESCE((SELECT min(r.finished_at) FROM stage_runs r WHERE r.job_id = job.job_id AND r.outcome = 'retry'), now()),
         now(), $12::bytea
    FROM job)
INSERT INTO job_events (${EVENT_COLUMNS})
SELECT job_id, event_seq, 'failed', status, current_stage, progress_percent,
       jsonb_build_object('error', ${ERROR}) FROM job RETURNING job_id`;

export const RETRY = `
WITH job AS (
  UPDATE processing_jobs
     SET status = 'retrying', stage_state = 'ready', attempt = attempt - $5::int, throttled_count = throttled_count + $5::int,
         retry_count = retry_count + 1 - $5::int, lease_until = NULL, due_at = now() + $6 * interval '1 ms',
         next_retry_at = now() + $6 * interval '1 ms', ready_at = now() + $6 * interval '1 ms',
         error_code = $7, error_message = $8, error_hint = $9, error_retryable = $10, event_seq = event_seq + 1
   WHERE job_id = $1 AND epoch = $2 AND stage_state = 'running' AND cancel_requested_at IS NULL AND status = ANY($3::text[])
  RETURNING *),
run AS (
  UPDATE stage_runs r SET outcome = CASE $5::int WHEN 1 THEN 'throttled' ELSE 'retry' END, finished_at = now(), error_code = $7
    FROM job WHERE r.job_id = job.job_id AND r.epoch = job.epoch)
INSERT INTO job_events (${EVENT_COLUMNS})
SELECT job_id, event_seq, $4, status, current_stage, progress_percent,
       jsonb_build_object('error', ${ERROR}, 'next_retry_at', next_retry_at)
  FROM job RETURNING job_id`;

export const GIVE_BACK = `
WITH job AS (
  UPDATE processing_jobs
     SET status = COALESCE($5, status), stage_state = 'ready', attempt = attempt - 1, lease_until = NULL, due_at = now(),
         error_code = COALESCE($6, error_code), error_message = COALESCE($7, error_message),
         error_hint = COALESCE($8, error_hint), error_retryable = COALESCE($9, error_retryable), event_seq = event_seq + 1
   WHERE job_id = $1 AND epoch = $2 AND stage_state = 'running' AND cancel_requested_at IS NULL AND status = ANY($3::text[])
  RETURNING *),
run AS (
  UPDATE stage_runs r SET outcome = $4, finished_at = now(), error_code = $6 FROM job
   WHERE r.job_id = job.job_id AND r.epoch = job.epoch)
INSERT INTO job_events (${EVENT_COLUMNS})
SELECT job_id, event_seq, $4, status, current_stage, progress_percent,
       CASE WHEN $6::text IS NULL THEN '{}' ELSE jsonb_build_object('error', ${ERROR}) END
  FROM job RETURNING job_id`;

export const CONFIRM_CANCELLED = `
WITH job AS (
  UPDATE processing_jobs
     SET status = 'cancelled', stage_state = 'ended', completed_at = now(), lease_until = NULL, next_retry_at = NULL,
         event_seq = event_seq + 1
   WHERE job_id = $1 AND cancel_requested_at IS NOT NULL AND NOT status = ANY($2::text[])
  RETURNING job_id, event_seq, status, current_stage, progress_percent),
run AS (
  UPDATE stage_runs r SET outcome = 'cancelled', finished_at = now() FROM job
   WHERE r.job_id = job.job_id AND r.outcome IS NULL)
INSERT INTO job_events (${EVENT_COLUMNS})
SELECT job_id, event_seq, 'cancelled', status, current_stage, progress_percent, '{}' FROM job RETURNING job_id`;

export const PROGRESS = `
WITH job AS (
  UPDATE processing_jobs SET progress_percent = $3, event_seq = event_seq + 1
   WHERE job_id = $1 AND epoch = $2 AND stage_state = 'running' AND progress_percent < $3 AND status = ANY($4::text[])
  RETURNING job_id, event_seq, status, current_stage, progress_percent)
INSERT INTO job_events (${EVENT_COLUMNS})
SELECT job_id, event_seq, 'progressed', status, current_stage, progress_percent, '{}' FROM job RETURNING seq`;

export const RENEW = `
UPDATE processing_jobs j SET lease_until = now() + $3 * interval '1 ms'
  FROM unnest($1::text[], $2::int[]) AS mine(job_id, epoch)
 WHERE j.job_id = mine.job_id AND j.epoch = mine.epoch AND j.cancel_requested_at IS NULL RETURNING j.job_id`;

/** Of running stages those whose epoch was raised, by another claim or a cancellation, and those whose job is gone. */
export const LOST = `
SELECT mine.job_id, COALESCE(j.cancel_requested_at IS NOT NULL, false) AS cancelled
  FROM unnest($1::text[], $2::int[]) AS mine(job_id, epoch) LEFT JOIN processing_jobs j USING (job_id)
 WHERE j.epoch IS DISTINCT FROM mine.epoch`;

/** Everything a claim tests but the time: a stage that becomes due between the two statements must not be missed. */
export const NOT_DUE = `
SELECT extract(epoch FROM due_at - now())::float8 * 1000 AS wait_ms FROM processing_jobs
 WHERE job_id = $1 AND current_stage = $2 AND content_type = $3 AND ready_epoch = $4 AND stage_state = 'ready'
   AND status = ANY($5::text[]) AND cancel_requested_at IS NULL`;
