/**
 * Work that waits for a slot: one bounded buffer a stage and lane, and the choice of what runs next. Brokers
 * never reorder, so this is where priority is made. Pure but for its own state; the clock is passed in.
 */

import { LANES, type Lane } from './lanes.ts';
import type { Stage } from './stages.ts';

/** Each minute of waiting counts as one step of priority, so that nothing is overtaken for ever. */
export const AGEING_STEP_MS = 60_000;

export interface QueueName {
  readonly stage: Stage;
  readonly lane: Lane;
}

/** What the choice must know of a piece of work. */
export interface WorkOrder extends QueueName {
  /** 1 comes first. */
  readonly priority: number;
  readonly submittedAt: Date;
}

export interface WorkQueuesOptions {
  /** Records each buffer holds at most. */
  readonly bufferPerQueue: number;
  /** Shares of the lanes when all of them have work. */
  readonly weights: Readonly<Record<Lane, number>>;
  /** Milliseconds. */
  readonly now: () => number;
}

export interface WorkQueues<T> {
  /** False when that buffer is full; it is then named by `takeRoomNews` once half of it is free again. */
  add(item: T, order: WorkOrder): boolean;
  /** Puts work back before all others of its lane, whether or not there is room. */
  addToFront(item: T, order: WorkOrder): void;
  /** Removes what is to run next; null when nothing may. Looks at each waiting record of one lane. */
  take(): T | null;
  takeAll(): readonly T[];
  /** Buffers that refused work and have room again, each named once. */
  takeRoomNews(): readonly QueueName[];
  pauseStage(stage: Stage): void;
  /** Lets one piece of a paused stage through. */
  probeStage(stage: Stage): void;
  resumeStage(stage: Stage): void;
  size(stage: Stage, lane: Lane): number;
}

interface Entry<T> {
  readonly item: T;
  readonly order: WorkOrder;
  /** Negative infinity for what was put back. */
  readonly waitingSince: number;
}

interface Queue<T> {
  readonly name: QueueName;
  readonly entries: Entry<T>[];
  refused: boolean;
}

export function createWorkQueues<T>(options: WorkQueuesOptions): WorkQueues<T> {
  const queues = new Map<string, Queue<T>>();
  const paused = new Set<Stage>();
  const probing = new Set<Stage>();
  const chooseLane = createLaneChoice(options.weights);

  const queueOf = ({ stage, lane }: QueueName): Queue<T> => {
    const key = `${stage}.${lane}`;
    const queue = queues.get(key) ?? { name: { stage, lane }, entries: [], refused: false };
    queues.set(key, queue);
    return queue;
  };
  const runnable = (): readonly Queue<T>[] =>
    [...queues.values()].filter(
      ({ entries, name: { stage } }) => entries.length > 0 && (!paused.has(stage) || probing.has(stage)),
    );

  return {
    add: (item, order) => {
      const queue = queueOf(order);
      queue.refused ||= queue.entries.length >= options.bufferPerQueue;
      if (queue.entries.length >= options.bufferPerQueue) return false;
      queue.entries.push({ item, order, waitingSince: options.now() });
      return true;
    },
    addToFront: (item, order) => {
      queueOf(order).entries.push({ item, order, waitingSince: Number.NEGATIVE_INFINITY });
    },
    take: () => {
      const ready = runnable();
      const lane = chooseLane(new Set(ready.map((queue) => queue.name.lane)));
      const first = takeFirst(
        ready.filter((queue) => queue.name.lane === lane),
        options.now(),
      );
      if (first === null) return null;
      probing.delete(first.order.stage);
      return first.item;
    },
    takeAll: () =>
      [...queues.values()].flatMap((queue) => queue.entries.splice(0).map((entry) => entry.item)),
    takeRoomNews: () => {
      const roomy = [...queues.values()].filter(
        (queue) => queue.refused && queue.entries.length <= options.bufferPerQueue / 2,
      );
      for (const queue of roomy) queue.refused = false;
      return roomy.map((queue) => queue.name);
    },
    pauseStage: (stage) => {
      paused.add(stage);
      probing.delete(stage);
    },
    probeStage: (stage) => void probing.add(stage),
    resumeStage: (stage) => void paused.delete(stage),
    size: (stage, lane) => queueOf({ stage, lane }).entries.length,
  };
}

/**
 * Smooth weighted round robin, as nginx deals requests to servers: each lane with work earns its weight, the
 * richest is served and pays for all. A lane that is passed over grows richer, so each gets at least its
 * weight's share, evenly spread.
 */
function createLaneChoice(
  weights: Readonly<Record<Lane, number>>,
): (lanes: ReadonlySet<Lane>) => Lane | null {
  const credit: Record<Lane, number> = { urgent: 0, normal: 0, bulk: 0 };
  return (lanes) => {
    let chosen: Lane | null = null;
    let earned = 0;
    for (const lane of LANES) {
      if (!lanes.has(lane)) continue;
      credit[lane] += weights[lane];
      earned += weights[lane];
      if (chosen === null || credit[lane] > credit[chosen]) chosen = lane;
    }
    if (chosen !== null) credit[chosen] -= earned;
    return chosen;
  };
}

function takeFirst<T>(queues: readonly Queue<T>[], now: number): Entry<T> | null {
  let best: { queue: Queue<T>; index: number; entry: Entry<T> } | null = null;
  for (const queue of queues) {
    for (const [index, entry] of queue.entries.entries()) {
      if (best === null || comesBefore(entry, best.entry, now)) best = { queue, index, entry };
    }
  }
  if (best === null) return null;
  best.queue.entries.splice(best.index, 1);
  return best.entry;
}

function comesBefore<T>(one: Entry<T>, other: Entry<T>, now: number): boolean {
  const rank = agedPriority(one, now);
  const otherRank = agedPriority(other, now);
  return rank === otherRank ? one.order.submittedAt < other.order.submittedAt : rank < otherRank;
}

function agedPriority<T>({ order, waitingSince }: Entry<T>, now: number): number {
  return order.priority - Math.floor((now - waitingSince) / AGEING_STEP_MS);
}
