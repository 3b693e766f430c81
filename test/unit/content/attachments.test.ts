import { expect, test } from '@jest/globals';
import {
  attachmentsLeftOut,
  attachmentsOption,
  levelsWanted,
  optionsBelow,
  unsupportedAttachments,
} from '../../../backbone/content/attachments.ts';

test('levels are asked for by true or by a number, within a limit', () => {
  expect([{}, { attachments: false }, { attachments: 'all' }].map(levelsWanted)).toEqual([0, 0, 0]);
  expect([{ attachments: true }, { attachments: 1 }, { attachments: 99 }].map(levelsWanted)).toEqual([
    2, 1, 3,
  ]);
  const accepted = [true, false, 1, 3, 0, 4, 1.5, 'yes'].map((value) => attachmentsOption.safeParse(value));
  expect(accepted.map(({ success }) => success)).toEqual([
    true,
    true,
    true,
    true,
    false,
    false,
    false,
    false,
  ]);
});

test('each level opens one less, so that messages in messages come to an end', () => {
  expect([3, 2, 1, 0].map(optionsBelow)).toEqual([{ attachments: 2 }, { attachments: 1 }, {}, {}]);
});

test('what is not opened is named in one warning, up to twenty names that are cut off', () => {
  expect(unsupportedAttachments([])).toEqual([]);
  expect(attachmentsLeftOut([])).toEqual([]);
  const description = 'a ZIP archive';
  const [few] = unsupportedAttachments([{ name: 'a'.repeat(300), description }]);
  expect(few?.message).toBe(`Attachments that cannot be read: ${'a'.repeat(100)} (a ZIP archive).`);
  const [many] = attachmentsLeftOut(Array.from({ length: 25 }, (_, at) => `f${at}`));
  expect(many?.message).toMatch(/left out: f0, f1, .*, f19 and 5 more\.$/);
});
