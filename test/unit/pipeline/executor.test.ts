import { getEventListeners } from 'node:events';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  DEFAULT_LANE_WEIGHTS,
  createExecutor,
  type Executor,
  type ExecutorOptions,
  type QueueName,
  type WorkOrder,
} from '../../../backbone/pipeline/executor.ts';
import { LANES } from '../../../backbone/pipeline/lanes.ts';

interface Running {
  readonly item: string;
  readonly end: () => void;
  readonly fail: (error: Error) => void;
}

interface Bench {
  readonly executor: Executor<string>;
  readonly started: Running[];
  readonly errors: unknown[];
  readonly room: QueueName[];
}

function order(change: Partial<WorkOrder> = {}): WorkOrder {
  return { stage: 'extract', lane: 'normal', priority: 5, submittedAt: new Date(0), ...change };
}

function bench(change: Partial<ExecutorOptions<string>> = {}): Bench {
  const started: Running[] = [];
  const errors: unknown[] = [];
  const room: QueueName[] = [];
  const executor = createExecutor<string>({
    concurrency: 1,
    bufferPerQueue: 4,
    weights: DEFAULT_LANE_WEIGHTS,
    run: (item) =>
      new Promise((resolve, reject) => {
        started.push({ item, end: resolve, fail: reject });
      }),
    onRoom: (queue) => room.push(queue),
    onError: (error) => errors.push(error),
    now: () => 0,
    ...change,
  });
  return { executor, started, errors, room };
}

