import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Feeds that are polled. What their entries are known by is in `expanded_items`, under the same content id. */
export class AddFeeds implements MigrationInterface {
  readonly name = 'AddFeeds1764000000007';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE feeds (
      feed_id text PRIMARY KEY,
      user_id text NOT NULL,
      content_id text NOT NULL,
      url text NOT NULL,
      title text,
      every_seconds integer NOT NULL,
      options jsonb NOT NULL,
      paused boolean NOT NULL DEFAULT false,
      etag text,
      last_modified text,
      body_sha256 text,
      ttl_ms float8,
      next_poll_at timestamptz(3) NOT NULL,
      last_polled_at timestamptz,
      first_read_at timestamptz,
      last_new_at timestamptz,
      last_error jsonb,
      failures integer NOT NULL DEFAULT 0,
      poll_count integer NOT NULL DEFAULT 0,
      job_count integer NOT NULL DEFAULT 0,
      recent_polls jsonb NOT NULL DEFAULT '[]',
      epoch integer NOT NULL DEFAULT 0,
      lease_until timestamptz,
      created_at timestamptz(3) NOT NULL,
      updated_at timestamptz NOT NULL,
      UNIQUE (user_id, content_id)
    )`);
    await runner.query('CREATE INDEX feeds_due ON feeds (next_poll_at) WHERE NOT paused');
    await runner.query('CREATE INDEX feeds_owner ON feeds (user_id, created_at DESC)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE feeds');
  }
}
