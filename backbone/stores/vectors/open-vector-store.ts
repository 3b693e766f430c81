import type { Database } from '../records/record-store.ts';
import { schemeOf, unknownScheme } from '../store-url.ts';
import { pgvectorStore } from './pgvector.ts';
import type { VectorStore } from './vector-store.ts';

export interface VectorStoreOptions {
  /** `embedded:`, in the database of the records. */
  readonly url: string;
  readonly database: Database;
}

/** @throws AppError config_invalid */
export function openVectorStore({ url, database }: VectorStoreOptions): Promise<VectorStore> {
  if (schemeOf(url) === 'embedded:') return Promise.resolve(pgvectorStore({ database }));
  return Promise.reject(unknownScheme('VECTORS_URL', url, ['embedded:']));
}
