import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';

/** Every metric of ours. No label holds a job's, content's or tenant's id: label values are few and known. */
export const METRICS = {
  jobsSubmitted: 'pipeline_jobs_submitted_total',
  jobsEnded: 'pipeline_jobs_completed_total',
  jobSeconds: 'pipeline_job_duration_seconds',
  stageSeconds: 'pipeline_stage_duration_seconds',
  stageWaitSeconds: 'pipeline_stage_wait_seconds',
  stageInflight: 'pipeline_stage_inflight',
  retries: 'pipeline_retries_total',
  retryOverdueSeconds: 'pipeline_retry_overdue_seconds',
  deadLetters: 'pipeline_dead_letters_total',
  fencedWrites: 'pipeline_fenced_writes_total',
  duplicatesDropped: 'pipeline_duplicates_dropped_total',
  rebalances: 'pipeline_rebalances_total',
  consumerCrashes: 'pipeline_consumer_crashes_total',
  circuitState: 'pipeline_circuit_state',
  cancelSeconds: 'pipeline_cancel_latency_seconds',
  storeSeconds: 'store_request_duration_seconds',
  httpSeconds: 'http_request_duration_seconds',
  openStreams: 'http_status_streams',
  scrapeFailures: 'metrics_collector_failures_total',
} as const;

/** Gauges that are read from the stores when somebody asks, with their labels and help. */
export const COLLECTED = {
  pipeline_jobs: { labels: ['type', 'status', 'stage'], help: 'Jobs by type, status and stage' },
  pipeline_queue_depth: { labels: ['type', 'lane'], help: 'Stages that wait for a worker' },
  pipeline_queue_oldest_seconds: { labels: ['type', 'lane'], help: 'Age of the stage that waits longest' },
  pipeline_dlq_messages: { labels: ['type'], help: 'Dead letters that were not replayed' },
  pipeline_outbox_pending: { labels: [], help: 'Records that wait to be published' },
  pipeline_outbox_oldest_seconds: { labels: [], help: 'Age of the oldest of them' },
} as const satisfies Record<string, { readonly labels: readonly string[]; readonly help: string }>;

export type CollectedName = keyof typeof COLLECTED;

export interface Sample {
  readonly name: CollectedName;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Reads gauges at the moment of a scrape. */
export type Collector = () => Promise<readonly Sample[]>;

export type StageOutcome =
  | 'done'
  | 'retried'
  | 'throttled'
  | 'interrupted'
  | 'failed'
  | 'cancelled'
  | 'handed_back'
  | 'fenced';

/** What the rest of the backbone counts. All times in seconds. */
export interface Metrics {
  jobSubmitted(job: { readonly type: string; readonly lane: string }): void;
  jobEnded(job: { readonly type: string; readonly outcome: string; readonly seconds: number }): void;
  /** Call the answer once, when the work is over. */
  stageStarted(stage: { readonly type: string; readonly stage: string }): () => void;
  stageEnded(run: {
    readonly type: string;
    readonly stage: string;
    readonly outcome: StageOutcome;
    readonly seconds: number;
  }): void;
  stageWaited(wait: { readonly stage: string; readonly lane: string; readonly seconds: number }): void;
  retryScheduled(retry: { readonly type: string; readonly stage: string; readonly code: string }): void;
  /** How long after its due time a retry was picked up. */
  retryOverdue(retry: { readonly type: string; readonly seconds: number }): void;
  deadLettered(letter: { readonly type: string; readonly code: string }): void;
  fencedWrite(write: { readonly stage: string }): void;
  duplicateDropped(record: { readonly type: string }): void;
  rebalanced(group: string): void;
  consumerCrashed(group: string): void;
  circuitChanged(port: string, state: 'closed' | 'half_open' | 'open'): void;
  cancelReached(seconds: number): void;
  storeCalled(call: {
    readonly store: string;
    readonly operation: string;
    readonly outcome: 'ok' | 'error';
    readonly seconds: number;
  }): void;
  requestEnded(request: {
    readonly method: string;
    readonly route: string;
    readonly status: number;
    readonly seconds: number;
  }): void;
  /** Call the answer once, when the stream is closed. */
  streamOpened(transport: 'websocket' | 'sse'): () => void;
  addCollector(collect: Collector): void;
  /** The exposition text of everything, collected now. */
  render(): Promise<{ readonly contentType: string; readonly text: string }>;
}

const SHORT = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const LONG = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 900, 3600];

