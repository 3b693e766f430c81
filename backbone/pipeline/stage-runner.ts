import type { Broker, DeliveredRecord, Subscription, Verdict } from '../broker/broker.ts';
import type { ContentType } from '../content/content-type.ts';
import { asAppError } from '../errors.ts';
import type { DeadLetters } from '../jobs/dead-letters.ts';
import type { Claim, StageClaims } from '../jobs/stage-claims.ts';
import { HEADERS } from '../jobs/stage-messages.ts';
import type { Logger } from '../logger.ts';
import type { Metrics } from '../metrics.ts';
import type { StageTask, StageTaskCodec } from './codec.ts';
import {
  createExecutor,
  DEFAULT_BUFFER_PER_QUEUE,
  DEFAULT_LANE_WEIGHTS,
  type Executor,
  type WorkOrder,
} from './executor.ts';
import { DEFAULT_PRIORITY, LANES, type Lane } from './lanes.ts';
import { StageStopped } from './lease-keeper.ts';
import type { StageExecution } from './stage-execution.ts';
import { StageGates } from './stage-gates.ts';
import { isStage, type Stage } from './stages.ts';
import { consumerGroup, groupTopics, parseTopic, retryTopic, stageTopic, topicSpecs } from './topics.ts';

export interface StageRunnerOptions {
  readonly type: Pick<ContentType, 'type' | 'stages'>;
  readonly broker: Broker;
  readonly codec: StageTaskCodec;
  readonly claims: StageClaims;
  readonly execution: StageExecution;
  readonly deadLetters: DeadLetters;
  readonly ladder: readonly number[];
  readonly concurrency: number;
  readonly leaseMs: number;
  /** Names this process in the stage runs. */
  readonly owner: string;
  readonly metrics: Metrics;
  readonly logger: Logger;
  readonly now: () => Date;
}

interface Item {
  readonly record: DeliveredRecord;
  readonly order: WorkOrder;
}

/** A record may come this much too early, by the clocks of two machines; it waits the rest. */
const CLOCK_SKEW_MS = 2000;
/** How long stages that were told to stop may take to hand back. */
const HAND_BACK_MS = 5000;

/** Runs every stage of one content type: one consumer group, one executor, one loop for all stages. */
export class StageRunner {
  readonly #options: StageRunnerOptions;
  readonly #executor: Executor<Item>;
  readonly #gates: StageGates;
  readonly #stopping = new AbortController();
  #subscription: Subscription | null = null;

