import { expect, test } from '@jest/globals';
import { feedTtlMs } from '../../../backbone/content/webpage/feed/feed-ttl.ts';

const MINUTE_MS = 60_000;
const sy = (period: string, more = ''): string =>
  `<channel><sy:updatePeriod> ${period} </sy:updatePeriod>${more}</channel>`;

test.each([
  ['<channel><ttl>60</ttl><item/></channel>', 60 * MINUTE_MS],
  [sy('hourly'), 60 * MINUTE_MS],
  [sy('daily', '<sy:updateFrequency>4</sy:updateFrequency>'), 360 * MINUTE_MS],
  [sy('daily', '<sy:updateFrequency>0</sy:updateFrequency>'), null],
  [sy('sometimes'), null],
  ['<channel><ttl>0</ttl></channel>', null],
  ['<channel><item><ttl>60</ttl></item></channel>', null],
  ['', null],
])('%p asks to be left alone for %p ms', (text, ms) => {
  expect(feedTtlMs(text)).toBe(ms);
});
