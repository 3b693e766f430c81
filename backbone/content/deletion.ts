import type { ContentKey, DeletionReceipt, DeletionStep } from '../api/services.ts';
import type { Crash, CrashPoint } from '../crash-points.ts';
import { AppError, asAppError } from '../errors.ts';
import type { JobManager } from '../jobs/job-manager.ts';
import type { WebhookDeliveries } from '../jobs/webhook-deliveries.ts';
import type { BlobStore } from '../stores/blobs/blob-store.ts';
import type { Cache } from '../stores/cache/cache.ts';
import type { GraphStore } from '../stores/graph/graph-store.ts';
import type { RecordStore, SqlExecutor } from '../stores/records/record-store.ts';
import type { VectorStore } from '../stores/vectors/vector-store.ts';
import { reprocessPrefix, workPrefix } from './artifacts.ts';
import { ContentCache } from './content-cache.ts';
import { removeRows } from './content-remover.ts';
import type { TypeRegistry } from './content-types.ts';
import type { JsonObject } from './model.ts';
import { contentPrefix } from './steps/store.ts';

export interface DeletionsOptions {
  readonly records: RecordStore;
  readonly cache: Cache;
  readonly graph: GraphStore;
  readonly vectors: VectorStore;
  readonly blobs: BlobStore;
  readonly types: TypeRegistry;
  readonly jobs: Pick<JobManager, 'cancelIn' | 'announce'>;
  readonly webhooks: Pick<WebhookDeliveries, 'enqueue'>;
  readonly newId: () => string;
  readonly crash: Crash;
  readonly now: () => Date;
  /** Waits that many milliseconds. */
  readonly pause: (ms: number) => Promise<void>;
}

/** The stores in the order in which they are emptied. */
export const DELETION_STORES = ['cache', 'graph', 'records', 'vectors', 'blobs'] as const;
type DeletionStore = (typeof DELETION_STORES)[number];

const CRASH_AFTER: Record<DeletionStore, CrashPoint> = {
  cache: 'delete_after_cache',
  graph: 'delete_after_graph',
  records: 'delete_after_records',
  vectors: 'delete_after_vectors',
  blobs: 'delete_after_blobs',
};

const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 60_000;
/** How long running stages of the content get to notice that they were cancelled; later the sweeper clears after them. */
const FENCE_MS = 3000;
const LOOK_MS = 50;

/**
 * Hides contents, and really removes them. A removal is a row in a ledger that outlives the content: first the
 * tombstone, then one step a store, each idempotent, recorded, and tried until it is done.
 */
export class Deletions {
  readonly #options: DeletionsOptions;
  readonly #contentCache: ContentCache;
  readonly #running = new Map<string, Promise<void>>();

  constructor(options: DeletionsOptions) {
    this.#options = options;
    this.#contentCache = new ContentCache(options.cache);
  }

