import type { ContentKey, DeletionReceipt } from '../api/services/content-service.ts';
import type { Crash, CrashPoint } from '../crash-points.ts';
import { asAppError, type AppError } from '../errors.ts';
import type { JobManager } from '../jobs/job-manager.ts';
import type { WebhookDeliveries } from '../jobs/webhook-deliveries.ts';
import type { BlobStore } from '../stores/blobs/blob-store.ts';
import type { Cache } from '../stores/cache/cache.ts';
import type { GraphStore } from '../stores/graph/graph-store.ts';
import type { RecordStore, SqlExecutor } from '../stores/records/record-store.ts';
import type { VectorStore } from '../stores/vectors/vector-store.ts';
import { ContentCache } from './content-cache.ts';
import type { TypeRegistry } from './content-types.ts';
import { DeletionLedger, type DeletionTarget } from './deletion-ledger.ts';
import { emptyStore, type DeletionStepPorts, type DeletionStore } from './deletion-steps.ts';

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
 * Hides contents, and really removes them. A removal is a row in a ledger (`deletion-ledger.ts`) that outlives the
 * content: first the tombstone, then one step a store (`deletion-steps.ts`), each idempotent, recorded, and tried
 * until it is done.
 */
export class Deletions {
  readonly #options: DeletionsOptions;
  readonly #ledger: DeletionLedger;
  readonly #contentCache: ContentCache;
  readonly #ports: DeletionStepPorts;
  readonly #running = new Map<string, Promise<void>>();

  constructor(options: DeletionsOptions) {
    this.#options = options;
    this.#ledger = new DeletionLedger(options.records);
    this.#contentCache = new ContentCache(options.cache);
    this.#ports = { ...options, contentCache: this.#contentCache };
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
    this.#options.crash('restore_after_records');
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
    return this.#ledger.receipt(userId, deletionId);
  }

  /** Takes part in the hard delete of the content that is under way; null when there is none. */
  async join(key: ContentKey): Promise<DeletionReceipt | null> {
    const deletionId = await this.#ledger.find(key);
    if (deletionId === null) return null;
    await this.#advance(deletionId);
    return this.receipt(key.userId, deletionId);
  }

  /** At the start: what was interrupted need not wait for its time. Another process may be at it: that does no harm. */
  async recover(): Promise<void> {
    await this.#ledger.makeDue();
  }

  /** Goes on with deletions that were interrupted. Resolves with how many were looked at. */
  async resume(): Promise<number> {
    const due = await this.#ledger.due();
    for (const deletionId of due) await this.#advance(deletionId);
    return due.length;
  }

  /** The tombstone and the empty ledger, in one transaction; an open deletion of the content is joined. */
  async #bury(key: ContentKey, actor: string): Promise<string> {
    const id = `del_${this.#options.newId()}`;
    const { deletionId, jobs } = await this.#options.records.transaction(async (sql) => {
      const cancelled = await this.#cancelJobs(sql, key);
      const deletion = { deletionId: id, actor, dueInMs: 2 * FENCE_MS };
      const isNew = await this.#ledger.open(sql, key, deletion);
      if (!isNew) return { deletionId: await this.#ledger.openId(sql, key), jobs: cancelled };
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
    const target = await this.#ledger.target(deletionId);
    if (!target) return;
    await this.#awaitFence(target);
    const of = { userId: target.user_id, contentId: target.content_id };
    for (const store of await this.#ledger.pending(deletionId)) {
      try {
        await this.#ledger.finishStep(deletionId, store, await emptyStore(store, of, this.#ports));
      } catch (error) {
        await this.#postpone(target, store, asAppError(error, 'store_unavailable', { store }));
        return;
      }
      this.#options.crash(CRASH_AFTER[store]);
    }
    // Once more at the end: somebody may have read the content while its rows were still there.
    await this.#contentCache.purge(of.userId, of.contentId);
    await this.#ledger.complete(deletionId);
  }

  async #postpone(target: DeletionTarget, store: DeletionStore, error: AppError): Promise<void> {
    const waitMs = Math.min(FIRST_WAIT_MS * 2 ** target.attempts, LONGEST_WAIT_MS);
    await this.#ledger.postpone(target.deletion_id, store, error, waitMs);
  }

  async #awaitFence(target: DeletionTarget): Promise<void> {
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
