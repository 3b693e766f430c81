import type { ContentKey, DeletionReceipt } from '../api/services/content-service.ts';
import type { Crash, CrashPoint } from '../crash-points.ts';
import { asAppError } from '../errors.ts';
import type { JobManager } from '../jobs/job-manager.ts';
import type { WebhookDeliveries } from '../jobs/webhook-deliveries.ts';
import type { BlobStore } from '../stores/blobs/blob-store.ts';
import type { Cache } from '../stores/cache/cache.ts';
import type { GraphStore } from '../stores/graph/graph-store.ts';
import type { RecordStore, SqlExecutor } from '../stores/records/record-store.ts';
import type { VectorStore } from '../stores/vectors/vector-store.ts';
import { ContentCache } from './content-cache.ts';
import type { TypeRegistry } from './content-types.ts';
import {
  DeletionLedger,
  type DeletionTarget,
  type PendingStep,
  type RemovedCounts,
} from './deletion-ledger.ts';
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
  /** Jobs whose stages run in this process, whatever the records say of them. */
  readonly heldJobs: () => readonly string[];
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
/** How long whoever asks waits for running stages of the content to notice that they were cancelled. */
const FENCE_MS = 3000;
const LOOK_MS = 50;
const STILL_RUNNING = 'A stage of this content still runs; what it writes will be removed when it has ended.';

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
    for (const deletionId of due) await this.#advance(deletionId, 0);
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
  async #advance(deletionId: string, fenceMs = FENCE_MS): Promise<void> {
    const running = this.#running.get(deletionId) ?? this.#runSteps(deletionId, fenceMs);
    this.#running.set(deletionId, running);
    try {
      await running;
    } finally {
      this.#running.delete(deletionId);
    }
  }

  /**
   * Every store is emptied at once. As long as a stage of the content runs, which may write once more, the steps stay
   * open and are done again.
   */
  async #runSteps(deletionId: string, fenceMs: number): Promise<void> {
    const target = await this.#ledger.target(deletionId);
    if (!target) return;
    const isFenced = await this.#awaitFence(target, fenceMs);
    const of = { userId: target.user_id, contentId: target.content_id };
    for (const step of await this.#ledger.pending(deletionId)) {
      if (!(await this.#runStep(target, step, isFenced))) return this.#postpone(target);
      this.#options.crash(CRASH_AFTER[step.store]);
    }
    // Once more at the end: somebody may have read the content while its rows were still there.
    await this.#contentCache.purge(of.userId, of.contentId);
    if (isFenced) await this.#ledger.complete(deletionId);
    else await this.#postpone(target);
  }

  /** False when the store could not be emptied. */
  async #runStep(
    target: DeletionTarget,
    { store, removed }: PendingStep,
    isFenced: boolean,
  ): Promise<boolean> {
    const { deletion_id: deletionId, user_id: userId, content_id: contentId } = target;
    try {
      const all = sumOf(removed, await emptyStore(store, { userId, contentId }, this.#ports));
      if (isFenced) await this.#ledger.finishStep(deletionId, store, all);
      else await this.#ledger.keepOpen(deletionId, store, { reason: STILL_RUNNING, removed: all });
      return true;
    } catch (error) {
      const { message } = asAppError(error, 'store_unavailable', { store });
      await this.#ledger.keepOpen(deletionId, store, { reason: message, removed });
      return false;
    }
  }

  async #postpone(target: DeletionTarget): Promise<void> {
    const waitMs = Math.min(FIRST_WAIT_MS * 2 ** target.attempts, LONGEST_WAIT_MS);
    await this.#ledger.postpone(target.deletion_id, waitMs);
  }

  /** False when a stage of the content still runs after that time. */
  async #awaitFence(target: DeletionTarget, fenceMs: number): Promise<boolean> {
    const giveUpAt = this.#options.now().getTime() + fenceMs;
    for (;;) {
      // A stage that ignores its cancellation outlives its lease.
      const running = await this.#options.records.query(
        `SELECT 1 FROM processing_jobs
          WHERE user_id = $1 AND content_id = $2 AND (stage_state = 'running' OR job_id = ANY($3::text[])) LIMIT 1`,
        [target.user_id, target.content_id, this.#options.heldJobs()],
      );
      if (running.length === 0) return true;
      if (this.#options.now().getTime() >= giveUpAt) return false;
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

function sumOf(some: RemovedCounts, others: RemovedCounts): RemovedCounts {
  const kinds = new Set([...Object.keys(some), ...Object.keys(others)]);
  return Object.fromEntries([...kinds].map((kind) => [kind, (some[kind] ?? 0) + (others[kind] ?? 0)]));
}
