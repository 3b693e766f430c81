/** The text of a book as one run of bytes; its places are offsets into that. */
import { textTooLarge } from '../../parsing/text-limit.ts';
import { createHuffmanUnpacker } from './huff-cdic.ts';
import type { MobiHeader } from './mobi-header.ts';
import { damaged, type PalmDatabase } from './palm-database.ts';
import { unpackPalmdoc } from './palmdoc.ts';
import { withoutTrailingEntries } from './trailing-entries.ts';

export interface BookTextOptions {
  /** Of the whole text, unpacked. */
  readonly maxTextBytes: number;
  readonly progress: (done: number, total: number) => void;
}

const MOST_HUFFMAN_RECORDS = 1000;

/** Errors: `file_damaged`, `source_too_large`. O(bytes that come out). */
export function readBookText(database: PalmDatabase, header: MobiHeader, options: BookTextOptions): Buffer {
  const unpack = unpackerOf(database, header);
  const records: Buffer[] = [];
  let bytes = 0;
  for (let index = 1; index <= header.textRecords; index += 1) {
    const packed = withoutTrailingEntries(database.record(header.firstRecord + index), header.trailingFlags);
    const text = unpack(packed);
    bytes += text.length;
    if (bytes > options.maxTextBytes) throw textTooLarge(options.maxTextBytes);
    records.push(text);
    options.progress(index, header.textRecords);
  }
  return Buffer.concat(records, bytes);
}

function unpackerOf(database: PalmDatabase, header: MobiHeader): (packed: Uint8Array) => Buffer {
  switch (header.compression) {
    case 'none':
      return (packed) => Buffer.from(packed);
    case 'palmdoc':
      return unpackPalmdoc;
    case 'huffman': {
      const { record, count } = header.huffman;
      if (count > MOST_HUFFMAN_RECORDS) throw damaged('too many tables of codes');
      const records = Array.from({ length: count }, (_, index) =>
        database.record(header.firstRecord + record + index),
      );
      return createHuffmanUnpacker(records);
    }
  }
}
