/** Which partition a key belongs to: the same answer as Kafka's own clients give. Pure. */

const SEED = 0x9747b28c;
const MULTIPLIER = 0x5bd1e995;

/** `count` is the topic's number of partitions, 1 or more. */
export function partitionFor(key: string, count: number): number {
  return (murmur2(Buffer.from(key, 'utf8')) & 0x7fffffff) % count;
}

/** MurmurHash2 of 32 bits by Austin Appleby, with Kafka's seed; a signed number as in Java. */
export function murmur2(bytes: Buffer): number {
  const blocksEnd = bytes.length - (bytes.length % 4);
  let hash = SEED ^ bytes.length;
  for (let at = 0; at < blocksEnd; at += 4) {
    hash = Math.imul(hash, MULTIPLIER) ^ mixed(bytes.readInt32LE(at));
  }
  if (blocksEnd < bytes.length) {
    hash = Math.imul(hash ^ bytes.readUIntLE(blocksEnd, bytes.length - blocksEnd), MULTIPLIER);
  }
  hash = Math.imul(hash ^ (hash >>> 13), MULTIPLIER);
  return hash ^ (hash >>> 15);
}

function mixed(block: number): number {
  const multiplied = Math.imul(block, MULTIPLIER);
  return Math.imul(multiplied ^ (multiplied >>> 24), MULTIPLIER);
}
