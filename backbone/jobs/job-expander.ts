import type { Accepted, Rejected } from '../api/services/submission.ts';
import type { Expansion } from '../content/expansion.ts';
import type { ContentWarning } from '../content/model.ts';
import type { Crash } from '../crash-points.ts';
import { AppError } from '../errors.ts';
import type { JobExpansionFacts, JobRow } from '../stores/records/entities.ts';
import { storableJson } from '../stores/postgres-text.ts';
import type { SqlExecutor } from '../stores/records/record-store.ts';
import { insertItems, openSlot } from './batches.ts';
import {
  childSubmission,
  digested,
  refusalWarnings,
  unseenItems,
  type DigestedItem,
  type Refusal,
} from './expansion-plan.ts';
import type { OutboxEntry } from './outbox.ts';
import type { PlannedJob } from './submission-plan.ts';
import { rejection } from './submission-results.ts';
import type { Inserted, SubmissionWriter } from './submission.ts';

export interface JobExpanderOptions {
  readonly writer: Pick<SubmissionWriter, 'plan' | 'insert'>;
  readonly newBatchId: () => string;
  readonly crash: Crash;
}

interface PlannedItem extends DigestedItem {
  readonly plan: PlannedJob | Rejected;
}

/**
 * Makes jobs of what a job's content lists, in the transaction that completes it: whoever lost the job makes none,
 * and a transaction that is done again makes them once.
 */
export class JobExpander {
  readonly #options: JobExpanderOptions;

  constructor(options: JobExpanderOptions) {
    this.#options = options;
  }

  /** Resolves with the records to publish after the commit. What may not be submitted is a warning of the parent. */
  async expand(sql: SqlExecutor, parent: JobRow, expansion: Expansion): Promise<readonly OutboxEntry[]> {
    const { newBatchId, crash } = this.#options;
    const items = expansion.wanted.map(digested);
    const unseen = unseenItems(items, await seenDigests(sql, parent, items));
    const planned = unseen.map((item): PlannedItem => ({ ...item, plan: this.#plan(item, parent) }));
    const batchId = newBatchId();
    const inserted = await this.#insert(sql, planned, parent, batchId);
    const started = inserted.items.filter((item) => 'jobId' in item && !item.deduplicated && !item.skipped);
    if (started.length > 0) {
      const request = { batchId: null, open: false, callbackUrl: null, items: started };
      await insertItems(sql, await openSlot(sql, parent.user_id, request, batchId), started);
    }
    const refusals = planned.flatMap((item, index) => refusalOf(item, inserted.items[index]));
    const taken = planned.filter((_, index) => !isRejected(inserted.items[index]));
    await remember(sql, parent, taken);
    await note(sql, parent, [...expansion.warnings, ...refusalWarnings(refusals)], {
      batch_id: started.length > 0 ? batchId : null,
      started: started.length,
      skipped: items.length - started.length - refusals.length,
      refused: refusals.length,
    });
    crash('expand_before_commit');
    return inserted.entries;
  }

  #plan({ wanted }: DigestedItem, parent: JobRow): PlannedJob | Rejected {
    try {
      return this.#options.writer.plan(childSubmission(wanted, parent), null);
    } catch (error) {
      if (error instanceof AppError) return rejection(error);
      throw error;
    }
  }

  /** @throws Error that is tried again: a conflict with the jobs of the items is no fault of their parent. */
  async #insert(
    sql: SqlExecutor,
    planned: readonly PlannedItem[],
    parent: JobRow,
    batchId: string,
  ): Promise<Inserted> {
    const owner = { userId: parent.user_id, batchId, traceparent: parent.traceparent };
    const plans = planned.map(({ plan }) => plan);
    try {
      return await this.#options.writer.insert(sql, plans, owner);
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'conflict') throw error;
      throw new Error('Jobs of the items come and go', { cause: error });
    }
  }
}

function isRejected(result: Accepted | Rejected | undefined): boolean {
  return result !== undefined && 'error' in result;
}

function refusalOf({ wanted }: PlannedItem, result: Accepted | Rejected | undefined): readonly Refusal[] {
  return result !== undefined && 'error' in result ? [{ url: wanted.url, error: result.error }] : [];
}

/** Which of the items' digests the parent's content has listed before. */
async function seenDigests(
  sql: SqlExecutor,
  parent: JobRow,
  items: readonly DigestedItem[],
): Promise<ReadonlySet<string>> {
  const rows = await sql.query<{ digest: string }>(
    'SELECT digest FROM expanded_items WHERE user_id = $1 AND content_id = $2 AND digest = ANY($3::text[])',
    [parent.user_id, parent.content_id, items.flatMap(({ digests }) => digests)],
  );
  return new Set(rows.map(({ digest }) => digest));
}

async function remember(sql: SqlExecutor, parent: JobRow, items: readonly DigestedItem[]): Promise<void> {
  await sql.query(
    `INSERT INTO expanded_items (user_id, content_id, digest) SELECT $1, $2, unnest($3::text[]) ON CONFLICT DO NOTHING`,
    [parent.user_id, parent.content_id, items.flatMap(({ digests }) => digests)],
  );
}

async function note(
  sql: SqlExecutor,
  parent: JobRow,
  warnings: readonly ContentWarning[],
  facts: JobExpansionFacts,
): Promise<void> {
  await sql.query(
    'UPDATE processing_jobs SET expansion = $2::jsonb, warnings = warnings || $3::jsonb WHERE job_id = $1',
    [parent.job_id, JSON.stringify(facts), storableJson(warnings)],
  );
}
