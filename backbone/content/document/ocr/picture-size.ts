/**
 * The size of a picture from its header, before anything unpacks it: a few kilobytes may stand for billions
 * of pixels. Pure; linear in the number of segments or directory entries looked at.
 */
import { AppError } from '../../../errors.ts';
import { tiffPages } from './tiff-pages.ts';

export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

/** A sheet of A3 at 400 dots an inch has 31 million. */
export const MAX_PIXELS = 40_000_000;

const PNG_SIGNATURE = '89504e470d0a1a0a';
const MAX_JPEG_SEGMENTS = 10_000;
/** Frames of JPEG by their kind of coding; C4, C8 and CC between them are something else. */
const JPEG_FRAME = /^c[0-35-79-bd-f]$/;
const START_OF_SCAN = 0xda;
const END_OF_IMAGE = 0xd9;

/** Null when the header cannot be read. Of a TIFF the largest width and height of its pages. */
export function pictureSize(bytes: Uint8Array, mediaType: string): PictureSize | null {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const size = sizeOf(view, mediaType);
  return size === null || size.width < 1 || size.height < 1 ? null : size;
}

/** Errors: `file_damaged` for a header that cannot be read, `picture_too_large`. */
export function checkedPictureSize(bytes: Uint8Array, mediaType: string): PictureSize {
  const size = pictureSize(bytes, mediaType);
  if (size === null) throw new AppError('file_damaged');
  if (size.width * size.height > MAX_PIXELS) {
    throw new AppError('picture_too_large', {
      params: { width: size.width, height: size.height, limit: MAX_PIXELS / 1_000_000 },
    });
  }
  return size;
}

function sizeOf(view: Buffer, mediaType: string): PictureSize | null {
  switch (mediaType) {
    case 'image/png':
      return pngSize(view);
    case 'image/jpeg':
      return jpegSize(view);
    case 'image/webp':
      return webpSize(view);
    case 'image/tiff':
      return tiffSize(view);
    default:
      return null;
  }
}

function pngSize(view: Buffer): PictureSize | null {
  if (view.length < 24 || view.toString('hex', 0, 8) !== PNG_SIGNATURE) return null;
  if (view.toString('latin1', 12, 16) !== 'IHDR') return null;
  return { width: view.readUInt32BE(16), height: view.readUInt32BE(20) };
}

/** The largest of the frames before the first scan, should there be several. */
function jpegSize(view: Buffer): PictureSize | null {
  if (view.length < 4 || view.readUInt16BE(0) !== 0xffd8) return null;
  let largest: PictureSize | null = null;
  let at = 2;
  for (let count = 0; count < MAX_JPEG_SEGMENTS && at + 4 <= view.length; count++) {
    if (view[at] !== 0xff) return largest;
    const marker = view.readUInt8(at + 1);
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    if (marker === START_OF_SCAN || marker === END_OF_IMAGE) return largest;
    if (JPEG_FRAME.test(marker.toString(16)) && at + 9 <= view.length) {
      const frame = { width: view.readUInt16BE(at + 7), height: view.readUInt16BE(at + 5) };
      if (largest === null || area(frame) > area(largest)) largest = frame;
    }
    at += 2 + Math.max(2, view.readUInt16BE(at + 2));
  }
  return largest;
}

function webpSize(view: Buffer): PictureSize | null {
  if (view.length < 30 || view.toString('latin1', 8, 12) !== 'WEBP') return null;
  switch (view.toString('latin1', 12, 16)) {
    case 'VP8 ':
      return { width: view.readUInt16LE(26) & 0x3fff, height: view.readUInt16LE(28) & 0x3fff };
    case 'VP8L': {
      const bits = view.readUInt32LE(21);
      return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
    }
    case 'VP8X':
      return { width: view.readUIntLE(24, 3) + 1, height: view.readUIntLE(27, 3) + 1 };
    default:
      return null;
  }
}

function tiffSize(view: Buffer): PictureSize | null {
  const pages = tiffPages(view);
  if (pages.length === 0) return null;
  return pages.reduce(
    (largest, { width, height }) => ({
      width: Math.max(largest.width, width),
      height: Math.max(largest.height, height),
    }),
    { width: 0, height: 0 },
  );
}

function area({ width, height }: PictureSize): number {
  return width * height;
}
