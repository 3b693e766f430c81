import { MOST_EXPANDED, type Expansion } from '../content/expansion.ts';
import type { Crash } from '../crash-points.ts';
import type { JobRow } from '../stores/records/entities.ts';
import { storableJson } from '../stores/postgres-text.ts';
import type { SqlExecutor } from '../stores/records/record-store.ts';
import { childPriority } from './expansion-plan.ts';
import type { ExpansionWriter } from './expansion-writer.ts';
import type { OutboxEntry } from './outbox.ts';

export interface JobExpanderOptions {
  readonly expansions: ExpansionWriter;
  readonly crash: Crash;
}

/**
 * Makes jobs of what a job's content lists, in the transaction that completes it: whoever lost the job makes none.
 */
export class JobExpander {
  readonly #options: JobExpanderOptions;

  constructor(options: JobExpanderOptions) {
    this.#options = options;
  }

  /** Resolves with the records to publish after the commit. What may not be submitted is a warning of the parent. */
  async expand(sql: SqlExecutor, job: JobRow, expansion: Expansion): Promise<readonly OutboxEntry[]> {
    const { expansions, crash } = this.#options;
    const parent = { ...job, priority: childPriority(job.priority) };
    const { wanted } = expansion;
    const { facts, warnings, entries } = await expansions.write(sql, parent, { wanted, most: MOST_EXPANDED });
    await sql.query(
      'UPDATE processing_jobs SET expansion = $2::jsonb, warnings = warnings || $3::jsonb WHERE job_id = $1',
      [job.job_id, JSON.stringify(facts), storableJson([...expansion.warnings, ...warnings])],
    );
    crash('expand_before_commit');
    return entries;
  }
}
