import { describe, expect, test } from '@jest/globals';
import {
  DEFAULT_PRIORITY,
  HIGHEST_PRIORITY,
  LOWEST_PRIORITY,
  REPROCESS_PRIORITY,
  laneOf,
} from '../../../backbone/pipeline/lanes.ts';

describe('lanes', () => {
  test.each([
    [1, 'urgent'],
    [3, 'urgent'],
    [4, 'normal'],
    [7, 'normal'],
    [8, 'bulk'],
    [10, 'bulk'],
  ])('priority %d travels in the lane %s', (priority, lane) => {
    expect(laneOf(priority)).toBe(lane);
  });

  test('new work is normal, reprocessing urgent', () => {
    expect(laneOf(DEFAULT_PRIORITY)).toBe('normal');
    expect(laneOf(REPROCESS_PRIORITY)).toBe('urgent');
    expect([HIGHEST_PRIORITY, LOWEST_PRIORITY]).toEqual([1, 10]);
  });
});
