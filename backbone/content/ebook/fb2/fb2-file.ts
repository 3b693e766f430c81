/** The FictionBook in a file, which may be a ZIP archive around it. */
import { AppError } from '../../../errors.ts';
import { decodeText } from '../../parsing/charset.ts';
import type { ContentWarning } from '../../model.ts';
import { textTooLarge } from '../../parsing/text-limit.ts';
import { withoutDoctype } from '../../parsing/xml-doctype.ts';
import { withoutControls } from '../../parsing/xml-escape.ts';
import { withoutNamedReferences } from '../../parsing/xml-references.ts';
import { openZip } from '../../parsing/zip.ts';
import { withoutBinaries } from './binaries.ts';
import { readFb2Tree, type Fb2Tree } from './fb2-tree.ts';

export interface Fb2File extends Fb2Tree {
  readonly warnings: readonly ContentWarning[];
}

/** Where the end tag of the root stands; what follows it is nothing, or a program's remark. */
const TAIL_CHARACTERS = 4096;

/**
 * `maxTextBytes` bounds the file without its pictures. Errors: `file_damaged`, `file_encrypted`,
 * `file_unsafe`, `source_too_large`, `unsupported_type` for an archive of several books.
 */
export async function readFb2File(bytes: Uint8Array, maxTextBytes: number): Promise<Fb2File> {
  const lean = withoutBinaries(isZip(bytes) ? await unpacked(bytes) : bytes);
  if (lean.length > maxTextBytes) throw textTooLarge(maxTextBytes);
  const { text, warnings } = decodeText(lean, { declared: null, kind: 'xml' });
  const tree = readFb2Tree(withoutNamedReferences(withoutControls(withoutDoctype(text))));
  const isWhole = /<\/[^<>]{0,40}FictionBook\s{0,10}>/i.test(text.slice(-TAIL_CHARACTERS));
  return { ...tree, warnings: isWhole ? warnings : [...warnings, CUT_OFF] };
}

const CUT_OFF: ContentWarning = {
  code: 'part_missing',
  message: 'The file ends before the book does: its last part is missing.',
};

function isZip([first, second]: Uint8Array): boolean {
  return first === 0x50 && second === 0x4b;
}

async function unpacked(bytes: Uint8Array): Promise<Uint8Array> {
  const zip = await openZip(bytes);
  const books = zip.names.filter(isBook);
  const [name] = books;
  if (name === undefined) throw new AppError('file_damaged', { cause: new Error('no .fb2 in the archive') });
  if (books.length > 1)
    throw new AppError('unsupported_type', { params: { actual: 'a ZIP archive of several e-books' } });
  return zip.read(name);
}

/** macOS packs a file of its own beside each. */
function isBook(name: string): boolean {
  return /\.fb2$/i.test(name) && !/(?:^|\/)(?:__MACOSX\/|\._)/.test(name);
}
