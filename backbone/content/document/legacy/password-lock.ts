/** Whether an Office file of the old kind is locked by a password. Runs in a parse thread. Pure. */
import type { ParserInput } from '../../parsing/parser.ts';
import { openCompoundFile, type Storage } from '../ole/compound-file.ts';

/** Of the file information block of Word: where its flags stand, and the one of encryption (MS-DOC). */
const WORD_FLAGS = 10;
const WORD_ENCRYPTED = 0x0100;
/** Record of Excel that says how its workbook is encrypted (MS-XLS); it follows the first record. */
const FILE_PASS = 0x002f;
const MOST_RECORDS = 20;
/** Of the stream that names the last edit of a presentation, when it is encrypted (MS-PPT). */
const ENCRYPTED_TOKEN = 0xf3d1c4df;
const TOKEN = 12;

/** Errors: `file_damaged`, `file_unsafe`. */
export function isLocked({ bytes }: ParserInput): boolean {
  const root = openCompoundFile(bytes);
  return isWordLocked(root) || isExcelLocked(root) || isPowerPointLocked(root);
}

function isWordLocked(root: Storage): boolean {
  const stream = root.stream('WordDocument');
  if (stream === null || stream.length < WORD_FLAGS + 2) return false;
  return (stream.readUInt16LE(WORD_FLAGS) & WORD_ENCRYPTED) !== 0;
}

function isExcelLocked(root: Storage): boolean {
  const stream = root.stream('Workbook') ?? root.stream('Book');
  if (stream === null) return false;
  let at = 0;
  for (let count = 0; count < MOST_RECORDS && at + 4 <= stream.length; count += 1) {
    if (stream.readUInt16LE(at) === FILE_PASS) return true;
    at += 4 + stream.readUInt16LE(at + 2);
  }
  return false;
}

function isPowerPointLocked(root: Storage): boolean {
  const stream = root.stream('Current User');
  return stream !== null && stream.length >= TOKEN + 4 && stream.readUInt32LE(TOKEN) === ENCRYPTED_TOKEN;
}
