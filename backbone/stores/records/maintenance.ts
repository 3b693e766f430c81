import type { RecordStore } from './record-store.ts';

/** Tables whose rows come and go quickly. */
const BUSY_TABLES = [
  'outbox',
  'processing_jobs',
  'job_events',
  'stage_runs',
  'idempotency_keys',
  'webhook_deliveries',
  'vocabulary',
  'llm_days',
  'llm_reservations',
];

/** Drops keys that are no longer honoured. */
export async function dropExpiredKeys(records: RecordStore): Promise<void> {
  await records.query('DELETE FROM idempotency_keys WHERE expires_at < now()');
}

/** The embedded PostgreSQL has no autovacuum: without this, tables that churn only grow. */
export async function vacuum(records: RecordStore): Promise<void> {
  for (const table of BUSY_TABLES) await records.query(`VACUUM (ANALYZE) ${table}`);
}
