import type { Accepted, Rejected } from '../api/services/submission.ts';
import type { WantedJob } from '../content/expansion.ts';
import type { ContentWarning } from '../content/model.ts';
import { AppError } from '../errors.ts';
import type { JobExpansionFacts, JobRow } from '../stores/records/entities.ts';
import type { SqlExecutor } from '../stores/records/record-store.ts';
import { insertItems, openSlot } from './batches.ts';
import {
  childSubmission,
  digested,
  firstPossible,
  nameOf,
  refusalWarnings,
  unseenItems,
  type DigestedItem,
  type Refusal,
} from './expansion-plan.ts';
import type { OutboxEntry } from './outbox.ts';
import type { PlannedJob } from './submission-plan.ts';
import { rejection } from './submission-results.ts';
import type { Inserted, SubmissionWriter } from './submission.ts';

export interface ExpansionWriterOptions {
  readonly writer: Pick<SubmissionWriter, 'plan' | 'insert'>;
  readonly newBatchId: () => string;
}

/** Whose items become jobs: those that its content id has listed before do not. `priority` and `metadata` are the jobs' own. */
export type ExpansionParent = Pick<
  JobRow,
  'user_id' | 'content_id' | 'priority' | 'metadata' | 'traceparent'
>;

export interface WrittenExpansion {
  readonly facts: JobExpansionFacts;
  /** One for each reason for which items were refused. */
  readonly warnings: readonly ContentWarning[];
  /** New items beyond `most`: not remembered, so that they are new the next time too. */
  readonly left: number;
  /** To publish after the commit. */
  readonly entries: readonly OutboxEntry[];
}

/**
 * Makes jobs of listed items and remembers the items, in the caller's transaction: what is remembered has its job,
 * and a transaction that is done again makes them once.
 */
export class ExpansionWriter {
  readonly #options: ExpansionWriterOptions;

  constructor(options: ExpansionWriterOptions) {
    this.#options = options;
  }

  /** @param most jobs to make, the first items first */
  async write(
    sql: SqlExecutor,
    parent: ExpansionParent,
    { wanted, most }: { readonly wanted: readonly WantedJob[]; readonly most: number },
  ): Promise<WrittenExpansion> {
    const items = wanted.map(digested);
    const unseen = unseenItems(items, await seenDigests(sql, parent, items));
    const possible = unseen.map((item): PlannedItem => ({ ...item, plan: this.#plan(item, parent) }));
    const planned = firstPossible(possible, most);
    const batchId = this.#options.newBatchId();
    const inserted = await this.#insert(sql, planned, parent, batchId);
    const started = inserted.items.filter((item) => 'jobId' in item && !item.deduplicated && !item.skipped);
    if (started.length > 0) {
      const request = { batchId: null, open: false, callbackUrl: null, items: started };
      await insertItems(sql, await openSlot(sql, parent.user_id, request, batchId), started);
    }
    const refusals = planned.flatMap((item, index) => refusalOf(item, inserted.items[index]));
    const taken = planned.filter((_, index) => !isRejected(inserted.items[index]));
    await insertDigests(sql, parent, taken);
    const left = possible.length - planned.length;
    return {
      facts: {
        batch_id: started.length > 0 ? batchId : null,
        started: started.length,
        skipped: items.length - started.length - refusals.length - left,
        refused: refusals.length,
      },
      warnings: refusalWarnings(refusals),
      left,
      entries: inserted.entries,
    };
  }

  /** Remembers items as if they had been expanded before. */
  async remember(sql: SqlExecutor, parent: Owner, wanted: readonly WantedJob[]): Promise<void> {
    await insertDigests(sql, parent, wanted.map(digested));
  }

  #plan({ wanted }: DigestedItem, parent: ExpansionParent): PlannedJob | Rejected {
    try {
      return this.#options.writer.plan(childSubmission(wanted, parent), wanted.upload);
    } catch (error) {
      if (error instanceof AppError) return rejection(error);
      throw error;
    }
  }

  /** @throws Error that is tried again: a conflict with the jobs of the items is no fault of their parent. */
  async #insert(
    sql: SqlExecutor,
    planned: readonly PlannedItem[],
    parent: ExpansionParent,
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

type Owner = Pick<ExpansionParent, 'user_id' | 'content_id'>;

interface PlannedItem extends DigestedItem {
  readonly plan: PlannedJob | Rejected;
}

function isRejected(result: Accepted | Rejected | undefined): boolean {
  return result !== undefined && 'error' in result;
}

function refusalOf({ wanted }: PlannedItem, result: Accepted | Rejected | undefined): readonly Refusal[] {
  return result !== undefined && 'error' in result ? [{ name: nameOf(wanted), error: result.error }] : [];
}

/** Which of the items' digests the parent's content has listed before. */
async function seenDigests(
  sql: SqlExecutor,
  parent: Owner,
  items: readonly DigestedItem[],
): Promise<ReadonlySet<string>> {
  const rows = await sql.query<{ digest: string }>(
    'SELECT digest FROM expanded_items WHERE user_id = $1 AND content_id = $2 AND digest = ANY($3::text[])',
    [parent.user_id, parent.content_id, items.flatMap(({ digests }) => digests)],
  );
  return new Set(rows.map(({ digest }) => digest));
}

async function insertDigests(sql: SqlExecutor, parent: Owner, items: readonly DigestedItem[]): Promise<void> {
  await sql.query(
    `INSERT INTO expanded_items (user_id, content_id, digest) SELECT $1, $2, unnest($3::text[]) ON CONFLICT DO NOTHING`,
    [parent.user_id, parent.content_id, items.flatMap(({ digests }) => digests)],
  );
}
