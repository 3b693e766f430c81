/** The boxes that MP4 and QuickTime files are made of (ISO 14496-12, section 4.2). Pure. */
import type { ByteSource } from './byte-source.ts';

export interface Box {
  readonly type: string;
  readonly body: Buffer;
}

const HEADER_BYTES = 8;
const LARGE_HEADER_BYTES = 16;
const MOST_BOXES = 100_000;

/** The boxes in a body one after the other; what does not fit into it ends the list. */
export function* boxesIn(bytes: Buffer): Generator<Box> {
  let at = 0;
  for (let count = 0; count < MOST_BOXES && at + HEADER_BYTES <= bytes.length; count += 1) {
    const size = sizeAt(bytes.subarray(at, at + LARGE_HEADER_BYTES), bytes.length - at);
    if (size === null || at + size.totalBytes > bytes.length) return;
    const type = bytes.toString('latin1', at + 4, at + HEADER_BYTES);
    yield { type, body: bytes.subarray(at + size.headerBytes, at + size.totalBytes) };
    at += size.totalBytes;
  }
}

/** The body at the end of a path of boxes, the first of its name at each level; null when it is missing. */
export function bodyAt(bytes: Buffer, ...path: readonly string[]): Buffer | null {
  let body = bytes;
  for (const name of path) {
    const found = firstOf(body, name);
    if (found === null) return null;
    body = found;
  }
  return body;
}

/** A box of the file itself, read whole; null when it is missing or larger than that. */
export function topBox(source: ByteSource, name: string, mostBytes: number): Buffer | null {
  let at = 0;
  for (let count = 0; count < MOST_BOXES; count += 1) {
    const header = Buffer.from(source.read(at, LARGE_HEADER_BYTES));
    const size = header.length < HEADER_BYTES ? null : sizeAt(header, source.sizeBytes - at);
    if (size === null) return null;
    const bodyBytes = size.totalBytes - size.headerBytes;
    if (header.toString('latin1', 4, HEADER_BYTES) === name)
      return bodyBytes > mostBytes ? null : Buffer.from(source.read(at + size.headerBytes, bodyBytes));
    at += size.totalBytes;
  }
  return null;
}

function firstOf(bytes: Buffer, name: string): Buffer | null {
  for (const { type, body } of boxesIn(bytes)) if (type === name) return body;
  return null;
}

/** Null for a size that no box has, so that whoever goes on gets ahead. Zero means up to the end. */
function sizeAt(
  header: Buffer,
  restBytes: number,
): { readonly headerBytes: number; readonly totalBytes: number } | null {
  const size = header.readUInt32BE(0);
  if (size === 0) return { headerBytes: HEADER_BYTES, totalBytes: restBytes };
  if (size !== 1) return size < HEADER_BYTES ? null : { headerBytes: HEADER_BYTES, totalBytes: size };
  if (header.length < LARGE_HEADER_BYTES) return null;
  const totalBytes = Number(header.readBigUInt64BE(HEADER_BYTES));
  return totalBytes < LARGE_HEADER_BYTES || !Number.isSafeInteger(totalBytes)
    ? null
    : { headerBytes: LARGE_HEADER_BYTES, totalBytes };
}
