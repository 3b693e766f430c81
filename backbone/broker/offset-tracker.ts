/**
 * Which records of one partition are finished, and how far the offset may be committed. Records finish in
 * any order; the watermark is the last of the unbroken finished run at the head, so that a restart delivers
 * every unfinished record again. Pure; all calls take constant time, amortised.
 */
export interface OffsetTracker {
  /**
   * Notes a delivery. False when the offset is known already, running or finished, which happens when
   * records come again after a rebalance. Offsets come in rising order and may have gaps.
   */
  delivered(offset: bigint): boolean;
  /** Unknown and finished offsets are ignored. */
  finished(offset: bigint): void;
  /** The last offset that may be committed, the record itself included; null before there is one. */
  watermark(): bigint | null;
  /** Records delivered and above the watermark. */
  windowSize(): number;
}

/** Finished offsets are cut off the list in portions, because each cut moves the rest. */
const CUT_AT = 1024;

export function createOffsetTracker(): OffsetTracker {
  const order: bigint[] = [];
  const running = new Set<bigint>();
  let head = 0;
  let watermark: bigint | null = null;
  let newest: bigint | null = null;

  const advance = (): void => {
    for (let offset = order[head]; offset !== undefined && !running.has(offset); offset = order[head]) {
      watermark = offset;
      head += 1;
    }
    if (head < CUT_AT || head * 2 < order.length) return;
    order.splice(0, head);
    head = 0;
  };

  return {
    delivered: (offset) => {
      if (newest !== null && offset <= newest) return false;
      newest = offset;
      order.push(offset);
      running.add(offset);
      return true;
    },
    finished: (offset) => {
      if (running.delete(offset)) advance();
    },
    watermark: () => watermark,
    windowSize: () => order.length - head,
  };
}
