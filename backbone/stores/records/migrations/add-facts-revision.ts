import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Counts the changes of what the graph and the vectors repeat of a content, and remembers which one they show:
 * a change that was interrupted between the stores is found again.
 */
export class AddFactsRevision implements MigrationInterface {
  readonly name = 'AddFactsRevision1764000000004';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE contents ADD COLUMN facts_revision integer NOT NULL DEFAULT 0,
                                             ADD COLUMN shown_revision integer NOT NULL DEFAULT 0`);
    await runner.query(
      'CREATE INDEX contents_not_shown ON contents (updated_at) WHERE shown_revision <> facts_revision',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE contents DROP COLUMN facts_revision, DROP COLUMN shown_revision');
  }
}
