import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { addAbortSignal, Readable } from 'node:stream';
import { AppError } from '../../errors.ts';
import type { BlobFacts } from './blob-trailer.ts';
import { guarded } from './file-faults.ts';

/** Large enough that 500 MB take few calls, small enough that hundreds of readers fit in memory. */
const CHUNK_BYTES = 64 * 1024;

export type BlobBody = Readable | Uint8Array | string;

export interface CopyOptions {
  readonly maxBytes?: number;
  readonly signal?: AbortSignal;
}

/**
 * Writes the body chunk by chunk, waiting for each, and hashes on the way. Errors of the body pass
 * unchanged: they are its owner's, not the store's.
 */
export async function copyBody(
  body: BlobBody,
  file: FileHandle,
  { maxBytes = Infinity, signal }: CopyOptions,
): Promise<Omit<BlobFacts, 'mediaType'>> {
  const hash = createHash('sha256');
  let sizeBytes = 0;
  for await (const chunk of chunksOf(body, signal)) {
    signal?.throwIfAborted();
    sizeBytes += chunk.byteLength;
    if (sizeBytes > maxBytes) {
      throw new AppError('source_too_large', {
        params: { limit: `${maxBytes} bytes`, setting: 'the limit' },
      });
    }
    hash.update(chunk);
    await guarded(() => file.writeFile(chunk));
  }
  return { sizeBytes, sha256: hash.digest('hex') };
}

/** The bytes from `start` up to, not including, `end`. Closes the file when it ends or is destroyed. */
export function streamOf(file: FileHandle, start: number, end: number): Readable {
  let at = start;
  const next = async (): Promise<Buffer | null> => {
    if (at >= end) return null;
    const buffer = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, end - at));
    const { bytesRead } = await guarded(() => file.read(buffer, 0, buffer.length, at));
    if (bytesRead === 0) throw new AppError('store_unavailable', { params: { store: 'blobs' } });
    at += bytesRead;
    return buffer.subarray(0, bytesRead);
  };
  return new Readable({
    highWaterMark: CHUNK_BYTES,
    read() {
      next().then(
        (chunk) => this.push(chunk),
        (error: unknown) => this.destroy(error as Error),
      );
    },
    destroy(error, done) {
      file.close().then(
        () => done(error),
        (closing: unknown) => done(error ?? (closing as Error)),
      );
    },
  });
}

async function* chunksOf(body: BlobBody, signal: AbortSignal | undefined): AsyncGenerator<Uint8Array> {
  if (!(body instanceof Readable)) {
    yield bytesOf(body);
    return;
  }
  if (signal) addAbortSignal(signal, body);
  for await (const chunk of body as AsyncIterable<unknown>) yield bytesOf(chunk);
}

function bytesOf(chunk: unknown): Uint8Array {
  if (typeof chunk === 'string') return Buffer.from(chunk);
  if (chunk instanceof Uint8Array) return chunk;
  throw new TypeError('A blob is written from bytes or text');
}
