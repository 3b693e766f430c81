/** Properties of a message, a recipient or an attachment in an Outlook file (MS-OXMSG). Pure. */
import type { Storage } from '../ole/compound-file.ts';
import { decodeCodePage } from '../rtf/code-pages.ts';

const PROPERTIES = '__properties_version1.0';
const ENTRY_BYTES = 16;
const INTEGER = 0x0003;
const TIME = 0x0040;
/** Between 1601, when the clock of these files starts, and 1970. */
const EPOCH_MS = 11_644_473_600_000;
const MOST_PROPERTIES = 10_000;
const WESTERN = 1252;

/** Bytes in front of the properties, by what has them. */
export const PROPERTY_HEADERS = { file: 32, embedded: 24, part: 8 } as const;

export class MessageProperties {
  readonly #storage: Storage;
  readonly #fixed = new Map<number, Buffer>();
  readonly #codePage: number;

  /** `codePage`: of texts that are not in Unicode, when the properties do not say themselves. */
  constructor(storage: Storage, headerBytes: number, codePage = WESTERN) {
    this.#storage = storage;
    const stream = storage.stream(PROPERTIES) ?? Buffer.alloc(0);
    const end = Math.min(stream.length, headerBytes + MOST_PROPERTIES * ENTRY_BYTES);
    for (let at = headerBytes; at + ENTRY_BYTES <= end; at += ENTRY_BYTES) {
      this.#fixed.set(stream.readUInt32LE(at), stream.subarray(at + 8, at + ENTRY_BYTES));
    }
    this.#codePage = this.integer(0x3ffd) ?? codePage;
  }

  get codePage(): number {
    return this.#codePage;
  }

  integer(id: number): number | null {
    return this.#fixed.get(keyOf(id, INTEGER))?.readInt32LE(0) ?? null;
  }

  /** Null for what is no time that a calendar has. */
  time(id: number): Date | null {
    const value = this.#fixed.get(keyOf(id, TIME));
    if (value === undefined) return null;
    const date = new Date(Number(value.readBigUInt64LE(0) / 10_000n) - EPOCH_MS);
    return Number.isNaN(date.getTime()) || date.getUTCFullYear() > 9999 ? null : date;
  }

  /** Null when it is not there or empty. */
  text(id: number): string | null {
    const unicode = this.#storage.stream(streamName(id, '001F'));
    const bytes = unicode ?? this.#storage.stream(streamName(id, '001E'));
    if (bytes === null) return null;
    const text = unicode === null ? decodeCodePage(bytes, this.#codePage) : bytes.toString('utf16le');
    const shown = text.replaceAll('\0', '').toWellFormed();
    return shown === '' ? null : shown;
  }

  binary(id: number): Buffer | null {
    return this.#storage.stream(streamName(id, '0102'));
  }

  /** A storage that stands in place of a value: a message, or an object of another program. */
  object(id: number): Storage | null {
    return this.#storage.storage(streamName(id, '000D'));
  }
}

function keyOf(id: number, type: number): number {
  return id * 0x10000 + type;
}

function streamName(id: number, type: string): string {
  return `__substg1.0_${id.toString(16).toUpperCase().padStart(4, '0')}${type}`;
}
