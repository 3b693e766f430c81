/** The composition root: the only file that constructs things. Read it to see how the parts hang together. */
import { randomBytes, randomUUID } from 'node:crypto';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { createApiKeys, type ApiKeys } from './access/api-keys.ts';
import { ensureFirstKey } from './access/first-key.ts';
import { createApiServer } from './api/server.ts';
import type { ContentTypeInfo, Services } from './api/services.ts';
import { startBackground } from './background.ts';
import { openEmbeddedRegistry } from './broker/embedded-registry.ts';
import { openBroker } from './broker/open-broker.ts';
import { contentLimits, fetcherSettings, isLoopback, parsePoolOptions } from './config-slices.ts';
import type { Config } from './config.ts';
import { ContentCache } from './content/content-cache.ts';
import { ContentEditor } from './content/content-editor.ts';
import { ContentLibrary } from './content/content-library.ts';
import type { ManagerPorts } from './content/content-manager.ts';
import type { ContentType } from './content/content-type.ts';
import { CONTENT_TYPES, TypeRegistry } from './content/content-types.ts';
import { Deletions } from './content/deletion.ts';
import type { JsonObject } from './content/model.ts';
import { createParsePool, type ParsePool } from './content/parsing/parse-pool.ts';
import { Reprocessing } from './content/reprocessing.ts';
import { ContentSearch } from './content/search.ts';
import { Sweeper } from './content/sweeper.ts';
import { Uploads } from './content/uploads.ts';
import { crashAt, type Crash } from './crash-points.ts';
import { lockDataFolder } from './data-folder.ts';
import { openFetcher } from './fetch/open-fetcher.ts';
import { DeadLetters } from './jobs/dead-letters.ts';
import { JobEffects } from './jobs/job-effects.ts';
import { JobManager } from './jobs/job-manager.ts';
import { createJobNotifier } from './jobs/job-notifier.ts';
import { JobQueries } from './jobs/job-queries.ts';
import { Outbox } from './jobs/outbox.ts';
import { Reconciler } from './jobs/reconciler.ts';
import { StageClaims, type Claim } from './jobs/stage-claims.ts';
import { StageTransitions } from './jobs/stage-transitions.ts';
import { SubmissionWriter } from './jobs/submission.ts';
import { WebhookDeliveries } from './jobs/webhook-deliveries.ts';
import { WebhookSubscriptions } from './jobs/webhook-subscriptions.ts';
import { Shutdown } from './lifecycle.ts';
import { createLogger, type Logger } from './logger.ts';
import { createMetrics, type Metrics } from './metrics.ts';
import { openEmbedder } from './models/open-embedder.ts';
import { openCodec, type StageTaskCodec } from './pipeline/codec.ts';
import { LeaseKeeper } from './pipeline/lease-keeper.ts';
import { retryLadder } from './pipeline/retry-policy.ts';
import { StageExecution } from './pipeline/stage-execution.ts';
import { StageRunner } from './pipeline/stage-runner.ts';
import { queueCollector } from './jobs/queue-collector.ts';
import { isFirstStart } from './stores/embedded-database.ts';
import { openBlobStore } from './stores/blobs/open-blob-store.ts';
import { openCache } from './stores/cache/open-cache.ts';
import { openGraphStore } from './stores/graph/open-graph-store.ts';
import { openRecords } from './stores/records/open-records.ts';
import { openVectorStore } from './stores/vectors/open-vector-store.ts';

export interface App {
  /** Resolves once the API answers. */
  start(): Promise<StartedApp>;
  /** Lets running stages finish for a while, hands the rest back, and closes everything. */
  readonly stop: () => Promise<void>;
}

export interface StartedApp {
  readonly url: string;
  /** The API key that this start has made; null when there was one. */
  readonly firstKey: string | null;
  /** What the API stands on. */
  readonly services: Services;
}

