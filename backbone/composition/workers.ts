/** Starts what works without being asked: one stage runner a content type, and the background loops. */
import { startBackground } from '../background.ts';
import { contentLimits, officeOptions, scholarSettings, youtubeSettings } from '../config-slices.ts';
import { ContentCache } from '../content/content-cache.ts';
import { ffmpegDecoder } from '../content/media/audio-decoder.ts';
import { ffmpegFrames } from '../content/media/frame-reader.ts';
import type { ManagerPorts } from '../content/content-manager.ts';
import { LibreOffice } from '../content/document/legacy/libreoffice.ts';
import type { ParsePool } from '../content/parsing/parse-pool.ts';
import type { StageTaskCodec } from '../pipeline/codec.ts';
import { retryLadder } from '../pipeline/retry-policy.ts';
import { StageExecution } from '../pipeline/stage-execution.ts';
import { StageRunner } from '../pipeline/stage-runner.ts';
import type { Contents } from './contents.ts';
import { buildFeedPoller } from './feeds.ts';
import type { Jobs } from './jobs.ts';
import type { Stores } from './stores.ts';
import { newId, type Surroundings } from './surroundings.ts';

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;

export async function startWorkers(
  around: Surroundings,
  stores: Stores,
  codec: StageTaskCodec,
  jobs: Jobs,
  contents: Contents,
  parsePool: ParsePool,
): Promise<void> {
  const { config, logger, shutdown } = around;
  const { deliveries, leases, reconciler } = jobs;
  shutdown.add('leases', () => leases.stop());
  const runners = buildRunners(around, stores, codec, jobs, contents, parsePool);
  // The broker in memory has forgotten everything: the records say what is still to do.
  for (const runner of runners) await runner.start();
  shutdown.add('stage runners', async () => {
    const deadline = AbortSignal.timeout(config.STOP_SECONDS * SECOND_MS);
    await Promise.all(runners.map((runner) => runner.stop(deadline)));
  });
  const feeds = buildFeedPoller(around, stores, jobs, parsePool);
  shutdown.add('feed polls', () => feeds.settled());
  const isAlone = config.BROKER_URL === 'memory:';
  const recovered = isAlone ? await reconciler.recover() : 0;
  if (isAlone) await deliveries.recover();
  if (isAlone) await feeds.recover();
  await contents.deletions.recover();
  if (recovered > 0) logger.info({ jobs: recovered }, 'Jobs of the last run go on');
  for (const { name, loop } of startBackground({
    ...jobs,
    ...contents,
    feeds,
    records: stores.records,
    logger,
  })) {
    shutdown.add(name, () => loop.stop());
  }
}

function buildRunners(
  { config, types, logger, metrics, crash }: Surroundings,
  stores: Stores,
  codec: StageTaskCodec,
  { jobs, claims, leases, transitions }: Jobs,
  { uploads }: Contents,
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
    audioDecoder: ffmpegDecoder(config.FFMPEG_PATH ?? null, config.searchPath),
    uploads,
    office: new LibreOffice({ ...officeOptions(config), temporaryFiles: stores.temporaryFiles }),
    frameReader: ffmpegFrames(config.FFMPEG_PATH ?? null, config.searchPath),
    types,
    limits: contentLimits(config),
    youtube: youtubeSettings(config),
    scholar: scholarSettings(config),
    appleLookupUrl: config.APPLE_LOOKUP_URL,
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
