/**
 * The container of Kindle and Mobipocket books: a Palm database, a list of records. The formats in this folder are not
 * published by their makers; offsets and numbers are those of the MobileRead wiki (pages PDB, MOBI, KF8).
 */
import { AppError } from '../../../errors.ts';

export interface PalmDatabase {
  readonly recordCount: number;
  /** A view of the file. Errors: `file_damaged` for records that it does not hold. */
  readonly record: (index: number) => Buffer;
}

const HEADER_BYTES = 78;
const ENTRY_BYTES = 8;
const KIND_AT = 60;
const COUNT_AT = 76;

/** Errors: `file_damaged` when this is no book in a Palm database. */
export function openPalmDatabase(bytes: Uint8Array): PalmDatabase {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (file.length < HEADER_BYTES || file.toString('latin1', KIND_AT, KIND_AT + 8) !== 'BOOKMOBI')
    throw damaged('no book in a Palm database');
  const recordCount = file.readUInt16BE(COUNT_AT);
  if (HEADER_BYTES + recordCount * ENTRY_BYTES > file.length) throw damaged('the list of records is cut off');
  const startOf = (index: number): number => file.readUInt32BE(HEADER_BYTES + index * ENTRY_BYTES);
  return {
    recordCount,
    record: (index) => {
      if (index < 0 || index >= recordCount) throw damaged(`there is no record ${index}`);
      const start = startOf(index);
      const end = index + 1 < recordCount ? startOf(index + 1) : file.length;
      if (start > end || end > file.length) throw damaged(`record ${index} lies outside of the file`);
      return file.subarray(start, end);
    },
  };
}

export function damaged(reason: string): AppError {
  return new AppError('file_damaged', { cause: new Error(reason) });
}
