/** The elements that Matroska and WebM files are made of (RFC 8794). Pure. */
import type { ByteSource } from './byte-source.ts';

export interface ElementHeader {
  /** With its length marker, as the specifications write it. */
  readonly id: number;
  readonly bodyStart: number;
  /** Null: unknown, as live streams have it. */
  readonly bodyBytes: number | null;
}

export interface Element {
  readonly id: number;
  readonly body: Buffer;
}

const LONGEST_ID = 4;
const LONGEST_SIZE = 8;
const MOST_ELEMENTS = 100_000;

/** The header at a place; null where none can be. */
export function elementAt(source: ByteSource, at: number): ElementHeader | null {
  const bytes = source.read(at, LONGEST_ID + LONGEST_SIZE);
  const idBytes = lengthOf(bytes[0]);
  if (idBytes === null || idBytes > LONGEST_ID || idBytes >= bytes.length) return null;
  const sizeBytes = lengthOf(bytes[idBytes]);
  if (sizeBytes === null || idBytes + sizeBytes > bytes.length) return null;
  const bodyStart = at + idBytes + sizeBytes;
  return {
    id: bytes.readUIntBE(0, idBytes),
    bodyStart,
    bodyBytes: sizeOf(bytes.subarray(idBytes, idBytes + sizeBytes)),
  };
}

/** The elements in a body one after the other; what does not fit into it ends the list. */
export function* elementsIn(body: Buffer): Generator<Element> {
  const source: ByteSource = {
    sizeBytes: body.length,
    read: (start, length) => body.subarray(start, start + length),
  };
  let at = 0;
  for (let count = 0; count < MOST_ELEMENTS && at < body.length; count += 1) {
    const header = elementAt(source, at);
    if (header === null || header.bodyBytes === null) return;
    at = header.bodyStart + header.bodyBytes;
    if (at > body.length) return;
    yield { id: header.id, body: body.subarray(header.bodyStart, at) };
  }
}

/** Bodies of all children with that id. */
export function childrenOf(body: Buffer, id: number): readonly Buffer[] {
  return [...elementsIn(body)].filter((element) => element.id === id).map((element) => element.body);
}

/** The body at the end of a path of elements, the first of its id at each level; null when it is missing. */
export function elementBody(body: Buffer, ...path: readonly number[]): Buffer | null {
  let found: Buffer | undefined = body;
  for (const id of path) {
    found = childrenOf(found, id)[0];
    if (found === undefined) return null;
  }
  return found;
}

/** An unsigned number; null when the element is missing, or too large a number to be exact. */
export function numberIn(body: Buffer | null): number | null {
  if (body === null || body.length > 8) return null;
  let value = 0;
  for (const byte of body) value = value * 256 + byte;
  return Number.isSafeInteger(value) ? value : null;
}

export function floatIn(body: Buffer | null): number | null {
  if (body?.length === 4) return body.readFloatBE(0);
  return body?.length === 8 ? body.readDoubleBE(0) : null;
}

/** Text may be filled up with zeros. */
export function textIn(body: Buffer | null): string | null {
  return body === null ? null : body.toString('utf8').replace(/\0[^]*$/, '');
}

/** The number of a track in front of a block; null when there is none. */
export function variableNumber(
  bytes: Buffer,
): { readonly value: number; readonly lengthBytes: number } | null {
  const lengthBytes = lengthOf(bytes[0]);
  if (lengthBytes === null || lengthBytes > bytes.length) return null;
  const value = sizeOf(bytes.subarray(0, lengthBytes));
  return value === null ? null : { value, lengthBytes };
}

/** One more than the zeros in front of the first one bit. */
function lengthOf(byte: number | undefined): number | null {
  return byte === undefined || byte === 0 ? null : Math.clz32(byte) - 23;
}

/** All ones mean unknown; what no file is as long as, too. */
function sizeOf(bytes: Buffer): number | null {
  const marker = 2 ** (8 - bytes.length);
  const first = (bytes[0] ?? 0) - marker;
  if (first === marker - 1 && bytes.subarray(1).every((byte) => byte === 0xff)) return null;
  let value = first;
  for (const byte of bytes.subarray(1)) value = value * 256 + byte;
  return Number.isSafeInteger(value) ? value : null;
}
