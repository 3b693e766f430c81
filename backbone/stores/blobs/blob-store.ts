import type { Readable } from 'node:stream';

export interface BlobInfo {
  readonly key: string;
  readonly sizeBytes: number;
  /** Hex, of the stored bytes; null where the store does not keep it. */
  readonly sha256: string | null;
  readonly mediaType: string;
  readonly modifiedAt: Date;
}

export interface PutOptions {
  readonly mediaType: string;
  /** More bytes than this end the write with `source_too_large`; nothing is kept. */
  readonly maxBytes?: number;
  readonly signal?: AbortSignal;
}

export interface ByteRange {
  readonly start: number;
  /** Inclusive. */
  readonly end: number;
}

/**
 * Originals and artifacts. Keys are slash-separated, written once and never changed: writing the same
 * key again replaces it atomically, and a reader sees the old or the new bytes whole.
 * Every method may throw `store_unavailable` (systemic); writes may throw `disk_full`.
 */
export interface BlobStore {
  /** Streams into the store with bounded memory, hashing on the way. A failed write leaves nothing. */
  put(key: string, body: Readable | Uint8Array | string, options: PutOptions): Promise<BlobInfo>;
  /** Null when there is no such key. */
  stat(key: string): Promise<BlobInfo | null>;
  /** @throws AppError not_found */
  read(key: string, range?: ByteRange): Promise<Readable>;
  /** The whole blob in memory: for artifacts, not for originals. @throws AppError not_found */
  readAll(key: string): Promise<Buffer>;
  /** Moves within the store without copying where it can. Moving to an existing key replaces it. @throws AppError not_found */
  move(from: string, to: string): Promise<void>;
  /** True when there was something to delete. */
  delete(key: string): Promise<boolean>;
  /** How many were deleted. */
  deletePrefix(prefix: string): Promise<number>;
  /** Keys in order, paged inside. */
  list(prefix: string): AsyncIterable<BlobInfo>;
  /** Milliseconds a small round trip took. */
  probe(): Promise<number>;
  close(): Promise<void>;
}
