export interface StoredRecord {
  readonly key: string;
  readonly value: Buffer;
  readonly headers: Readonly<Record<string, string>>;
  /** Milliseconds since 1970. */
  readonly storedAtMs: number;
}

/** Dropped places are cut off the list in portions, because each cut moves the rest. */
const CUT_AT = 1024;

/** The records of one partition in memory, from the oldest kept one on. Offsets are never used again. */
export class PartitionLog {
  readonly topic: string;
  readonly partition: number;
  #records: (StoredRecord | null)[] = [];
  #dropped = 0;
  #firstOffset = 0;

  constructor(topic: string, partition: number) {
    this.topic = topic;
    this.partition = partition;
  }

  /** Offset of the oldest record kept; that of the next one when there is none. */
  get firstOffset(): number {
    return this.#firstOffset;
  }

  /** Offset that the next record will get. */
  get nextOffset(): number {
    return this.#firstOffset + this.size;
  }

  get size(): number {
    return this.#records.length - this.#dropped;
  }

  append(record: StoredRecord): void {
    this.#records.push(record);
  }

  /** Null when it was dropped, or is not there yet. */
  at(offset: number): StoredRecord | null {
    return this.#records[offset - this.#firstOffset + this.#dropped] ?? null;
  }

  dropBelow(offset: number): void {
    const count = Math.min(offset, this.nextOffset) - this.#firstOffset;
    if (count <= 0) return;
    this.#records.fill(null, this.#dropped, this.#dropped + count);
    this.#dropped += count;
    this.#firstOffset += count;
    if (this.#dropped < CUT_AT || this.#dropped * 2 < this.#records.length) return;
    this.#records = this.#records.slice(this.#dropped);
    this.#dropped = 0;
  }
}
