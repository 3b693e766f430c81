/** What the good ends of a stage carry into their transactions. */
import type { Expansion } from '../content/expansion.ts';
import type { ContentWarning, JsonObject } from '../content/model.ts';
import type { AppError } from '../errors.ts';
import type { Stage } from '../pipeline/stages.ts';
import type { SqlExecutor } from '../stores/records/record-store.ts';

export interface HandOff {
  readonly next: Stage;
  /** Another type than the job's when the bytes turned out to be so. */
  readonly contentType: string;
  readonly outputKey: string;
  readonly files: JsonObject;
  readonly warnings: readonly ContentWarning[];
}

export interface Completion {
  readonly unchanged: boolean;
  readonly warnings: readonly ContentWarning[];
  /** What becomes jobs in the transaction that completes this one. */
  readonly expansion: Expansion | null;
  /** Runs in that transaction: the flip of the content's version. */
  readonly commit: (sql: SqlExecutor) => Promise<void>;
}

/** The job fails at an earlier stage, after the later ones stored what there is. */
export interface Unfinished {
  readonly error: AppError;
  /** Where a manual retry goes on. */
  readonly stage: Stage;
  readonly inputKey: string;
  /** Runs in the transaction that ends the job. */
  readonly commit: (sql: SqlExecutor) => Promise<void>;
}
