import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Broker, DeliveredRecord, Verdict } from '../../../backbone/broker/broker.ts';
import { openMemoryBroker } from '../../../backbone/broker/memory-broker.ts';
import { MAX_WINDOW, type HandlerFault } from '../../../backbone/broker/partition-delivery.ts';
import { createManualClock, turn, type ManualClock } from './manual-clock.ts';

const DAY_MS = 86_400_000;
const TAKEN: Verdict = { kind: 'taken' };
const CAPACITY = 20_000;

let clock: ManualClock;
let faults: HandlerFault[];
let broker: Broker;

beforeEach(() => {
  clock = createManualClock(1_000_000_000);
  faults = [];
  broker = open(CAPACITY);
});

afterEach(() => broker.close());

function open(maxRecordsPerTopic: number): Broker {
  const { now, setTimer } = clock;
  return openMemoryBroker({ now, setTimer, maxRecordsPerTopic, onFault: (fault) => faults.push(fault) });
}

async function topic(name: string, partitions = 1): Promise<string> {
  await broker.createTopics([{ name, partitions, retentionMs: DAY_MS }]);
  return name;
}

function publish(name: string, count: number, key: (n: number) => string = String): Promise<void> {
  const records = Array.from({ length: count }, (_, n) => ({
    topic: name,
    key: key(n),
    value: Buffer.from(String(n)),
    headers: {},
  }));
  return broker.publish(records);
}

async function lag(name: string): Promise<number | undefined> {
  return (await broker.lag('group', [name])).get(name);
}

