export interface MobiSpec {
  /** HTML as the old form has it. Ignored when `kf8` is given. */
  readonly text?: string;
  readonly kf8?: Kf8Spec;
  readonly compression?: 'none' | 'palmdoc' | 'huffman';
  readonly encoding?: 'utf-8' | 'windows-1252';
  /** Bytes that stand behind each record of text, and the flags that say so. */
  readonly trailing?: { readonly flags: number; readonly bytes: Buffer };
  readonly title?: string;
  readonly languageCode?: number;
  /** Metadata by their number in EXTH. */
  readonly exth?: readonly (readonly [type: number, value: string | Buffer])[];
  readonly contents?: readonly ContentsRow[];
  readonly encryption?: number;
  /** A KF8 book in the same file, behind this one. */
  readonly newer?: MobiSpec;
}

export interface Kf8Spec {
  readonly parts: readonly {
    readonly skeleton: string;
    /** Put in at that byte of what has been put together so far. */
    readonly fragments: readonly { readonly at: number; readonly markup: string }[];
  }[];
}

export interface ContentsRow {
  readonly label: string;
  /** Offset of the old form. */
  readonly offset?: number;
  /** Number of the fragment and the byte in it, of KF8. */
  readonly place?: readonly [fragment: number, byte: number];
  readonly parent?: number;
}

const NONE = 0xffff_ffff;
const TEXT_RECORD_BYTES = 4096;
const MOBI_HEADER_BYTES = 0xf8;
const CODES = { none: 1, palmdoc: 2, huffman: 17_480 } as const;

/** A Kindle book, as far as the specification given goes. */
export function buildMobi(spec: MobiSpec): Buffer {
  const own = recordsOf(spec, false);
  if (spec.newer === undefined) return palmDatabase(own);
  const boundary = Buffer.alloc(4);
  boundary.writeUInt32BE(own.length);
  const first = recordsOf({ ...spec, exth: [...(spec.exth ?? []), [121, boundary]] }, false);
  return palmDatabase([...first, ...recordsOf(spec.newer, true)]);
}

/** Any records in a Palm database that says it is a book. */
export function palmDatabase(records: readonly Buffer[], kind = 'BOOKMOBI'): Buffer {
  const header = Buffer.alloc(78 + records.length * 8);
  header.write('A-book', 0, 'latin1');
  header.write(kind, 60, 'latin1');
  header.writeUInt16BE(records.length, 76);
  let at = header.length;
  for (const [index, record] of records.entries()) {
    header.writeUInt32BE(at, 78 + index * 8);
    at += record.length;
  }
  return Buffer.concat([header, ...records]);
}

function recordsOf(spec: MobiSpec, isNewer: boolean): readonly Buffer[] {
  const { compression = 'none', encoding = 'utf-8', kf8, contents, trailing } = spec;
  const raw = kf8 ? kf8Text(kf8) : encoded(spec.text ?? '', encoding);
  const pieces = Array.from({ length: Math.ceil(raw.length / TEXT_RECORD_BYTES) }, (_, index) =>
    raw.subarray(index * TEXT_RECORD_BYTES, (index + 1) * TEXT_RECORD_BYTES),
  );
  const texts = pieces.map((piece) =>
    Buffer.concat([packed(piece, compression), trailing?.bytes ?? Buffer.alloc(0)]),
  );
  const records: Buffer[] = [];
  const placed = (more: readonly Buffer[]): number => {
    if (more.length === 0) return NONE;
    records.push(...more);
    return 1 + texts.length + records.length - more.length;
  };
  const huffman = placed(compression === 'huffman' ? huffmanRecords() : []);
  const contentsRecord = placed(contents ? contentsIndex(contents, kf8 !== undefined, encoding) : []);
  const skeletons = placed(kf8 ? skeletonIndex(kf8) : []);
  const fragments = placed(kf8 ? fragmentIndex(kf8) : []);
  const header = firstRecord({
    ...spec,
    version: kf8 || isNewer ? 8 : 6,
    textRecords: texts.length,
    numbers: { huffman, contentsRecord, skeletons, fragments },
  });
  return [header, ...texts, ...records];
}

function firstRecord(
  spec: MobiSpec & {
    readonly version: number;
    readonly textRecords: number;
    readonly numbers: {
      readonly huffman: number;
      readonly contentsRecord: number;
      readonly skeletons: number;
      readonly fragments: number;
    };
  },
): Buffer {
  const { compression = 'none', encoding = 'utf-8', numbers } = spec;
  const head = Buffer.alloc(16 + MOBI_HEADER_BYTES);
  head.writeUInt16BE(CODES[compression], 0);
  head.writeUInt16BE(spec.textRecords, 8);
  head.writeUInt16BE(spec.encryption ?? 0, 12);
  head.write('MOBI', 16, 'latin1');
  head.writeUInt32BE(MOBI_HEADER_BYTES, 20);
  head.writeUInt32BE(encoding === 'utf-8' ? 65_001 : 1252, 28);
  head.writeUInt32BE(spec.version, 36);
  head.writeUInt32BE(spec.languageCode ?? 9, 92);
  head.writeUInt32BE(numbers.huffman, 112);
  head.writeUInt32BE(2, 116);
  head.writeUInt32BE(spec.exth ? 0x40 : 0, 128);
  head.writeUInt16BE(spec.trailing?.flags ?? 0, 242);
  head.writeUInt32BE(numbers.contentsRecord, 244);
  head.writeUInt32BE(numbers.fragments, 248);
  head.writeUInt32BE(numbers.skeletons, 252);
  const exth = spec.exth ? exthBlock(spec.exth) : Buffer.alloc(0);
  const title = encoded(spec.title ?? 'A book', encoding);
  head.writeUInt32BE(head.length + exth.length, 84);
  head.writeUInt32BE(title.length, 88);
  return Buffer.concat([head, exth, title]);
}

