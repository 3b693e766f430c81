import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { feedDate } from '../../../backbone/content/webpage/feed/feed-dates.ts';
import { NOW } from './read.ts';

describe('a date of a feed', () => {
  test.each([
    ['Fri, 09 Oct 2020 04:30:38 GMT', '2020-10-09T04:30:38Z'],
    ['Fri, 9 Oct 20 4:30 EST', '2020-10-09T04:30:00-05:00'],
    ['9 October 1999 04:30:38 +0530', '1999-10-09T04:30:38+05:30'],
    ['09-Oct-99 04:30:38 CEST', '1999-10-09T04:30:38+02:00'],
    ['Fri, 09 Oct 2020 04:30:38 IST', '2020-10-09T04:30:38+05:30'],
    ['Fri, 09 Oct 2020 04:30:38 GMT+2', '2020-10-09T04:30:38+02:00'],
    ['Fri, 09 Oct 2020 12:30 AM', '2020-10-09T00:30:00'],
    ['Fri, 09 Oct 2020 01:30 pm XYZ', '2020-10-09T13:30:00'],
    ['Fri, 09 Oct 2020', '2020-10-09'],
    ['Fri Oct 09 2020 04:30:38 GMT+0000', '2020-10-09T04:30:38'],
    ['Fri Oct  9 04:30:38 2020', '2020-10-09T04:30:38'],
    ['Fri Oct  9 04:30:38 UTC 2020', '2020-10-09T04:30:38'],
    ['2020-10-09T04:30:38.123Z', '2020-10-09T04:30:38Z'],
    ['2020-10-09 04:30', '2020-10-09T04:30:00'],
    ['2020/1/9 4:30:38', '2020-01-09T04:30:38'],
    ['2020-10', '2020-10'],
    ['1602217838', '2020-10-09T04:30:38Z'],
    ['1602217838000', '2020-10-09T04:30:38Z'],
    ['October 9, 2020', '2020-10-09'],
    ['09 Foo 2020 04:30:38 GMT', null],
    ['Fri Foo 09 2020 04:30:38', null],
    ['Fri Oct 09 04:30:38', null],
    ['Thu, 01 Jan 1970 00:00:00 GMT', null],
    ['Fri, 09 Oct 2099 04:30:38 GMT', null],
    ['yesterday', null],
    ['  ', null],
  ])('%s is %s', (text, wanted) => {
    expect(feedDate(text, NOW)).toBe(wanted);
  });

  test('that is absent is null', () => {
    expect(feedDate(undefined, NOW)).toBeNull();
  });

  test('never throws, and is a date or null', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const date = feedDate(text, NOW);
        expect(date === null || !Number.isNaN(Date.parse(date))).toBe(true);
      }),
    );
  });
});
