import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { Deadline } from '../../../backbone/fetch/deadline.ts';

describe('a deadline', () => {
  beforeEach(() => {
    jest.useFakeTimers({ now: 0 });
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  const open = (caller = new AbortController().signal): Deadline =>
    new Deadline(caller, 1_000, () => Date.now());

  test('expires with the host that was waited for', () => {
    const deadline = open();
    deadline.run('example.org');
    jest.advanceTimersByTime(999);
    expect(deadline.signal.aborted).toBe(false);
    jest.advanceTimersByTime(1);
    expect(deadline.signal.reason).toMatchObject({
      code: 'source_timeout',
      message: 'The site example.org did not answer in time.',
    });
  });

  test('stands still before it runs and while it is paused', () => {
    const deadline = open();
    jest.advanceTimersByTime(5_000);
    deadline.run('a');
    jest.advanceTimersByTime(600);
    deadline.pause();
    jest.advanceTimersByTime(5_000);
    deadline.run('b');
    jest.advanceTimersByTime(399);
    expect(deadline.signal.aborted).toBe(false);
    jest.advanceTimersByTime(1);
    expect(deadline.signal.aborted).toBe(true);
  });

  test('goes on for the next host with what is left', () => {
    const deadline = open();
    deadline.run('a');
    jest.advanceTimersByTime(600);
    deadline.run('b');
    jest.advanceTimersByTime(400);
    expect(deadline.signal.reason).toMatchObject({ message: expect.stringContaining('site b ') });
  });

  test('hands on the reason of its caller, until it is closed', () => {
    const caller = new AbortController();
    const [one, two] = [open(caller.signal), open(caller.signal)];
    const reason = new Error('cancelled');
    two.run('a');
    two.close();
    caller.abort(reason);
    jest.advanceTimersByTime(5_000);
    expect([one.signal.reason, two.signal.aborted]).toEqual([reason, false]);
    expect(open(caller.signal).signal.reason).toBe(reason);
  });
});
