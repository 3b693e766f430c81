import { EntitySchema, type EntitySchemaColumnOptions } from 'typeorm';
import type { ContentWarning, Entity, JsonObject, Keyword } from '../../content/model.ts';
import type { JobStatus } from '../../jobs/job.ts';
import type { Stage } from '../../pipeline/stages.ts';

/** Where a job's bytes come from. */
export type JobSource =
  | { readonly kind: 'url'; readonly url: string }
  | {
      readonly kind: 'upload';
      readonly uploadId: string;
      readonly blobKey: string;
      readonly fileName: string | null;
      readonly mediaType: string;
      readonly sha256: string;
      readonly sizeBytes: number;
    }
  /** The original that is stored for the content already. */
  | { readonly kind: 'stored' };

export type IfExists = 'refresh' | 'skip' | 'force';
export type StageState = 'ready' | 'running' | 'ended';

/** A row of `processing_jobs`; columns keep their names, times are `Date`. */
export interface JobRow {
  readonly job_id: string;
  readonly content_id: string;
  readonly user_id: string;
  readonly url: string | null;
  readonly content_type: string;
  readonly status: JobStatus;
  readonly progress_percent: number;
  readonly current_stage: Stage | null;
  readonly created_at: Date;
  readonly started_at: Date | null;
  readonly completed_at: Date | null;
  readonly file_paths: JsonObject;
  readonly error_code: string | null;
  readonly error_message: string | null;
  readonly error_hint: string | null;
  readonly error_retryable: boolean | null;
  readonly retry_count: number;
  readonly max_retries: number;
  readonly next_retry_at: Date | null;
  readonly priority: number;
  readonly metadata: JsonObject;
  readonly options: JsonObject;
  readonly source: JobSource;
  /** The caller named the type; else the bytes may still change it. */
  readonly type_given: boolean;
  readonly if_exists: IfExists;
  readonly unchanged: boolean;
  readonly warnings: readonly ContentWarning[];
  readonly batch_id: string | null;
  readonly callback_url: string | null;
  readonly traceparent: string | null;
  /** Blob key of the artifact that the current stage reads; null for the first stage. */
  readonly input_key: string | null;
  readonly stage_state: StageState;
  readonly epoch: number;
  readonly ready_epoch: number;
  readonly attempt: number;
  readonly throttled_count: number;
  readonly due_at: Date;
  readonly ready_at: Date;
  readonly lease_until: Date | null;
  readonly resend_after: Date | null;
  readonly resend_count: number;
  readonly cancel_requested_at: Date | null;
  readonly event_seq: number;
  /** The jobs that were made of what the content lists; null when none were asked for. */
  readonly expansion: JobExpansionFacts | null;
}

export interface JobExpansionFacts {
  /** Holds the jobs that were started; null when there was nothing new to start. */
  readonly batch_id: string | null;
  readonly started: number;
  /** Known from before, stored or being processed already. */
  readonly skipped: number;
  readonly refused: number;
}

/** A file that was uploaded and waits for its job. */
export interface UploadRow {
  readonly upload_id: string;
  readonly blob_key: string;
  readonly sha256: string;
  readonly size_bytes: string;
  readonly media_type: string;
  readonly file_name: string | null;
  /** What the file calls itself, by content type. */
  readonly native_ids: Readonly<Record<string, string>>;
}

export interface ContentRow {
  readonly user_id: string;
  readonly content_id: string;
  readonly content_type: string;
  readonly version: number;
  readonly job_id: string;
  readonly url: string | null;
  readonly canonical_url: string | null;
  readonly title: string | null;
  readonly authors: readonly string[];
  readonly language: string | null;
  /** ISO 8601, as precise as the source. */
  readonly published_at: string | null;
  readonly description: string | null;
  readonly site_name: string | null;
  readonly image_url: string | null;
  readonly summary: string | null;
  readonly keywords: readonly Keyword[];
  readonly entities: readonly Entity[];
  readonly tags: readonly string[];
  readonly text_length: number;
  readonly word_count: number;
  readonly chunk_count: number;
  readonly page_count: number | null;
  readonly metadata: JsonObject;
  readonly type_metadata: JsonObject;
  readonly metadata_sources: JsonObject;
  /** Fields a person changed: reprocessing leaves them alone. */
  readonly edited_fields: readonly string[];
  readonly files: ContentFiles;
  readonly warnings: readonly ContentWarning[];
  readonly etag: string | null;
  readonly last_modified: string | null;
  readonly source_sha256: string | null;
  readonly embedding_model: string | null;
  readonly created_at: Date;
  readonly updated_at: Date;
  readonly deleted_at: Date | null;
  /** Rises with each change of what the graph and the vectors repeat; see `content-facts.ts`. */
  readonly facts_revision: number;
  /** The one that they show. */
  readonly shown_revision: number;
}

/** Blob keys of a content. */
export interface ContentFiles {
  readonly original?: StoredFile;
  readonly extraction?: StoredFile;
  readonly chunks?: StoredFile;
  readonly thumbnail?: StoredFile;
  readonly captions?: StoredFile;
}

