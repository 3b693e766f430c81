import { AsyncLocalStorage } from 'node:async_hooks';
import type { DataSource } from 'typeorm';
import { AppError } from '../../errors.ts';
import { roundTripMs } from '../round-trip.ts';
import { sqlState, type RecordStore, type Row, type SqlExecutor } from './record-store.ts';

/** SQLSTATE classes and codes that mean "the server is gone", not "the statement is wrong". */
const LOST_CONNECTION = /^(08...|57P0[1-3]|53300)$/;
const LOST_SOCKET = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN']);
const DISK_FULL = '53100';

export interface TypeormDatabaseOptions {
  readonly dataSource: DataSource;
  /** After the pool is closed. */
  readonly afterClose?: () => Promise<void>;
}

/** A RecordStore over an initialised DataSource of TypeORM, whichever PostgreSQL stands behind it. */
export function typeormDatabase({ dataSource, afterClose }: TypeormDatabaseOptions): RecordStore {
  const inTransaction = new AsyncLocalStorage<true>();

  const refuseInside = (): void => {
    // With one connection this would wait for itself for ever; with many it would escape the transaction.
    if (inTransaction.getStore()) throw new Error('Inside a transaction only its own executor may be used');
  };

  return {
    dataSource,
    async query<T extends object = Row>(sql: string, params: readonly unknown[] = []): Promise<T[]> {
      refuseInside();
      return guarded(async () => rowsOf<T>(await dataSource.query(sql, [...params])));
    },
    async transaction<T>(work: (sql: SqlExecutor) => Promise<T>): Promise<T> {
      refuseInside();
      return guarded(() =>
        dataSource.transaction((manager) => inTransaction.run(true, () => work(executorOf(manager)))),
      );
    },
    async migrate() {
      const applied = await guarded(() => dataSource.runMigrations({ transaction: 'each' }));
      return applied.map((migration) => migration.name);
    },
    probe: () => roundTripMs(() => guarded(() => dataSource.query('SELECT 1'))),
    async close() {
      await dataSource.destroy();
      await afterClose?.();
    },
  };
}

function executorOf(manager: { query(sql: string, params?: unknown[]): Promise<unknown> }): SqlExecutor {
  return {
    query: async <T extends object = Row>(sql: string, params: readonly unknown[] = []) =>
      rowsOf<T>(await manager.query(sql, [...params])),
  };
}

/** TypeORM answers `[rows, count]` for UPDATE and DELETE, and plain rows for everything else. */
function rowsOf<T extends object>(answer: unknown): T[] {
  if (!Array.isArray(answer)) return [];
  const isPair = answer.length === 2 && Array.isArray(answer[0]) && typeof answer[1] === 'number';
  return (isPair ? answer[0] : answer) as T[];
}

async function guarded<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    throw translated(error);
  }
}

function translated(error: unknown): unknown {
  const state = sqlState(error);
  if (state === DISK_FULL || codeOf(error) === 'ENOSPC') return new AppError('disk_full', { cause: error });
  if ((state !== null && LOST_CONNECTION.test(state)) || LOST_SOCKET.has(codeOf(error))) {
    return new AppError('store_unavailable', { params: { store: 'records' }, cause: error });
  }
  return error;
}

function codeOf(error: unknown): string {
  const code = (error as { readonly code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : '';
}
