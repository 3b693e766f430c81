/** Opens the five stores, the broker and what else reaches out of the process, each once, by the URL of its setting. */
import path from 'node:path';
import type { Broker } from '../broker/broker.ts';
import { openBroker } from '../broker/open-broker.ts';
import { fetcherSettings } from '../config-slices.ts';
import { openTemporaryFiles, type TemporaryFiles } from '../content/media/temporary-files.ts';
import type { Fetcher } from '../fetch/fetcher.ts';
import { openFetcher } from '../fetch/open-fetcher.ts';
import type { Logger } from '../logger.ts';
import type { Embedder } from '../models/embedder.ts';
import { openEmbedder, openFormerEmbedder } from '../models/open-embedder.ts';
import { QuestionEmbedder } from '../models/question-embedder.ts';
import type { BlobStore } from '../stores/blobs/blob-store.ts';
import { openBlobStore } from '../stores/blobs/open-blob-store.ts';
import type { Cache } from '../stores/cache/cache.ts';
import { openCache } from '../stores/cache/open-cache.ts';
import { budgetedLlm } from '../models/budgeted-llm.ts';
import type { LimitedLlm } from '../models/llm.ts';
import { openLlm } from '../models/open-llm.ts';
import { restingLlm } from '../models/resting-llm.ts';
import { TokenBudget } from '../models/token-budget.ts';
import type { Transcriber } from '../models/transcriber.ts';
import { openTranscriber } from '../models/open-transcriber.ts';
import { isFirstStart } from '../stores/embedded-database.ts';
import type { GraphStore } from '../stores/graph/graph-store.ts';
import { openGraphStore } from '../stores/graph/open-graph-store.ts';
import { openRecords } from '../stores/records/open-records.ts';
import type { RecordStore } from '../stores/records/record-store.ts';
import { openVectorStore } from '../stores/vectors/open-vector-store.ts';
import type { VectorStore } from '../stores/vectors/vector-store.ts';
import { newId, type Surroundings } from './surroundings.ts';

const MEBIBYTE = 1024 * 1024;
/** Bounds the broker in memory; what does not fit waits in the outbox. */
const RECORDS_PER_TOPIC = 10_000;

export interface StoresOptions {
  /** What takes long at the start, as sentences. */
  readonly onProgress?: (message: string) => void;
}

export interface Stores {
  readonly records: RecordStore;
  readonly cache: Cache;
  readonly blobs: BlobStore;
  readonly graph: GraphStore;
  readonly vectors: VectorStore;
  readonly fetcher: Fetcher;
  readonly embedder: Embedder;
  /** Null: none is set. */
  readonly transcriber: Transcriber | null;
  /** Null: none is set. */
  readonly llm: LimitedLlm | null;
  /** Of the model whose vectors are searched. */
  readonly questions: QuestionEmbedder;
  readonly temporaryFiles: TemporaryFiles;
  readonly broker: Broker;
}

