import { backwardNumber } from './big-endian.ts';

/** A record of text without what its flags say stands behind it: indexes, and the rest of a cut character. */
export function withoutTrailingEntries(record: Uint8Array, flags: number): Uint8Array {
  let rest = record;
  for (let bit = 1; bit < 16; bit += 1) {
    if ((flags & (1 << bit)) === 0) continue;
    rest = rest.subarray(0, Math.max(0, rest.length - backwardNumber(rest)));
  }
  if ((flags & 1) === 0) return rest;
  const cut = ((rest.at(-1) ?? 0) & 3) + 1;
  return rest.subarray(0, Math.max(0, rest.length - cut));
}
