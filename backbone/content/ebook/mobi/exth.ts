/** The metadata block EXTH: a list of records, each a type and its bytes. */
import type { Encoding } from './mobi-header.ts';

export interface Exth {
  /** Every value of a type that is not blank, in order. */
  readonly texts: (type: number) => readonly string[];
  /** The first value of a type as a number of four bytes; null when there is none. */
  readonly number: (type: number) => number | null;
}

const HEADER_BYTES = 12;
const RECORD_HEADER_BYTES = 8;
/** Books have some dozens. */
const MOST_RECORDS = 2000;
const LONGEST_TEXT = 10_000;

/** Reads what is whole; a block that is damaged or missing has no more values than that. O(bytes). */
export function readExth(block: Buffer, encoding: Encoding): Exth {
  const values = new Map<number, Buffer[]>();
  const count =
    block.toString('latin1', 0, 4) === 'EXTH' && block.length >= HEADER_BYTES ? block.readUInt32BE(8) : 0;
  let at = HEADER_BYTES;
  for (let read = 0; read < Math.min(count, MOST_RECORDS); read += 1) {
    if (at + RECORD_HEADER_BYTES > block.length) break;
    const length = block.readUInt32BE(at + 4);
    if (length < RECORD_HEADER_BYTES || at + length > block.length) break;
    const type = block.readUInt32BE(at);
    const value = block.subarray(at + RECORD_HEADER_BYTES, at + length);
    values.set(type, [...(values.get(type) ?? []), value]);
    at += length;
  }
  const decoder = new TextDecoder(encoding);
  return {
    texts: (type) =>
      (values.get(type) ?? [])
        .map((value) => decoder.decode(value.subarray(0, LONGEST_TEXT)).trim())
        .filter((text) => text !== ''),
    number: (type) => {
      const value = values.get(type)?.[0];
      return value?.length === 4 ? value.readUInt32BE(0) : null;
    },
  };
}
