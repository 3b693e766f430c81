/** Draws small pictures of text, in a font that is installed with pdf.js, so that every machine draws the same. */
import { createRequire } from 'node:module';
import path from 'node:path';
import { createCanvas, GlobalFonts, type Canvas } from '@napi-rs/canvas';

export interface Picture {
  readonly bytes: Uint8Array;
  readonly width: number;
  readonly height: number;
}

export interface PictureOptions {
  readonly width?: number;
  readonly height?: number;
  readonly fontPixels?: number;
  /** Where the lines begin, in pixels from the upper left corner. */
  readonly margin?: number;
}

const FONT = 'Text of pictures';
GlobalFonts.registerFromPath(
  path.join(
    path.dirname(createRequire(import.meta.url).resolve('pdfjs-dist/package.json')),
    'standard_fonts',
    'LiberationSans-Regular.ttf',
  ),
  FONT,
);

/** An empty line leaves a gap. */
export function drawnText(lines: readonly string[], options: PictureOptions = {}): Canvas {
  const { width = 1200, fontPixels = 36, margin = 40 } = options;
  const canvas = createCanvas(
    width,
    options.height ?? Math.ceil(lines.length * fontPixels * 1.4) + 2 * margin,
  );
  const context = canvas.getContext('2d');
  context.fillStyle = 'white';
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.fillStyle = 'black';
  context.font = `${fontPixels}px "${FONT}"`;
  lines.forEach((line, index) =>
    context.fillText(line, margin, margin + fontPixels + index * fontPixels * 1.4),
  );
  return canvas;
}

export function pictureFile(canvas: Canvas, format: 'png' | 'jpeg' | 'webp'): Picture {
  const bytes =
    format === 'png'
      ? canvas.toBuffer('image/png')
      : canvas.toBuffer(format === 'jpeg' ? 'image/jpeg' : 'image/webp');
  return { bytes: new Uint8Array(bytes), width: canvas.width, height: canvas.height };
}

/** Turned a quarter to the left, so that a viewer has to turn it to the right. */
export function turnedLeft(canvas: Canvas): Canvas {
  const turned = createCanvas(canvas.height, canvas.width);
  const context = turned.getContext('2d');
  context.translate(0, canvas.width);
  context.rotate(-Math.PI / 2);
  context.drawImage(canvas, 0, 0);
  return turned;
}

/** Puts a little-endian EXIF note of that orientation behind the beginning of a JPEG. */
export function withExif(jpeg: Uint8Array, orientation: number): Uint8Array {
  const note = Buffer.from('ffe1002245786966000049492a0008000000010012010300010000000000000000000000', 'hex');
  note.writeUInt16LE(orientation, 28);
  return new Uint8Array(Buffer.concat([jpeg.subarray(0, 2), note, jpeg.subarray(2)]));
}

interface TiffPageSpec {
  readonly width: number;
  readonly height: number;
  /** One byte a pixel. */
  readonly grey: Uint8Array;
  /** 1 for a thumbnail. */
  readonly subfileType?: number;
}

export function greyPage(canvas: Canvas): TiffPageSpec {
  const { width, height } = canvas;
  const { data } = canvas.getContext('2d').getImageData(0, 0, width, height);
  return { width, height, grey: Uint8Array.from({ length: width * height }, (_, at) => data[at * 4] ?? 0) };
}

/** An uncompressed grey TIFF, in either byte order. */
export function tiffFile(pages: readonly TiffPageSpec[], bigEndian = false): Uint8Array {
  const u16 = (value: number): Buffer => number(value, 2, bigEndian);
  const u32 = (value: number): Buffer => number(value, 4, bigEndian);
  const parts: Buffer[] = [];
  let next = 0;
  // Written from the last page to the first, since each names the one behind it.
  let at = 8;
  for (const page of [...pages].reverse()) {
    const entries = [
      [254, page.subfileType ?? 0],
      [256, page.width],
      [257, page.height],
      [258, 8],
      [259, 1],
      [262, 1],
      [273, at],
      [277, 1],
      [278, page.height],
      [279, page.grey.length],
    ] as const;
    const directory = Buffer.concat([
      u16(entries.length),
      ...entries.map(([tag, value]) => Buffer.concat([u16(tag), u16(4), u32(1), u32(value)])),
      u32(next),
    ]);
    next = at + page.grey.length;
    at = next + directory.length;
    parts.push(Buffer.from(page.grey), directory);
  }
  const header = Buffer.concat([Buffer.from(bigEndian ? 'MM' : 'II'), u16(42), u32(next)]);
  return new Uint8Array(Buffer.concat([header, ...parts]));
}

function number(value: number, length: number, bigEndian: boolean): Buffer {
  const bytes = Buffer.alloc(length);
  if (bigEndian) bytes.writeUIntBE(value, 0, length);
  else bytes.writeUIntLE(value, 0, length);
  return bytes;
}
