import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { LANES, type Lane } from '../../../backbone/pipeline/lanes.ts';
import { STAGES } from '../../../backbone/pipeline/stages.ts';
import {
  AGEING_STEP_MS,
  createWorkQueues,
  type WorkOrder,
  type WorkQueues,
} from '../../../backbone/pipeline/work-queues.ts';

const WEIGHTS = { urgent: 8, normal: 3, bulk: 1 };

function order(change: Partial<WorkOrder> = {}): WorkOrder {
  return { stage: 'extract', lane: 'normal', priority: 5, submittedAt: new Date(0), ...change };
}

interface Bench {
  readonly queues: WorkQueues<string>;
  readonly clock: { now: number };
}

function bench(bufferPerQueue = 32): Bench {
  const clock = { now: 0 };
  const queues = createWorkQueues<string>({ bufferPerQueue, weights: WEIGHTS, now: () => clock.now });
  return { queues, clock };
}

function takeAllInTurn(queues: WorkQueues<string>): readonly string[] {
  const taken: string[] = [];
  for (let item = queues.take(); item !== null; item = queues.take()) taken.push(item);
  return taken;
}

describe('within a lane', () => {
  test('the better priority comes first, then the earlier submission, over all stages', () => {
    const { queues } = bench();
    queues.add('late', order({ submittedAt: new Date(9) }));
    queues.add('early', order({ submittedAt: new Date(1) }));
    queues.add('other stage', order({ stage: 'store', submittedAt: new Date(5) }));
    queues.add('important', order({ priority: 4, submittedAt: new Date(99) }));
    expect(takeAllInTurn(queues)).toEqual(['important', 'early', 'other stage', 'late']);
  });

  test('a minute of waiting counts as a step of priority', () => {
    const { queues, clock } = bench();
    queues.add('patient', order({ priority: 7, submittedAt: new Date(5) }));
    clock.now = 3 * AGEING_STEP_MS;
    queues.add('important', order({ priority: 4, submittedAt: new Date(6) }));
    expect(takeAllInTurn(queues)).toEqual(['patient', 'important']);
  });

  test('what was put back comes before everything, in order of submission', () => {
    const { queues } = bench(1);
    queues.add('new', order({ priority: 4 }));
    queues.addToFront('back 2', order({ priority: 4, submittedAt: new Date(2) }));
    queues.addToFront('back 1', order({ priority: 7, submittedAt: new Date(1) }));
    expect(takeAllInTurn(queues)).toEqual(['back 1', 'back 2', 'new']);
  });
});

describe('among lanes', () => {
  const laneOfTurn = (queues: WorkQueues<string>, turns: number): readonly string[] =>
    Array.from({ length: turns }, () => {
      const lane = queues.take() ?? 'none';
      queues.add(lane, order({ lane: lane as Lane }));
      return lane;
    });

  test('each gets exactly its weight of every twelve turns when all have work', () => {
    const { queues } = bench();
    for (const lane of LANES) for (let n = 0; n < 20; n += 1) queues.add(lane, order({ lane }));
    const turns = laneOfTurn(queues, 120);
    for (let from = 0; from < turns.length; from += 12) {
      const round = turns.slice(from, from + 12);
      expect(LANES.map((lane) => round.filter((turn) => turn === lane).length)).toEqual([8, 3, 1]);
    }
  });

  test('one alone gets every turn', () => {
    const { queues } = bench();
    queues.add('bulk', order({ lane: 'bulk' }));
    expect(laneOfTurn(queues, 5)).toEqual(Array<string>(5).fill('bulk'));
  });

  test('urgent work that just came is next or next but one, however long bulk had the slots alone', () => {
    const { queues } = bench();
    for (let n = 0; n < 20; n += 1) queues.add('bulk', order({ lane: 'bulk' }));
    laneOfTurn(queues, 500);
    queues.add('urgent', order({ lane: 'urgent' }));
    expect([queues.take(), queues.take()]).toContain('urgent');
  });

  test('bulk keeps its share when urgent work never ends', () => {
    const { queues } = bench();
    queues.add('bulk', order({ lane: 'bulk' }));
    queues.add('urgent', order({ lane: 'urgent' }));
    const turns = laneOfTurn(queues, 900);
    expect(turns.filter((turn) => turn === 'bulk')).toHaveLength(100);
  });
});

describe('a buffer', () => {
  test('refuses what is beyond its size, whatever the others hold', () => {
    const { queues } = bench(2);
    expect([1, 2, 3].map((n) => queues.add(String(n), order()))).toEqual([true, true, false]);
    expect(queues.add('other lane', order({ lane: 'bulk' }))).toBe(true);
    expect(queues.add('other stage', order({ stage: 'store' }))).toBe(true);
    expect(queues.size('extract', 'normal')).toBe(2);
  });

  test('that refused work is named once, when half of it is free', () => {
    const { queues } = bench(4);
    for (let n = 0; n < 5; n += 1) queues.add(String(n), order());
    queues.take();
    expect(queues.takeRoomNews()).toEqual([]);
    queues.take();
    expect(queues.takeRoomNews()).toEqual([{ stage: 'extract', lane: 'normal' }]);
    expect(queues.takeRoomNews()).toEqual([]);
  });

  test('that never refused anything is not named', () => {
    const { queues } = bench(4);
    queues.add('one', order());
    queues.take();
    expect(queues.takeRoomNews()).toEqual([]);
  });
});

describe('a paused stage', () => {
  test('is passed over until it is resumed', () => {
    const { queues } = bench();
    queues.add('held', order({ priority: 4 }));
    queues.add('free', order({ stage: 'store' }));
    queues.pauseStage('extract');
    expect(takeAllInTurn(queues)).toEqual(['free']);
    queues.resumeStage('extract');
    expect(takeAllInTurn(queues)).toEqual(['held']);
  });
});

test('nothing is lost or doubled, whatever is added and taken', () => {
  const work = fc.record({
    stage: fc.constantFrom(...STAGES),
    lane: fc.constantFrom(...LANES),
    priority: fc.integer({ min: 1, max: 10 }),
    submittedAt: fc.nat().map((ms) => new Date(ms)),
  });
  const step = fc.oneof(
    work.map((one) => ({ kind: 'add', work: one }) as const),
    fc.constant({ kind: 'take' } as const),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), fc.integer({ min: 1, max: 5 }), (steps, size) => {
      const { queues } = bench(size);
      const added: string[] = [];
      const taken: string[] = [];
      for (const [index, one] of steps.entries()) {
        if (one.kind === 'take') {
          const item = queues.take();
          if (item !== null) taken.push(item);
        } else if (queues.add(String(index), one.work)) added.push(String(index));
      }
      expect([...taken, ...queues.takeAll()].sort()).toEqual(added.sort());
    }),
  );
});
