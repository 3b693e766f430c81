import type { SubscribeOptions } from './broker.ts';
import { MemoryMember } from './memory-member.ts';
import { PartitionDelivery, type HandlerFault, type SetTimer } from './partition-delivery.ts';
import type { PartitionLog } from './partition-log.ts';

export interface MemoryGroupOptions {
  readonly name: string;
  /** All partitions of the group's topics. */
  readonly logs: readonly PartitionLog[];
  /** The committed offset of this partition has risen. */
  readonly onCommit: (log: PartitionLog) => void;
  readonly onFault: (fault: HandlerFault) => void;
  readonly now: () => number;
  readonly setTimer: SetTimer;
}

/** A consumer group: its offsets, and its members among whom the partitions are dealt out. */
export class MemoryGroup {
  readonly topics: ReadonlySet<string>;
  readonly #options: MemoryGroupOptions;
  readonly #committed = new Map<PartitionLog, number>();
  readonly #members: MemoryMember[] = [];

  constructor(options: MemoryGroupOptions) {
    this.#options = options;
    this.topics = new Set(options.logs.map((log) => log.topic));
  }

  /** Offset of the first record that is not finished; a new group begins with the oldest record. */
  committed(log: PartitionLog): number {
    return Math.max(this.#committed.get(log) ?? 0, log.firstOffset);
  }

  join(onRecord: SubscribeOptions['onRecord']): MemoryMember {
    const member = new MemoryMember(onRecord);
    this.#members.push(member);
    this.#rebalance();
    return member;
  }

  /** Leaving twice does nothing. */
  leave(member: MemoryMember): void {
    const index = this.#members.indexOf(member);
    if (index === -1) return;
    this.#members.splice(index, 1);
    member.keepOnly([]);
    this.#rebalance();
  }

  leaveAll(): void {
    for (const member of this.#members.splice(0)) member.keepOnly([]);
  }

  /** New records have come. */
  wake(): void {
    for (const member of this.#members) member.wake();
  }

  /** In two rounds, so that no partition has two owners at any time. */
  #rebalance(): void {
    const dealt = this.#members.map((member, index) => ({
      member,
      logs: this.#options.logs.filter((_, at) => at % this.#members.length === index),
    }));
    for (const { member, logs } of dealt) member.keepOnly(logs);
    for (const { member, logs } of dealt) member.open(logs, (log) => this.#deliver(member, log));
  }

  #deliver(member: MemoryMember, log: PartitionLog): PartitionDelivery {
    const { name, onCommit, onFault, now, setTimer } = this.#options;
    return new PartitionDelivery({
      group: name,
      log,
      from: this.committed(log),
      onRecord: member.onRecord,
      onCommit: (nextOffset) => {
        this.#committed.set(log, nextOffset);
        onCommit(log);
      },
      onReady: () => member.wake(),
      onFault,
      now,
      setTimer,
    });
  }
}
