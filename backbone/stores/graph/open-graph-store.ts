import type { Database } from '../records/record-store.ts';
import { schemeOf, unknownScheme } from '../store-url.ts';
import type { GraphStore } from './graph-store.ts';
import { openSqlGraph } from './sql-graph.ts';

export interface GraphStoreOptions {
  /** `embedded:`, in the database of the records. */
  readonly url: string;
  readonly database: Database;
}

/** @throws AppError config_invalid | store_unavailable */
export async function openGraphStore({ url, database }: GraphStoreOptions): Promise<GraphStore> {
  if (schemeOf(url) !== 'embedded:') throw unknownScheme('GRAPH_URL', url, ['embedded:']);
  return openSqlGraph({ database });
}
