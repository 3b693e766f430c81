import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Jobs and what is written in the same transactions: stage runs, events, the outbox, dead letters. */
export class CreateJobs implements MigrationInterface {
  readonly name = 'CreateJobs1764000000001';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of UP) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of TABLES.toReversed()) await runner.query(`DROP TABLE ${table}`);
  }
}

const TABLES = [
  'processing_jobs',
  'job_callbacks',
  'stage_runs',
  'job_events',
  'outbox',
  'dead_letters',
  'batches',
  'batch_items',
  'idempotency_keys',
];

const UP = [
  `CREATE TABLE processing_jobs (
    job_id text PRIMARY KEY,
    content_id text NOT NULL,
    user_id text NOT NULL,
    url text,
    content_type text NOT NULL,
    status text NOT NULL,
    progress_percent smallint NOT NULL DEFAULT 0 CHECK (progress_percent BETWEEN 0 AND 100),
    current_stage text,
    created_at timestamptz NOT NULL DEFAULT now(),
    started_at timestamptz,
    completed_at timestamptz,
    file_paths jsonb NOT NULL DEFAULT '{}',
    error_code text,
    error_message text,
    error_hint text,
    error_retryable boolean,
    retry_count integer NOT NULL DEFAULT 0,
    max_retries integer NOT NULL DEFAULT 3,
    next_retry_at timestamptz,
    priority smallint NOT NULL DEFAULT 5 CHECK (priority BETWEEN 1 AND 10),
    metadata jsonb NOT NULL DEFAULT '{}',
    options jsonb NOT NULL DEFAULT '{}',
    source jsonb NOT NULL,
    type_given boolean NOT NULL,
    if_exists text NOT NULL DEFAULT 'refresh',
    unchanged boolean NOT NULL DEFAULT false,
    warnings jsonb NOT NULL DEFAULT '[]',
    batch_id text,
    callback_url text,
    traceparent text,
    input_key text,
    stage_state text NOT NULL CHECK (stage_state IN ('ready', 'running', 'ended')),
    epoch integer NOT NULL DEFAULT 0,
    ready_epoch integer NOT NULL DEFAULT 0,
    attempt integer NOT NULL DEFAULT 0,
    throttled_count integer NOT NULL DEFAULT 0,
    due_at timestamptz NOT NULL DEFAULT now(),
    ready_at timestamptz NOT NULL DEFAULT now(),
    lease_until timestamptz,
    resend_after timestamptz,
    resend_count integer NOT NULL DEFAULT 0,
    cancel_requested_at timestamptz,
    event_seq integer NOT NULL DEFAULT 0
  )`,
  `CREATE UNIQUE INDEX processing_jobs_one_active ON processing_jobs (user_id, content_id) WHERE stage_state <> 'ended'`,
  `CREATE INDEX processing_jobs_listing ON processing_jobs (user_id, created_at DESC, job_id DESC)`,
  `CREATE INDEX processing_jobs_waiting ON processing_jobs (stage_state, due_at) WHERE stage_state <> 'ended'`,
  `CREATE INDEX processing_jobs_content ON processing_jobs (user_id, content_id, created_at DESC)`,
  `CREATE TABLE job_callbacks (
    job_id text NOT NULL REFERENCES processing_jobs ON DELETE CASCADE,
    url text NOT NULL,
    PRIMARY KEY (job_id, url)
  )`,
  `CREATE TABLE stage_runs (
    job_id text NOT NULL REFERENCES processing_jobs ON DELETE CASCADE,
    epoch integer NOT NULL,
    stage text NOT NULL,
    attempt integer NOT NULL,
    owner text NOT NULL,
    claimed_at timestamptz NOT NULL,
    finished_at timestamptz,
    outcome text,
    error_code text,
    output_key text,
    PRIMARY KEY (job_id, epoch)
  )`,
  `CREATE TABLE job_events (
    job_id text NOT NULL REFERENCES processing_jobs ON DELETE CASCADE,
    seq integer NOT NULL,
    type text NOT NULL,
    status text NOT NULL,
    stage text,
    progress smallint NOT NULL,
    detail jsonb NOT NULL DEFAULT '{}',
    at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (job_id, seq)
  )`,
  `CREATE TABLE outbox (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    topic text NOT NULL,
    aggregateid text NOT NULL,
    headers jsonb NOT NULL DEFAULT '{}',
    payload bytea NOT NULL,
    available_at timestamptz NOT NULL DEFAULT now(),
    created_at timestamptz NOT NULL DEFAULT now()
  )`,
  `CREATE INDEX outbox_due ON outbox (available_at, id)`,
  `CREATE TABLE dead_letters (
    dead_letter_id text PRIMARY KEY,
    user_id text,
    job_id text REFERENCES processing_jobs ON DELETE CASCADE,
    content_type text NOT NULL,
    stage text,
    topic text,
    partition integer,
    "offset" bigint,
    error_code text NOT NULL,
    error_message text NOT NULL,
    error_hint text NOT NULL,
    attempts integer NOT NULL,
    first_failed_at timestamptz NOT NULL,
    failed_at timestamptz(3) NOT NULL,
    headers jsonb NOT NULL DEFAULT '{}',
    payload bytea,
    replay_count integer NOT NULL DEFAULT 0,
    replayed_at timestamptz,
    replayed_by text,
    replay_reason text
  )`,
  `CREATE INDEX dead_letters_listing ON dead_letters (user_id, failed_at DESC, dead_letter_id DESC)`,
  `CREATE INDEX dead_letters_job ON dead_letters (job_id)`,
  `CREATE UNIQUE INDEX dead_letters_undecodable ON dead_letters (topic, partition, "offset") WHERE job_id IS NULL`,
  `CREATE TABLE batches (
    batch_id text PRIMARY KEY,
    user_id text NOT NULL,
    callback_url text,
    item_count integer NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT now(),
    closed_at timestamptz,
    ended_at timestamptz
  )`,
  `CREATE TABLE batch_items (
    batch_id text NOT NULL REFERENCES batches ON DELETE CASCADE,
    batch_index integer NOT NULL,
    job_id text,
    content_id text,
    outcome text NOT NULL,
    error jsonb,
    PRIMARY KEY (batch_id, batch_index)
  )`,
  `CREATE INDEX batch_items_job ON batch_items (job_id)`,
  `CREATE TABLE idempotency_keys (
    user_id text NOT NULL,
    key text NOT NULL,
    request_hash text NOT NULL,
    status integer,
    response jsonb,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (user_id, key)
  )`,
  `CREATE INDEX idempotency_keys_expiry ON idempotency_keys (expires_at)`,
];