export interface AppOptions {
  readonly logger?: Logger;
  readonly types?: readonly ContentType[];
  /** What takes long at the start, as sentences. */
  readonly onProgress?: (message: string) => void;
  /** An initialised cluster for a new data folder. */
  readonly template?: Blob;
}

const MEBIBYTE = 1024 * 1024;
const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const DEFAULT_TENANT = 'default';
/** Bounds the broker in memory; what does not fit waits in the outbox. */
const RECORDS_PER_TOPIC = 10_000;
/** How soon a cancellation reaches a running stage. */
const WATCH_MS = 500;

/**
 * Builds nothing yet: `start` does, in order, and `stop` undoes it backwards, also after a start that failed.
 */
export function createApp(config: Config, options: AppOptions = {}): App {
  const shutdown = new Shutdown();
  const logger = options.logger ?? createLogger({ level: config.LOG_LEVEL });
  const stop = async (): Promise<void> => {
    for (const { name, error } of await shutdown.run())
      logger.error({ error, step: name }, 'A part did not stop cleanly');
  };
  return {
    stop,
    start: async () => {
      try {
        return await startApp(config, { ...options, logger }, shutdown);
      } catch (error) {
        await stop();
        throw error;
      }
    },
  };
}

type StartOptions = AppOptions & { readonly logger: Logger };
type Stores = Awaited<ReturnType<typeof openStores>>;
type Jobs = ReturnType<typeof buildJobs>;
type Contents = ReturnType<typeof buildContents>;

interface Surroundings {
  readonly config: Config;
  readonly types: TypeRegistry;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly crash: Crash;
  readonly shutdown: Shutdown;
}

async function startApp(config: Config, options: StartOptions, shutdown: Shutdown): Promise<StartedApp> {
  const { logger } = options;
  const lock = lockDataFolder(config.dataDir);
  shutdown.add('data folder', () => lock.release());
  const types = new TypeRegistry(options.types ?? CONTENT_TYPES);
  const around: Surroundings = {
    config,
    types,
    logger,
    metrics: createMetrics(),
    crash: crashAt(config.CRASH_AT),
    shutdown,
  };

  const stores = await openStores(around, options);
  const codec = await openCodec(await openEmbeddedRegistry());
  const jobs = buildJobs(around, stores, codec);
  const contents = buildContents(around, stores, jobs);
  const keys = createApiKeys({ records: stores.records, now: () => new Date(), randomBytes });
  const first = await ensureFirstKey(keys, { dataDir: config.dataDir, userId: DEFAULT_TENANT });
  await warnIfExposed(config.HOST, keys, options);
  around.metrics.addCollector(queueCollector(stores.records, jobs.outbox));

  let isReady = false;
  const services = servicesOf(around, stores, jobs, contents, keys, () => isReady);
  const api = createApiServer({
    services,
    keys,
    host: config.HOST,
    port: config.PORT,
    stopMs: config.STOP_SECONDS * SECOND_MS,
    logger,
    metrics: around.metrics,
  });
  await startWork(around, stores, codec, jobs, contents);
  const { url } = await api.listen();
  shutdown.add('api', () => api.close());
  shutdown.add('readiness', () => {
    isReady = false;
  });
  lock.announce({ url });
  isReady = true;
  return { url, firstKey: first.created ? first.key : null, services };
}

async function openStores({ config, types, logger, shutdown }: Surroundings, options: StartOptions) {
  const folder = path.join(config.dataDir, 'postgres');
  if (await isFirstStart(folder))
    options.onProgress?.('Preparing the data folder, once: this takes some seconds ...');
  const { template } = options;
  const records = await openRecords({
    url: config.RECORDS_URL,
    folder,
    types: types.all.map((type) => type.tables),
    ...(template ? { template } : {}),
  });
  shutdown.add('records', () => records.close());
  const migrated = await records.migrate();
  if (migrated.length > 0) logger.info({ migrations: migrated }, 'The database was migrated');

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
  const embedder = openEmbedder(config.EMBEDDER_URL, { fetcher });
  shutdown.add('embedder', () => embedder.close());
  await vectors.prepare({ name: embedder.model, dimensions: embedder.dimensions });
  const onFault = (fault: object): void => logger.error({ ...fault }, 'A record’s handler failed');
  const broker = await openBroker(config.BROKER_URL, {
    now: Date.now,
    maxRecordsPerTopic: RECORDS_PER_TOPIC,
    onFault,
  });
  shutdown.add('broker', () => broker.close());
  return { records, cache, blobs, graph, vectors, fetcher, embedder, broker };
}

