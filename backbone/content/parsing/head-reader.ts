import { Transform, type TransformCallback } from 'node:stream';

/** Enough for every kind of file that is told by its first bytes. */
export const HEAD_BYTES = 64 * 1024;

/** Passes bytes on and keeps the first of them. `onBytes` hears how many have passed. */
export class HeadReader extends Transform {
  readonly #head: Buffer[] = [];
  readonly #onBytes: (seen: number) => void;
  #seen = 0;

  constructor(onBytes: (seen: number) => void = () => undefined) {
    super();
    this.#onBytes = onBytes;
  }

  override _transform(part: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    if (this.#seen < HEAD_BYTES) this.#head.push(part.subarray(0, HEAD_BYTES - this.#seen));
    this.#seen += part.length;
    this.#onBytes(this.#seen);
    done(null, part);
  }

  bytes(): Buffer {
    return Buffer.concat(this.#head);
  }
}
