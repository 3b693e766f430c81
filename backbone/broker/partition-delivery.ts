import { createOffsetTracker } from './offset-tracker.ts';
import type { DeliveredRecord, SubscribeOptions, Verdict } from './broker.ts';
import type { PartitionLog, StoredRecord } from './partition-log.ts';

/** Calls back once, after at least `delayMs`; the answer cancels it. */
export type SetTimer = (callback: () => void, delayMs: number) => () => void;

/** A handler that threw, against its contract. */
export interface HandlerFault {
  readonly group: string;
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
  readonly error: unknown;
}

export interface PartitionDeliveryOptions {
  readonly group: string;
  readonly log: PartitionLog;
  /** Offset of the first record to deliver. */
  readonly from: number;
  readonly onRecord: SubscribeOptions['onRecord'];
  /** Every record below this offset is finished. */
  readonly onCommit: (nextOffset: number) => void;
  /** There may be something to deliver again. */
  readonly onReady: () => void;
  readonly onFault: (fault: HandlerFault) => void;
  readonly now: () => number;
  readonly setTimer: SetTimer;
}

/** Beyond so many records above the watermark a partition waits: a restart delivers all of them again. */
export const MAX_WINDOW = 1000;

const FIRST_FAULT_WAIT_MS = 250;
const LONGEST_FAULT_WAIT_MS = 30_000;
/** What `setTimeout` can hold. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

type PauseReason = 'full' | 'waiting' | 'revoked';
type RecordState = 'offered' | 'finished early' | 'taken' | 'refused';

/** Hands one partition to one member, from its assignment until it is revoked. */
export class PartitionDelivery {
  readonly #options: PartitionDeliveryOptions;
  readonly #tracker = createOffsetTracker();
  readonly #paused = new Set<PauseReason>();
  #position: number;
  #faults = 0;
  #cancelTimer: () => void = () => undefined;

  constructor(options: PartitionDeliveryOptions) {
    this.#options = options;
    this.#position = options.from;
  }

  /** Offers the next record. False when none was taken: there is none, or the partition is paused. */
  deliverNext(): boolean {
    if (this.#paused.size > 0 || this.#tracker.windowSize() >= MAX_WINDOW) return false;
    this.#position = Math.max(this.#position, this.#options.log.firstOffset);
    const stored = this.#options.log.at(this.#position);
    return stored !== null && this.#offer(stored, this.#position);
  }

  resume(): void {
    if (this.#paused.delete('full')) this.#options.onReady();
  }

  /** Another member, or nobody, has the partition now: nothing is delivered or committed any more. */
  revoke(): void {
    this.#paused.add('revoked');
    this.#cancelTimer();
  }

  #offer(stored: StoredRecord, offset: number): boolean {
    let state: RecordState = 'offered';
    const finish = (): void => {
      if (state === 'taken') this.#finish(offset);
      if (state === 'offered') state = 'finished early';
    };
    const verdict = this.#ask(this.#recordOf(stored, offset, finish));
    if (verdict.kind !== 'taken') {
      state = 'refused';
      this.#pause(verdict);
      return false;
    }
    const wasFinished = (state as RecordState) === 'finished early';
    state = 'taken';
    this.#position = offset + 1;
    this.#tracker.delivered(BigInt(offset));
    if (wasFinished) this.#finish(offset);
    return true;
  }

  #ask(record: DeliveredRecord): Verdict {
    try {
      const verdict = this.#options.onRecord(record);
      if (verdict.kind === 'wait' && Number.isNaN(verdict.until.getTime())) {
        throw new TypeError('The time to wait for is not a valid date');
      }
      this.#faults = 0;
      return verdict;
    } catch (error) {
      const { group } = this.#options;
      const { topic, partition, offset } = record;
      this.#options.onFault({ group, topic, partition, offset, error });
      const waitMs = Math.min(FIRST_FAULT_WAIT_MS * 2 ** this.#faults, LONGEST_FAULT_WAIT_MS);
      this.#faults += 1;
      return { kind: 'wait', until: new Date(this.#options.now() + waitMs) };
    }
  }

  #pause(verdict: Exclude<Verdict, { kind: 'taken' }>): void {
    if (this.#paused.has('revoked')) return;
    if (verdict.kind === 'full') {
      this.#paused.add('full');
      return;
    }
    this.#paused.add('waiting');
    // By a timer even when the time has come, so that a handler with another clock cannot spin.
    this.#awaitTime(verdict.until.getTime());
  }

  #awaitTime(dueMs: number): void {
    const leftMs = Math.min(Math.max(dueMs - this.#options.now(), 0), LONGEST_TIMER_MS);
    this.#cancelTimer = this.#options.setTimer(() => {
      if (this.#options.now() < dueMs) {
        this.#awaitTime(dueMs);
        return;
      }
      this.#paused.delete('waiting');
      this.#options.onReady();
    }, leftMs);
  }

  #finish(offset: number): void {
    if (this.#paused.has('revoked')) return;
    this.#tracker.finished(BigInt(offset));
    const watermark = this.#tracker.watermark();
    if (watermark !== null) this.#options.onCommit(Number(watermark) + 1);
    this.#options.onReady();
  }

  #recordOf(stored: StoredRecord, offset: number, finish: () => void): DeliveredRecord {
    return {
      topic: this.#options.log.topic,
      partition: this.#options.log.partition,
      offset: BigInt(offset),
      key: stored.key,
      value: Buffer.from(stored.value),
      headers: { ...stored.headers },
      finish,
    };
  }
}
