import type { JsonObject, JsonValue } from '../../content/model.ts';
import type { ItemError } from '../../errors.ts';
import type { JobStatus } from '../../jobs/job.ts';
import type { IfExists } from '../../stores/records/entities.ts';

/** One thing to ingest: exactly one of `url` and `uploadId`. */
export interface Submission {
  readonly url: string | null;
  readonly uploadId: string | null;
  readonly contentType: string | null;
  readonly priority: number;
  readonly metadata: JsonObject;
  readonly options: JsonObject;
  readonly ifExists: IfExists;
  readonly callbackUrl: string | null;
}

export interface SubmitOptions {
  readonly userId: string;
  readonly traceparent: string | null;
}

export interface Accepted {
  /** Null when the content exists and `if_exists` is `skip`: then nothing was started. */
  readonly jobId: string | null;
  readonly contentId: string;
  readonly contentType: string;
  /** `completed` for content that was skipped. */
  readonly status: JobStatus;
  readonly deduplicated: boolean;
  readonly skipped: boolean;
  readonly message: string;
}

export interface Rejected {
  readonly error: ItemError;
}

export interface BatchSubmission {
  /** Null starts a new batch; else an open batch of this tenant. */
  readonly batchId: string | null;
  /** True keeps the batch open for further requests. */
  readonly open: boolean;
  readonly callbackUrl: string | null;
  /** Items that the API already refused stand as `Rejected`, so that positions stay. */
  readonly items: readonly (Submission | Rejected)[];
}

/** An answer that was given, kept so that the same Idempotency-Key gets it again. */
export interface StoredAnswer {
  readonly status: number;
  readonly body: JsonValue;
}

export interface IdempotentRequest {
  readonly key: string;
  /** Hash of everything that makes the request what it is. */
  readonly requestHash: string;
  /** Turns the outcome into the answer that is stored in the same transaction. */
  readonly answer: (outcome: readonly (Accepted | Rejected)[], batchId: string | null) => StoredAnswer;
}

export type Submitted =
  | {
      readonly kind: 'accepted';
      readonly items: readonly (Accepted | Rejected)[];
      readonly batchId: string | null;
    }
  /** The key was used before with the same request. */
  | { readonly kind: 'repeated'; readonly answer: StoredAnswer };