/** Anybody who can reach the machine can try keys, so one that lies in a file should not be the only one. */
async function warnIfExposed(host: string, keys: ApiKeys, options: StartOptions): Promise<void> {
  if (isLoopback(host)) return;
  const own = (await keys.list()).some((key) => key.revokedAt === null && !key.firstStart);
  if (own) return;
  const message = `WARNING: ${host} can be reached from other machines, and the only API key is the one in the data folder. Make another with npm run keys.`;
  options.logger.warn({ host }, message);
  options.onProgress?.(message);
}

function buildJobs(
  { config, types, logger, metrics, crash }: Surroundings,
  stores: Stores,
  codec: StageTaskCodec,
) {
  const { records, broker, fetcher, cache } = stores;
  const now = (): Date => new Date();
  const onHintError = (error: unknown): void => logger.warn({ error }, 'A status hint was not sent');
  const notifier = createJobNotifier(cache, onHintError);
  const outbox = new Outbox({ records, broker, notifier, crash });
  const deliveries = new WebhookDeliveries({ records, fetcher, newId, now, random: Math.random });
  const effects = new JobEffects(deliveries, now);
  const queries = new JobQueries(records, types, config.WORKER_CONCURRENCY);
  const newJobSuffix = (): string => randomBytes(6).toString('hex');
  const writer = new SubmissionWriter({
    types,
    fetcher,
    codec,
    outbox,
    maxRetries: config.MAX_RETRIES,
    now,
    newJobSuffix,
  });
  const onFenced = ({ stage }: Claim): void => metrics.fencedWrite({ stage });
  const claims = new StageClaims({ records, notifier, crash, now });
  const transitions = new StageTransitions({
    records,
    outbox,
    codec,
    notifier,
    effects,
    crash,
    now,
    newId,
    onFenced,
  });
  const jobs = new JobManager({
    records,
    types,
    codec,
    outbox,
    notifier,
    effects,
    queries,
    writer,
    deadLetters: (retryJob) => new DeadLetters({ records, outbox, newId, retryJob }),
    newBatchId: () => `batch_${newId()}`,
    crash,
    now,
  });
  const reconciler = new Reconciler({ records, broker, outbox, codec, transitions, effects, now });
  const webhooks = new WebhookSubscriptions({ records, fetcher, deliveries, newId });
  return { jobs, outbox, deliveries, claims, transitions, reconciler, webhooks };
}

function buildContents({ config, types, crash }: Surroundings, stores: Stores, { jobs, deliveries }: Jobs) {
  const { records, blobs, graph, vectors, cache, embedder } = stores;
  const now = (): Date => new Date();
  const pause = (ms: number): Promise<void> => delay(ms);
  const deletions = new Deletions({ ...stores, types, jobs, webhooks: deliveries, newId, crash, now, pause });
  const editor = new ContentEditor({ records, graph, vectors, now });
  const reprocessing = new Reprocessing({ blobs, jobs, newId });
  return {
    deletions,
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
    search: new ContentSearch({ records, vectors, embedder }),
    uploads: new Uploads({ records, blobs, maxBytes: config.MAX_UPLOAD_MB * MEBIBYTE, newId }),
    sweeper: new Sweeper({ records, vectors, graph, blobs, types, now }),
  };
}

