import { wordsOf } from './words.ts';

/**
 * What near-duplicates are found by: MinHash over runs of words. Equal places of two signatures are an unbiased
 * estimate of the share of runs that both texts have in common (Broder, "On the resemblance and containment of
 * documents", 1997), with a standard error of at most .0625.
 */
export interface Fingerprint {
  /** 64 signed 32-bit numbers. */
  readonly signature: readonly number[];
  /** One number for each four of them: texts that share 70 % of their runs have one in common with probability .988. */
  readonly bands: readonly number[];
}

const SIGNATURE_LENGTH = 64;
const BAND_ROWS = 4;
const RUN_WORDS = 3;
/** Fewer words are too often the same by chance. */
const FEWEST_WORDS = 20;

/** O(words): 300,000 take .4 s, most of it to find the words. Null for a text too short to be compared. */
export function fingerprintOf(text: string): Fingerprint | null {
  const signature = new Int32Array(SIGNATURE_LENGTH).fill(0x7fffffff);
  const run: number[] = [];
  let words = 0;
  for (const { text: word } of wordsOf(text)) {
    words += 1;
    run.push(hashOf(word));
    if (run.length > RUN_WORDS) run.shift();
    if (run.length === RUN_WORDS) lower(signature, combine(run));
  }
  if (words < FEWEST_WORDS) return null;
  return { signature: [...signature], bands: bandsOf(signature) };
}

/** Each place keeps the least hash under a permutation of its own. */
function lower(signature: Int32Array, run: number): void {
  // Plain counting: an iterator here would take several times as long as the hash.
  for (let place = 0; place < SIGNATURE_LENGTH; place += 1) {
    const hash = mix(run ^ (SEEDS[place] ?? 0));
    if (hash < (signature[place] ?? 0)) signature[place] = hash;
  }
}

function bandsOf(signature: Int32Array): number[] {
  return Array.from({ length: SIGNATURE_LENGTH / BAND_ROWS }, (_, band) =>
    combine([band, ...signature.subarray(band * BAND_ROWS, (band + 1) * BAND_ROWS)]),
  );
}

/** FNV-1a over UTF-16 units. */
function hashOf(word: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < word.length; at += 1) hash = Math.imul(hash ^ word.charCodeAt(at), 0x01000193);
  return mix(hash);
}

/** Depends on the order. */
function combine(numbers: readonly number[]): number {
  let hash = 0;
  for (const number of numbers) hash = mix(Math.imul(hash, 31) + number);
  return hash;
}

/** The finaliser of MurmurHash3 (public domain): every bit of the result depends on every bit of the number. */
function mix(number: number): number {
  let hash = number ^ (number >>> 16);
  hash = Math.imul(hash, 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}

/** Fixed: signatures are stored, and only those of the same seeds can be compared. */
const SEEDS = Int32Array.from({ length: SIGNATURE_LENGTH }, (_, place) =>
  mix(Math.imul(place + 1, 0x9e3779b9)),
);