function exthBlock(values: readonly (readonly [number, string | Buffer])[]): Buffer {
  const records = values.map(([type, value]) => {
    const bytes = Buffer.from(value as string);
    const head = Buffer.alloc(8);
    head.writeUInt32BE(type, 0);
    head.writeUInt32BE(8 + bytes.length, 4);
    return Buffer.concat([head, bytes]);
  });
  const head = Buffer.alloc(12);
  head.write('EXTH', 0, 'latin1');
  head.writeUInt32BE(12 + records.reduce((sum, { length }) => sum + length, 0), 4);
  head.writeUInt32BE(values.length, 8);
  return Buffer.concat([head, ...records]);
}

function encoded(text: string, encoding: 'utf-8' | 'windows-1252'): Buffer {
  return Buffer.from(text, encoding === 'utf-8' ? 'utf8' : 'latin1');
}

function packed(piece: Buffer, compression: 'none' | 'palmdoc' | 'huffman'): Buffer {
  // A code of eight bits stands for the phrase of one byte that has its number.
  if (compression === 'huffman') return Buffer.from(piece.map((byte) => 255 - byte));
  return compression === 'palmdoc' ? packPalmdoc(piece) : piece;
}

/** Literals, spaces with a letter, and pairs for what was there one to ten bytes before. */
function packPalmdoc(piece: Buffer): Buffer {
  const out: number[] = [];
  for (let at = 0; at < piece.length; ) {
    const repeat = piece.subarray(at, at + 3);
    const before = repeat.length === 3 ? piece.subarray(Math.max(0, at - 10), at).lastIndexOf(repeat) : -1;
    const byte = piece[at] ?? 0;
    const following = piece[at + 1] ?? 0;
    if (before >= 0) {
      const distance = Math.min(at, 10) - before;
      out.push(0x80 | (distance >>> 5), (distance << 3) & 0xff);
      at += 3;
    } else if (byte === 0x20 && following >= 0x40 && following < 0x80) {
      out.push(following | 0x80);
      at += 2;
    } else if (byte === 0 || (byte >= 0x09 && byte < 0x80)) {
      out.push(byte);
      at += 1;
    } else {
      out.push(1, byte);
      at += 1;
    }
  }
  return Buffer.from(out);
}

/** Codes of eight bits for all bytes; the phrases for them are plain. */
export function huffmanRecords(phrases?: readonly Buffer[]): readonly Buffer[] {
  const huff = Buffer.alloc(24 + 256 * 4 + 32 * 8);
  huff.write('HUFF', 0, 'latin1');
  huff.writeUInt32BE(24, 8);
  huff.writeUInt32BE(24 + 256 * 4, 12);
  // Length 8, whole; the highest code of that length is 255, so code c stands for phrase 255 - c.
  for (let index = 0; index < 256; index += 1) huff.writeUInt32BE((255 << 8) | 0x80 | 8, 24 + index * 4);
  return [
    huff,
    cdicRecord(phrases ?? Array.from({ length: 256 }, (_, byte) => plainPhrase(Buffer.of(byte)))),
  ];
}

/** A phrase with its length before it: the highest bit says that it is not packed. */
export function plainPhrase(bytes: Buffer): Buffer {
  return Buffer.concat([Buffer.of(0x80 | (bytes.length >>> 8), bytes.length & 0xff), bytes]);
}

export function packedPhrase(bytes: Buffer): Buffer {
  return Buffer.concat([Buffer.of(bytes.length >>> 8, bytes.length & 0xff), bytes]);
}

function cdicRecord(phrases: readonly Buffer[]): Buffer {
  const head = Buffer.alloc(16 + phrases.length * 2);
  head.write('CDIC', 0, 'latin1');
  head.writeUInt32BE(16, 4);
  head.writeUInt32BE(phrases.length, 8);
  head.writeUInt32BE(16, 12);
  let at = phrases.length * 2;
  for (const [index, phrase] of phrases.entries()) {
    head.writeUInt16BE(at, 16 + index * 2);
    at += phrase.length;
  }
  return Buffer.concat([head, ...phrases]);
}

function kf8Text({ parts }: Kf8Spec): Buffer {
  return Buffer.from(
    parts
      .map(({ skeleton, fragments }) => skeleton + fragments.map(({ markup }) => markup).join(''))
      .join(''),
  );
}