/** A registry of its own an instance: nothing is shared between two backbones in one process. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  // A coarse monitor: at the library's 10 ms it alone would wake an idle process a hundred times a second.
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: 50 });
  return { ...pipelineMetrics(registry), ...serviceMetrics(registry), ...scraping(registry) };
}

interface Make {
  readonly counter: (name: string, help: string, labelNames?: readonly string[]) => Counter;
  readonly gauge: (name: string, help: string, labelNames?: readonly string[]) => Gauge;
  readonly histogram: (
    name: string,
    help: string,
    labelNames: readonly string[],
    buckets: number[],
  ) => Histogram;
}

function makers(registry: Registry): Make {
  const registers = [registry];
  return {
    counter: (name, help, labelNames = []) => new Counter({ name, help, labelNames, registers }),
    gauge: (name, help, labelNames = []) => new Gauge({ name, help, labelNames, registers }),
    histogram: (name, help, labelNames, buckets) =>
      new Histogram({ name, help, labelNames, buckets, registers }),
  };
}

const CIRCUIT_VALUES = { closed: 0, half_open: 1, open: 2 } as const;

type PipelineMetrics = Omit<
  Metrics,
  'storeCalled' | 'requestEnded' | 'streamOpened' | 'addCollector' | 'render'
>;

function pipelineMetrics(registry: Registry): PipelineMetrics {
  const { counter, gauge, histogram } = makers(registry);
  const submitted = counter(METRICS.jobsSubmitted, 'Jobs accepted', ['type', 'lane']);
  const ended = counter(METRICS.jobsEnded, 'Jobs that ended', ['type', 'outcome']);
  const jobSeconds = histogram(METRICS.jobSeconds, 'From acceptance to the end', ['type', 'outcome'], LONG);
  const stages = histogram(METRICS.stageSeconds, 'Stage runs', ['type', 'stage', 'outcome'], LONG);
  const waits = histogram(METRICS.stageWaitSeconds, 'From ready to claimed', ['stage', 'lane'], LONG);
  const inflight = gauge(METRICS.stageInflight, 'Stages running in this process', ['type', 'stage']);
  const retries = counter(METRICS.retries, 'Automatic retries', ['type', 'stage', 'code']);
  const overdue = histogram(METRICS.retryOverdueSeconds, 'From due to picked up', ['type'], LONG);
  const deadLetters = counter(METRICS.deadLetters, 'Dead letters written', ['type', 'code']);
  const fenced = counter(METRICS.fencedWrites, 'Late writes that the epoch refused', ['stage']);
  const duplicates = counter(METRICS.duplicatesDropped, 'Records delivered again and dropped', ['type']);
  const rebalances = counter(METRICS.rebalances, 'Rebalances of a consumer group', ['group']);
  const crashes = counter(METRICS.consumerCrashes, 'Consumers that had to be restarted', ['group']);
  const circuit = gauge(METRICS.circuitState, '0 closed, 1 half open, 2 open', ['port']);
  const cancels = histogram(METRICS.cancelSeconds, 'From the request to the running stage', [], SHORT);
  return {
    jobSubmitted: (job) => submitted.inc(job),
    jobEnded: ({ type, outcome, seconds }) => {
      ended.inc({ type, outcome });
      jobSeconds.observe({ type, outcome }, seconds);
    },
    stageStarted: (stage) => raised(inflight, stage),
    stageEnded: ({ seconds, ...labels }) => stages.observe(labels, seconds),
    stageWaited: ({ seconds, ...labels }) => waits.observe(labels, seconds),
    retryScheduled: (retry) => retries.inc(retry),
    retryOverdue: ({ type, seconds }) => overdue.observe({ type }, seconds),
    deadLettered: (letter) => deadLetters.inc(letter),
    fencedWrite: (write) => fenced.inc(write),
    duplicateDropped: (record) => duplicates.inc(record),
    rebalanced: (group) => rebalances.inc({ group }),
    consumerCrashed: (group) => crashes.inc({ group }),
    circuitChanged: (port, state) => circuit.set({ port }, CIRCUIT_VALUES[state]),
    cancelReached: (seconds) => cancels.observe(seconds),
  };
}

function serviceMetrics(registry: Registry): Pick<Metrics, 'storeCalled' | 'requestEnded' | 'streamOpened'> {
  const { gauge, histogram } = makers(registry);
  const stores = histogram(
    METRICS.storeSeconds,
    'Calls of a store',
    ['store', 'operation', 'outcome'],
    SHORT,
  );
  const requests = histogram(METRICS.httpSeconds, 'HTTP requests', ['method', 'route', 'status'], SHORT);
  const streams = gauge(METRICS.openStreams, 'Open status streams', ['transport']);
  return {
    storeCalled: ({ seconds, ...labels }) => stores.observe(labels, seconds),
    requestEnded: ({ seconds, ...labels }) => requests.observe(labels, seconds),
    streamOpened: (transport) => raised(streams, { transport }),
  };
}

function raised(gauge: Gauge, labels: Readonly<Record<string, string>>): () => void {
  gauge.inc(labels);
  return () => gauge.dec(labels);
}

function scraping(registry: Registry): Pick<Metrics, 'addCollector' | 'render'> {
  const { counter, gauge } = makers(registry);
  const failures = counter(METRICS.scrapeFailures, 'Collectors that failed during a scrape');
  const names = Object.keys(COLLECTED) as CollectedName[];
  const gauges = new Map(
    names.map((name) => [name, gauge(name, COLLECTED[name].help, COLLECTED[name].labels)]),
  );
  const collectors: Collector[] = [];
  return {
    addCollector: (collect) => void collectors.push(collect),
    render: async () => {
      const collected = await Promise.allSettled(collectors.map((collect) => collect()));
      for (const one of gauges.values()) one.reset();
      for (const outcome of collected) {
        // One store that is down must not hide the others' figures; the counter shows that it is.
        if (outcome.status === 'rejected') failures.inc();
        else for (const { name, labels, value } of outcome.value) gauges.get(name)?.set(labels, value);
      }
      return { contentType: registry.contentType, text: await registry.metrics() };
    },
  };
}
