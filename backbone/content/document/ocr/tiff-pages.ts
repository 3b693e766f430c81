/**
 * The pages of a TIFF. The engine reads the first page of a file only, so each page is handed to it as a file
 * whose header points to that page's directory. Pure; O(pages).
 */

export interface TiffPage {
  /** Where its directory stands in the file. */
  readonly offset: number;
  readonly width: number;
  readonly height: number;
}

const MAX_DIRECTORIES = 10_000;
const ENTRY_BYTES = 12;
const FIRST_DIRECTORY = 4;
const IMAGE_WIDTH = 256;
const IMAGE_HEIGHT = 257;
const SUBFILE_TYPE = 254;
const REDUCED_COPY = 1;
const SHORT = 3;

interface Numbers {
  u16(at: number): number;
  u32(at: number): number;
}

/** No pages when it is no TIFF. A directory that is damaged, or was there before, ends the list; thumbnails are left out, and so is what follows ten thousand directories. */
export function tiffPages(bytes: Uint8Array): readonly TiffPage[] {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const numbers = numbersOf(view);
  if (numbers === null) return [];
  const pages: TiffPage[] = [];
  const seen = new Set<number>();
  let offset = numbers.u32(FIRST_DIRECTORY);
  while (offset >= 8 && offset + 2 <= view.length && !seen.has(offset) && seen.size < MAX_DIRECTORIES) {
    seen.add(offset);
    const end = offset + 2 + numbers.u16(offset) * ENTRY_BYTES;
    if (end + 4 > view.length) break;
    const page = readDirectory(numbers, offset, end);
    if (page !== null) pages.push(page);
    offset = numbers.u32(end);
  }
  return pages;
}

/** The file with this page as its first. A copy. */
export function tiffPageFile(bytes: Uint8Array, page: TiffPage): Uint8Array {
  const copy = Buffer.from(bytes);
  if (isLittleEndian(copy)) copy.writeUInt32LE(page.offset, FIRST_DIRECTORY);
  else copy.writeUInt32BE(page.offset, FIRST_DIRECTORY);
  return copy;
}

function readDirectory(numbers: Numbers, offset: number, end: number): TiffPage | null {
  let [width, height, kind] = [0, 0, 0];
  for (let at = offset + 2; at < end; at += ENTRY_BYTES) {
    const value = numbers.u16(at + 2) === SHORT ? numbers.u16(at + 8) : numbers.u32(at + 8);
    switch (numbers.u16(at)) {
      case IMAGE_WIDTH:
        width = Math.max(width, value);
        break;
      case IMAGE_HEIGHT:
        height = Math.max(height, value);
        break;
      case SUBFILE_TYPE:
        kind = value;
    }
  }
  return width < 1 || height < 1 || (kind & REDUCED_COPY) !== 0 ? null : { offset, width, height };
}

function numbersOf(view: Buffer): Numbers | null {
  if (view.length < 8) return null;
  if (view.toString('hex', 0, 4) === '49492a00') {
    return { u16: (at) => view.readUInt16LE(at), u32: (at) => view.readUInt32LE(at) };
  }
  if (view.toString('hex', 0, 4) === '4d4d002a') {
    return { u16: (at) => view.readUInt16BE(at), u32: (at) => view.readUInt32BE(at) };
  }
  return null;
}

function isLittleEndian(view: Buffer): boolean {
  return view[0] === 0x49;
}