function servicesOf(
  { types }: Surroundings,
  stores: Stores,
  { jobs, webhooks }: Jobs,
  { library, search, uploads }: Contents,
  keys: ApiKeys,
  isReady: () => boolean,
): Services {
  const { records, graph, vectors, blobs, cache, broker } = stores;
  return {
    jobs,
    contents: library,
    search,
    uploads,
    webhooks,
    keys,
    types: types.all.map(typeInfo),
    probes: new Map(
      Object.entries({ records, graph, vectors, blobs, cache, broker }).map(([name, port]) => [
        name,
        () => port.probe(),
      ]),
    ),
    isReady,
  };
}

function typeInfo({ type, label, stages, mediaTypes, options }: ContentType): ContentTypeInfo {
  return { type, label, stages, mediaTypes, options: z.toJSONSchema(options) as JsonObject };
}

async function startWork(
  around: Surroundings,
  stores: Stores,
  codec: StageTaskCodec,
  jobs: Jobs,
  contents: Contents,
): Promise<void> {
  const { config, logger, shutdown } = around;
  const { claims, reconciler } = jobs;
  const leaseMs = config.LEASE_SECONDS * SECOND_MS;
  const onError = (error: unknown): void => logger.error({ error }, 'Leases could not be looked after');
  const leases = new LeaseKeeper({ claims, leaseMs, watchMs: WATCH_MS, now: Date.now, onError });
  shutdown.add('leases', () => leases.stop());
  const parsePool = createParsePool(parsePoolOptions(config));
  shutdown.add('parse pool', () => parsePool.close());
  const runners = buildRunners(around, stores, codec, jobs, leases, parsePool);
  // The broker in memory has forgotten everything: the records say what is still to do.
  for (const runner of runners) await runner.start();
  shutdown.add('stage runners', async () => {
    const deadline = AbortSignal.timeout(config.STOP_SECONDS * SECOND_MS);
    await Promise.all(runners.map((runner) => runner.stop(deadline)));
  });
  const recovered = config.BROKER_URL === 'memory:' ? await reconciler.recover() : 0;
  await contents.deletions.recover();
  if (recovered > 0) logger.info({ jobs: recovered }, 'Jobs of the last run go on');
  for (const { name, loop } of startBackground({ ...jobs, ...contents, records: stores.records, logger })) {
    shutdown.add(name, () => loop.stop());
  }
}

function buildRunners(
  { config, types, logger, metrics, crash }: Surroundings,
  stores: Stores,
  codec: StageTaskCodec,
  { jobs, claims, transitions }: Jobs,
  leases: LeaseKeeper,
  parsePool: ParsePool,
): readonly StageRunner[] {
  const now = (): Date => new Date();
  const contentCache = new ContentCache(stores.cache);
  const purgeCache = async (userId: string, contentId: string): Promise<void> => {
    await contentCache.purge(userId, contentId);
  };
  const ports: ManagerPorts = {
    ...stores,
    parsePool,
    types,
    limits: contentLimits(config),
    purgeCache,
    crash,
    now,
  };
  const ladder = retryLadder(config.RETRY_BASE_MS, config.MAX_RETRIES);
  const common = { claims, ladder, metrics, logger, now };
  const owner = `${process.pid}-${newId().slice(0, 8)}`;
  return types.all.map((type) => {
    const execution = new StageExecution({
      ...common,
      manager: type.createManager(ports),
      transitions,
      leases,
      blobs: stores.blobs,
      stageTimeoutMs: config.STAGE_TIMEOUT_MINUTES * MINUTE_MS,
      crash,
      random: Math.random,
    });
    return new StageRunner({
      ...common,
      type,
      broker: stores.broker,
      codec,
      execution,
      deadLetters: jobs.letters,
      concurrency: config.WORKER_CONCURRENCY,
      leaseMs: config.LEASE_SECONDS * SECOND_MS,
      owner,
    });
  });
}

function newId(): string {
  return randomUUID().replaceAll('-', '');
}
