import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who may call us, and whom we call: API keys, webhook subscriptions and their deliveries. */
export class CreateAccess implements MigrationInterface {
  readonly name = 'CreateAccess1764000000003';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of UP) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of TABLES.toReversed()) await runner.query(`DROP TABLE ${table}`);
  }
}

const TABLES = ['api_keys', 'callback_secrets', 'webhooks', 'webhook_deliveries'];

const UP = [
  `CREATE TABLE api_keys (
    key_id text PRIMARY KEY,
    user_id text NOT NULL,
    name text NOT NULL,
    hash bytea NOT NULL,
    scopes text[] NOT NULL,
    first_start boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL,
    revoked_at timestamptz,
    last_used_at timestamptz
  )`,
  `CREATE TABLE callback_secrets (
    user_id text PRIMARY KEY,
    secret text NOT NULL
  )`,
  `CREATE TABLE webhooks (
    webhook_id text PRIMARY KEY,
    user_id text NOT NULL,
    url text NOT NULL,
    events text[] NOT NULL,
    content_types text[] NOT NULL DEFAULT '{}',
    tags text[] NOT NULL DEFAULT '{}',
    batch_id text,
    secret text NOT NULL,
    active boolean NOT NULL DEFAULT true,
    created_at timestamptz(3) NOT NULL,
    updated_at timestamptz NOT NULL
  )`,
  `CREATE INDEX webhooks_owner ON webhooks (user_id, created_at DESC)`,
  `CREATE TABLE webhook_deliveries (
    delivery_id text PRIMARY KEY,
    user_id text NOT NULL,
    webhook_id text REFERENCES webhooks ON DELETE CASCADE,
    job_id text,
    batch_id text,
    url text NOT NULL,
    event text NOT NULL,
    payload jsonb NOT NULL,
    status text NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'delivered', 'failed')),
    attempts integer NOT NULL DEFAULT 0,
    next_attempt_at timestamptz NOT NULL,
    lease_until timestamptz,
    last_status integer,
    last_error text,
    created_at timestamptz(3) NOT NULL,
    finished_at timestamptz
  )`,
  `CREATE INDEX webhook_deliveries_due ON webhook_deliveries (next_attempt_at) WHERE status = 'pending'`,
  `CREATE INDEX webhook_deliveries_log ON webhook_deliveries (webhook_id, created_at DESC)`,
  `CREATE INDEX webhook_deliveries_batch ON webhook_deliveries (batch_id) WHERE batch_id IS NOT NULL`,
  `CREATE INDEX webhook_deliveries_job ON webhook_deliveries (job_id) WHERE job_id IS NOT NULL`,
];
