import type { JsonObject } from '../../content/model.ts';
import type { ItemError } from '../../errors.ts';
import type { JobEventType, JobStatus } from '../../jobs/job.ts';
import type { Lane } from '../../pipeline/lanes.ts';
import type { Stage } from '../../pipeline/stages.ts';
import type { DeadLetterRow, JobRow } from '../../stores/records/entities.ts';
import type { DeadLetterFilter, ReplayRequest, ReplayResult } from './dead-letters.ts';
import type { Page } from './page.ts';
import type {
  BatchSubmission,
  IdempotentRequest,
  Submission,
  SubmitOptions,
  Submitted,
} from './submission.ts';
import type { Delivery } from './webhook-service.ts';

export interface JobService {
  /**
   * One transaction: jobs, first events, outbox rows, batch and idempotency key. A single submission that
   * cannot be taken rejects with its AppError; in a batch it stands as `Rejected` at its position.
   * @throws AppError url_*, unknown_content_type, upload_not_found, callback_forbidden, idempotency_conflict, batch_closed
   */
  submit(
    request: Submission | BatchSubmission,
    options: SubmitOptions & { readonly idempotency?: IdempotentRequest },
  ): Promise<Submitted>;
  /** @throws AppError not_found */
  get(userId: string, jobId: string): Promise<JobDetail>;
  list(filter: JobFilter): Promise<Page<JobRow>>;
  /** @throws AppError not_found, job_ended */
  cancel(userId: string, jobId: string): Promise<JobRow>;
  /** Another run of a failed or cancelled job, from the stage that failed. @throws AppError not_found, job_not_ended, job_not_retryable, conflict */
  retry(userId: string, jobId: string): Promise<JobRow>;
  batch(userId: string, batchId: string): Promise<BatchStatus>;
  /** Events with a `seq` above `after`, in order, at most 1,000. @throws AppError not_found */
  events(userId: string, jobId: string, after: number): Promise<readonly JobEvent[]>;
  /** Hints that there are new events; may be lost or doubled, so read `events` as well. */
  watch(jobId: string, listener: () => void): Promise<{ unsubscribe(): Promise<void> }>;
  deadLetters(filter: DeadLetterFilter): Promise<Page<DeadLetterRow>>;
  deadLetter(userId: string, deadLetterId: string): Promise<DeadLetterRow>;
  replay(request: ReplayRequest): Promise<ReplayResult>;
}

export interface JobDetail {
  readonly job: JobRow;
  readonly stages: readonly StageSummary[];
  /** Jobs of the same type that come first; null when it does not wait. */
  readonly queuePosition: number | null;
  readonly etaSeconds: number | null;
}

/** What a stage of a job has done so far. */
export interface StageSummary {
  readonly stage: Stage;
  readonly status: 'waiting' | 'running' | 'done' | 'failed' | 'cancelled';
  readonly attempts: number;
  readonly startedAt: Date | null;
  /** Of all attempts; up to now when running. */
  readonly seconds: number | null;
}

export interface JobEvent {
  readonly jobId: string;
  /** From 1, without gaps. */
  readonly seq: number;
  readonly type: JobEventType | 'created';
  readonly status: JobStatus;
  readonly stage: Stage | null;
  readonly progress: number;
  readonly detail: JsonObject;
  readonly at: Date;
}

export interface JobFilter {
  readonly userId: string;
  readonly statuses?: readonly JobStatus[];
  readonly contentType?: string;
  readonly contentId?: string;
  readonly batchId?: string;
  readonly createdFrom?: Date;
  readonly createdTo?: Date;
  readonly lane?: Lane;
  readonly limit: number;
  readonly cursor?: string;
}

export interface BatchStatus {
  readonly batchId: string;
  readonly open: boolean;
  readonly createdAt: Date;
  readonly endedAt: Date | null;
  readonly counts: Readonly<Record<string, number>>;
  readonly total: number;
  readonly items: readonly BatchItem[];
  readonly callbacks: readonly Delivery[];
}

export interface BatchItem {
  readonly index: number;
  readonly jobId: string | null;
  readonly contentId: string | null;
  readonly status: string;
  readonly error: ItemError | null;
}
