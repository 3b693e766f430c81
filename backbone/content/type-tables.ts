import type { MigrationInterface, QueryRunner } from 'typeorm';
import type { MigrationClass } from '../stores/records/open-records.ts';

export interface TypeTableNames {
  readonly type: string;
  /** Partition of `content_texts`. */
  readonly texts: string;
  /** Partition of `content_chunks`. */
  readonly chunks: string;
  readonly metadata: string;
  /** Columns of the metadata table besides its key. */
  readonly columns: string;
}

/**
 * The migration that every content type needs: its partitions and its metadata table. `name` ends with 13
 * digits that order it among all migrations. Names and columns are ours, never a caller's.
 */
export function typeTablesMigration(name: string, tables: TypeTableNames): MigrationClass {
  return class implements MigrationInterface {
    readonly name = name;

    async up(runner: QueryRunner): Promise<void> {
      await runner.query(
        `CREATE TABLE ${tables.texts} PARTITION OF content_texts FOR VALUES IN ('${tables.type}')`,
      );
      await runner.query(
        `CREATE TABLE ${tables.chunks} PARTITION OF content_chunks FOR VALUES IN ('${tables.type}')`,
      );
      await runner.query(`CREATE TABLE ${tables.metadata} (
        user_id text NOT NULL,
        content_id text NOT NULL,
        version integer NOT NULL,
        ${tables.columns},
        PRIMARY KEY (user_id, content_id),
        FOREIGN KEY (user_id, content_id) REFERENCES contents ON DELETE CASCADE)`);
    }

    async down(runner: QueryRunner): Promise<void> {
      for (const table of [tables.metadata, tables.chunks, tables.texts])
        await runner.query(`DROP TABLE ${table}`);
    }
  };
}

/** Adds columns, by name, to a table of a type; they may be null in rows that are there already. Names are ours. */
export function addColumnsMigration(
  name: string,
  { table, columns }: { readonly table: string; readonly columns: Readonly<Record<string, string>> },
): MigrationClass {
  return class implements MigrationInterface {
    readonly name = name;

    async up(runner: QueryRunner): Promise<void> {
      for (const [column, type] of Object.entries(columns))
        await runner.query(`ALTER TABLE ${table} ADD COLUMN ${column} ${type}`);
    }

    async down(runner: QueryRunner): Promise<void> {
      for (const column of Object.keys(columns))
        await runner.query(`ALTER TABLE ${table} DROP COLUMN ${column}`);
    }
  };
}

export interface MigrationStatements {
  readonly up: readonly string[];
  readonly down: readonly string[];
}

/** A later change to a type's tables or rows: statements without parameters, run in order. */
export function statementsMigration(name: string, statements: MigrationStatements): MigrationClass {
  return class implements MigrationInterface {
    readonly name = name;

    async up(runner: QueryRunner): Promise<void> {
      for (const statement of statements.up) await runner.query(statement);
    }

    async down(runner: QueryRunner): Promise<void> {
      for (const statement of statements.down) await runner.query(statement);
    }
  };
}
