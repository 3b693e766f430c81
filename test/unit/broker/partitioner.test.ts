import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { murmur2, partitionFor } from '../../../backbone/broker/partitioner.ts';

describe('the partition of a key', () => {
  // The values that Apache Kafka's own tests expect of its murmur2.
  test.each([
    ['21', -973_932_308],
    ['foobar', -790_332_482],
    ['a-little-bit-long-string', -985_981_536],
    ['a-little-bit-longer-string', -1_486_304_829],
    ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58_897_971],
    ['abc', 479_470_107],
  ])('has the hash that Kafka gives %p', (key, hash) => {
    expect(murmur2(Buffer.from(key))).toBe(hash);
  });

  test('is one of the topic’s, and always the same', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 1, max: 100 }), (key, count) => {
        const partition = partitionFor(key, count);
        expect(Number.isInteger(partition) && partition >= 0 && partition < count).toBe(true);
        expect(partitionFor(key, count)).toBe(partition);
      }),
    );
  });

  test('spreads job ids evenly', () => {
    const counts = [0, 0, 0];
    for (let n = 0; n < 3000; n += 1) {
      const partition = partitionFor(`webpage_${n.toString(16).padStart(12, '0')}`, 3);
      counts[partition] = (counts[partition] ?? 0) + 1;
    }
    for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(120);
  });
});
