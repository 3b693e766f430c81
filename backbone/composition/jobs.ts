/** Builds the job manager and what carries jobs on. */
import { randomBytes } from 'node:crypto';
import { DeadLetters } from '../jobs/dead-letters.ts';
import { JobEffects } from '../jobs/job-effects.ts';
import { ExpansionWriter } from '../jobs/expansion-writer.ts';
import { JobExpander } from '../jobs/job-expander.ts';
import { JobManager } from '../jobs/job-manager.ts';
import { createJobNotifier } from '../jobs/job-notifier.ts';
import { JobQueries } from '../jobs/job-queries.ts';
import { Outbox } from '../jobs/outbox.ts';
import { Reconciler } from '../jobs/reconciler.ts';
import { StageClaims, type Claim } from '../jobs/stage-claims.ts';
import { StageTransitions } from '../jobs/stage-transitions.ts';
import { SubmissionWriter } from '../jobs/submission.ts';
import { WebhookDeliveries } from '../jobs/webhook-deliveries.ts';
import { WebhookSubscriptions } from '../jobs/webhook-subscriptions.ts';
import type { StageTaskCodec } from '../pipeline/codec.ts';
import { LeaseKeeper } from '../pipeline/lease-keeper.ts';
import type { Stores } from './stores.ts';
import { newId, type Surroundings } from './surroundings.ts';

const SECOND_MS = 1000;
/** How soon a cancellation reaches a running stage. */
const WATCH_MS = 500;

export interface Jobs {
  readonly jobs: JobManager;
  readonly outbox: Outbox;
  readonly deliveries: WebhookDeliveries;
  readonly claims: StageClaims;
  readonly leases: LeaseKeeper;
  readonly transitions: StageTransitions;
  readonly reconciler: Reconciler;
  readonly webhooks: WebhookSubscriptions;
  readonly expansions: ExpansionWriter;
}

export function buildJobs(
  { config, types, logger, metrics, crash }: Surroundings,
  stores: Stores,
  codec: StageTaskCodec,
): Jobs {
  const { records, broker, fetcher, cache } = stores;
  const now = (): Date => new Date();
  const onHintError = (error: unknown): void => logger.warn({ error }, 'A status hint was not sent');
  const notifier = createJobNotifier(cache, onHintError);
  const outbox = new Outbox({ records, broker, notifier, crash });
  const deliveries = new WebhookDeliveries({ records, fetcher, newId, now, random: Math.random, crash });
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
  const leaseMs = config.LEASE_SECONDS * SECOND_MS;
  const onError = (error: unknown): void => logger.error({ error }, 'Leases could not be looked after');
  const leases = new LeaseKeeper({ claims, leaseMs, watchMs: WATCH_MS, now: Date.now, onError });
  const common = { records, outbox, codec, notifier, effects, crash, now };
  const newBatchId = (): string => `batch_${newId()}`;
  const expansions = new ExpansionWriter({ writer, newBatchId });
  const expander = new JobExpander({ expansions, crash });
  const transitions = new StageTransitions({ ...common, expander, newId, onFenced });
  const jobs = new JobManager({
    ...common,
    types,
    queries,
    writer,
    deadLetters: (retryJob) => new DeadLetters({ records, outbox, newId, retryJob }),
    newBatchId,
  });
  const reconciler = new Reconciler({ records, broker, outbox, codec, transitions, effects, now });
  const webhooks = new WebhookSubscriptions({ records, fetcher, deliveries, newId });
  return { jobs, outbox, deliveries, claims, leases, transitions, reconciler, webhooks, expansions };
}
