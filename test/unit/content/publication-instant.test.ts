import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { publicationInstant } from '../../../backbone/content/publication-instant.ts';

describe('the instant of a publication date', () => {
  test.each([
    ['2026', '2026-01-01T00:00:00.000Z'],
    ['2026-05', '2026-05-01T00:00:00.000Z'],
    ['2026-05-09', '2026-05-09T00:00:00.000Z'],
    ['2026-05-09T10:30', '2026-05-09T10:30:00.000Z'],
    ['2026-05-09T10:30:15.123456', '2026-05-09T10:30:15.123Z'],
    ['2026-05-09T10:30:00+02:00', '2026-05-09T08:30:00.000Z'],
    ['2026-05-09T10:30:00Z', '2026-05-09T10:30:00.000Z'],
  ])('of %s is %s', (date, instant) => {
    expect(publicationInstant(date)).toBe(instant);
  });

  test.each([null, 'yesterday', '2026-13-01', '0000', ''])('of %s is none', (date) => {
    expect(publicationInstant(date)).toBeNull();
  });

  test('of any text is none or an instant that it finds again', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
        ),
        (text) => {
          const instant = publicationInstant(text);
          expect(instant === null || publicationInstant(instant) === instant).toBe(true);
        },
      ),
    );
  });
});
