/** Text packed by Huffman codes that stand for phrases, which may be packed themselves (HUFF and CDIC records). */
import { uint16, uint32 } from './big-endian.ts';
import { damaged } from './palm-database.ts';

interface ShortCode {
  readonly length: number;
  /** False: the code is longer, and `longCodes` tells how long. */
  readonly isWhole: boolean;
  readonly highest: number;
}

interface LongCode {
  readonly lowest: number;
  readonly highest: number;
}

interface Phrase {
  readonly bytes: Buffer;
  readonly isPlain: boolean;
}

/** Phrases of phrases are a few deep in books; a phrase that holds itself would be endless. */
const DEEPEST = 32;
const LONGEST_RECORD = 1024 * 1024;
const MOST_PHRASES = 1_000_000;
const HEADER_BYTES = 16;

/** Makes the unpacker of one book. Errors, here and there: `file_damaged`. */
export function createHuffmanUnpacker(records: readonly Buffer[]): (packed: Uint8Array) => Buffer {
  const [huff, ...cdics] = records;
  if (huff?.toString('latin1', 0, 4) !== 'HUFF') throw damaged('no table of codes');
  const unpacker = new HuffmanUnpacker(shortCodesOf(huff), longCodesOf(huff), phrasesOf(cdics));
  return (packed) => unpacker.unpack(packed, 0);
}

class HuffmanUnpacker {
  readonly #short: readonly ShortCode[];
  readonly #long: readonly LongCode[];
  readonly #phrases: Phrase[];

  constructor(short: readonly ShortCode[], long: readonly LongCode[], phrases: Phrase[]) {
    this.#short = short;
    this.#long = long;
    this.#phrases = phrases;
  }

  unpack(packed: Uint8Array, depth: number): Buffer {
    if (depth > DEEPEST) throw damaged('phrases hold each other');
    const out: Buffer[] = [];
    let outBytes = 0;
    const bits = packed.length * 8;
    for (let at = 0; at < bits; ) {
      const window = windowAt(packed, at);
      const { length, highest } = this.#codeOf(window);
      at += length;
      if (at > bits) break;
      const phrase = this.#phrase((highest - window) >>> (32 - length), depth);
      outBytes += phrase.length;
      if (outBytes > LONGEST_RECORD) throw damaged('a record of text is too long');
      out.push(phrase);
    }
    return Buffer.concat(out, outBytes);
  }

  #codeOf(window: number): { readonly length: number; readonly highest: number } {
    const short = this.#short[window >>> 24];
    if (short === undefined || short.isWhole)
      return { length: short?.length ?? 1, highest: short?.highest ?? 0 };
    let length = Math.max(1, short.length);
    while (length < 32 && window < (this.#long[length]?.lowest ?? 0)) length += 1;
    return { length, highest: this.#long[length]?.highest ?? 0 };
  }

  #phrase(index: number, depth: number): Buffer {
    const phrase = this.#phrases[index];
    if (phrase === undefined) throw damaged(`there is no phrase ${index}`);
    if (phrase.isPlain) return phrase.bytes;
    const bytes = this.unpack(phrase.bytes, depth + 1);
    this.#phrases[index] = { bytes, isPlain: true };
    return bytes;
  }
}

/** The 32 bits from a bit on; zeros behind the end. */
function windowAt(bytes: Uint8Array, bit: number): number {
  const at = bit >>> 3;
  const shift = bit & 7;
  const high =
    (((bytes[at] ?? 0) << 24) |
      ((bytes[at + 1] ?? 0) << 16) |
      ((bytes[at + 2] ?? 0) << 8) |
      (bytes[at + 3] ?? 0)) >>>
    0;
  return shift === 0 ? high : ((high << shift) | ((bytes[at + 4] ?? 0) >>> (8 - shift))) >>> 0;
}

function shortCodesOf(huff: Buffer): readonly ShortCode[] {
  const from = uint32(huff, 8);
  return Array.from({ length: 256 }, (_, index) => {
    const entry = uint32(huff, from + index * 4);
    const length = entry & 0x1f;
    if (length === 0) throw damaged('a code has no length');
    return { length, isWhole: (entry & 0x80) !== 0, highest: highestOf(entry >>> 8, length) };
  });
}

/** By length in bits, from 1 to 32. */
function longCodesOf(huff: Buffer): readonly LongCode[] {
  const from = uint32(huff, 12);
  const codes = Array.from({ length: 32 }, (_, index) => ({
    lowest: shiftedLeft(uint32(huff, from + index * 8), 31 - index),
    highest: highestOf(uint32(huff, from + index * 8 + 4), index + 1),
  }));
  return [{ lowest: 0, highest: 0 }, ...codes];
}

/** The highest window of 32 bits that begins with a code of so many bits. */
function highestOf(code: number, length: number): number {
  return shiftedLeft(code + 1, 32 - length) - 1;
}

/** Without the sign and the cut at 32 bits of the operator. */
function shiftedLeft(value: number, bits: number): number {
  return value * 2 ** bits;
}

function phrasesOf(cdics: readonly Buffer[]): Phrase[] {
  const phrases: Phrase[] = [];
  for (const cdic of cdics) {
    if (cdic.toString('latin1', 0, 4) !== 'CDIC') throw damaged('no dictionary of phrases');
    const total = Math.min(uint32(cdic, 8), MOST_PHRASES);
    const here = Math.min(2 ** Math.min(uint32(cdic, 12), 16), total - phrases.length);
    for (let index = 0; index < here; index += 1) {
      const at = HEADER_BYTES + uint16(cdic, HEADER_BYTES + index * 2);
      const length = uint16(cdic, at);
      const bytes = cdic.subarray(at + 2, at + 2 + (length & 0x7fff));
      phrases.push({ bytes, isPlain: (length & 0x8000) !== 0 });
    }
  }
  return phrases;
}
