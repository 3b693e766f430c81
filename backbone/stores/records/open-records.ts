import 'reflect-metadata';
import { DataSource, type EntitySchema, type MigrationInterface } from 'typeorm';
import { AppError } from '../../errors.ts';
import { openEmbeddedDatabase } from '../embedded-database.ts';
import { AddExpansion } from './migrations/add-expansion.ts';
import { AddFactsRevision } from './migrations/add-facts-revision.ts';
import { AddFeeds } from './migrations/add-feeds.ts';
import { AddLlmBudget } from './migrations/add-llm-budget.ts';
import { AddFingerprints } from './migrations/add-fingerprints.ts';
import { AddNativeIds } from './migrations/add-native-ids.ts';
import { AddVocabulary } from './migrations/add-vocabulary.ts';
import { CreateAccess } from './migrations/create-access.ts';
import { CreateContents } from './migrations/create-contents.ts';
import { CreateJobs } from './migrations/create-jobs.ts';
import { entities } from './entities.ts';
import type { RecordStore } from './record-store.ts';
import { typeormDatabase } from './typeorm-database.ts';

export type MigrationClass = new () => MigrationInterface;

/** What a content type brings along: its own tables. */
export interface TypeTables {
  readonly entities: readonly EntitySchema[];
  readonly migrations: readonly MigrationClass[];
}

export interface OpenRecordsOptions {
  /** `embedded:` keeps the database under `folder`; with a null folder in memory. */
  readonly url: string;
  readonly folder: string | null;
  readonly types: readonly TypeTables[];
  /** See `dumpTemplate`: spares tests the seconds of initdb. */
  readonly template?: Blob;
}

/**
 * Opens the database without migrating it.
 * @throws AppError config_invalid, data_folder_damaged
 */
export async function openRecords(options: OpenRecordsOptions): Promise<RecordStore> {
  if (options.url !== 'embedded:') {
    throw new AppError('config_invalid', {
      params: { faults: `RECORDS_URL: ${options.url} has no adapter` },
    });
  }
  const { folder, template } = options;
  const database = await openEmbeddedDatabase({ folder, ...(template ? { template } : {}) });
  const dataSource = new DataSource({
    type: 'postgres',
    extra: database.poolConfig,
    entities: [...entities, ...options.types.flatMap((type) => type.entities)],
    migrations: [
      CreateJobs,
      CreateContents,
      CreateAccess,
      AddFactsRevision,
      AddFingerprints,
      AddExpansion,
      AddNativeIds,
      AddVocabulary,
      AddFeeds,
      AddLlmBudget,
      ...options.types.flatMap((type) => type.migrations),
    ],
    migrationsTableName: 'schema_migrations',
    installExtensions: false,
    logging: false,
  });
  await dataSource.initialize();
  return typeormDatabase({ dataSource, afterClose: () => database.close() });
}
