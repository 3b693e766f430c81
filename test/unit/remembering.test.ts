import { expect, jest, test } from '@jest/globals';
import { remembering } from '../../backbone/remembering.ts';

test('a question is answered once, whatever the answer', () => {
  const answer = jest.fn((text: string) => (text === '' ? null : text.length));
  const remembered = remembering(answer, 10);
  expect([remembered('abc'), remembered('abc'), remembered(''), remembered('')]).toEqual([3, 3, null, null]);
  expect(answer).toHaveBeenCalledTimes(2);
});

test('no more than so many answers are kept', () => {
  const answer = jest.fn((text: string) => text.length);
  const remembered = remembering(answer, 2);
  for (const text of ['a', 'b', 'c', 'c', 'a']) remembered(text);
  expect(answer.mock.calls.flat()).toEqual(['a', 'b', 'c', 'a']);
});
