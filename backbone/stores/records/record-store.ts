import type { DataSource } from 'typeorm';

/** A row as PostgreSQL answers it. */
export type Row = Readonly<Record<string, unknown>>;

/** Runs parameterised SQL. Parameters are `$1`, `$2` ...; never build SQL from values. */
export interface SqlExecutor {
  query<T extends object = Row>(sql: string, params?: readonly unknown[]): Promise<T[]>;
}

/**
 * A PostgreSQL database, in this process or on a server. Methods throw `store_unavailable` when the
 * connection is lost, `disk_full` when a write finds no space; errors of a statement itself (a unique
 * violation, say) pass unchanged, see `sqlState`.
 */
export interface Database extends SqlExecutor {
  /**
   * Commits when `work` resolves, rolls back when it rejects. Keep it short: embedded mode has one
   * connection. Inside `work` only its own `sql` may be used.
   */
  transaction<T>(work: (sql: SqlExecutor) => Promise<T>): Promise<T>;
}

/** The truth about jobs and contents. */
export interface RecordStore extends Database {
  /** For queries by entity. */
  readonly dataSource: DataSource;
  /** Applies the migrations that are missing, in order. Resolves with their names. */
  migrate(): Promise<string[]>;
  /** Milliseconds a small round trip took. */
  probe(): Promise<number>;
  close(): Promise<void>;
}

/** SQLSTATE of a statement's error, or null. */
export function sqlState(error: unknown): string | null {
  const code = (error as { readonly code?: unknown } | null)?.code;
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) ? code : null;
}

export const UNIQUE_VIOLATION = '23505';

/** Classes for data, constraints, SQL itself and limits of the program, and errors that a trigger raises. */
const REFUSALS = /^(?:22|23|42|54|P0)/;

/** Was the statement itself refused, so that it would be refused again however often it is tried? */
export function isRefusal(error: unknown): boolean {
  return REFUSALS.test(sqlState(error) ?? '');
}
