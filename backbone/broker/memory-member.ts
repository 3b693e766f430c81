import type { SubscribeOptions } from './broker.ts';
import type { PartitionDelivery } from './partition-delivery.ts';
import type { PartitionLog } from './partition-log.ts';

/** Records delivered before the rest of the process gets its turn. */
const RECORDS_A_TURN = 256;

/** One subscriber of a group with the partitions dealt out to it, which it serves in turn. */
export class MemoryMember {
  readonly onRecord: SubscribeOptions['onRecord'];
  readonly #deliveries = new Map<PartitionLog, PartitionDelivery>();
  #scheduled = false;

  constructor(onRecord: SubscribeOptions['onRecord']) {
    this.onRecord = onRecord;
  }

  /** Revokes every partition that is not among these. */
  keepOnly(logs: readonly PartitionLog[]): void {
    const kept = new Set(logs);
    for (const [log, delivery] of this.#deliveries) {
      if (kept.has(log)) continue;
      delivery.revoke();
      this.#deliveries.delete(log);
    }
  }

  /** Opens those that it does not have already. */
  open(logs: readonly PartitionLog[], deliver: (log: PartitionLog) => PartitionDelivery): void {
    for (const log of logs) {
      if (!this.#deliveries.has(log)) this.#deliveries.set(log, deliver(log));
    }
    this.wake();
  }

  resume(topic: string): void {
    for (const [log, delivery] of this.#deliveries) if (log.topic === topic) delivery.resume();
  }

  /** Delivers soon, never at once: a publisher or a handler is not to find itself inside a handler. */
  wake(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      if (this.#deliverTurn()) this.wake();
    });
  }

  /** One record of each partition after the other. True: there is more. */
  #deliverTurn(): boolean {
    let active = [...this.#deliveries.values()];
    for (let count = 0; count < RECORDS_A_TURN && active.length > 0; count += active.length) {
      active = active.filter((delivery) => delivery.deliverNext());
    }
    return active.length > 0;
  }
}
