/** A large file by its parts: films are not held in memory. For parse threads, which may wait for the disk. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

export interface ByteSource {
  readonly sizeBytes: number;
  /** Fewer bytes, or none, where the file ends before. The bytes are valid until the next call. */
  readonly read: (start: number, length: number) => Buffer;
}

/** Headers stand close to each other: one read serves many. */
const WINDOW_BYTES = 64 * 1024;

export function bytesSource(bytes: Buffer): ByteSource {
  return { sizeBytes: bytes.length, read: (start, length) => bytes.subarray(start, start + length) };
}

/** @param file its path on this machine */
export function withFileBytes<Result>(file: string, use: (source: ByteSource) => Result): Result {
  const descriptor = openSync(file, 'r');
  try {
    return use(windowed(descriptor, fstatSync(descriptor).size));
  } finally {
    closeSync(descriptor);
  }
}

function windowed(descriptor: number, sizeBytes: number): ByteSource {
  const memory = Buffer.alloc(WINDOW_BYTES);
  let windowStart = 0;
  let windowEnd = 0;
  return {
    sizeBytes,
    read: (start, length) => {
      if (length > WINDOW_BYTES) return readAt(descriptor, Buffer.alloc(length), start);
      if (start < windowStart || start + length > windowEnd) {
        windowStart = start;
        windowEnd = start + readAt(descriptor, memory, start).length;
      }
      return memory.subarray(start - windowStart, Math.min(start + length, windowEnd) - windowStart);
    },
  };
}

/** The system may give less at once than is there. */
function readAt(descriptor: number, target: Buffer, start: number): Buffer {
  let filled = 0;
  while (filled < target.length) {
    const count = readSync(descriptor, target, filled, target.length - filled, start + filled);
    if (count === 0) break;
    filled += count;
  }
  return target.subarray(0, filled);
}
