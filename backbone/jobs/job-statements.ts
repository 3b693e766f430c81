/**
 * The statements behind `job-manager.ts`. Like those of workers (`stage-statements.ts`) each tests everything it
 * depends on in the row it updates, and writes its event with it.
 */

/** Jobs that wait end at once; running ones are asked to stop and lose their epoch, so they write nothing more. */
export const CANCEL = `
WITH job AS (
  UPDATE processing_jobs
     SET epoch = epoch + 1, cancel_requested_at = now(),
         status = CASE stage_state WHEN 'running' THEN status ELSE 'cancelled' END,
         completed_at = CASE stage_state WHEN 'running' THEN completed_at ELSE now() END,
         next_retry_at = NULL,
         stage_state = CASE stage_state WHEN 'running' THEN 'running' ELSE 'ended' END,
         event_seq = event_seq + 1
   WHERE job_id = ANY($1::text[]) AND status = ANY($2::text[]) AND cancel_requested_at IS NULL
  RETURNING job_id, event_seq, status, current_stage, progress_percent)
INSERT INTO job_events (job_id, seq, type, status, stage, progress)
SELECT job_id, event_seq, CASE status WHEN 'cancelled' THEN 'cancelled' ELSE 'cancel_requested' END, status, current_stage, progress_percent
  FROM job RETURNING job_id, status`;

/** Another run from one stage on, with all counters at their start. */
export const REOPEN = `
WITH job AS (
  UPDATE processing_jobs
     SET status = $3, stage_state = 'ready', current_stage = $4, epoch = epoch + 1, ready_epoch = epoch + 1, attempt = 0,
         throttled_count = 0, retry_count = 0, due_at = now(), ready_at = now(), lease_until = NULL, completed_at = NULL,
         next_retry_at = NULL, cancel_requested_at = NULL, resend_after = NULL, resend_count = 0,
         error_code = NULL, error_message = NULL, error_hint = NULL, error_retryable = NULL,
         progress_percent = LEAST(progress_percent, $5), event_seq = event_seq + 1
   WHERE job_id = $1 AND status = ANY($2::text[])
  RETURNING *),
event AS (
  INSERT INTO job_events (job_id, seq, type, status, stage, progress)
  SELECT job_id, event_seq, 'retried', status, current_stage, progress_percent FROM job)
SELECT * FROM job`;
