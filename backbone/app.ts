/**
 * The composition root: it and `composition/` construct everything, by hand. Read it to see how the parts hang
 * together.
 */
import { randomBytes } from 'node:crypto';
import { createApiKeys, type ApiKeys } from './access/api-keys.ts';
import { ensureFirstKey } from './access/first-key.ts';
import { createApiServer } from './api/server.ts';
import type { Services } from './api/services.ts';
import { openEmbeddedRegistry } from './broker/embedded-registry.ts';
import { buildContents } from './composition/contents.ts';
import { buildJobs } from './composition/jobs.ts';
import { servicesOf } from './composition/services.ts';
import { openStores, type StoresOptions } from './composition/stores.ts';
import type { Surroundings } from './composition/surroundings.ts';
import { startWorkers } from './composition/workers.ts';
import { isLoopback, parsePoolOptions } from './config-slices.ts';
import type { Config } from './config.ts';
import type { ContentType } from './content/content-type.ts';
import { CONTENT_TYPES, TypeRegistry } from './content/content-types.ts';
import { createParsePool } from './content/parsing/parse-pool.ts';
import { crashByFile } from './crash-points.ts';
import { lockDataFolder } from './data-folder.ts';
import { queueCollector } from './jobs/queue-collector.ts';
import { Shutdown } from './lifecycle.ts';
import { createLogger, type Logger } from './logger.ts';
import { createMetrics } from './metrics.ts';
import { openCodec } from './pipeline/codec.ts';

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

export interface AppOptions extends StoresOptions {
  readonly logger?: Logger;
  readonly types?: readonly ContentType[];
}

const SECOND_MS = 1000;
const DEFAULT_TENANT = 'default';

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
    crash: crashByFile(config.CRASH_FILE),
    shutdown,
  };

  const stores = await openStores(around, options);
  const codec = await openCodec(await openEmbeddedRegistry());
  const jobs = buildJobs(around, stores, codec);
  const parsePool = createParsePool(parsePoolOptions(config));
  shutdown.add('parse pool', () => parsePool.close());
  const contents = buildContents(around, stores, jobs, parsePool);
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
  await startWorkers(around, stores, codec, jobs, contents, parsePool);
  const { url } = await api.listen();
  shutdown.add('api', () => api.close());
  shutdown.add('readiness', () => {
    isReady = false;
  });
  lock.announce({ url });
  isReady = true;
  return { url, firstKey: first.created ? first.key : null, services };
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
