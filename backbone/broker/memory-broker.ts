import { performance } from 'node:perf_hooks';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { AppError } from '../errors.ts';
import type { Broker, OutgoingRecord, SubscribeOptions, Subscription, TopicSpec } from './broker.ts';
import { MemoryGroup } from './memory-group.ts';
import { partitionFor } from './partitioner.ts';
import type { HandlerFault, SetTimer } from './partition-delivery.ts';
import { PartitionLog } from './partition-log.ts';

export interface MemoryBrokerOptions {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Replaces `setTimeout`, for tests. */
  readonly setTimer?: SetTimer;
  /** Above it, publishing fails; in a topic that no group reads the oldest records go instead. */
  readonly maxRecordsPerTopic: number;
  /** A handler threw; its partition pauses with a growing back-off. Never throws. */
  readonly onFault: (fault: HandlerFault) => void;
}

interface MemoryTopic {
  readonly spec: TopicSpec;
  readonly logs: readonly PartitionLog[];
}

/**
 * The broker of one process: Kafka's semantics over arrays. A record goes once every group that ever read its
 * topic has finished it, so memory follows the backlog. Nothing outlives the process: PostgreSQL holds the truth.
 */
export function openMemoryBroker(options: MemoryBrokerOptions): Broker {
  return new MemoryBroker(options);
}

class MemoryBroker implements Broker {
  readonly #options: MemoryBrokerOptions;
  readonly #topics = new Map<string, MemoryTopic>();
  readonly #groups = new Map<string, MemoryGroup>();
  #closed = false;

  constructor(options: MemoryBrokerOptions) {
    this.#options = options;
  }

  async createTopics(specs: readonly TopicSpec[]): Promise<void> {
    this.#assertOpen();
    const wanted = new Map(specs.map((spec) => [spec.name, spec]));
    for (const spec of specs) {
      const known = this.#topics.get(spec.name)?.spec ?? wanted.get(spec.name);
      const valid = Number.isInteger(spec.partitions) && spec.partitions > 0;
      if (!valid || known?.partitions !== spec.partitions) {
        throw misconfigured(`the topic ${spec.name} cannot have ${spec.partitions} partitions`);
      }
    }
    for (const spec of wanted.values()) {
      if (!this.#topics.has(spec.name)) this.#topics.set(spec.name, createTopic(spec));
    }
    return Promise.resolve();
  }

  /** All or nothing. */
  async publish(records: readonly OutgoingRecord[]): Promise<void> {
    this.#assertOpen();
    const byTopic = Map.groupBy(records, (record) => this.#topic(record.topic));
    for (const [topic, added] of byTopic) this.#makeRoom(topic, added.length);
    for (const [topic, added] of byTopic) {
      for (const record of added) append(topic, record, this.#options.now());
      this.#trimUnread(topic);
      for (const group of this.#readersOf(topic.spec.name)) group.wake();
    }
    return Promise.resolve();
  }

  async subscribe({ group: name, topics, onRecord }: SubscribeOptions): Promise<Subscription> {
    this.#assertOpen();
    const read = [...new Set(topics)].map((topic) => this.#topic(topic));
    const group = this.#groups.get(name) ?? this.#createGroup(name, read);
    if (group.topics.size !== read.length || read.some(({ spec }) => !group.topics.has(spec.name))) {
      throw misconfigured(`the group ${name} already reads other topics`);
    }
    const member = group.join(onRecord);
    return Promise.resolve({
      resume: (topic) => member.resume(topic),
      stop: () => {
        group.leave(member);
        return Promise.resolve();
      },
    });
  }

  async lag(group: string, topics: readonly string[]): Promise<ReadonlyMap<string, number>> {
    this.#assertOpen();
    const reader = this.#groups.get(group);
    const pending = (log: PartitionLog): number =>
      log.nextOffset - (reader?.committed(log) ?? log.firstOffset);
    return Promise.resolve(
      new Map(topics.map((topic) => [topic, sum(this.#topic(topic).logs.map(pending))])),
    );
  }

  /** The event loop is all there is to wait for. */
  async probe(): Promise<number> {
    this.#assertOpen();
    const startedAt = performance.now();
    await nextTurn();
    return performance.now() - startedAt;
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const group of this.#groups.values()) group.leaveAll();
    this.#groups.clear();
    this.#topics.clear();
    return Promise.resolve();
  }

  #createGroup(name: string, topics: readonly MemoryTopic[]): MemoryGroup {
    const { now, onFault, setTimer = startTimeout } = this.#options;
    const group = new MemoryGroup({
      name,
      logs: topics.flatMap((topic) => topic.logs),
      onCommit: (log) => this.#dropFinished(log),
      onFault,
      now,
      setTimer,
    });
    this.#groups.set(name, group);
    return group;
  }

  #dropFinished(log: PartitionLog): void {
    const committed = this.#readersOf(log.topic).map((group) => group.committed(log));
    log.dropBelow(Math.min(...committed));
  }

  #makeRoom(topic: MemoryTopic, count: number): void {
    for (const log of topic.logs) dropExpired(log, this.#options.now() - topic.spec.retentionMs);
    if (this.#readersOf(topic.spec.name).length === 0) return;
    if (sizeOf(topic) + count > this.#options.maxRecordsPerTopic) {
      throw unavailable(`the topic ${topic.spec.name} is full`);
    }
  }

  /** Dead letters, say, are read by nobody here: their table in the database is what people look at. */
  #trimUnread(topic: MemoryTopic): void {
    if (this.#readersOf(topic.spec.name).length > 0) return;
    const keep = Math.ceil(this.#options.maxRecordsPerTopic / topic.logs.length);
    for (const log of topic.logs) log.dropBelow(log.nextOffset - keep);
  }

  #readersOf(topic: string): readonly MemoryGroup[] {
    return [...this.#groups.values()].filter((group) => group.topics.has(topic));
  }

  #topic(name: string): MemoryTopic {
    const topic = this.#topics.get(name);
    if (!topic) throw unavailable(`there is no topic ${name}`);
    return topic;
  }

  #assertOpen(): void {
    if (this.#closed) throw unavailable('the broker is closed');
  }
}

function createTopic(spec: TopicSpec): MemoryTopic {
  const logs = Array.from({ length: spec.partitions }, (_, index) => new PartitionLog(spec.name, index));
  return { spec, logs };
}

function append({ logs }: MemoryTopic, { key, value, headers }: OutgoingRecord, now: number): void {
  const log = logs[partitionFor(key, logs.length)];
  log?.append({ key, value: Buffer.from(value), headers: { ...headers }, storedAtMs: now });
}

function dropExpired(log: PartitionLog, beforeMs: number): void {
  let offset = log.firstOffset;
  while ((log.at(offset)?.storedAtMs ?? Number.POSITIVE_INFINITY) < beforeMs) offset += 1;
  log.dropBelow(offset);
}

function startTimeout(callback: () => void, delayMs: number): () => void {
  const timer = setTimeout(callback, delayMs);
  return () => clearTimeout(timer);
}

function sizeOf(topic: MemoryTopic): number {
  return sum(topic.logs.map((log) => log.size));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

function unavailable(reason: string): AppError {
  return new AppError('broker_unavailable', { cause: new Error(reason) });
}

function misconfigured(faults: string): AppError {
  return new AppError('config_invalid', { params: { faults } });
}
