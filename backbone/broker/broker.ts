/**
 * Carries small records between stages. Kafka's semantics, whichever adapter: topics with partitions in
 * order, the key picks the partition, each record goes to one member of a group, offsets are committed
 * after the work and never beyond an unfinished record, and what was not committed comes again.
 *
 * A record is a hint that work may be due; the claim in PostgreSQL says whether it is. So lost, doubled
 * and late records are harmless, and a handler never throws.
 */
export interface Broker {
  /** Creates what is missing; refuses what contradicts. Safe to call again. */
  createTopics(topics: readonly TopicSpec[]): Promise<void>;
  /**
   * Resolves when every record is stored; rejects with `broker_unavailable` when any may not be, and the
   * caller sends all of them again later.
   */
  publish(records: readonly OutgoingRecord[]): Promise<void>;
  /** Resolves once the member has joined and receives. One group id always names one exact set of topics. */
  subscribe(options: SubscribeOptions): Promise<Subscription>;
  /** Records of the topics that the group has not finished yet. */
  lag(group: string, topics: readonly string[]): Promise<ReadonlyMap<string, number>>;
  /** Milliseconds a small round trip took. */
  probe(): Promise<number>;
  /** Ends every subscription first. */
  close(): Promise<void>;
}

export interface TopicSpec {
  readonly name: string;
  readonly partitions: number;
  readonly retentionMs: number;
}

export interface OutgoingRecord {
  readonly topic: string;
  readonly key: string;
  readonly value: Buffer;
  readonly headers: Readonly<Record<string, string>>;
}

export interface SubscribeOptions {
  readonly group: string;
  readonly topics: readonly string[];
  /**
   * Called for each record in the order of its partition, without waiting for earlier ones to finish.
   * Must return at once and never throw; the work goes on elsewhere and ends with `record.finish()`.
   */
  readonly onRecord: (record: DeliveredRecord) => Verdict;
}

/**
 * - `taken`: the receiver owns it until it calls `finish`;
 * - `full`: nothing was taken; the partition pauses and the record comes again after `resume(topic)`;
 * - `wait`: not due; the partition pauses and the record comes again at that time.
 */
export type Verdict =
  | { readonly kind: 'taken' }
  | { readonly kind: 'full' }
  | { readonly kind: 'wait'; readonly until: Date };

export interface DeliveredRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
  readonly key: string;
  readonly value: Buffer;
  readonly headers: Readonly<Record<string, string>>;
  /** The outcome is durable: the offset may be committed. Calling it again, or after a rebalance, does nothing. */
  finish(): void;
}

export interface Subscription {
  /** There is room again for records of this topic. */
  resume(topic: string): void;
  /** Takes nothing more, commits what is finished, leaves the group. What is unfinished comes again. */
  stop(): Promise<void>;
}
