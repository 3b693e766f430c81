/** Builds what people do with stored contents: library, deletion, search, uploads. */
import { setTimeout as delay } from 'node:timers/promises';
import { ContentEditor } from '../content/content-editor.ts';
import { ContentLibrary } from '../content/content-library.ts';
import { Deletions } from '../content/deletion.ts';
import { NativeIds } from '../content/native-ids.ts';
import type { ParsePool } from '../content/parsing/parse-pool.ts';
import { Reembedding } from '../content/reembedding.ts';
import { Reprocessing } from '../content/reprocessing.ts';
import { ContentSearch } from '../content/search.ts';
import { Sweeper } from '../content/sweeper.ts';
import { Uploads } from '../content/uploads.ts';
import type { Jobs } from './jobs.ts';
import type { Stores } from './stores.ts';
import { newId, type Surroundings } from './surroundings.ts';

const MEBIBYTE = 1024 * 1024;

export interface Contents {
  readonly deletions: Deletions;
  readonly editor: ContentEditor;
  readonly library: ContentLibrary;
  readonly search: ContentSearch;
  readonly uploads: Uploads;
  readonly reembedding: Reembedding;
  readonly sweeper: Sweeper;
}

export function buildContents(
  { config, types, logger, crash }: Surroundings,
  stores: Stores,
  { jobs, deliveries, leases }: Jobs,
  parsePool: ParsePool,
): Contents {
  const { records, blobs, graph, vectors, cache, embedder, questions } = stores;
  const now = (): Date => new Date();
  const pause = (ms: number): Promise<void> => delay(ms);
  const deletions = new Deletions({
    ...stores,
    types,
    jobs,
    webhooks: deliveries,
    heldJobs: () => leases.heldJobs(),
    newId,
    crash,
    now,
    pause,
  });
  const editor = new ContentEditor({ records, graph, vectors, crash, now });
  const nativeIds = new NativeIds({
    types,
    blobs,
    parsePool,
    maxBytes: config.MAX_DOCUMENT_MB * MEBIBYTE,
  });
  const reprocessing = new Reprocessing({ blobs, jobs, newId, crash });
  return {
    deletions,
    editor,
    library: new ContentLibrary({
      records,
      blobs,
      cache,
      graph,
      vectors,
      types,
      deletions,
      editor,
      reprocessing,
    }),
    search: new ContentSearch({ records, vectors, embedder: questions }),
    reembedding: new Reembedding({
      records,
      blobs,
      vectors,
      embedder,
      onTakeOver: () => questions.takeOver(),
      crash,
      logger,
    }),
    uploads: new Uploads({ records, blobs, nativeIds, maxBytes: config.MAX_UPLOAD_MB * MEBIBYTE, newId }),
    sweeper: new Sweeper({ records, vectors, graph, blobs, types, now }),
  };
}