/** Lets everything that is due in this turn of the event loop happen. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const names = (started: readonly Running[]): readonly string[] => started.map((one) => one.item);

describe('the executor', () => {
  test('runs as many pieces as it has slots, and the next when one ends', async () => {
    const { executor, started } = bench({ concurrency: 2 });
    for (const item of ['a', 'b', 'c']) executor.offer(item, order());
    await settle();
    expect(names(started)).toEqual(['a', 'b']);
    expect([executor.inflight(), executor.queued('extract', 'normal')]).toEqual([2, 1]);
    started[0]?.end();
    await settle();
    expect(names(started)).toEqual(['a', 'b', 'c']);
  });

  test('compares what is offered in one go before it starts any of it', async () => {
    const { executor, started } = bench();
    executor.offer('ordinary', order());
    executor.offer('important', order({ priority: 4 }));
    await settle();
    expect(names(started)).toEqual(['important']);
  });

  test('refuses work when its queue is full and tells when there is room again', async () => {
    const { executor, started, room } = bench();
    const offers = Array.from({ length: 5 }, (_, n) => executor.offer(String(n), order()));
    expect(offers).toEqual([true, true, true, true, false]);
    await settle();
    expect(room).toEqual([]);
    started[0]?.end();
    await settle();
    expect(room).toEqual([{ stage: 'extract', lane: 'normal' }]);
  });

  test('reports work that rejects, or throws at once, and frees its slot', async () => {
    const { executor, started, errors } = bench();
    executor.offer('rejects', order());
    executor.offer('next', order());
    await settle();
    started[0]?.fail(new Error('a defect'));
    await settle();
    expect(errors).toEqual([new Error('a defect')]);
    expect(names(started)).toEqual(['rejects', 'next']);

    const sync = bench({
      run: () => {
        throw new Error('at once');
      },
    });
    sync.executor.offer('throws', order());
    await settle();
    expect(sync.errors).toEqual([new Error('at once')]);
    expect(sync.executor.inflight()).toBe(0);
  });

  test('starts nothing of a paused stage, and goes on with it later', async () => {
    const { executor, started } = bench();
    executor.pauseStage('extract');
    executor.offer('held', order());
    executor.offer('free', order({ stage: 'store' }));
    await settle();
    started[0]?.end();
    await settle();
    expect(names(started)).toEqual(['free']);
    executor.resumeStage('extract');
    await settle();
    expect(names(started)).toEqual(['free', 'held']);
  });

  test('lets one piece of a paused stage through as a probe, even one that comes later', async () => {
    const { executor, started } = bench({ concurrency: 4 });
    executor.pauseStage('extract');
    executor.probeStage('extract');
    await settle();
    for (const item of ['probe', 'held', 'held too']) executor.offer(item, order());
    await settle();
    expect(names(started)).toEqual(['probe']);
    executor.probeStage('extract');
    executor.pauseStage('extract');
    await settle();
    expect(names(started)).toEqual(['probe']);
    executor.resumeStage('extract');
    await settle();
    expect(names(started)).toEqual(['probe', 'held', 'held too']);
  });

  test('runs what came back before what waits', async () => {
    const { executor, started } = bench();
    executor.pauseStage('extract');
    executor.offer('waiting', order({ priority: 4 }));
    executor.returnToFront('back', order({ priority: 7 }));
    executor.resumeStage('extract');
    await settle();
    expect(names(started)).toEqual(['back']);
  });
});

describe('draining', () => {
  test('waits for what runs and hands back what never started', async () => {
    const { executor, started, room } = bench();
    for (let n = 0; n < 5; n += 1) executor.offer(String(n), order());
    await settle();
    const { signal } = new AbortController();
    const drained = executor.drain({ signal });
    expect(executor.offer('too late', order())).toBe(false);
    executor.returnToFront('back', order());
    started[0]?.end();
    expect([...(await drained)].sort()).toEqual(['1', '2', '3', 'back']);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
    await settle();
    expect(names(started)).toEqual(['0']);
    expect(room).toEqual([]);
  });

  test('ends at once when nothing runs', async () => {
    const { executor } = bench();
    expect(await executor.drain({ signal: new AbortController().signal })).toEqual([]);
  });

  test('asks for no more work, also when what ran ends after it', async () => {
    const { executor, started, room } = bench();
    for (let n = 0; n < 5; n += 1) executor.offer(String(n), order());
    await settle();
    await executor.drain({ signal: AbortSignal.abort() });
    started[0]?.end();
    await settle();
    expect(room).toEqual([]);
  });

  test('does not wait longer than its signal allows', async () => {
    const { executor, started } = bench();
    executor.offer('endless', order());
    executor.offer('waiting', order());
    await settle();
    const deadline = new AbortController();
    const drained = executor.drain({ signal: deadline.signal });
    deadline.abort();
    expect(await drained).toEqual(['waiting']);
    expect(executor.inflight()).toBe(1);
    expect(await executor.drain({ signal: AbortSignal.abort() })).toEqual([]);
    started[0]?.end();
  });
});

describe('lanes', () => {
  test('an urgent piece overtakes 5,000 bulk ones within two starts', async () => {
    const startedItems: string[] = [];
    const backlog = Array.from({ length: 5000 }, (_, n) => `bulk ${n}`);
    let urgentAt: number | null = null;
    const executor: Executor<string> = createExecutor<string>({
      concurrency: 2,
      bufferPerQueue: 32,
      weights: DEFAULT_LANE_WEIGHTS,
      run: async (item) => {
        startedItems.push(item);
        if (startedItems.length === 1000) {
          urgentAt = startedItems.length;
          executor.offer('urgent', order({ lane: 'urgent', priority: 1 }));
        }
        await settle();
      },
      onRoom: () => refill(),
      onError: (error) => {
        throw error;
      },
      now: () => 0,
    });
    const refill = (): void => {
      while (backlog[0] !== undefined && executor.offer(backlog[0], order({ lane: 'bulk', priority: 9 })))
        backlog.shift();
    };
    refill();
    while (startedItems.length < 5001) await settle();
    expect(urgentAt).toBe(1000);
    expect(startedItems.indexOf('urgent') - 1000).toBeLessThanOrEqual(2);
    expect(new Set(startedItems).size).toBe(5001);
  });

  test('never run more than the slots, and lose or double nothing, in any order of events', async () => {
    const lane = fc.constantFrom(...LANES);
    const step = fc.oneof(
      { weight: 3, arbitrary: lane.map((name) => ({ kind: 'offer', lane: name }) as const) },
      { weight: 2, arbitrary: fc.nat().map((pick) => ({ kind: 'end', pick }) as const) },
      fc.constantFrom({ kind: 'pause' } as const, { kind: 'resume' } as const, { kind: 'settle' } as const),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 80 }),
        fc.integer({ min: 1, max: 4 }),
        async (steps, slots) => {
          const { executor, started } = bench({ concurrency: slots });
          const offered: string[] = [];
          const open = new Set<Running>();
          let seen = 0;
          for (const [index, one] of steps.entries()) {
            if (one.kind === 'offer' && executor.offer(String(index), order({ lane: one.lane })))
              offered.push(String(index));
            if (one.kind === 'pause') executor.pauseStage('extract');
            if (one.kind === 'resume') executor.resumeStage('extract');
            if (one.kind === 'settle') await settle();
            for (; seen < started.length; seen += 1) {
              const running = started[seen];
              if (running) open.add(running);
            }
            const ending = one.kind === 'end' ? [...open][one.pick % Math.max(open.size, 1)] : undefined;
            if (ending) {
              open.delete(ending);
              ending.end();
            }
            expect(executor.inflight()).toBeLessThanOrEqual(slots);
          }
          const unstarted = await executor.drain({ signal: AbortSignal.abort() });
          expect([...names(started), ...unstarted].sort()).toEqual(offered.sort());
        },
      ),
      { numRuns: 100 },
    );
  });
});
