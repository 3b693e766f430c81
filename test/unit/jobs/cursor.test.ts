import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { decodeCursor, encodeCursor } from '../../../backbone/jobs/cursor.ts';

describe('a cursor', () => {
  test('is read back as it was written', () => {
    const position = fc.record({ at: fc.date({ noInvalidDate: true }), id: fc.string({ unit: 'grapheme' }) });
    fc.assert(
      fc.property(position, (before) => {
        expect(decodeCursor(encodeCursor(before))).toEqual(before);
      }),
    );
  });

  test.each([
    '',
    'x',
    ...['{}', '["2026"]', '["never","id"]', '[1,"id"]', '["2026-01-01",2]', '["2026-01-01","a","b"]'].map(
      (text) => Buffer.from(text).toString('base64url'),
    ),
  ])('that is none (%s) is refused by name', (cursor) => {
    expect(() => decodeCursor(cursor)).toThrow(
      expect.objectContaining({
        code: 'invalid_request',
        fields: [expect.objectContaining({ field: 'cursor' })],
      }),
    );
  });
});
