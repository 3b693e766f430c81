/** Bytes of a text until they are decoded: a character may take several, written in several ways. */

/** This many are decoded at once. */
const MOST_PENDING = 64 * 1024;
const [LINE_FEED, CARRIAGE_RETURN] = [0x0a, 0x0d];

export class RtfBytes {
  #pending: number[] = [];
  #toSkip = 0;

  get isFull(): boolean {
    return this.#pending.length >= MOST_PENDING;
  }

  /** So many characters stand in for the one before, in programs that do not know Unicode. 0: none any more. */
  expectStandIns(count: number): void {
    this.#toSkip = count;
  }

  /** Whether the character that is met only stands in for another. */
  isStandIn(): boolean {
    if (this.#toSkip === 0) return false;
    this.#toSkip -= 1;
    return true;
  }

  add(byte: number): void {
    const isLineEnd = byte === LINE_FEED || byte === CARRIAGE_RETURN;
    if (!isLineEnd && !this.isStandIn()) this.#pending.push(byte);
  }

  /** What has come together; null when that is nothing. */
  take(): Uint8Array | null {
    if (this.#pending.length === 0) return null;
    const bytes = Uint8Array.from(this.#pending);
    this.#pending = [];
    return bytes;
  }
}
