import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What an uploaded file calls itself, such as an ISBN, by content type. */
export class AddNativeIds implements MigrationInterface {
  readonly name = 'AddNativeIds1764000000014';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE uploads ADD COLUMN native_ids jsonb NOT NULL DEFAULT '{}'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE uploads DROP COLUMN native_ids');
  }
}
