import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Tokens of the language model, by day and of all tenants together: used, and put aside for requests under way. */
export class AddLlmBudget implements MigrationInterface {
  readonly name = 'AddLlmBudget1764000000013';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE TABLE llm_days (day date PRIMARY KEY, used bigint NOT NULL)');
    await runner.query(`CREATE TABLE llm_reservations (
      reservation_id text PRIMARY KEY,
      day date NOT NULL,
      tokens bigint NOT NULL,
      reserved_at timestamptz NOT NULL
    )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE llm_reservations');
    await runner.query('DROP TABLE llm_days');
  }
}
