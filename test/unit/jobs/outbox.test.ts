import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Broker, OutgoingRecord } from '../../../backbone/broker/broker.ts';
import { NEVER_CRASH } from '../../../backbone/crash-points.ts';
import { AppError } from '../../../backbone/errors.ts';
import { Outbox } from '../../../backbone/jobs/outbox.ts';
import type { RecordStore } from '../../../backbone/stores/records/record-store.ts';
import { openTestRecords } from '../../support/records.ts';

let records: RecordStore;
let sent: OutgoingRecord[] = [];
let isFull: (topic: string) => boolean = () => false;

const broker: Pick<Broker, 'publish'> = {
  publish: (added) => {
    if (added.some(({ topic }) => isFull(topic))) return Promise.reject(new AppError('broker_unavailable'));
    sent.push(...added);
    return Promise.resolve();
  },
};

function outbox(): Outbox {
  const notifier = {
    notify: () => undefined,
    watch: () => Promise.resolve({ unsubscribe: () => Promise.resolve() }),
  };
  return new Outbox({ records, broker: broker as Broker, notifier, crash: NEVER_CRASH });
}

/** Messages of a topic that became due so many minutes ago. */
async function leave(topic: string, count: number, minutes: number): Promise<void> {
  await records.query(
    `INSERT INTO outbox (topic, aggregateid, payload, available_at)
     SELECT $1, 'job-' || n, 'x', now() - $3 * interval '1 minute' FROM generate_series(1, $2::int) AS n`,
    [topic, count, minutes],
  );
}

const left = async (): Promise<readonly string[]> =>
  (await records.query<{ topic: string }>('SELECT DISTINCT topic FROM outbox ORDER BY 1')).map(
    (row) => row.topic,
  );

beforeAll(async () => {
  records = await openTestRecords();
});

afterAll(() => records.close());

beforeEach(async () => {
  sent = [];
  isFull = () => false;
  await records.query('DELETE FROM outbox');
});

describe('sweeping the outbox', () => {
  test('sends what is due, oldest first, and forgets it', async () => {
    await leave('young', 2, 1);
    await leave('old', 2, 9);
    await leave('later', 1, -9);
    expect(await outbox().sweep()).toBe(4);
    expect(sent.map(({ topic }) => topic)).toEqual(['old', 'old', 'young', 'young']);
    expect(await left()).toEqual(['later']);
  });

  test('passes a full topic by, however much of it is waiting', async () => {
    await leave('full', 1200, 9);
    await leave('open', 3, 1);
    isFull = (topic) => topic === 'full';
    expect(await outbox().sweep()).toBe(3);
    expect(sent.map(({ topic }) => topic)).toEqual(['open', 'open', 'open']);
    expect(await left()).toEqual(['full']);
  });

  test('fails when nothing could be sent, and keeps everything', async () => {
    for (let topic = 0; topic < 20; topic += 1) await leave(`topic-${topic}`, 1, 1);
    let asked = 0;
    isFull = () => {
      asked += 1;
      return true;
    };
    await expect(outbox().sweep()).rejects.toMatchObject({ code: 'broker_unavailable' });
    expect(asked).toBeLessThan(20);
    expect(await left()).toHaveLength(20);
  });
});