export interface StoredFile {
  readonly key: string;
  readonly mediaType: string;
  readonly sizeBytes: number;
  readonly sha256: string | null;
  readonly fileName: string | null;
}

export interface DeadLetterRow {
  readonly dead_letter_id: string;
  readonly user_id: string | null;
  readonly job_id: string | null;
  readonly content_type: string;
  readonly stage: string | null;
  readonly topic: string | null;
  readonly partition: number | null;
  readonly offset: string | null;
  readonly error_code: string;
  readonly error_message: string;
  readonly error_hint: string;
  readonly attempts: number;
  readonly first_failed_at: Date;
  readonly failed_at: Date;
  readonly headers: JsonObject;
  readonly payload: Buffer | null;
  readonly replay_count: number;
  readonly replayed_at: Date | null;
  readonly replayed_by: string | null;
  readonly replay_reason: string | null;
}

const text: EntitySchemaColumnOptions = { type: 'text' };
const nullableText: EntitySchemaColumnOptions = { type: 'text', nullable: true };
const texts: EntitySchemaColumnOptions = { type: 'text', array: true };
const integer: EntitySchemaColumnOptions = { type: 'integer' };
const nullableInteger: EntitySchemaColumnOptions = { type: 'integer', nullable: true };
const flag: EntitySchemaColumnOptions = { type: 'boolean' };
const json: EntitySchemaColumnOptions = { type: 'jsonb' };
const time: EntitySchemaColumnOptions = { type: 'timestamptz' };
const nullableTime: EntitySchemaColumnOptions = { type: 'timestamptz', nullable: true };
const key = (column: EntitySchemaColumnOptions): EntitySchemaColumnOptions => ({ ...column, primary: true });

export const ProcessingJob = new EntitySchema<JobRow>({
  name: 'ProcessingJob',
  tableName: 'processing_jobs',
  columns: {
    job_id: key(text),
    content_id: text,
    user_id: text,
    url: nullableText,
    content_type: text,
    status: text,
    progress_percent: { type: 'smallint' },
    current_stage: nullableText,
    created_at: time,
    started_at: nullableTime,
    completed_at: nullableTime,
    file_paths: json,
    error_code: nullableText,
    error_message: nullableText,
    error_hint: nullableText,
    error_retryable: { type: 'boolean', nullable: true },
    retry_count: integer,
    max_retries: integer,
    next_retry_at: nullableTime,
    priority: { type: 'smallint' },
    metadata: json,
    options: json,
    source: json,
    type_given: flag,
    if_exists: text,
    unchanged: flag,
    warnings: json,
    batch_id: nullableText,
    callback_url: nullableText,
    traceparent: nullableText,
    input_key: nullableText,
    stage_state: text,
    epoch: integer,
    ready_epoch: integer,
    attempt: integer,
    throttled_count: integer,
    due_at: time,
    ready_at: time,
    lease_until: nullableTime,
    resend_after: nullableTime,
    resend_count: integer,
    cancel_requested_at: nullableTime,
    event_seq: integer,
    expansion: { type: 'jsonb', nullable: true },
  },
});

export const Content = new EntitySchema<ContentRow>({
  name: 'Content',
  tableName: 'contents',
  columns: {
    user_id: key(text),
    content_id: key(text),
    content_type: text,
    version: integer,
    job_id: text,
    url: nullableText,
    canonical_url: nullableText,
    title: nullableText,
    authors: texts,
    language: nullableText,
    published_at: nullableText,
    description: nullableText,
    site_name: nullableText,
    image_url: nullableText,
    summary: nullableText,
    keywords: json,
    entities: json,
    tags: texts,
    text_length: integer,
    word_count: integer,
    chunk_count: integer,
    page_count: nullableInteger,
    metadata: json,
    type_metadata: json,
    metadata_sources: json,
    edited_fields: texts,
    files: json,
    warnings: json,
    etag: nullableText,
    last_modified: nullableText,
    source_sha256: nullableText,
    embedding_model: nullableText,
    created_at: time,
    updated_at: time,
    deleted_at: nullableTime,
    facts_revision: integer,
    shown_revision: integer,
  },
});

export const DeadLetter = new EntitySchema<DeadLetterRow>({
  name: 'DeadLetter',
  tableName: 'dead_letters',
  columns: {
    dead_letter_id: key(text),
    user_id: nullableText,
    job_id: nullableText,
    content_type: text,
    stage: nullableText,
    topic: nullableText,
    partition: nullableInteger,
    offset: { type: 'bigint', nullable: true },
    error_code: text,
    error_message: text,
    error_hint: text,
    attempts: integer,
    first_failed_at: time,
    failed_at: time,
    headers: json,
    payload: { type: 'bytea', nullable: true },
    replay_count: integer,
    replayed_at: nullableTime,
    replayed_by: nullableText,
    replay_reason: nullableText,
  },
});

export const entities: readonly EntitySchema[] = [ProcessingJob, Content, DeadLetter];
