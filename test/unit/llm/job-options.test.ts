import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { expansionOf } from '../../../backbone/content/expansion.ts';
import { allowsLlm, jobOptions, lastingOptions } from '../../../backbone/content/job-options.ts';

describe('the options of a job', () => {
  test('are those of its type and those of all', () => {
    const options = jobOptions({ options: z.object({ depth: z.int() }) }).strict();
    expect(options.parse({ depth: 1, llm: false })).toEqual({ depth: 1, llm: false });
    expect(options.safeParse({ depth: 1, llm: 'no' }).success).toBe(false);
    expect(options.safeParse({ depth: 1, other: 1 }).success).toBe(false);
  });

  test('let the language model see the content unless they say no', () => {
    expect([{}, { llm: true }, { llm: undefined }, { llm: false }].map(allowsLlm)).toEqual([
      true,
      true,
      true,
      false,
    ]);
    expect(lastingOptions({ llm: false, depth: 1 })).toEqual({ llm: false });
    expect(lastingOptions({ llm: true })).toEqual({});
  });

  test('that keep a content from the language model keep what it lists from it as well', () => {
    const wanted = [
      { url: 'https://a.example', upload: null, contentType: null, options: { ocr: 'never' }, keys: ['a'] },
    ];
    const type = { label: 'list', expand: () => ({ wanted, warnings: [] }) };
    const request = { typeMetadata: {}, hasType: () => true };
    expect(expansionOf(type, { expand: true, llm: false }, request)?.wanted).toMatchObject([
      { options: { ocr: 'never', llm: false } },
    ]);
    expect(expansionOf(type, { expand: true }, request)?.wanted).toEqual(wanted);
  });
});
