import type { ContentKey, DeletionReceipt, DeletionStep } from '../api/services/content-service.ts';
import { AppError } from '../errors.ts';
import type { RecordStore, SqlExecutor } from '../stores/records/record-store.ts';
import { DELETION_STORES, type DeletionStore } from './deletion-steps.ts';

/** A row of `deletions`: whose content is removed, and how often that was postponed. */
export interface DeletionTarget {
  readonly deletion_id: string;
  readonly user_id: string;
  readonly content_id: string;
  readonly content_type: string;
  readonly attempts: number;
}

/** How many of each kind. */
export type RemovedCounts = Readonly<Record<string, number>>;

export interface PendingStep {
  readonly store: DeletionStore;
  readonly removed: RemovedCounts;
}

/**
 * What is known of hard deletions: the tombstone, and one step a store with what was removed there. It
 * outlives the content. Only statements; what is done when is decided in `deletion.ts`.
 */
export class DeletionLedger {
  readonly #records: RecordStore;

  constructor(records: RecordStore) {
    this.#records = records;
  }

  /** The tombstone and the steps that are to be done, in the caller's transaction; false when one is open already. */
  async open(
    sql: SqlExecutor,
    key: ContentKey,
    deletion: {
      readonly deletionId: string;
      readonly actor: string;
      /** When others may go on with it, should this process end. */
      readonly dueInMs: number;
    },
  ): Promise<boolean> {
    const { deletionId, actor, dueInMs } = deletion;
    const created = await sql.query(
      `INSERT INTO deletions (deletion_id, user_id, content_id, content_type, requested_by, requested_at, due_at)
       VALUES ($1, $2, $3, $4, $5, now(), now() + $6 * interval '1 ms')
       ON CONFLICT (user_id, content_id) WHERE completed_at IS NULL DO NOTHING RETURNING deletion_id`,
      [deletionId, key.userId, key.contentId, key.contentType, actor, dueInMs],
    );
    if (created.length === 0) return false;
    await sql.query(
      `INSERT INTO deletion_steps (deletion_id, position, store)
       SELECT $1, position, store FROM unnest($2::text[]) WITH ORDINALITY AS given(store, position)`,
      [deletionId, DELETION_STORES],
    );
    return true;
  }

  /** The deletion of the content that is under way, whatever its type. @throws AppError not_found */
  async openId(sql: SqlExecutor, key: ContentKey): Promise<string> {
    const [row] = await sql.query<{ deletion_id: string }>(
      'SELECT deletion_id FROM deletions WHERE user_id = $1 AND content_id = $2 AND completed_at IS NULL',
      [key.userId, key.contentId],
    );
    if (!row) throw new AppError('not_found');
    return row.deletion_id;
  }

  /** The deletion of the content under this very type that is under way; null when there is none. */
  async find(key: ContentKey): Promise<string | null> {
    const [row] = await this.#records.query<{ deletion_id: string }>(
      `SELECT deletion_id FROM deletions
        WHERE user_id = $1 AND content_id = $2 AND content_type = $3 AND completed_at IS NULL`,
      [key.userId, key.contentId, key.contentType],
    );
    return row?.deletion_id ?? null;
  }

  /** @throws AppError not_found */
  async receipt(userId: string, deletionId: string): Promise<DeletionReceipt> {
    const [deletion] = await this.#records.query<{ requested_at: Date; completed_at: Date | null }>(
      'SELECT requested_at, completed_at FROM deletions WHERE deletion_id = $1 AND user_id = $2',
      [deletionId, userId],
    );
    if (!deletion) throw new AppError('not_found');
    const steps = await this.#records.query<DeletionStep>(
      'SELECT store, status, removed, error FROM deletion_steps WHERE deletion_id = $1 ORDER BY position',
      [deletionId],
    );
    return { deletionId, requestedAt: deletion.requested_at, completedAt: deletion.completed_at, steps };
  }

  async target(deletionId: string): Promise<DeletionTarget | null> {
    const [target] = await this.#records.query<DeletionTarget>(
      'SELECT * FROM deletions WHERE deletion_id = $1',
      [deletionId],
    );
    return target ?? null;
  }

  /** Makes every open deletion due. */
  async makeDue(): Promise<void> {
    await this.#records.query('UPDATE deletions SET due_at = now() WHERE completed_at IS NULL');
  }

  /** Open deletions whose time has come, at most 20, the longest due first. */
  async due(): Promise<readonly string[]> {
    const due = await this.#records.query<{ deletion_id: string }>(
      'SELECT deletion_id FROM deletions WHERE completed_at IS NULL AND due_at <= now() ORDER BY due_at LIMIT 20',
    );
    return due.map((row) => row.deletion_id);
  }

  /** The stores that are not empty for good yet, in order, with what was removed there so far. */
  async pending(deletionId: string): Promise<readonly PendingStep[]> {
    return this.#records.query<PendingStep>(
      `SELECT store, removed FROM deletion_steps WHERE deletion_id = $1 AND status = 'pending' ORDER BY position`,
      [deletionId],
    );
  }

  /** The store is empty; what is removed there in all. */
  async finishStep(deletionId: string, store: DeletionStore, removed: RemovedCounts): Promise<void> {
    await this.#records.query(
      `UPDATE deletion_steps SET status = 'done', removed = $3::jsonb, error = NULL, finished_at = now()
        WHERE deletion_id = $1 AND store = $2 AND status = 'pending'`,
      [deletionId, store, JSON.stringify(removed)],
    );
  }

  /** The step must be done once more: why, in a sentence, and what was removed so far. */
  async keepOpen(
    deletionId: string,
    store: DeletionStore,
    { reason, removed }: { readonly reason: string; readonly removed: RemovedCounts },
  ): Promise<void> {
    await this.#records.query(
      `UPDATE deletion_steps SET error = $3, removed = $4::jsonb
        WHERE deletion_id = $1 AND store = $2 AND status = 'pending'`,
      [deletionId, store, reason, JSON.stringify(removed)],
    );
  }

  /** The deletion goes on after the wait. */
  async postpone(deletionId: string, waitMs: number): Promise<void> {
    await this.#records.query(
      `UPDATE deletions SET attempts = attempts + 1, due_at = now() + $2 * interval '1 ms' WHERE deletion_id = $1`,
      [deletionId, waitMs],
    );
  }

  async complete(deletionId: string): Promise<void> {
    await this.#records.query(
      'UPDATE deletions SET completed_at = now() WHERE deletion_id = $1 AND completed_at IS NULL',
      [deletionId],
    );
  }
}
