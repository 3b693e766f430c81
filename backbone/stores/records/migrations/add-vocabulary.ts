import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The words of each tenant's contents, to find those that a misspelt one may mean. `content_words` says which of them
 * a content counts for. Contents that were stored before get theirs when they are processed again.
 */
export class AddVocabulary implements MigrationInterface {
  readonly name = 'AddVocabulary1764000000010';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE EXTENSION IF NOT EXISTS pg_trgm');
    // Counts change all the time: room in each page keeps such an update away from the indexes.
    await runner.query(`CREATE TABLE vocabulary (
      user_id text NOT NULL,
      term text NOT NULL,
      word text NOT NULL,
      contents integer NOT NULL,
      PRIMARY KEY (user_id, term, word)
    ) WITH (fillfactor = 80)`);
    // New entries are collected, which makes storing some four times as fast; few, since each search reads them.
    await runner.query(`CREATE INDEX vocabulary_trigrams ON vocabulary USING gin (word gin_trgm_ops)
      WITH (fastupdate = on, gin_pending_list_limit = 256)`);
    await runner.query(`CREATE TABLE content_words (
      user_id text NOT NULL,
      content_id text NOT NULL,
      terms text[] NOT NULL,
      words text[] NOT NULL,
      PRIMARY KEY (user_id, content_id)
    )`);
  }

  /** The extension stays: others in the same database may use it. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE content_words');
    await runner.query('DROP TABLE vocabulary');
  }
}
