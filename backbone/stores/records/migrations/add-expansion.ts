import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What became of the items that a job's content lists, and which of them were met before. */
export class AddExpansion implements MigrationInterface {
  readonly name = 'AddExpansion1764000000006';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE processing_jobs ADD COLUMN expansion jsonb');
    await runner.query(`CREATE TABLE expanded_items (
      user_id text NOT NULL,
      content_id text NOT NULL,
      digest text NOT NULL,
      seen_at timestamptz NOT NULL DEFAULT now(),
      PRIMARY KEY (user_id, content_id, digest)
    )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE expanded_items');
    await runner.query('ALTER TABLE processing_jobs DROP COLUMN expansion');
  }
}
