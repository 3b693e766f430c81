import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What near-duplicates are found by. Contents that were stored before get theirs when they are processed again. */
export class AddFingerprints implements MigrationInterface {
  readonly name = 'AddFingerprints1764000000005';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE content_fingerprints (
      user_id text NOT NULL,
      content_id text NOT NULL,
      version integer NOT NULL,
      signature integer[] NOT NULL,
      bands integer[] NOT NULL,
      PRIMARY KEY (user_id, content_id)
    )`);
    await runner.query('CREATE INDEX content_fingerprints_bands ON content_fingerprints USING gin (bands)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE content_fingerprints');
  }
}
