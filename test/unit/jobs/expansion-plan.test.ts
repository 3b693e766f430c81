import { describe, expect, test } from '@jest/globals';
import { itemErrorOf, AppError } from '../../../backbone/errors.ts';
import {
  childPriority,
  childSubmission,
  digested,
  firstPossible,
  refusalWarnings,
  unseenItems,
} from '../../../backbone/jobs/expansion-plan.ts';

const item = (...keys: string[]): ReturnType<typeof digested> =>
  digested({ url: 'https://coast.example/fog', upload: null, contentType: null, options: {}, keys });

describe('an item', () => {
  test('is new when none of its keys was met, before or further up', () => {
    const items = [item('id:1', 'link:a'), item('id:2', 'link:a'), item('id:3', 'link:b'), item('id:4')];
    const seen = new Set(item('id:4').digests);
    expect(unseenItems(items, seen)).toEqual([items[0], items[2]]);
    expect(seen.size).toBe(1);
  });

  test('is still met by the keys of one that was left out', () => {
    expect(
      unseenItems([item('id:1', 'link:a'), item('link:a', 'id:9'), item('id:9')], new Set()),
    ).toHaveLength(1);
  });

  test('has digests of one length, however long its keys', () => {
    expect(item('x'.repeat(100_000), '').digests.map(({ length }) => length)).toEqual([64, 64]);
  });

  test('is submitted under the metadata of its parent, and leaves alone what is stored', () => {
    const wanted = {
      url: 'https://coast.example/fog',
      upload: null,
      contentType: 'podcast',
      options: { a: 1 },
      keys: [],
    };
    const metadata = { tags: ['coast'] };
    expect(childSubmission(wanted, { priority: 8, metadata })).toEqual({
      url: wanted.url,
      uploadId: null,
      contentType: 'podcast',
      priority: 8,
      metadata,
      options: { a: 1 },
      ifExists: 'skip',
      callbackUrl: null,
    });
  });

  test('of a job is in the lane bulk', () => {
    expect([1, 7, 8, 10].map(childPriority)).toEqual([8, 8, 8, 10]);
  });

  test('that is refused takes no place of one that is possible', () => {
    const items = ['no', 'a', 'b', 'no', 'c'].map((name) => ({
      name,
      plan: name === 'no' ? { error: {} } : {},
    }));
    expect(firstPossible(items, 2).map(({ name }) => name)).toEqual(['no', 'a', 'b', 'no']);
  });
});

test('refusals are told once for each reason, with an address that is cut off', () => {
  const error = itemErrorOf(new AppError('url_invalid'));
  const scheme = itemErrorOf(new AppError('url_scheme', { params: { scheme: 'ftp:' } }));
  const warnings = refusalWarnings([
    { name: `https://${'a'.repeat(5000)}`, error },
    { name: 'https://b', error },
    { name: 'ftp://c', error: scheme },
  ]);
  expect(warnings).toEqual([
    {
      code: 'expansion_refused',
      message: `2 items were refused: This is not a complete web address. For example: https://${'a'.repeat(192)}`,
    },
    {
      code: 'expansion_refused',
      message: 'One item was refused: Addresses that begin with ftp: cannot be fetched. For example: ftp://c',
    },
  ]);
  expect(refusalWarnings([])).toEqual([]);
});