/** Each is closed by `shutdown`, the last one opened first. */
export async function openStores(around: Surroundings, options: StoresOptions): Promise<Stores> {
  const { config, logger, shutdown } = around;
  const records = await openMigratedRecords(around, options);
  const onListenerError = (error: unknown): void => logger.error({ error }, 'A listener of the cache failed');
  const cacheSize = { maxEntries: 10_000, maxBytes: 32 * MEBIBYTE };
  const cache = await openCache({ url: config.CACHE_URL, now: Date.now, ...cacheSize, onListenerError });
  shutdown.add('cache', () => cache.close());
  const blobsUrl =
    config.BLOBS_URL === 'embedded:' ? `file:${path.join(config.dataDir, 'blobs')}` : config.BLOBS_URL;
  const blobs = await openBlobStore({ url: blobsUrl });
  shutdown.add('blobs', () => blobs.close());
  const graph = await openGraphStore({ url: config.GRAPH_URL, database: records });
  shutdown.add('graph', () => graph.close());
  const vectors = await openVectorStore({ url: config.VECTORS_URL, database: records });
  shutdown.add('vectors', () => vectors.close());
  const fetcher = openFetcher(fetcherSettings(config));
  shutdown.add('fetcher', () => fetcher.close());
  const embedder = openEmbedder(config.EMBEDDER_URL, {
    fetcher,
    key: config.EMBEDDER_KEY,
    local: {
      cacheFolder: path.join(config.dataDir, 'models'),
      onNotice: (notice) => logger.info({ ...notice }, 'The embedding model is being fetched'),
    },
  });
  shutdown.add('embedder', () => embedder.close());
  const transcriber = openTranscriber(config.TRANSCRIBER_URL, {
    fetcher,
    apiKey: config.TRANSCRIBER_KEY ?? null,
    timeoutMs: config.TRANSCRIBER_TIMEOUT_SECONDS * 1000,
    now: Date.now,
  });
  if (transcriber !== null) shutdown.add('transcriber', () => transcriber.close());
  const llm = openLimitedLlm(around, records, fetcher);
  const questions = await openQuestions(vectors, embedder, logger, options);
  shutdown.add('questions', () => questions.close());
  const onFault = (fault: object): void => logger.error({ ...fault }, 'A record’s handler failed');
  const broker = await openBroker(config.BROKER_URL, {
    now: Date.now,
    maxRecordsPerTopic: RECORDS_PER_TOPIC,
    onFault,
  });
  shutdown.add('broker', () => broker.close());
  const temporaryFiles = await openTemporaryFiles(path.join(config.dataDir, 'temporary'));
  return {
    records,
    cache,
    blobs,
    graph,
    vectors,
    fetcher,
    embedder,
    transcriber,
    llm,
    questions,
    temporaryFiles,
    broker,
  };
}

/** A request is tried in up to three ways, each as long as the setting allows. */
const TRIES = 3;
const MINUTE_MS = 60_000;

function openLimitedLlm(
  { config, shutdown }: Surroundings,
  records: RecordStore,
  fetcher: Fetcher,
): LimitedLlm | null {
  const timeoutMs = config.LLM_TIMEOUT_SECONDS * 1000;
  const llm = openLlm(config.LLM_URL, { fetcher, apiKey: config.LLM_KEY ?? null, timeoutMs, now: Date.now });
  if (llm === null) return null;
  shutdown.add('language model', () => llm.close());
  const budget = new TokenBudget({
    records,
    dailyTokens: config.LLM_DAILY_TOKENS,
    lostAfterMs: TRIES * timeoutMs + MINUTE_MS,
    now: () => new Date(),
    newId,
  });
  return budgetedLlm(restingLlm(llm, Date.now), budget);
}

/** Says what follows when the stored vectors come from another model. */
async function openQuestions(
  vectors: VectorStore,
  configured: Embedder,
  logger: Logger,
  { onProgress }: StoresOptions,
): Promise<QuestionEmbedder> {
  const { model, dimensions } = configured;
  const { name: searched } = await vectors.prepare({ name: model, dimensions });
  const former = searched === model ? null : openFormerEmbedder(searched);
  if (searched !== model) {
    const meanwhile = former === null ? 'goes by words alone' : 'goes on with the old ones';
    const message = `The stored vectors, of the model ${searched}, are made anew with ${model} in the background; until then search ${meanwhile}.`;
    logger.warn({ searched, model }, message);
    onProgress?.(message);
  }
  return new QuestionEmbedder({ searched, configured, former });
}

async function openMigratedRecords(
  { config, types, logger, shutdown }: Surroundings,
  { onProgress }: StoresOptions,
): Promise<RecordStore> {
  const folder = path.join(config.dataDir, 'postgres');
  if (await isFirstStart(folder))
    onProgress?.('Preparing the data folder, once: this takes some seconds ...');
  const records = await openRecords({
    url: config.RECORDS_URL,
    folder,
    types: types.all.map((type) => type.tables),
  });
  shutdown.add('records', () => records.close());
  const migrated = await records.migrate();
  if (migrated.length > 0) logger.info({ migrations: migrated }, 'The database was migrated');
  return records;
}
