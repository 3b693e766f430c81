import { AppError } from '../errors.ts';
import type { IdempotentRequest, StoredAnswer } from '../api/services/submission.ts';
import type { JsonValue } from '../content/model.ts';
import type { SqlExecutor } from '../stores/records/record-store.ts';

/** How long the same Idempotency-Key gets the same answer. */
export const KEY_LIFETIME_MS = 24 * 60 * 60 * 1000;

/**
 * Reserves the key inside the transaction of the request it protects: a second request waits for the first
 * and then sees its answer. Null when the key is new.
 * @throws AppError idempotency_conflict
 */
export async function reserveKey(
  sql: SqlExecutor,
  userId: string,
  request: IdempotentRequest,
): Promise<StoredAnswer | null> {
  const created = await sql.query(
    `INSERT INTO idempotency_keys (user_id, key, request_hash, created_at, expires_at)
     VALUES ($1, $2, $3, now(), now() + $4 * interval '1 ms')
     ON CONFLICT (user_id, key) DO UPDATE
        SET request_hash = EXCLUDED.request_hash, created_at = now(), expires_at = EXCLUDED.expires_at, status = NULL, response = NULL
      WHERE idempotency_keys.expires_at < now()
     RETURNING key`,
    [userId, request.key, request.requestHash, KEY_LIFETIME_MS],
  );
  if (created.length > 0) return null;
  const [row] = await sql.query<{ request_hash: string; status: number; response: JsonValue }>(
    'SELECT request_hash, status, response FROM idempotency_keys WHERE user_id = $1 AND key = $2',
    [userId, request.key],
  );
  if (row?.request_hash !== request.requestHash) throw new AppError('idempotency_conflict');
  return { status: row.status, body: row.response };
}

export async function storeAnswer(
  sql: SqlExecutor,
  userId: string,
  key: string,
  answer: StoredAnswer,
): Promise<void> {
  await sql.query(
    'UPDATE idempotency_keys SET status = $3, response = $4::jsonb WHERE user_id = $1 AND key = $2',
    [userId, key, answer.status, JSON.stringify(answer.body)],
  );
}