/** Turns of the event loop until the condition holds; the test's own time limit is the bound. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await turn();
}

const finished = (record: DeliveredRecord): Verdict => {
  record.finish();
  return TAKEN;
};

describe('capacity', () => {
  test('that is used up refuses a whole publish and stores nothing of it', async () => {
    broker = open(10);
    await topic('one');
    await topic('two');
    await broker.subscribe({ group: 'group', topics: ['one', 'two'], onRecord: () => TAKEN });
    await publish('one', 8);
    const both = ['two', 'one', 'one', 'one'].map((name) => ({
      topic: name,
      key: 'k',
      value: Buffer.alloc(1),
      headers: {},
    }));
    await expect(broker.publish(both)).rejects.toMatchObject({ code: 'broker_unavailable' });
    expect(await broker.lag('group', ['one', 'two'])).toEqual(
      new Map([
        ['one', 8],
        ['two', 0],
      ]),
    );
    await publish('one', 2);
  });

  test('comes back as records are finished: memory follows the backlog', async () => {
    broker = open(10);
    await topic('flat');
    await broker.subscribe({ group: 'group', topics: ['flat'], onRecord: finished });
    for (let round = 1; round <= 300; round += 1) {
      await publish('flat', 10);
      await turn();
      await turn();
    }
    expect(await lag('flat')).toBe(0);
  });

  test('is of the whole topic, however unevenly the keys fall', async () => {
    broker = open(10);
    await topic('uneven', 3);
    let count = 0;
    await broker.subscribe({
      group: 'group',
      topics: ['uneven'],
      onRecord: () => {
        count += 1;
        return TAKEN;
      },
    });
    await publish('uneven', 10, () => 'one key');
    await until(() => count === 10);
    expect(await lag('uneven')).toBe(10);
  });

  test('is held by the slowest of the groups', async () => {
    broker = open(10);
    await topic('shared');
    const slow: DeliveredRecord[] = [];
    await broker.subscribe({ group: 'fast', topics: ['shared'], onRecord: finished });
    await broker.subscribe({
      group: 'slow',
      topics: ['shared'],
      onRecord: (record) => {
        slow.push(record);
        return TAKEN;
      },
    });
    await publish('shared', 10);
    await until(() => slow.length === 10);
    await expect(publish('shared', 1)).rejects.toMatchObject({ code: 'broker_unavailable' });
    for (const record of slow) record.finish();
    await publish('shared', 1);
  });

  test('of a topic that nobody reads is kept by dropping the oldest records', async () => {
    broker = open(10);
    await topic('dead');
    await publish('dead', 25);
    const seen: string[] = [];
    await broker.subscribe({
      group: 'group',
      topics: ['dead'],
      onRecord: (record) => {
        seen.push(record.value.toString());
        return finished(record);
      },
    });
    await until(() => seen.length === 10);
    expect(seen[0]).toBe('15');
  });

  test('is not held by records older than the retention, which are gone', async () => {
    broker = open(10);
    await broker.createTopics([{ name: 'old', partitions: 1, retentionMs: 5000 }]);
    const subscription = await broker.subscribe({ group: 'group', topics: ['old'], onRecord: () => TAKEN });
    await publish('old', 10);
    await subscription.stop();
    await expect(publish('old', 1)).rejects.toMatchObject({ code: 'broker_unavailable' });
    await clock.elapse(5010);
    await publish('old', 1);
    expect(await lag('old')).toBe(1);
    const seen: bigint[] = [];
    await broker.subscribe({
      group: 'group',
      topics: ['old'],
      onRecord: (record) => {
        seen.push(record.offset);
        return TAKEN;
      },
    });
    await until(() => seen.length === 1);
    expect(seen).toEqual([10n]);
  });
});

describe('delivery', () => {
  test('never happens inside publish or subscribe', async () => {
    await topic('later');
    let delivered = 0;
    const onRecord = (): Verdict => {
      delivered += 1;
      return TAKEN;
    };
    const subscribed = broker.subscribe({ group: 'group', topics: ['later'], onRecord });
    const published = publish('later', 1);
    expect(delivered).toBe(0);
    await Promise.all([subscribed, published]);
    await until(() => delivered === 1);
  });

  test('of 10,000 records published at once ends, each once', async () => {
    await topic('many', 3);
    const seen = new Set<string>();
    let count = 0;
    await broker.subscribe({
      group: 'group',
      topics: ['many'],
      onRecord: (record) => {
        seen.add(record.value.toString());
        count += 1;
        return finished(record);
      },
    });
    await publish('many', 10_000);
    await until(() => count === 10_000);
    await turn();
    expect([seen.size, count, await lag('many')]).toEqual([10_000, 10_000, 0]);
  });

  test('leaves the event loop to others after some hundred records', async () => {
    await topic('backlog');
    let count = 0;
    await broker.subscribe({
      group: 'group',
      topics: ['backlog'],
      onRecord: (record) => {
        count += 1;
        return finished(record);
      },
    });
    await publish('backlog', 5000);
    for (let turns = 1; count < 5000; turns += 1) {
      await turn();
      expect(count).toBeLessThanOrEqual(turns * 300);
    }
  });

  test('serves partitions in turn, so that a long backlog does not hold up a short one', async () => {
    await topic('long');
    await topic('short');
    await publish('long', 5000);
    await publish('short', 10);
    const order: string[] = [];
    await broker.subscribe({
      group: 'group',
      topics: ['long', 'short'],
      onRecord: (record) => {
        order.push(record.topic);
        return finished(record);
      },
    });
    await until(() => order.length === 5010);
    expect(order.lastIndexOf('short')).toBeLessThan(25);
  });

  test('may publish, resume and stop from inside the handler', async () => {
    await topic('inner');
    const seen: string[] = [];
    const subscription = await broker.subscribe({
      group: 'group',
      topics: ['inner'],
      onRecord: (record) => {
        seen.push(record.key);
        subscription.resume('inner');
        if (record.key === 'first') void publish('inner', 1, () => 'second');
        if (record.key === 'second') void subscription.stop();
        return finished(record);
      },
    });
    await publish('inner', 1, () => 'first');
    await until(() => seen.length === 2);
    await publish('inner', 1, () => 'third');
    await turn();
    expect(seen).toEqual(['first', 'second']);
    expect(await lag('inner')).toBe(2);
  });

  test('gives copies: what a receiver or a publisher does to the bytes later harms nobody', async () => {
    await topic('copies');
    const value = Buffer.from('good');
    const seen: string[] = [];
    const subscribe = (group: string) =>
      broker.subscribe({
        group,
        topics: ['copies'],
        onRecord: (record) => {
          seen.push(record.value.toString());
          record.value.fill(0);
          return finished(record);
        },
      });
    await broker.publish([{ topic: 'copies', key: 'k', value, headers: {} }]);
    value.fill(0);
    await subscribe('one');
    await subscribe('two');
    await until(() => seen.length === 2);
    expect(seen).toEqual(['good', 'good']);
  });

  test('stops at a window of unfinished records and goes on as they finish', async () => {
    await topic('window');
    const open: DeliveredRecord[] = [];
    await broker.subscribe({
      group: 'group',
      topics: ['window'],
      onRecord: (record) => {
        open.push(record);
        return TAKEN;
      },
    });
    await publish('window', MAX_WINDOW + 100);
    await until(() => open.length >= MAX_WINDOW);
    await turn();
    await turn();
    expect(open).toHaveLength(MAX_WINDOW);
    for (const record of open.slice(0, 50)) record.finish();
    await until(() => open.length >= MAX_WINDOW + 50);
    await turn();
    expect(open).toHaveLength(MAX_WINDOW + 50);
  });
});

describe('a rebalance', () => {
  test('leaves what a member keeps as it is, and redelivers only what it loses', async () => {
    await topic('moving', 2);
    const one: DeliveredRecord[] = [];
    const two: DeliveredRecord[] = [];
    const collect = (into: DeliveredRecord[]) => (record: DeliveredRecord) => {
      into.push(record);
      return TAKEN;
    };
    await broker.subscribe({ group: 'group', topics: ['moving'], onRecord: collect(one) });
    await publish('moving', 40);
    await until(() => one.length === 40);
    await broker.subscribe({ group: 'group', topics: ['moving'], onRecord: collect(two) });
    const lost = one.filter((record) => record.partition === 1);
    await until(() => two.length === lost.length);
    expect(two.map((record) => record.offset)).toEqual(lost.map((record) => record.offset));
    for (const record of one) record.finish();
    expect(await lag('moving')).toBe(lost.length);
    for (const record of two) record.finish();
    expect(await lag('moving')).toBe(0);
    expect(one).toHaveLength(40);
  });
});

describe('a handler that breaks its contract', () => {
  test('is reported, and tried again after waits that double up to half a minute', async () => {
    await topic('faulty');
    const times: number[] = [];
    await broker.subscribe({
      group: 'group',
      topics: ['faulty'],
      onRecord: () => {
        times.push(clock.now());
        throw new TypeError('a defect');
      },
    });
    await publish('faulty', 1);
    await until(() => times.length === 1);
    await clock.elapse(120_000);
    const waits = times.slice(1).map((time, at) => time - (times[at] ?? 0));
    expect(waits.slice(0, 4)).toEqual([250, 500, 1000, 2000]);
    expect(waits.at(-1)).toBe(30_000);
    expect(faults).toHaveLength(times.length);
    expect(faults[0]).toEqual({
      group: 'group',
      topic: 'faulty',
      partition: 0,
      offset: 0n,
      error: new TypeError('a defect'),
    });
  });

  test('has its waits begin anew once it has worked', async () => {
    await topic('flaky');
    const times: number[] = [];
    await broker.subscribe({
      group: 'group',
      topics: ['flaky'],
      onRecord: (record) => {
        times.push(clock.now());
        if (times.length !== 3) throw new TypeError('a defect');
        return finished(record);
      },
    });
    await publish('flaky', 2);
    await until(() => times.length === 1);
    await clock.elapse(1000);
    const waits = times.slice(1).map((time, at) => time - (times[at] ?? 0));
    expect(waits).toEqual([250, 500, 0, 250]);
  });

  test('by waiting for no date at all pauses its partition just so', async () => {
    await topic('never');
    let calls = 0;
    await broker.subscribe({
      group: 'group',
      topics: ['never'],
      onRecord: (record) => {
        calls += 1;
        return calls === 1 ? { kind: 'wait', until: new Date(Number.NaN) } : finished(record);
      },
    });
    await publish('never', 1);
    await until(() => calls === 1);
    await turn();
    expect([calls, faults.length]).toEqual([1, 1]);
    await clock.elapse(250);
    await until(() => calls === 2);
  });

  test('by finishing a record that it refused finishes nothing', async () => {
    await topic('refused');
    const offered: DeliveredRecord[] = [];
    const subscription = await broker.subscribe({
      group: 'group',
      topics: ['refused'],
      onRecord: (record) => {
        offered.push(record);
        return offered.length === 1 ? { kind: 'full' } : TAKEN;
      },
    });
    await publish('refused', 1);
    await until(() => offered.length === 1);
    subscription.resume('refused');
    await until(() => offered.length === 2);
    offered[0]?.finish();
    expect(await lag('refused')).toBe(1);
    offered[1]?.finish();
    expect(await lag('refused')).toBe(0);
  });
});

describe('waiting', () => {
  test('for a time that has passed does not spin', async () => {
    await topic('past');
    let calls = 0;
    await broker.subscribe({
      group: 'group',
      topics: ['past'],
      onRecord: () => {
        calls += 1;
        return { kind: 'wait', until: new Date(0) };
      },
    });
    await publish('past', 1);
    await until(() => calls === 1);
    for (let n = 0; n < 20; n += 1) await turn();
    expect(calls).toBe(1);
    await clock.elapse(10);
    await until(() => calls === 2);
  });

  test('longer than a timer can hold is done in parts', async () => {
    const due = clock.now() + 2 ** 32;
    const delays: number[] = [];
    let fire: () => void = () => undefined;
    let now = clock.now();
    const patient = openMemoryBroker({
      now: () => now,
      setTimer: (callback, delayMs) => {
        delays.push(delayMs);
        fire = callback;
        return () => undefined;
      },
      maxRecordsPerTopic: 10,
      onFault: (fault) => faults.push(fault),
    });
    await patient.createTopics([{ name: 'far', partitions: 1, retentionMs: 2 ** 40 }]);
    let calls = 0;
    await patient.subscribe({
      group: 'group',
      topics: ['far'],
      onRecord: () => {
        calls += 1;
        return now < due ? { kind: 'wait', until: new Date(due) } : TAKEN;
      },
    });
    await patient.publish([{ topic: 'far', key: 'k', value: Buffer.alloc(0), headers: {} }]);
    await until(() => delays.length === 1);
    while (now < due) {
      now += delays.at(-1) ?? 0;
      fire();
    }
    await until(() => calls === 2);
    expect(delays).toEqual([2 ** 31 - 1, 2 ** 31 - 1, 2]);
    await patient.close();
  });

  test('leaves no timer behind after stop or close', async () => {
    await topic('timers', 4);
    const onRecord = (): Verdict => ({ kind: 'wait', until: new Date(clock.now() + 60_000) });
    const subscription = await broker.subscribe({ group: 'group', topics: ['timers'], onRecord });
    await publish('timers', 40);
    await until(() => clock.pending() === 4);
    await subscription.stop();
    expect(clock.pending()).toBe(0);
    await broker.subscribe({ group: 'group', topics: ['timers'], onRecord });
    await until(() => clock.pending() === 4);
    await broker.close();
    expect(clock.pending()).toBe(0);
  });

  test('is forgotten when the handler stops its own subscription', async () => {
    await topic('leaving');
    let calls = 0;
    const subscription = await broker.subscribe({
      group: 'group',
      topics: ['leaving'],
      onRecord: () => {
        calls += 1;
        void subscription.stop();
        return { kind: 'wait', until: new Date(clock.now() + 60_000) };
      },
    });
    await publish('leaving', 2);
    await until(() => calls === 1);
    expect(clock.pending()).toBe(0);
  });

  test('works with the timers of the process, and one that is cancelled never fires', async () => {
    const real = openMemoryBroker({
      now: Date.now,
      maxRecordsPerTopic: 10,
      onFault: (fault) => faults.push(fault),
    });
    await real.createTopics([{ name: 'real', partitions: 1, retentionMs: DAY_MS }]);
    const due = Date.now() + 20;
    const again = Promise.withResolvers<number>();
    const onRecord = (): Verdict => {
      if (Date.now() < due) return { kind: 'wait', until: new Date(due) };
      again.resolve(Date.now());
      return { kind: 'wait', until: new Date(due + 3_600_000) };
    };
    await real.subscribe({ group: 'group', topics: ['real'], onRecord });
    await real.publish([{ topic: 'real', key: 'k', value: Buffer.alloc(0), headers: {} }]);
    expect(await again.promise).toBeGreaterThanOrEqual(due);
    await real.close();
  });
});

describe('what contradicts', () => {
  test.each([0, -1, 1.5])('a topic cannot have %p partitions', async (partitions) => {
    await expect(topic('odd', partitions)).rejects.toMatchObject({ code: 'config_invalid' });
  });

  test('a topic named twice in one call with different partitions is refused, and nothing is created', async () => {
    const specs = [1, 2].map((partitions) => ({ name: 'twice', partitions, retentionMs: DAY_MS }));
    await expect(broker.createTopics(specs)).rejects.toMatchObject({ code: 'config_invalid' });
    await expect(publish('twice', 1)).rejects.toMatchObject({ code: 'broker_unavailable' });
  });

  test('a topic that does not exist is neither subscribed nor measured', async () => {
    const subscribing = broker.subscribe({ group: 'group', topics: ['absent'], onRecord: () => TAKEN });
    await expect(subscribing).rejects.toMatchObject({ code: 'broker_unavailable' });
    await expect(lag('absent')).rejects.toMatchObject({ code: 'broker_unavailable' });
  });

  test('nothing can be done with a closed broker', async () => {
    await broker.close();
    const calls = [
      broker.createTopics([]),
      broker.publish([]),
      broker.subscribe({ group: 'group', topics: [], onRecord: () => TAKEN }),
      broker.lag('group', []),
      broker.probe(),
    ];
    for (const outcome of await Promise.allSettled(calls)) {
      expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'broker_unavailable' } });
    }
  });
});
