import { AppError, type ItemError } from '../errors.ts';
import type { BatchStatus } from '../api/services/job-service.ts';
import type { Accepted, BatchSubmission, Rejected } from '../api/services/submission.ts';
import type { Delivery } from '../api/services/webhook-service.ts';
import type { RecordStore, SqlExecutor } from '../stores/records/record-store.ts';
import { deliveryOf, type DeliveryRow } from './webhook-subscriptions.ts';

/** A batch that takes items in this transaction, and the position of the first of them. */
export interface BatchSlot {
  readonly batchId: string;
  readonly firstIndex: number;
}

/** Locks or creates the batch. @throws AppError not_found, batch_closed */
export async function openSlot(
  sql: SqlExecutor,
  userId: string,
  request: Pick<BatchSubmission, 'batchId' | 'open' | 'callbackUrl'> & { readonly items: readonly unknown[] },
  newBatchId: string,
): Promise<BatchSlot> {
  if (request.batchId === null) {
    await sql.query(
      `INSERT INTO batches (batch_id, user_id, callback_url, item_count, created_at, closed_at)
       VALUES ($1, $2, $3, $4, now(), CASE WHEN $5 THEN NULL ELSE now() END)`,
      [newBatchId, userId, request.callbackUrl, request.items.length, request.open],
    );
    return { batchId: newBatchId, firstIndex: 0 };
  }
  const [batch] = await sql.query<{ item_count: number; closed_at: Date | null }>(
    'SELECT item_count, closed_at FROM batches WHERE batch_id = $1 AND user_id = $2 FOR UPDATE',
    [request.batchId, userId],
  );
  if (!batch) throw new AppError('not_found');
  if (batch.closed_at !== null) throw new AppError('batch_closed');
  await sql.query(
    `UPDATE batches SET item_count = item_count + $2, callback_url = COALESCE($3, callback_url),
            closed_at = CASE WHEN $4 THEN NULL ELSE now() END WHERE batch_id = $1`,
    [request.batchId, request.items.length, request.callbackUrl, request.open],
  );
  return { batchId: request.batchId, firstIndex: batch.item_count };
}

/** Records what became of each item. */
export async function insertItems(
  sql: SqlExecutor,
  slot: BatchSlot,
  items: readonly (Accepted | Rejected)[],
): Promise<void> {
  const rows = items.map((item, offset) => ({
    batch_index: slot.firstIndex + offset,
    job_id: 'error' in item ? null : item.jobId,
    content_id: 'error' in item ? null : item.contentId,
    outcome: 'error' in item ? 'rejected' : item.skipped ? 'skipped' : 'accepted',
    error: 'error' in item ? item.error : null,
  }));
  await sql.query(
    `INSERT INTO batch_items (batch_id, batch_index, job_id, content_id, outcome, error)
     SELECT $1, batch_index, job_id, content_id, outcome, error FROM jsonb_to_recordset($2::jsonb)
         AS g(batch_index int, job_id text, content_id text, outcome text, error jsonb)`,
    [slot.batchId, JSON.stringify(rows)],
  );
}

/** @throws AppError not_found */
export async function readBatch(records: RecordStore, userId: string, batchId: string): Promise<BatchStatus> {
  const [batch] = await records.query<BatchRow>(
    'SELECT batch_id, created_at, closed_at, ended_at FROM batches WHERE batch_id = $1 AND user_id = $2',
    [batchId, userId],
  );
  if (!batch) throw new AppError('not_found');
  const items = await records.query<ItemRow>(
    `SELECT i.batch_index, i.job_id, COALESCE(j.content_id, i.content_id) AS content_id, COALESCE(j.status, i.outcome) AS status,
            CASE WHEN j.error_code IS NULL THEN i.error
                 ELSE jsonb_build_object('code', j.error_code, 'message', j.error_message, 'hint', j.error_hint, 'fields', '[]'::jsonb) END AS error
       FROM batch_items i LEFT JOIN processing_jobs j USING (job_id) WHERE i.batch_id = $1 ORDER BY i.batch_index`,
    [batchId],
  );
  return {
    batchId,
    open: batch.closed_at === null,
    createdAt: batch.created_at,
    endedAt: batch.ended_at,
    counts: countsOf(items),
    total: items.length,
    items: items.map((item) => ({
      index: item.batch_index,
      jobId: item.job_id,
      contentId: item.content_id,
      status: item.status,
      error: item.error,
    })),
    callbacks: await callbacksOf(records, batchId),
  };
}

interface BatchRow {
  readonly created_at: Date;
  readonly closed_at: Date | null;
  readonly ended_at: Date | null;
}

interface ItemRow {
  readonly batch_index: number;
  readonly job_id: string | null;
  readonly content_id: string | null;
  readonly status: string;
  readonly error: ItemError | null;
}

async function callbacksOf(records: RecordStore, batchId: string): Promise<readonly Delivery[]> {
  const rows = await records.query<DeliveryRow>(
    `SELECT * FROM webhook_deliveries WHERE batch_id = $1 AND webhook_id IS NULL AND job_id IS NULL ORDER BY created_at`,
    [batchId],
  );
  return rows.map(deliveryOf);
}

function countsOf(items: readonly ItemRow[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { status } of items) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}
