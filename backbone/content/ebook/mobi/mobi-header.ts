/** The first record of a book: how its text is packed, and where its other records stand. */
import { AppError } from '../../../errors.ts';
import { uint16, uint32 } from './big-endian.ts';
import { readExth, type Exth } from './exth.ts';
import { damaged, type PalmDatabase } from './palm-database.ts';

export type Compression = 'none' | 'palmdoc' | 'huffman';
/** Labels of `TextDecoder`. */
export type Encoding = 'utf-8' | 'windows-1252';

export interface MobiHeader {
  /** Record of the database that all other numbers of records count from. */
  readonly firstRecord: number;
  readonly compression: Compression;
  readonly encoding: Encoding;
  /** Records of text; they follow the first one. */
  readonly textRecords: number;
  /** What stands behind the text in each of its records, as bits. */
  readonly trailingFlags: number;
  readonly huffman: { readonly record: number; readonly count: number };
  /** 8 and above: KF8, whose text is made of skeletons and fragments. */
  readonly version: number;
  /** Records of the indexes; null when there are none. */
  readonly contentsRecord: number | null;
  readonly fragmentsRecord: number | null;
  readonly skeletonsRecord: number | null;
  readonly title: string;
  readonly languageCode: number;
  readonly exth: Exth;
}

const NONE = 0xffff_ffff;
const COMPRESSIONS: ReadonlyMap<number, Compression> = new Map([
  [1, 'none'],
  [2, 'palmdoc'],
  [17_480, 'huffman'],
]);
const ENCODINGS: ReadonlyMap<number, Encoding> = new Map([
  [1252, 'windows-1252'],
  [65_001, 'utf-8'],
]);
const KF8_BOUNDARY = 121;
const EXTH_FLAG = 0x40;
const SHORTEST_WITH_TRAILING_FLAGS = 0xe4;
const SHORTEST_WITH_KF8 = 0xf0;

/**
 * The header of the newest form of the book that the file holds: many hold an old one and KF8.
 * Errors: `encrypted_drm`, `file_damaged`.
 */
export function readMobiHeader(database: PalmDatabase): MobiHeader {
  const first = headerAt(database, 0);
  const boundary = first.exth.number(KF8_BOUNDARY);
  const holdsBoth = first.version < 8 && boundary !== null && boundary < database.recordCount;
  return holdsBoth ? headerAt(database, boundary) : first;
}

function headerAt(database: PalmDatabase, firstRecord: number): MobiHeader {
  const record = database.record(firstRecord);
  if (record.toString('latin1', 16, 20) !== 'MOBI') throw damaged('no MOBI header');
  if (uint16(record, 12) !== 0) throw new AppError('encrypted_drm');
  const compression = COMPRESSIONS.get(uint16(record, 0));
  const encoding = ENCODINGS.get(uint32(record, 28));
  if (compression === undefined || encoding === undefined)
    throw damaged('packed or written in an unknown way');
  const length = uint32(record, 20);
  const version = uint32(record, 36);
  const isKf8 = version >= 8 && length >= SHORTEST_WITH_KF8;
  const hasExth = (uint32(record, 128) & EXTH_FLAG) !== 0;
  const titleAt = uint32(record, 84);
  return {
    firstRecord,
    compression,
    encoding,
    textRecords: uint16(record, 8),
    trailingFlags: length >= SHORTEST_WITH_TRAILING_FLAGS ? uint16(record, 242) : 0,
    huffman: { record: uint32(record, 112), count: uint32(record, 116) },
    version,
    contentsRecord: length >= SHORTEST_WITH_TRAILING_FLAGS ? indexAt(record, 244) : null,
    fragmentsRecord: isKf8 ? indexAt(record, 248) : null,
    skeletonsRecord: isKf8 ? indexAt(record, 252) : null,
    title: new TextDecoder(encoding).decode(record.subarray(titleAt, titleAt + uint32(record, 88))),
    languageCode: uint32(record, 92) & 0xff,
    exth: readExth(hasExth ? record.subarray(16 + length) : Buffer.alloc(0), encoding),
  };
}

function indexAt(record: Buffer, at: number): number | null {
  const index = uint32(record, at);
  return index === NONE ? null : index;
}
