import { damaged } from './palm-database.ts';

/** Reads of numbers that say what is wrong when a record ends too early. */
export function uint32(record: Buffer, at: number): number {
  if (at < 0 || at + 4 > record.length) throw damaged(`a record ends before byte ${at + 4}`);
  return record.readUInt32BE(at);
}

/** The same for two bytes. */
export function uint16(record: Buffer, at: number): number {
  if (at < 0 || at + 2 > record.length) throw damaged(`a record ends before byte ${at + 2}`);
  return record.readUInt16BE(at);
}

/** A number of up to four bytes with seven bits each, whose last byte has the highest bit set. */
export function forwardNumber(
  bytes: Uint8Array,
  at: number,
): { readonly value: number; readonly length: number } {
  let value = 0;
  let length = 0;
  while (length < 4 && at + length < bytes.length) {
    const byte = bytes[at + length] ?? 0;
    value = value * 128 + (byte & 0x7f);
    length += 1;
    if ((byte & 0x80) !== 0) break;
  }
  return { value, length };
}

/** The same read from the end: its first byte has the highest bit set. */
export function backwardNumber(bytes: Uint8Array): number {
  let value = 0;
  for (const byte of bytes.subarray(-4)) {
    if ((byte & 0x80) !== 0) value = 0;
    value = value * 128 + (byte & 0x7f);
  }
  return value;
}
