/** Indexes (INDX records): rows of a name and numbered tags, with texts in records of their own. */
import { forwardNumber, uint16, uint32 } from './big-endian.ts';
import type { Encoding } from './mobi-header.ts';
import { damaged } from './palm-database.ts';

export interface IndexRow {
  readonly name: string;
  /** The values of each tag that the row has. */
  readonly tags: ReadonlyMap<number, readonly number[]>;
}

export interface BookIndex {
  readonly rows: readonly IndexRow[];
  /** A text by the number that rows know it by; null when there is none. */
  readonly text: (at: number | undefined) => string | null;
}

/** How the rows of an index are laid out. */
interface TagRule {
  readonly tag: number;
  readonly valuesEach: number;
  readonly mask: number;
  /** The tag begins the next control byte. */
  readonly endsByte: boolean;
}

interface Layout {
  readonly controlBytes: number;
  readonly rules: readonly TagRule[];
}

/** Books have some thousand fragments. */
const MOST_ROWS = 200_000;
const MOST_RECORDS = 5000;
const TEXTS_A_RECORD = 0x1_0000;
const LONGEST_TEXT = 1000;

/** Reads the index whose first record is number `at`. Errors: `file_damaged`. O(bytes). */
export function readIndex(record: (index: number) => Buffer, at: number, encoding: Encoding): BookIndex {
  const head = indexRecord(record(at));
  const count = Math.min(uint32(head, 24), MOST_RECORDS);
  const layout = layoutOf(head);
  const rows: IndexRow[] = [];
  for (let index = 1; index <= count; index += 1) addRows(rows, indexRecord(record(at + index)), layout);
  const textCount = Math.min(uint32(head, 52), MOST_RECORDS);
  const decoder = new TextDecoder(encoding);
  return {
    rows,
    text: (place) => {
      if (place === undefined || place >= textCount * TEXTS_A_RECORD) return null;
      const texts = record(at + count + 1 + Math.floor(place / TEXTS_A_RECORD));
      const { value, length } = forwardNumber(texts, place % TEXTS_A_RECORD);
      const from = (place % TEXTS_A_RECORD) + length;
      return decoder.decode(texts.subarray(from, from + Math.min(value, LONGEST_TEXT)));
    },
  };
}

function indexRecord(record: Buffer): Buffer {
  if (record.toString('latin1', 0, 4) !== 'INDX') throw damaged('no index where one is named');
  return record;
}

function layoutOf(head: Buffer): Layout {
  const tagx = head.subarray(uint32(head, 4));
  if (tagx.toString('latin1', 0, 4) !== 'TAGX') throw damaged('an index does not say how it is laid out');
  const end = Math.min(uint32(tagx, 4), tagx.length);
  const rules: TagRule[] = [];
  for (let at = 12; at + 4 <= end; at += 4) {
    const [tag = 0, valuesEach = 0, mask = 0, endsByte = 0] = tagx.subarray(at, at + 4);
    rules.push({ tag, valuesEach, mask, endsByte: (endsByte & 1) === 1 });
  }
  return { controlBytes: uint32(tagx, 8), rules };
}

function addRows(rows: IndexRow[], record: Buffer, layout: Layout): void {
  const places = uint32(record, 20) + 4;
  const count = uint32(record, 24);
  for (let index = 0; index < count; index += 1) {
    if (rows.length >= MOST_ROWS) throw damaged('an index has too many rows');
    rows.push(rowAt(record, uint16(record, places + index * 2), layout));
  }
}

function rowAt(record: Buffer, at: number, { controlBytes, rules }: Layout): IndexRow {
  const nameEnd = at + 1 + (record[at] ?? 0);
  const values = new ValueReader(record, nameEnd + controlBytes);
  let control = nameEnd;
  const counted = rules.flatMap((rule) => {
    if (rule.endsByte) {
      control += 1;
      return [];
    }
    return [{ rule, ...countOf(rule, (record[control] ?? 0) & rule.mask, values) }];
  });
  const tags = new Map<number, readonly number[]>();
  for (const { rule, count, bytes } of counted) {
    const read = bytes === null ? values.some(count * rule.valuesEach) : values.within(bytes);
    if (read.length > 0) tags.set(rule.tag, read);
  }
  return { name: record.toString('latin1', at + 1, nameEnd), tags };
}

/** How many values a tag has, or, when `bytes` is not null, how many bytes they take together. */
function countOf(
  { mask }: TagRule,
  bits: number,
  values: ValueReader,
): { readonly count: number; readonly bytes: number | null } {
  const isWideMask = (mask & (mask - 1)) !== 0;
  if (bits === mask && isWideMask) return { count: 0, bytes: values.next() };
  return { count: mask === 0 ? 0 : bits / (mask & -mask), bytes: null };
}

/** Numbers one after the other; none behind the end. */
class ValueReader {
  readonly #record: Buffer;
  #at: number;

  constructor(record: Buffer, at: number) {
    this.#record = record;
    this.#at = at;
  }

  next(): number {
    const { value, length } = forwardNumber(this.#record, this.#at);
    this.#at += length;
    return value;
  }

  some(count: number): readonly number[] {
    const values: number[] = [];
    while (values.length < count && this.#at < this.#record.length) values.push(this.next());
    return values;
  }

  within(bytes: number): readonly number[] {
    const end = Math.min(this.#at + bytes, this.#record.length);
    const values: number[] = [];
    while (this.#at < end) values.push(this.next());
    return values;
  }
}
