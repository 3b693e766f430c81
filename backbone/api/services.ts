import type { Readable } from 'node:stream';
import type { ApiKeys } from '../access/api-keys.ts';
import type { ErrorCode } from '../errors.ts';
import type { JsonObject, JsonValue, Locator } from '../content/model.ts';
import type { JobEventType, JobStatus } from '../jobs/job.ts';
import type { Lane } from '../pipeline/lanes.ts';
import type { Stage } from '../pipeline/stages.ts';
import type { ContentRow, DeadLetterRow, IfExists, JobRow, StoredFile } from '../stores/records/entities.ts';

/**
 * What the API needs from the rest of the backbone; `composition/services.ts` hands in the real ones. Every call
 * is scoped to one tenant by `userId`: what belongs to another answers as if it were not there (`not_found`).
 */
export interface Services {
  readonly jobs: JobService;
  readonly contents: ContentService;
  readonly search: SearchService;
  readonly uploads: UploadService;
  readonly webhooks: WebhookService;
  readonly keys: Pick<ApiKeys, 'createKey' | 'list' | 'revoke'>;
  readonly types: readonly ContentTypeInfo[];
  /** Name of a port -> milliseconds of its probe; rejects when it is down. */
  readonly probes: ReadonlyMap<string, () => Promise<number>>;
  readonly isReady: () => boolean;
}

export interface ContentTypeInfo {
  readonly type: string;
  readonly label: string;
  readonly stages: readonly Stage[];
  /** Media types that files of this type may have. */
  readonly mediaTypes: readonly string[];
  /** JSON schema of `options`. */
  readonly options: JsonObject;
}

/* Jobs */

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

export interface ItemError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint: string;
  /** Field errors of a refused request item; empty otherwise. */
  readonly fields: readonly { readonly field: string; readonly message: string }[];
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