  constructor(options: StageRunnerOptions) {
    this.#options = options;
    this.#executor = createExecutor<Item>({
      concurrency: options.concurrency,
      bufferPerQueue: DEFAULT_BUFFER_PER_QUEUE,
      weights: DEFAULT_LANE_WEIGHTS,
      run: (item) => this.#run(item),
      onRoom: ({ stage, lane }) => this.#resume(stage, lane),
      onError: (error) => options.logger.error({ error: error }, 'stage runner: unexpected fault'),
      now: () => options.now().getTime(),
    });
    this.#gates = new StageGates({
      executor: this.#executor,
      now: () => options.now().getTime(),
      onChange: (stage, open) =>
        options.metrics.circuitChanged(`${this.type}.${stage}`, open ? 'open' : 'closed'),
    });
  }

  get type(): string {
    return this.#options.type.type;
  }

  get inflight(): number {
    return this.#executor.inflight();
  }

  queued(stage: Stage, lane: Lane): number {
    return this.#executor.queued(stage, lane);
  }

  async start(): Promise<void> {
    const { broker, type, ladder } = this.#options;
    await broker.createTopics(topicSpecs(this.type, type.stages, ladder));
    this.#subscription = await broker.subscribe({
      group: consumerGroup(this.type),
      topics: groupTopics(this.type, type.stages, ladder),
      onRecord: (record) => this.#receive(record),
    });
  }

  /** Lets running stages finish until the signal aborts, then hands them back. */
  async stop(deadline: AbortSignal): Promise<void> {
    this.#gates.stop();
    const handBack = (): void => this.#stopping.abort(new StageStopped('stopping'));
    deadline.addEventListener('abort', handBack, { once: true });
    if (deadline.aborted) handBack();
    await this.#executor.drain({ signal: deadline });
    // Whatever ignores its signal is left behind: its lease ends and another worker takes it.
    if (this.inflight > 0) await this.#executor.drain({ signal: AbortSignal.timeout(HAND_BACK_MS) });
    await this.#subscription?.stop();
  }

  #receive(record: DeliveredRecord): Verdict {
    const notBefore = Number(record.headers[HEADERS.notBefore] ?? 0);
    const isRetry = parseTopic(record.topic)?.kind === 'retry';
    if (isRetry && notBefore > this.#options.now().getTime())
      return { kind: 'wait', until: new Date(notBefore) };
    const item = { record, order: orderOf(record, this.#options.type.stages) };
    return this.#executor.offer(item, item.order) ? { kind: 'taken' } : { kind: 'full' };
  }

  #resume(stage: Stage, lane: Lane): void {
    this.#subscription?.resume(stageTopic(this.type, stage, lane));
    for (const rungMs of this.#options.ladder) this.#subscription?.resume(retryTopic(this.type, rungMs));
  }

  async #run(item: Item): Promise<void> {
    try {
      const task = await this.#options.codec.decode(item.record.value);
      if (!(await this.#deal(task, item))) return;
      item.record.finish();
      this.#gates.worked(item.order.stage);
    } catch (error) {
      await this.#recordFailed(item, error);
    }
  }

  /** True when the record is dealt with, whatever became of the stage. */
  async #deal(task: StageTask, item: Item): Promise<boolean> {
    const { claims, owner, leaseMs, metrics } = this.#options;
    const result = await claims.claim(task, owner, leaseMs);
    switch (result.kind) {
      case 'nothing':
        metrics.duplicateDropped({ type: this.type });
        return true;
      case 'not_due':
        return this.#awaitDue(item, result.dueAt);
      case 'claimed':
        return this.#execute(result.claim, item);
    }
  }

  async #execute(claim: Claim, item: Item): Promise<boolean> {
    const { metrics, execution, now } = this.#options;
    const waitedMs = now().getTime() - claim.job.ready_at.getTime();
    metrics.stageWaited({ stage: claim.stage, lane: item.order.lane, seconds: Math.max(0, waitedMs) / 1000 });
    const origin = { ...item.record, payload: item.record.value };
    const outcome = await execution.run(claim, origin, this.#stopping.signal);
    if (outcome !== 'interrupted') return true;
    this.#gates.failed(claim.stage);
    this.#executor.returnToFront(item, item.order);
    return false;
  }

  /** A little too early by another machine's clock: wait the rest. Much too early: a copy, its own record will come. */
  async #awaitDue(item: Item, dueAt: Date): Promise<boolean> {
    const waitMs = dueAt.getTime() - this.#options.now().getTime();
    if (waitMs > CLOCK_SKEW_MS) return true;
    await pause(waitMs, this.#stopping.signal);
    this.#executor.returnToFront(item, item.order);
    return false;
  }

  /** The record could not even be claimed: unreadable bytes, or our own machinery is down. */
  async #recordFailed(item: Item, thrown: unknown): Promise<void> {
    const { logger, deadLetters, metrics } = this.#options;
    const error = asAppError(thrown, 'internal_error');
    try {
      if (error.code === 'undecodable_message') {
        logger.warn(
          { error: error, topic: item.record.topic, offset: item.record.offset.toString() },
          error.message,
        );
        await deadLetters.keepUndecodable(this.type, item.record, error);
        metrics.deadLettered({ type: this.type, code: error.code });
        item.record.finish();
        return;
      }
      logger.error(
        { error: thrown, stage: item.order.stage },
        'A record could not be dealt with; it is tried again',
      );
    } catch (failure) {
      logger.error(
        { error: failure, stage: item.order.stage },
        'A record could not be dealt with; it is tried again',
      );
    }
    this.#gates.failed(item.order.stage);
    this.#executor.returnToFront(item, item.order);
  }
}

/** Headers decide, so that nothing is decoded here; a record without them still gets its turn. */
function orderOf(record: DeliveredRecord, stages: readonly Stage[]): WorkOrder {
  const topic = parseTopic(record.topic);
  const headers = record.headers;
  const named = headers[HEADERS.stage] ?? '';
  const stage = topic?.kind === 'stage' ? topic.stage : isStage(named) ? named : (stages[0] ?? 'download');
  const lane =
    topic?.kind === 'stage'
      ? topic.lane
      : (LANES.find((known) => known === headers[HEADERS.lane]) ?? 'normal');
  const priority = Number(headers[HEADERS.priority] ?? DEFAULT_PRIORITY);
  const submittedMs = Number(headers[HEADERS.submittedAt] ?? 0);
  return {
    stage,
    lane,
    priority: Number.isFinite(priority) ? priority : DEFAULT_PRIORITY,
    submittedAt: new Date(Number.isFinite(submittedMs) ? submittedMs : 0),
  };
}

async function pause(waitMs: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const timer = setTimeout(resolve, Math.max(0, waitMs), undefined);
  const onAbort = (): void => resolve(undefined);
  signal.addEventListener('abort', onAbort, { once: true });
  await promise;
  clearTimeout(timer);
  signal.removeEventListener('abort', onAbort);
}