interface Tag {
  readonly tag: number;
  readonly values: number;
  readonly mask: number;
}

interface Row {
  readonly name: string;
  /** Values by tag; a tag that is missing has none. */
  readonly tags: Readonly<Record<number, readonly number[]>>;
}

/** An index of one record of rows, and one of texts when there are any. */
export function indexOf(tags: readonly Tag[], rows: readonly Row[], texts?: Buffer): readonly Buffer[] {
  const tagx = Buffer.alloc(12 + (tags.length + 1) * 4);
  tagx.write('TAGX', 0, 'latin1');
  tagx.writeUInt32BE(tagx.length, 4);
  tagx.writeUInt32BE(1, 8);
  for (const [at, { tag, values, mask }] of tags.entries()) tagx.set([tag, values, mask, 0], 12 + at * 4);
  tagx.set([0, 0, 0, 1], tagx.length - 4);
  const head = indexHeader(1, 0, texts ? 1 : 0);
  const entries = rows.map((row) => rowBytes(row, tags));
  const idxt = Buffer.alloc(4 + rows.length * 2);
  idxt.write('IDXT', 0, 'latin1');
  let at = 192;
  for (const [index, entry] of entries.entries()) {
    idxt.writeUInt16BE(at, 4 + index * 2);
    at += entry.length;
  }
  const body = Buffer.concat([indexHeader(rows.length, at, 0), ...entries, idxt]);
  return [Buffer.concat([head, tagx]), body, ...(texts ? [texts] : [])];
}

function indexHeader(count: number, idxtAt: number, textRecords: number): Buffer {
  const head = Buffer.alloc(192);
  head.write('INDX', 0, 'latin1');
  head.writeUInt32BE(192, 4);
  head.writeUInt32BE(idxtAt, 20);
  head.writeUInt32BE(count, 24);
  head.writeUInt32BE(textRecords, 52);
  return head;
}

function rowBytes({ name, tags: values }: Row, tags: readonly Tag[]): Buffer {
  let control = 0;
  for (const { tag, mask } of tags) if (values[tag]) control |= mask & -mask;
  const numbers = tags.flatMap(({ tag }) => values[tag] ?? []).flatMap(numberBytes);
  return Buffer.concat([Buffer.of(name.length), Buffer.from(name, 'latin1'), Buffer.of(control, ...numbers)]);
}

/** Seven bits a byte; the last one has the highest bit set. */
export function numberBytes(value: number): readonly number[] {
  const bytes = [(value & 0x7f) | 0x80];
  for (let rest = Math.floor(value / 128); rest > 0; rest = Math.floor(rest / 128))
    bytes.unshift(rest & 0x7f);
  return bytes;
}

function contentsIndex(
  rows: readonly ContentsRow[],
  isKf8: boolean,
  encoding: 'utf-8' | 'windows-1252',
): readonly Buffer[] {
  const tags: readonly Tag[] = [
    isKf8 ? { tag: 6, values: 2, mask: 1 } : { tag: 1, values: 1, mask: 1 },
    { tag: 3, values: 1, mask: 2 },
    { tag: 21, values: 1, mask: 4 },
  ];
  const texts: Buffer[] = [];
  let textsLength = 0;
  const built = rows.map(({ label, offset, place, parent }, index): Row => {
    const at = textsLength;
    const text = encoded(label, encoding);
    texts.push(Buffer.concat([Buffer.from(numberBytes(text.length)), text]));
    textsLength += texts.at(-1)?.length ?? 0;
    return {
      name: `${index}`,
      tags: {
        ...(isKf8 ? (place ? { 6: place } : {}) : offset === undefined ? {} : { 1: [offset] }),
        3: [at],
        ...(parent === undefined ? {} : { 21: [parent] }),
      },
    };
  });
  return indexOf(tags, built, Buffer.concat(texts));
}

function skeletonIndex({ parts }: Kf8Spec): readonly Buffer[] {
  let at = 0;
  const rows = parts.map(({ skeleton, fragments }, index): Row => {
    const length = Buffer.byteLength(skeleton);
    const row = { name: `SKEL${index}`, tags: { 1: [fragments.length], 6: [at, length] } };
    at += length + fragments.reduce((sum, { markup }) => sum + Buffer.byteLength(markup), 0);
    return row;
  });
  return indexOf(
    [
      { tag: 1, values: 1, mask: 1 },
      { tag: 6, values: 2, mask: 2 },
    ],
    rows,
  );
}

function fragmentIndex({ parts }: Kf8Spec): readonly Buffer[] {
  let start = 0;
  const rows = parts.flatMap(({ skeleton, fragments }): readonly Row[] => {
    let offset = 0;
    const made = fragments.map(({ at, markup }): Row => {
      const length = Buffer.byteLength(markup);
      const row = { name: `${start + at}`.padStart(10, '0'), tags: { 6: [offset, length] } };
      offset += length;
      return row;
    });
    start += Buffer.byteLength(skeleton) + offset;
    return made;
  });
  return indexOf([{ tag: 6, values: 2, mask: 1 }], rows);
}