export interface BatchAccepted {
  readonly batchId: string;
  readonly open: boolean;
  readonly items: readonly (Accepted | Rejected)[];
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

/** What a stage of a job has done so far. */
export interface StageSummary {
  readonly stage: Stage;
  readonly status: 'waiting' | 'running' | 'done' | 'failed' | 'cancelled';
  readonly attempts: number;
  readonly startedAt: Date | null;
  /** Of all attempts; up to now when running. */
  readonly seconds: number | null;
}

export interface JobDetail {
  readonly job: JobRow;
  readonly stages: readonly StageSummary[];
  /** Jobs of the same type that come first; null when it does not wait. */
  readonly queuePosition: number | null;
  readonly etaSeconds: number | null;
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

export interface Page<T> {
  readonly items: readonly T[];
  /** Of all pages. */
  readonly total: number;
  readonly nextCursor: string | null;
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

/* Contents */

export interface ContentFilter {
  readonly userId: string;
  readonly contentType: string;
  readonly author?: string;
  readonly language?: string;
  readonly tag?: string;
  readonly minPages?: number;
  readonly minDuration?: number;
  readonly status?: 'active' | 'deleted';
  readonly createdFrom?: Date;
  readonly createdTo?: Date;
  readonly limit: number;
  readonly cursor?: string;
  readonly offset?: number;
}

export interface ContentKey {
  readonly userId: string;
  readonly contentType: string;
  readonly contentId: string;
}

export interface ChunkRow {
  readonly chunkId: string;
  readonly index: number;
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly tokenCount: number;
  readonly locator: Locator;
}

export interface RelatedRow {
  readonly contentId: string;
  readonly contentType: string;
  readonly title: string | null;
  readonly url: string | null;
  readonly score: number;
  readonly reasons: readonly { readonly kind: string; readonly name: string }[];
}

export interface DeletionStep {
  readonly store: string;
  readonly status: 'pending' | 'done';
  readonly removed: JsonObject;
  readonly error: string | null;
}

export interface DeletionReceipt {
  readonly deletionId: string;
  readonly requestedAt: Date;
  readonly completedAt: Date | null;
  readonly steps: readonly DeletionStep[];
}

export interface ContentService {
  list(filter: ContentFilter): Promise<Page<ContentRow>>;
  /** Read-through cache of an hour. @throws AppError not_found, also when soft-deleted */
  get(key: ContentKey): Promise<ContentRow>;
  text(key: ContentKey): Promise<{ readonly text: string; readonly markdown: string }>;
  chunks(
    key: ContentKey,
    page: { readonly limit: number; readonly cursor?: string },
  ): Promise<Page<ChunkRow>>;
  /** @throws AppError not_found, no_stored_file */
  file(key: ContentKey): Promise<StoredFile>;
  openFile(file: StoredFile, range?: { readonly start: number; readonly end: number }): Promise<Readable>;
  related(key: ContentKey, limit: number): Promise<readonly RelatedRow[]>;
  /** Events of all jobs of the content, newest job first. */
  history(key: ContentKey, limit: number): Promise<readonly JobEvent[]>;
  /** Only fields of the type's schema; anything else is `invalid_request` naming the field. */
  update(key: ContentKey, changes: JsonObject): Promise<ContentRow>;
  softDelete(key: ContentKey): Promise<void>;
  /** Runs the steps at once; what cannot be done now goes on by itself and shows as pending. */
  hardDelete(key: ContentKey, actor: string): Promise<DeletionReceipt>;
  deletion(userId: string, deletionId: string): Promise<DeletionReceipt>;
  restore(key: ContentKey): Promise<ContentRow>;
  /** @throws AppError not_found, no_stored_file */
  reprocess(
    key: ContentKey,
    options: { readonly force: boolean; readonly traceparent: string | null },
  ): Promise<Accepted>;
}

/* Search */

export interface SearchQuery {
  readonly userId: string;
  readonly query: string;
  readonly contentTypes?: readonly string[];
  readonly contentIds?: readonly string[];
  readonly language?: string;
  readonly tags?: readonly string[];
  readonly author?: string;
  readonly publishedFrom?: string;
  readonly publishedTo?: string;
  readonly limit: number;
  readonly offset: number;
  readonly signal: AbortSignal;
}

export interface SearchHit {
  readonly contentId: string;
  readonly contentType: string;
  readonly title: string | null;
  readonly url: string | null;
  readonly chunkId: string;
  readonly text: string;
  /** Offsets into `text`. */
  readonly highlights: readonly { readonly start: number; readonly end: number }[];
  readonly score: number;
  readonly locator: Locator;
  /** Opens the source at the passage, where its kind allows it. */
  readonly link: string | null;
}

export interface SearchResult {
  readonly total: number;
  readonly hits: readonly SearchHit[];
  readonly facets: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

export interface SearchService {
  search(query: SearchQuery): Promise<SearchResult>;
}

/* Uploads */

export interface Upload {
  readonly uploadId: string;
  readonly sha256: string;
  readonly sizeBytes: number;
  readonly mediaType: string;
  readonly fileName: string | null;
  readonly expiresAt: Date;
}

export interface UploadService {
  /** Streams into the blob store, hashing on the way. @throws AppError payload_too_large, source_empty, disk_full */
  store(
    userId: string,
    body: Readable,
    options: {
      readonly fileName: string | null;
      readonly declaredType: string | null;
      readonly signal: AbortSignal;
    },
  ): Promise<Upload>;
}

/* Webhooks */

export interface Webhook {
  readonly webhookId: string;
  readonly url: string;
  readonly events: readonly string[];
  readonly contentTypes: readonly string[];
  readonly tags: readonly string[];
  readonly batchId: string | null;
  readonly active: boolean;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export type WebhookInput = Pick<Webhook, 'url' | 'events' | 'contentTypes' | 'tags' | 'batchId' | 'active'>;

export interface Delivery {
  readonly deliveryId: string;
  readonly event: string;
  readonly jobId: string | null;
  readonly batchId: string | null;
  readonly status: 'pending' | 'delivered' | 'failed';
  readonly attempts: number;
  readonly nextAttemptAt: Date | null;
  readonly lastStatus: number | null;
  readonly lastError: string | null;
  readonly createdAt: Date;
  readonly finishedAt: Date | null;
}

export interface WebhookService {
  /** The secret is told this once. @throws AppError callback_forbidden */
  create(
    userId: string,
    input: WebhookInput,
  ): Promise<{ readonly webhook: Webhook; readonly secret: string }>;
  list(userId: string, page: { readonly limit: number; readonly cursor?: string }): Promise<Page<Webhook>>;
  /** The secret that signs the callbacks of this tenant's jobs and batches. */
  callbackSecret(userId: string): Promise<string>;
  get(userId: string, webhookId: string): Promise<Webhook>;
  update(userId: string, webhookId: string, changes: Partial<WebhookInput>): Promise<Webhook>;
  delete(userId: string, webhookId: string): Promise<void>;
  deliveries(
    userId: string,
    webhookId: string,
    page: { readonly limit: number; readonly cursor?: string },
  ): Promise<Page<Delivery>>;
}

/** Names of the events a webhook may ask for. */
export const WEBHOOK_EVENTS = [
  'job.completed',
  'job.failed',
  'job.cancelled',
  'job.retrying',
  'content.deleted',
  'batch.ended',
] as const;
