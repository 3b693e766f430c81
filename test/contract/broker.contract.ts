import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type {
  Broker,
  DeliveredRecord,
  OutgoingRecord,
  Subscription,
  Verdict,
} from '../../backbone/broker/broker.ts';

/** One adapter under test. Time is the adapter's own: real, or moved by `elapse`. */
export interface BrokerBench {
  readonly broker: Broker;
  readonly now: () => number;
  /** Lets so much of the adapter's time pass. */
  readonly elapse: (ms: number) => Promise<void>;
}

const DAY_MS = 86_400_000;
const TAKEN: Verdict = { kind: 'taken' };
const FULL: Verdict = { kind: 'full' };

/** A subscriber that notes what it is offered; records are finished by the test unless `finishing`. */
class Receiver {
  readonly offered: DeliveredRecord[] = [];
  readonly taken: DeliveredRecord[] = [];
  readonly #waiting = new Set<() => void>();
  readonly #decide: (record: DeliveredRecord) => Verdict;

  constructor(decide: (record: DeliveredRecord) => Verdict = () => TAKEN) {
    this.#decide = decide;
  }

  readonly onRecord = (record: DeliveredRecord): Verdict => {
    this.offered.push(record);
    for (const check of this.#waiting) check();
    const verdict = this.#decide(record);
    if (verdict.kind === 'taken') this.taken.push(record);
    for (const check of this.#waiting) check();
    return verdict;
  };

  /** Resolves when the condition holds, looked at after each record. */
  async until(condition: (self: this) => boolean): Promise<void> {
    if (condition(this)) return;
    const reached = Promise.withResolvers<undefined>();
    const check = (): void => {
      if (condition(this)) reached.resolve(undefined);
    };
    this.#waiting.add(check);
    await reached.promise;
    this.#waiting.delete(check);
  }

  async tookAtLeast(count: number): Promise<readonly DeliveredRecord[]> {
    await this.until(({ taken }) => taken.length >= count);
    return this.taken;
  }
}

const finishing = (): Receiver =>
  new Receiver((record) => {
    record.finish();
    return TAKEN;
  });

const textOf = (record: DeliveredRecord): string => record.value.toString();

/** What every broker adapter must do. Topics and groups are new for each test, so servers can be shared. */
export function describeBroker(name: string, open: () => Promise<BrokerBench>): void {
  describe(`the broker contract, ${name}`, () => {
    let bench: BrokerBench;
    let broker: Broker;
    let group: string;

    beforeEach(async () => {
      bench = await open();
      broker = bench.broker;
      group = `group.${randomUUID()}`;
    });

    afterEach(() => broker.close());

    const createTopic = async (partitions: number): Promise<string> => {
      const topic = `test.${randomUUID()}`;
      await broker.createTopics([{ name: topic, partitions, retentionMs: DAY_MS }]);
      return topic;
    };
    const publish = (topic: string, values: readonly string[], keyOf = (value: string) => value) =>
      broker.publish(values.map((value) => outgoing(topic, keyOf(value), value)));
    const subscribe = (topics: readonly string[], receiver: Receiver, by = group): Promise<Subscription> =>
      broker.subscribe({ group: by, topics, onRecord: receiver.onRecord });
    const readTopic = async (partitions: number, receiver: Receiver) => {
      const topic = await createTopic(partitions);
      return { topic, receiver, subscription: await subscribe([topic], receiver) };
    };
    /** So many records of a topic with one partition, taken by a receiver. */
    const takeNumbers = async (count: number, by: Receiver) => {
      const { topic, subscription } = await readTopic(1, by);
      await publish(topic, numbers(count));
      return { topic, subscription, records: await by.tookAtLeast(count) };
    };
    const lagOf = async (topic: string): Promise<number | undefined> =>
      (await broker.lag(group, [topic])).get(topic);
    const lagBecomes = async (topic: string, count: number): Promise<void> => {
      while ((await lagOf(topic)) !== count) await bench.elapse(50);
    };
    /** Keys of two different partitions of the topic, found by asking the broker. */
    const keysApart = async (topic: string): Promise<readonly [string, string]> => {
      const receiver = finishing();
      const probing = await subscribe([topic], receiver);
      await publish(topic, numbers(30));
      const records = await receiver.tookAtLeast(30);
      await lagBecomes(topic, 0);
      await probing.stop();
      const first = records[0];
      const other = records.find((record) => record.partition !== first?.partition);
      if (!first || !other) throw new Error('All keys fell into one partition');
      return [first.key, other.key];
    };

    describe('topics', () => {
      test('can be created again', async () => {
        const topic = await createTopic(2);
        await broker.createTopics([{ name: topic, partitions: 2, retentionMs: DAY_MS }]);
        const receiver = finishing();
        await subscribe([topic], receiver);
        await publish(topic, ['one']);
        expect((await receiver.tookAtLeast(1)).map(textOf)).toEqual(['one']);
      });

      test('cannot get another number of partitions', async () => {
        const topic = await createTopic(2);
        await expect(
          broker.createTopics([{ name: topic, partitions: 3, retentionMs: DAY_MS }]),
        ).rejects.toMatchObject({ code: 'config_invalid' });
      });

      test('that do not exist take no records', async () => {
        await expect(publish(`test.${randomUUID()}`, ['lost'])).rejects.toMatchObject({
          code: 'broker_unavailable',
          kind: 'systemic',
        });
      });
    });

    describe('delivery', () => {
      test('keeps the order of each key, in one partition', async () => {
        const { topic, receiver } = await readTopic(3, finishing());
        const values = numbers(100);
        for (let from = 0; from < values.length; from += 10) {
          await publish(topic, values.slice(from, from + 10), (value) => `key ${Number(value) % 7}`);
        }
        const byKey = Map.groupBy(await receiver.tookAtLeast(100), (record) => record.key);
        expect(byKey.size).toBe(7);
        for (const records of byKey.values()) {
          expect(records.map(textOf)).toEqual(records.map(textOf).sort((a, b) => Number(a) - Number(b)));
          expect(new Set(records.map((record) => record.partition)).size).toBe(1);
        }
      });

      test('numbers the records of a partition upwards', async () => {
        const { topic, receiver } = await readTopic(1, finishing());
        await publish(topic, numbers(20));
        const offsets = (await receiver.tookAtLeast(20)).map((record) => record.offset);
        expect(offsets.every((offset, at) => at === 0 || offset > (offsets[at - 1] ?? 0n))).toBe(true);
      });

      test('leaves bytes, key and headers as they were', async () => {
        const topic = await createTopic(1);
        const sent: OutgoingRecord = {
          topic,
          key: 'kéy',
          value: Buffer.from(Array.from({ length: 256 }, (_, byte) => byte)),
          headers: { lane: 'urgent', reason: 'größer als 4\u202fMB', empty: '' },
        };
        const receiver = finishing();
        await subscribe([topic], receiver);
        await broker.publish([sent, { ...sent, value: Buffer.alloc(0), headers: {} }]);
        const [full, bare] = await receiver.tookAtLeast(2);
        expect(full).toMatchObject({ topic, partition: 0, key: sent.key, headers: sent.headers });
        expect(full?.value.equals(sent.value)).toBe(true);
        expect([bare?.value.length, bare?.headers]).toEqual([0, {}]);
      });

      test('begins with the oldest record for a new group', async () => {
        const topic = await createTopic(1);
        await publish(topic, numbers(5));
        const receiver = finishing();
        await subscribe([topic], receiver);
        expect((await receiver.tookAtLeast(5)).map(textOf)).toEqual(numbers(5));
      });

      test('does not wait for earlier records to be finished', async () => {
        const { topic, receiver } = await readTopic(1, new Receiver());
        await publish(topic, numbers(50));
        expect(await receiver.tookAtLeast(50)).toHaveLength(50);
      });

      test('gives each record to one of two members, and both have some', async () => {
        const topic = await createTopic(4);
        const one = finishing();
        const other = finishing();
        await subscribe([topic], one);
        await subscribe([topic], other);
        await publish(topic, numbers(300));
        await lagBecomes(topic, 0);
        expect([...one.taken, ...other.taken].map(textOf).sort()).toEqual(numbers(300).sort());
        expect(Math.min(one.taken.length, other.taken.length)).toBeGreaterThan(0);
      });

      test('gives every record to each of two groups', async () => {
        const topic = await createTopic(3);
        const one = finishing();
        const other = finishing();
        await subscribe([topic], one);
        await subscribe([topic], other, `group.${randomUUID()}`);
        await publish(topic, numbers(60));
        for (const receiver of [one, other]) {
          expect((await receiver.tookAtLeast(60)).map(textOf).sort()).toEqual(numbers(60).sort());
        }
      });
    });

    describe('a restart', () => {
      test('goes on after the last record of an unbroken finished run, never beyond an unfinished one', async () => {
        const { topic, records, subscription } = await takeNumbers(6, new Receiver());
        for (const at of [5, 1, 3, 0, 4]) records[at]?.finish();
        await subscription.stop();
        const after = finishing();
        await subscribe([topic], after);
        expect((await after.tookAtLeast(4)).map(textOf)).toEqual(['2', '3', '4', '5']);
        await lagBecomes(topic, 0);
      });

      test('delivers again what was taken and not finished', async () => {
        const { topic, subscription } = await takeNumbers(3, new Receiver());
        await subscription.stop();
        const after = finishing();
        await subscribe([topic], after);
        expect((await after.tookAtLeast(3)).map(textOf)).toEqual(numbers(3));
      });

      test('delivers nothing again that was finished', async () => {
        const { topic, subscription } = await takeNumbers(3, finishing());
        await subscription.stop();
        const after = finishing();
        await subscribe([topic], after);
        await publish(topic, ['new']);
        expect((await after.tookAtLeast(1)).map(textOf)).toEqual(['new']);
      });
    });

    describe('finishing', () => {
      test('after the subscription was stopped does nothing', async () => {
        const { topic, records, subscription } = await takeNumbers(2, new Receiver());
        await subscription.stop();
        for (const record of records) record.finish();
        const after = new Receiver();
        await subscribe([topic], after);
        expect((await after.tookAtLeast(2)).map(textOf)).toEqual(numbers(2));
      });

      test('twice counts once', async () => {
        const { topic, receiver } = await readTopic(1, new Receiver());
        await publish(topic, numbers(3));
        const [first] = await receiver.tookAtLeast(3);
        first?.finish();
        first?.finish();
        await lagBecomes(topic, 2);
      });
    });

    describe('a member that leaves', () => {
      test('hands its unfinished records to the others', async () => {
        const topic = await createTopic(4);
        const leaving = new Receiver();
        const staying = finishing();
        const subscription = await subscribe([topic], leaving);
        await subscribe([topic], staying);
        await publish(topic, numbers(40));
        await leaving.tookAtLeast(1);
        await subscription.stop();
        await lagBecomes(topic, 0);
        expect(new Set(staying.taken.map(textOf)).size).toBe(40);
      });
    });

    describe('a full receiver', () => {
      test('keeps its place while other partitions go on, and gets the record again when it resumes', async () => {
        const topic = await createTopic(3);
        const [stuck, free] = await keysApart(topic);
        let full = true;
        const receiver = new Receiver((record) => {
          if (full && record.key === stuck) return FULL;
          record.finish();
          return TAKEN;
        });
        const subscription = await subscribe([topic], receiver);
        const keyOf = (value: string): string => (value.startsWith('stuck') ? stuck : free);
        await publish(topic, ['stuck 1', 'stuck 2', 'free 1', 'free 2'], keyOf);
        await receiver.until(({ offered, taken }) => taken.length >= 2 && offered.length >= 3);
        expect(receiver.taken.map(textOf)).toEqual(['free 1', 'free 2']);
        await publish(topic, ['free 3'], keyOf);
        await receiver.tookAtLeast(3);
        expect(receiver.offered.map(textOf).filter((text) => text.startsWith('stuck'))).toEqual(['stuck 1']);
        full = false;
        subscription.resume(topic);
        const taken = (await receiver.tookAtLeast(5)).map(textOf);
        expect(taken.slice(3)).toEqual(['stuck 1', 'stuck 2']);
      });
    });

    describe('a record that is not due', () => {
      test('comes again at its time, never early, and other partitions go on', async () => {
        const topic = await createTopic(3);
        const [later, free] = await keysApart(topic);
        const dueMs = bench.now() + 500;
        const receiver = new Receiver((record) => {
          if (record.key === later && bench.now() < dueMs) return { kind: 'wait', until: new Date(dueMs) };
          record.finish();
          return TAKEN;
        });
        await subscribe([topic], receiver);
        await publish(topic, ['later 1', 'later 2', 'free'], (value) =>
          value.startsWith('later') ? later : free,
        );
        await receiver.until(({ offered, taken }) => taken.length >= 1 && offered.length >= 2);
        expect(receiver.taken.map(textOf)).toEqual(['free']);
        const timely = receiver.tookAtLeast(3);
        await bench.elapse(1000);
        expect((await timely).map(textOf)).toEqual(['free', 'later 1', 'later 2']);
        expect(receiver.offered.filter((record) => textOf(record) === 'later 1')).toHaveLength(2);
      });
    });

    describe('a handler that throws', () => {
      test('ends nothing: the record comes again, and other partitions go on', async () => {
        const topic = await createTopic(3);
        const [bad, good] = await keysApart(topic);
        let broken = true;
        const receiver = new Receiver((record) => {
          if (broken && record.key === bad) throw new TypeError('a defect');
          record.finish();
          return TAKEN;
        });
        await subscribe([topic], receiver);
        await publish(topic, ['bad 1', 'bad 2', 'good'], (value) => (value === 'good' ? good : bad));
        await receiver.until(({ offered, taken }) => taken.length >= 1 && offered.length >= 2);
        expect(receiver.taken.map(textOf)).toEqual(['good']);
        broken = false;
        const recovered = receiver.tookAtLeast(3);
        await bench.elapse(1000);
        expect((await recovered).map(textOf)).toEqual(['good', 'bad 1', 'bad 2']);
      });
    });

    describe('lag', () => {
      test('counts what the group has not finished, up to the first gap', async () => {
        const { topic, receiver } = await readTopic(1, new Receiver());
        await publish(topic, numbers(10));
        const records = await receiver.tookAtLeast(10);
        expect(await lagOf(topic)).toBe(10);
        for (const at of [0, 1, 2, 5]) records[at]?.finish();
        await lagBecomes(topic, 7);
        for (const record of records) record.finish();
        await lagBecomes(topic, 0);
      });

      test('counts everything for a group that never read', async () => {
        const topic = await createTopic(3);
        await publish(topic, numbers(9));
        expect(await lagOf(topic)).toBe(9);
      });
    });

    test('a group that reads some topics is not joined with others', async () => {
      const topic = await createTopic(1);
      const other = await createTopic(1);
      await subscribe([topic], finishing());
      for (const topics of [[other], [topic, other]]) {
        await expect(subscribe(topics, finishing())).rejects.toMatchObject({ code: 'config_invalid' });
      }
    });

    test('stopping twice is stopping once', async () => {
      const topic = await createTopic(1);
      const subscription = await subscribe([topic], finishing());
      await subscription.stop();
      await subscription.stop();
      subscription.resume(topic);
      const receiver = finishing();
      await subscribe([topic], receiver);
      await publish(topic, ['one']);
      expect(await receiver.tookAtLeast(1)).toHaveLength(1);
    });

    test('a small round trip takes a time', async () => {
      const took = await broker.probe();
      expect(took).toBeGreaterThanOrEqual(0);
      expect(took).toBeLessThan(10_000);
    });

    test('after closing nothing can be published', async () => {
      const topic = await createTopic(1);
      await broker.close();
      await expect(publish(topic, ['late'])).rejects.toMatchObject({ code: 'broker_unavailable' });
    });
  });
}

function outgoing(topic: string, key: string, value: string): OutgoingRecord {
  return { topic, key, value: Buffer.from(value), headers: {} };
}

function numbers(count: number): string[] {
  return Array.from({ length: count }, (_, number) => String(number));
}