  /** Soft delete: gone for every reader at once, and restorable. Jobs that work on the content are cancelled. */
  async hide(key: ContentKey): Promise<void> {
    const jobs = await this.#options.records.transaction(async (sql) => {
      const cancelled = await this.#cancelJobs(sql, key);
      await sql.query(
        `UPDATE contents SET deleted_at = now(), updated_at = GREATEST(now(), updated_at + interval '1 ms')
          WHERE user_id = $1 AND content_id = $2 AND deleted_at IS NULL`,
        [key.userId, key.contentId],
      );
      await this.#announce(sql, key, false);
      return cancelled;
    });
    this.#options.jobs.announce(jobs);
    await this.#contentCache.purge(key.userId, key.contentId);
  }

  async show(key: ContentKey): Promise<void> {
    await this.#options.records.query(
      `UPDATE contents SET deleted_at = NULL, updated_at = GREATEST(now(), updated_at + interval '1 ms')
        WHERE user_id = $1 AND content_id = $2`,
      [key.userId, key.contentId],
    );
    await this.#contentCache.purge(key.userId, key.contentId);
  }

  /** Hard delete. What cannot be done now goes on by itself and stands as pending in the receipt. */
  async purge(key: ContentKey, actor: string): Promise<DeletionReceipt> {
    const deletionId = await this.#bury(key, actor);
    this.#options.crash('delete_after_tombstone');
    await this.#advance(deletionId);
    return this.receipt(key.userId, deletionId);
  }

  /** @throws AppError not_found */
  async receipt(userId: string, deletionId: string): Promise<DeletionReceipt> {
    const { records } = this.#options;
    const [deletion] = await records.query<{ requested_at: Date; completed_at: Date | null }>(
      'SELECT requested_at, completed_at FROM deletions WHERE deletion_id = $1 AND user_id = $2',
      [deletionId, userId],
    );
    if (!deletion) throw new AppError('not_found');
    const steps = await records.query<DeletionStep>(
      'SELECT store, status, removed, error FROM deletion_steps WHERE deletion_id = $1 ORDER BY position',
      [deletionId],
    );
    return { deletionId, requestedAt: deletion.requested_at, completedAt: deletion.completed_at, steps };
  }

  /** Takes part in the hard delete of the content that is under way; null when there is none. */
  async join(key: ContentKey): Promise<DeletionReceipt | null> {
    const [open] = await this.#options.records.query<{ deletion_id: string }>(
      `SELECT deletion_id FROM deletions
        WHERE user_id = $1 AND content_id = $2 AND content_type = $3 AND completed_at IS NULL`,
      [key.userId, key.contentId, key.contentType],
    );
    if (!open) return null;
    await this.#advance(open.deletion_id);
    return this.receipt(key.userId, open.deletion_id);
  }

  /** At the start: what was interrupted need not wait for its time. Another process may be at it: that does no harm. */
  async recover(): Promise<void> {
    await this.#options.records.query('UPDATE deletions SET due_at = now() WHERE completed_at IS NULL');
  }

  /** Goes on with deletions that were interrupted. Resolves with how many were looked at. */
  async resume(): Promise<number> {
    const due = await this.#options.records.query<{ deletion_id: string }>(
      'SELECT deletion_id FROM deletions WHERE completed_at IS NULL AND due_at <= now() ORDER BY due_at LIMIT 20',
    );
    for (const { deletion_id } of due) await this.#advance(deletion_id);
    return due.length;
  }

  /** The tombstone and the empty ledger, in one transaction; an open deletion of the content is joined. */
  async #bury(key: ContentKey, actor: string): Promise<string> {
    const id = `del_${this.#options.newId()}`;
    const { deletionId, jobs } = await this.#options.records.transaction(async (sql) => {
      const cancelled = await this.#cancelJobs(sql, key);
      const created = await sql.query(
        `INSERT INTO deletions (deletion_id, user_id, content_id, content_type, requested_by, requested_at, due_at)
         VALUES ($1, $2, $3, $4, $5, now(), now() + $6 * interval '1 ms')
         ON CONFLICT (user_id, content_id) WHERE completed_at IS NULL DO NOTHING RETURNING deletion_id`,
        [id, key.userId, key.contentId, key.contentType, actor, 2 * FENCE_MS],
      );
      if (created.length === 0) return { deletionId: await openDeletion(sql, key), jobs: cancelled };
      await sql.query(
        `INSERT INTO deletion_steps (deletion_id, position, store)
         SELECT $1, position, store FROM unnest($2::text[]) WITH ORDINALITY AS given(store, position)`,
        [id, DELETION_STORES],
      );
      await this.#announce(sql, key, true);
      return { deletionId: id, jobs: cancelled };
    });
    this.#options.jobs.announce(jobs);
    return deletionId;
  }

  /** One run a deletion at a time in this process; two in different processes do the same idempotent work. */
  async #advance(deletionId: string): Promise<void> {
    const running = this.#running.get(deletionId) ?? this.#runSteps(deletionId);
    this.#running.set(deletionId, running);
    try {
      await running;
    } finally {
      this.#running.delete(deletionId);
    }
  }

  async #runSteps(deletionId: string): Promise<void> {
    const { records, crash } = this.#options;
    const [target] = await records.query<Target>('SELECT * FROM deletions WHERE deletion_id = $1', [
      deletionId,
    ]);
    if (!target) return;
    await this.#awaitFence(target);
    const steps = await records.query<{ store: DeletionStore }>(
      `SELECT store FROM deletion_steps WHERE deletion_id = $1 AND status = 'pending' ORDER BY position`,
      [deletionId],
    );
    for (const { store } of steps) {
      try {
        await this.#finishStep(deletionId, store, await this.#empty(store, target));
      } catch (error) {
        await this.#postpone(target, store, asAppError(error, 'store_unavailable', { store }));
        return;
      }
      crash(CRASH_AFTER[store]);
    }
    // Once more at the end: somebody may have read the content while its rows were still there.
    await this.#contentCache.purge(target.user_id, target.content_id);
    await records.query(
      'UPDATE deletions SET completed_at = now() WHERE deletion_id = $1 AND completed_at IS NULL',
      [deletionId],
    );
  }

  async #empty(store: DeletionStore, target: Target): Promise<JsonObject> {
    const of = { userId: target.user_id, contentId: target.content_id };
    switch (store) {
      case 'cache':
        return { entries: await this.#contentCache.purge(of.userId, of.contentId) };
      case 'graph': {
        const { contents, neighbours } = await this.#options.graph.deleteContent(of);
        return { contents, neighbours };
      }
      case 'records':
        return removeRows(this.#options.records, of.userId, of.contentId);
      case 'vectors':
        return { points: await this.#options.vectors.deleteContent(of) };
      case 'blobs':
        return { files: await this.#deleteFiles(of) };
    }
  }

  async #deleteFiles(of: { readonly userId: string; readonly contentId: string }): Promise<number> {
    const { records, blobs, types } = this.#options;
    const jobs = await records.query<{ job_id: string; blob_key: string | null }>(
      `SELECT job_id, file_paths->>'upload' AS blob_key FROM processing_jobs WHERE user_id = $1 AND content_id = $2`,
      [of.userId, of.contentId],
    );
    let files = await blobs.deletePrefix(reprocessPrefix(of.userId, of.contentId));
    // The content may have changed its type since some of its files were written.
    for (const type of types.all) files += await blobs.deletePrefix(contentPrefix(type, of));
    for (const { job_id, blob_key } of jobs) {
      files += await blobs.deletePrefix(workPrefix(job_id));
      if (blob_key !== null && (await blobs.delete(blob_key))) files += 1;
    }
    return files;
  }

  async #finishStep(deletionId: string, store: DeletionStore, removed: JsonObject): Promise<void> {
    await this.#options.records.query(
      `UPDATE deletion_steps SET status = 'done', removed = $3::jsonb, error = NULL, finished_at = now()
        WHERE deletion_id = $1 AND store = $2 AND status = 'pending'`,
      [deletionId, store, JSON.stringify(removed)],
    );
  }

  async #postpone(target: Target, store: DeletionStore, error: AppError): Promise<void> {
    const waitMs = Math.min(FIRST_WAIT_MS * 2 ** target.attempts, LONGEST_WAIT_MS);
    await this.#options.records.query(
      'UPDATE deletion_steps SET error = $3 WHERE deletion_id = $1 AND store = $2',
      [target.deletion_id, store, error.message],
    );
    await this.#options.records.query(
      `UPDATE deletions SET attempts = attempts + 1, due_at = now() + $2 * interval '1 ms' WHERE deletion_id = $1`,
      [target.deletion_id, waitMs],
    );
  }

  async #awaitFence(target: Target): Promise<void> {
    const giveUpAt = this.#options.now().getTime() + FENCE_MS;
    while (this.#options.now().getTime() < giveUpAt) {
      const running = await this.#options.records.query(
        `SELECT 1 FROM processing_jobs WHERE user_id = $1 AND content_id = $2 AND stage_state = 'running' LIMIT 1`,
        [target.user_id, target.content_id],
      );
      if (running.length === 0) return;
      await this.#options.pause(LOOK_MS);
    }
  }

  async #cancelJobs(sql: SqlExecutor, key: ContentKey): Promise<readonly string[]> {
    const rows = await sql.query<{ job_id: string }>(
      `SELECT job_id FROM processing_jobs WHERE user_id = $1 AND content_id = $2 AND stage_state <> 'ended'`,
      [key.userId, key.contentId],
    );
    const jobIds = rows.map((row) => row.job_id);
    await this.#options.jobs.cancelIn(sql, jobIds);
    return jobIds;
  }

  async #announce(sql: SqlExecutor, key: ContentKey, hardDelete: boolean): Promise<void> {
    const [content] = await sql.query<{ tags: readonly string[] }>(
      'SELECT tags FROM contents WHERE user_id = $1 AND content_id = $2',
      [key.userId, key.contentId],
    );
    await this.#options.webhooks.enqueue(sql, {
      userId: key.userId,
      event: 'content.deleted',
      contentType: key.contentType,
      tags: content?.tags ?? [],
      jobId: null,
      batchIds: [],
      data: { content_id: key.contentId, content_type: key.contentType, hard_delete: hardDelete },
      callbackUrls: [],
      at: this.#options.now(),
    });
  }
}

interface Target {
  readonly deletion_id: string;
  readonly user_id: string;
  readonly content_id: string;
  readonly content_type: string;
  readonly attempts: number;
}

async function openDeletion(sql: SqlExecutor, key: ContentKey): Promise<string> {
  const [row] = await sql.query<{ deletion_id: string }>(
    'SELECT deletion_id FROM deletions WHERE user_id = $1 AND content_id = $2 AND completed_at IS NULL',
    [key.userId, key.contentId],
  );
  if (!row) throw new AppError('not_found');
  return row.deletion_id;
}
