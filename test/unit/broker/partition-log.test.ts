import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { PartitionLog, type StoredRecord } from '../../../backbone/broker/partition-log.ts';

const record = (key: string): StoredRecord => ({ key, value: Buffer.alloc(0), headers: {}, storedAtMs: 0 });

describe('the log of a partition', () => {
  test('gives rising offsets that survive dropping', () => {
    const log = new PartitionLog('topic', 0);
    for (const key of ['a', 'b', 'c']) log.append(record(key));
    log.dropBelow(2);
    log.append(record('d'));
    expect([log.firstOffset, log.nextOffset, log.size]).toEqual([2, 4, 2]);
    expect([1, 2, 3, 4].map((offset) => log.at(offset)?.key ?? null)).toEqual([null, 'c', 'd', null]);
  });

  test('drops no more than it has, and nothing twice', () => {
    const log = new PartitionLog('topic', 0);
    log.append(record('a'));
    log.dropBelow(99);
    log.dropBelow(0);
    expect([log.firstOffset, log.nextOffset, log.size]).toEqual([1, 1, 0]);
  });

  test('agrees with a naive model over thousands of records', () => {
    const step = fc.tuple(fc.nat(1500), fc.nat(3000));
    fc.assert(
      fc.property(fc.array(step, { maxLength: 8 }), (steps) => {
        const log = new PartitionLog('topic', 0);
        let next = 0;
        let first = 0;
        for (const [appended, dropped] of steps) {
          for (let n = 0; n < appended; n += 1, next += 1) log.append(record(String(next)));
          log.dropBelow(dropped);
          first = Math.max(first, Math.min(dropped, next));
          expect([log.firstOffset, log.nextOffset, log.size]).toEqual([first, next, next - first]);
          expect(log.at(first)?.key).toBe(first < next ? String(first) : undefined);
          expect(log.at(first - 1)).toBeNull();
        }
      }),
      { numRuns: 50 },
    );
  });
});
