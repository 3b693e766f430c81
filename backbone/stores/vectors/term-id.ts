/**
 * Numbers for terms, the same in every store and on every machine: sparse vectors, Qdrant's among them,
 * have 32-bit indices. FNV-1a over UTF-16 units, finished as MurmurHash3 does, since FNV's low bits mix
 * badly in short words. Two of 100,000 terms share a number about once; their weights are then added.
 */
export function termId(term: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < term.length; at += 1) {
    hash = Math.imul(hash ^ term.charCodeAt(at), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** Weights by term number. */
export function sparseVectorOf(terms: ReadonlyMap<string, number>): Map<number, number> {
  const weights = new Map<number, number>();
  for (const [term, weight] of terms) {
    const id = termId(term);
    weights.set(id, (weights.get(id) ?? 0) + weight);
  }
  return weights;
}
