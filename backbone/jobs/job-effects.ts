import type { JsonObject } from '../content/model.ts';
import type { JobRow } from '../stores/records/entities.ts';
import type { SqlExecutor } from '../stores/records/record-store.ts';
import type { TerminalStatus } from './job.ts';
import type { WebhookDeliveries } from './webhook-deliveries.ts';

/** Whom a job’s fate is told to, in the very transaction that seals it. */
export class JobEffects {
  readonly #deliveries: WebhookDeliveries;
  readonly #now: () => Date;

  constructor(deliveries: WebhookDeliveries, now: () => Date) {
    this.#deliveries = deliveries;
    this.#now = now;
  }

  /** After the change to a terminal status. */
  async ended(sql: SqlExecutor, jobId: string, status: TerminalStatus): Promise<void> {
    await this.announceJob(sql, jobId, `job.${status}`);
    await this.#endBatches(sql, jobId);
  }

  /** Tells whoever subscribed to an event of a job; the job's callbacks hear of its end alone. */
  async announceJob(sql: SqlExecutor, jobId: string, event: string): Promise<void> {
    const [job] = await sql.query<JobRow>('SELECT * FROM processing_jobs WHERE job_id = $1', [jobId]);
    if (!job) return;
    const batches = await sql.query<{ batch_id: string }>(
      'SELECT DISTINCT batch_id FROM batch_items WHERE job_id = $1 ORDER BY batch_id',
      [jobId],
    );
    await this.#deliveries.enqueue(sql, {
      userId: job.user_id,
      event,
      contentType: job.content_type,
      tags: tagsOf(job.metadata),
      jobId,
      batchIds: batches.map((row) => row.batch_id),
      data: jobSummary(job),
      callbackUrls: event === 'job.retrying' ? [] : await callbacksOf(sql, job),
      at: this.#now(),
    });
  }

  /** Ends a closed batch all of whose jobs have ended, once. */
  async endBatch(sql: SqlExecutor, batchId: string): Promise<boolean> {
    // The row lock makes two jobs that end at the same time look one after the other.
    await sql.query('SELECT 1 FROM batches WHERE batch_id = $1 FOR UPDATE', [batchId]);
    const [batch] = await sql.query<{ user_id: string; callback_url: string | null }>(
      `UPDATE batches b SET ended_at = now()
        WHERE b.batch_id = $1 AND b.closed_at IS NOT NULL AND b.ended_at IS NULL AND NOT EXISTS (
          SELECT 1 FROM batch_items i JOIN processing_jobs j USING (job_id)
           WHERE i.batch_id = b.batch_id AND j.stage_state <> 'ended')
       RETURNING user_id, callback_url`,
      [batchId],
    );
    if (!batch) return false;
    const counts = await sql.query<{ status: string; jobs: number }>(
      `SELECT COALESCE(j.status, i.outcome) AS status, count(*)::int AS jobs
         FROM batch_items i LEFT JOIN processing_jobs j USING (job_id) WHERE i.batch_id = $1 GROUP BY 1 ORDER BY 1`,
      [batchId],
    );
    await this.#deliveries.enqueue(sql, {
      userId: batch.user_id,
      event: 'batch.ended',
      contentType: null,
      tags: [],
      jobId: null,
      batchIds: [batchId],
      data: { batch_id: batchId, counts: Object.fromEntries(counts.map((row) => [row.status, row.jobs])) },
      callbackUrls: batch.callback_url === null ? [] : [batch.callback_url],
      at: this.#now(),
    });
    return true;
  }

  async #endBatches(sql: SqlExecutor, jobId: string): Promise<void> {
    const open = await sql.query<{ batch_id: string }>(
      `SELECT DISTINCT b.batch_id FROM batch_items i JOIN batches b USING (batch_id)
        WHERE i.job_id = $1 AND b.ended_at IS NULL ORDER BY b.batch_id`,
      [jobId],
    );
    for (const { batch_id } of open) await this.endBatch(sql, batch_id);
  }
}

/** Of whoever submitted the job, and of those who joined it. */
async function callbacksOf(sql: SqlExecutor, job: JobRow): Promise<readonly string[]> {
  const joined = await sql.query<{ url: string }>(
    'SELECT url FROM job_callbacks WHERE job_id = $1 ORDER BY url',
    [job.job_id],
  );
  const own = job.callback_url === null ? [] : [job.callback_url];
  return [...own, ...joined.map((row) => row.url)];
}

/** What webhooks tell of a job. */
export function jobSummary(job: JobRow): JsonObject {
  const error =
    job.error_code === null
      ? null
      : {
          code: job.error_code,
          message: job.error_message,
          hint: job.error_hint,
          retryable: job.error_retryable,
        };
  return {
    job_id: job.job_id,
    batch_id: job.batch_id,
    content_id: job.content_id,
    content_type: job.content_type,
    url: job.url,
    status: job.status,
    progress: job.progress_percent,
    unchanged: job.unchanged,
    error,
    retry_count: job.retry_count,
    next_retry_at: job.next_retry_at?.toISOString() ?? null,
    created_at: job.created_at.toISOString(),
    completed_at: job.completed_at?.toISOString() ?? null,
    metadata: job.metadata,
    expansion: job.expansion === null ? null : { ...job.expansion },
  };
}

/** Tags that a caller gave with the job: `metadata.tags`. */
export function tagsOf(metadata: JsonObject): readonly string[] {
  const tags = metadata['tags'];
  return Array.isArray(tags) ? tags.filter((tag): tag is string => typeof tag === 'string') : [];
}
