import type { ItemError } from '../../errors.ts';

export interface DeadLetterFilter {
  readonly userId: string;
  readonly errorCode?: string;
  readonly contentType?: string;
  readonly failedFrom?: Date;
  readonly failedTo?: Date;
  readonly limit: number;
  readonly cursor?: string;
}

export interface ReplayRequest {
  readonly userId: string;
  readonly ids?: readonly string[];
  readonly errorCode?: string;
  readonly contentType?: string;
  readonly failedFrom?: Date;
  readonly failedTo?: Date;
  readonly dryRun: boolean;
  readonly reason: string | null;
  /** Key id of whoever asks. */
  readonly actor: string;
}

export interface ReplayResult {
  readonly matched: number;
  readonly replayed: readonly { readonly deadLetterId: string; readonly jobId: string | null }[];
  readonly refused: readonly { readonly deadLetterId: string; readonly error: ItemError }[];
}
