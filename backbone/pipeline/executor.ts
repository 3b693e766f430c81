import type { Lane } from './lanes.ts';
import type { Stage } from './stages.ts';
import { createWorkQueues, type QueueName, type WorkOrder, type WorkQueues } from './work-queues.ts';

export type { QueueName, WorkOrder } from './work-queues.ts';

export const DEFAULT_BUFFER_PER_QUEUE = 32;
export const DEFAULT_LANE_WEIGHTS: Readonly<Record<Lane, number>> = { urgent: 8, normal: 3, bulk: 1 };

export interface ExecutorOptions<T> {
  /** Pieces of work that run at the same time, at most. */
  readonly concurrency: number;
  /** Pieces that wait for each stage and lane, at most. */
  readonly bufferPerQueue: number;
  readonly weights: Readonly<Record<Lane, number>>;
  /** Never rejects; if it does, `onError` hears of it and the slot is free again. */
  readonly run: (item: T) => Promise<void>;
  /** A queue that refused work is half empty again. Never throws. */
  readonly onRoom: (queue: QueueName) => void;
  readonly onError: (error: unknown) => void;
  /** Milliseconds. */
  readonly now: () => number;
}

/**
 * Runs the work of one content type, so many pieces at a time, lanes by weight, within a lane by priority
 * and then by time of submission. Knows neither jobs nor the broker.
 */
export interface Executor<T> {
  /** False when the queue of that stage and lane is full, or while draining: the item was not taken. */
  offer(item: T, order: WorkOrder): boolean;
  /** Takes back what was offered and ran into a pause; it runs before all others of its lane. */
  returnToFront(item: T, order: WorkOrder): void;
  /** Starts nothing of this stage until `resumeStage`; what runs goes on. */
  pauseStage(stage: Stage): void;
  /** Lets one piece of a paused stage through, now or when it comes, to see whether the stage works again. */
  probeStage(stage: Stage): void;
  resumeStage(stage: Stage): void;
  /** Pieces running now. */
  inflight(): number;
  queued(stage: Stage, lane: Lane): number;
  /**
   * Takes and starts nothing more. Resolves with what was never started as soon as nothing runs, or when the
   * signal aborts, whatever still runs. What comes back by `returnToFront` later than that is forgotten.
   */
  drain(options: { readonly signal: AbortSignal }): Promise<readonly T[]>;
}

export function createExecutor<T>(options: ExecutorOptions<T>): Executor<T> {
  const queues = createWorkQueues<T>(options);
  const slots = createSlots(options, queues);
  return {
    offer: (item, order) => {
      const taken = !slots.isClosed() && queues.add(item, order);
      if (taken) slots.fill();
      return taken;
    },
    returnToFront: (item, order) => {
      queues.addToFront(item, order);
      slots.fill();
    },
    pauseStage: (stage) => queues.pauseStage(stage),
    probeStage: (stage) => {
      queues.probeStage(stage);
      slots.fill();
    },
    resumeStage: (stage) => {
      queues.resumeStage(stage);
      slots.fill();
    },
    inflight: () => slots.inflight(),
    queued: (stage, lane) => queues.size(stage, lane),
    drain: async ({ signal }) => {
      await slots.close(signal);
      return queues.takeAll();
    },
  };
}

interface Slots {
  /** Soon, not at once: work offered in one go is compared before any of it starts. */
  fill(): void;
  inflight(): number;
  isClosed(): boolean;
  /** Resolves when nothing runs, or when the signal aborts. */
  close(signal: AbortSignal): Promise<void>;
}

function createSlots<T>(options: ExecutorOptions<T>, queues: WorkQueues<T>): Slots {
  const idle = Promise.withResolvers<undefined>();
  let inflight = 0;
  let closed = false;
  let scheduled = false;

  const fillNow = (): void => {
    scheduled = false;
    while (!closed && inflight < options.concurrency) {
      const item = queues.take();
      if (item === null) break;
      inflight += 1;
      void occupy(item);
    }
    if (!closed) for (const queue of queues.takeRoomNews()) options.onRoom(queue);
  };
  const fill = (): void => {
    if (scheduled) return;
    scheduled = true;
    queueMicrotask(fillNow);
  };
  const occupy = async (item: T): Promise<void> => {
    try {
      await options.run(item);
    } catch (error) {
      options.onError(error);
    } finally {
      inflight -= 1;
      if (closed && inflight === 0) idle.resolve(undefined);
      fill();
    }
  };

  return {
    fill,
    inflight: () => inflight,
    isClosed: () => closed,
    close: async (signal) => {
      closed = true;
      if (inflight === 0) idle.resolve(undefined);
      await unlessAborted(idle.promise, signal);
    },
  };
}

async function unlessAborted(done: Promise<undefined>, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  const aborted = Promise.withResolvers<undefined>();
  const onAbort = (): void => aborted.resolve(undefined);
  signal.addEventListener('abort', onAbort, { once: true });
  await Promise.race([done, aborted.promise]);
  signal.removeEventListener('abort', onAbort);
}
