import { damaged } from './palm-database.ts';

/** Records hold 4,096 bytes of text; some programs write longer ones. */
const LONGEST_RECORD = 64 * 1024;

/**
 * One record of text packed by PalmDOC: runs of literals, a space with a letter in one byte, and pairs of distance
 * and length. Errors: `file_damaged`. O(bytes that come out).
 */
export function unpackPalmdoc(packed: Uint8Array): Buffer {
  const out = Buffer.alloc(LONGEST_RECORD);
  let length = 0;
  const write = (byte: number): void => {
    if (length === LONGEST_RECORD) throw damaged('a record of text is too long');
    out[length] = byte;
    length += 1;
  };
  for (let at = 0; at < packed.length; at += 1) {
    const byte = packed[at] ?? 0;
    if (byte >= 0xc0) {
      write(0x20);
      write(byte ^ 0x80);
    } else if (byte >= 0x80) {
      at += 1;
      const pair = ((byte << 8) | (packed[at] ?? 0)) & 0x3fff;
      const from = length - (pair >>> 3);
      if (from < 0 || from === length) throw damaged('a record of text refers to what is not there');
      for (let copied = 0; copied < (pair & 7) + 3; copied += 1) write(out[from + copied] ?? 0);
    } else if (byte >= 0x09 || byte === 0) {
      write(byte);
    } else {
      for (const literal of packed.subarray(at + 1, at + 1 + byte)) write(literal);
      at += byte;
    }
  }
  return out.subarray(0, length);
}
