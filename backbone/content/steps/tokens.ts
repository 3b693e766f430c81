import {
  clearMergeCache,
  countTokens as countExactly,
  setMergeCacheSize,
} from 'gpt-tokenizer/encoding/cl100k_base';

/**
 * Byte-pair merging is quadratic in an unbroken run, so runs are counted in slices of this many
 * UTF-16 units. Words are shorter; only base64, hashes and the like reach it.
 */
const RUN_LIMIT = 128;

/** Merged words are remembered; the library's default of 100,000 entries would hold some 30 MB. */
const MERGE_CACHE_SIZE = 5_000;

const LONG_RUN = new RegExp(`\\S{${RUN_LIMIT + 1},}|\\s{${RUN_LIMIT + 1},}`, 'u');
const SLICES = new RegExp(`\\S{1,${RUN_LIMIT}}\\s{0,${RUN_LIMIT}}|\\s{1,${RUN_LIMIT}}`, 'gu');

/** Names such as `<|endoftext|>` are plain text here: without this they would throw. */
const NOTHING_SPECIAL = { disallowedSpecial: new Set<string>() };

setMergeCacheSize(MERGE_CACHE_SIZE);

/**
 * Tokens of cl100k_base, the encoding of OpenAI's text-embedding-3 models. Exact unless a run without
 * (or of) white space is longer than 128 characters: those are counted in slices, some tokens more
 * or fewer than in one piece. O(text).
 */
export function countTokens(text: string): number {
  if (!LONG_RUN.test(text)) return countExactly(text, NOTHING_SPECIAL);
  let tokens = 0;
  for (const [slice] of text.matchAll(SLICES)) tokens += countExactly(slice, NOTHING_SPECIAL);
  return tokens;
}

/** Forgets the remembered merges (some megabytes). */
export { clearMergeCache as forgetMerges };
