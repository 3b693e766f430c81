import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  checkedPictureSize,
  MAX_PIXELS,
  pictureSize,
} from '../../../backbone/content/document/ocr/picture-size.ts';
import { tiffPageFile, tiffPages } from '../../../backbone/content/document/ocr/tiff-pages.ts';
import { drawnText, greyPage, pictureFile, tiffFile } from '../../support/pictures.ts';

const TYPES = ['image/png', 'image/jpeg', 'image/webp', 'image/tiff'] as const;
const sides = fc.integer({ min: 1, max: 65_535 });

function pngHeader(width: number, height: number): Buffer {
  const header = Buffer.from('89504e470d0a1a0a0000000d494844520000000000000000080600000000000000', 'hex');
  header.writeUInt32BE(width, 16);
  header.writeUInt32BE(height, 20);
  return header;
}

function jpegFrame(marker: number, width: number, height: number): Buffer {
  const frame = Buffer.from([0xff, marker, 0, 11, 8, 0, 0, 0, 0, 1, 1, 0x11, 0]);
  frame.writeUInt16BE(height, 5);
  frame.writeUInt16BE(width, 7);
  return frame;
}

const jpegHeader = (...segments: readonly Buffer[]): Buffer =>
  Buffer.concat([Buffer.from([0xff, 0xd8]), ...segments, Buffer.from([0xff, 0xda, 0, 2, 0, 0])]);

function webpHeader(kind: string, write: (header: Buffer) => void): Buffer {
  const header = Buffer.alloc(40);
  header.write('RIFF', 0, 'latin1');
  header.write(`WEBP${kind}`, 8, 'latin1');
  write(header);
  return header;
}

describe('the size of a picture', () => {
  test.each(['png', 'jpeg', 'webp'] as const)('is read from a %s', (format) => {
    const { bytes } = pictureFile(drawnText(['A'], { width: 321, height: 123 }), format);
    expect(pictureSize(bytes, `image/${format}`)).toEqual({ width: 321, height: 123 });
  });

  test('is read from headers of every size', () => {
    fc.assert(
      fc.property(sides, sides, (width, height) => {
        const size = { width, height };
        expect(pictureSize(pngHeader(width, height), 'image/png')).toEqual(size);
        expect(pictureSize(jpegHeader(jpegFrame(0xc2, width, height)), 'image/jpeg')).toEqual(size);
        const extended = webpHeader('VP8X', (header) => {
          header.writeUIntLE(width - 1, 24, 3);
          header.writeUIntLE(height - 1, 27, 3);
        });
        expect(pictureSize(extended, 'image/webp')).toEqual(size);
      }),
    );
  });

  test('is read from WebP of both codings', () => {
    const sidesOfWebp = fc.integer({ min: 1, max: 16_383 });
    fc.assert(
      fc.property(sidesOfWebp, sidesOfWebp, (width, height) => {
        const lossless = webpHeader('VP8L', (header) => {
          header.writeUInt32LE(((width - 1) | ((height - 1) << 14)) >>> 0, 21);
        });
        const lossy = webpHeader('VP8 ', (header) => {
          header.writeUInt16LE(width, 26);
          header.writeUInt16LE(height, 28);
        });
        expect(pictureSize(lossless, 'image/webp')).toEqual({ width, height });
        expect(pictureSize(lossy, 'image/webp')).toEqual({ width, height });
      }),
    );
  });

  test('of a JPEG is that of its largest frame, behind whatever stands before', () => {
    const comment = Buffer.from([0xff, 0xfe, 0, 4, 1, 2]);
    const fill = Buffer.from([0xff]);
    const huffman = Buffer.from([0xff, 0xc4, 0, 9, 0, 0xff, 0xff, 0xff, 0xff, 0, 0]);
    const frames = [jpegFrame(0xc0, 10, 20), fill, jpegFrame(0xc1, 300, 200), jpegFrame(0xc1, 5, 5)];
    expect(pictureSize(jpegHeader(comment, huffman, ...frames), 'image/jpeg')).toEqual({
      width: 300,
      height: 200,
    });
  });

  test.each([
    ['a JPEG without a frame', Buffer.from('ffd8ffd9ffff', 'hex'), 'image/jpeg'],
    ['a JPEG that ends in a segment', Buffer.from('ffd8fffe0004', 'hex'), 'image/jpeg'],
    ['a JPEG with rubbish behind its beginning', Buffer.from('ffd80000000000', 'hex'), 'image/jpeg'],
    ['a PNG without its first chunk', Buffer.from('89504e470d0a1a0a'.padEnd(60, '0'), 'hex'), 'image/png'],
    ['a picture without a side', pngHeader(0, 7), 'image/png'],
    ['a WebP of an unknown coding', webpHeader('ABCD', () => undefined), 'image/webp'],
    ['a TIFF without pages', tiffFile([]), 'image/tiff'],
    ['something else', Buffer.from('hello'), 'text/plain'],
  ])('is not known of %s', (_what, bytes, mediaType) => {
    expect(pictureSize(bytes, mediaType)).toBeNull();
    expect(() => checkedPictureSize(bytes, mediaType)).toThrow(
      expect.objectContaining({ code: 'file_damaged' }),
    );
  });

  test('never fails on hostile bytes', () => {
    const starts = [
      Buffer.alloc(0),
      pngHeader(1, 1),
      Buffer.from('ffd8', 'hex'),
      Buffer.from('II*\0\x08\0\0\0', 'latin1'),
      Buffer.from('MM\0*\0\0\0\x08', 'latin1'),
      webpHeader('VP8X', () => undefined).subarray(0, 16),
    ];
    fc.assert(
      fc.property(fc.constantFrom(...starts), fc.uint8Array({ maxLength: 200 }), (start, rest) => {
        const bytes = Buffer.concat([start, rest]);
        for (const type of TYPES) pictureSize(bytes, type);
      }),
    );
  });

  test('is refused when it stands for too many pixels', () => {
    expect(() => checkedPictureSize(pngHeader(100_000, 100_000), 'image/png')).toThrow(
      expect.objectContaining({
        code: 'picture_too_large',
        params: { width: 100_000, height: 100_000, limit: 40 },
      }),
    );
    fc.assert(
      fc.property(sides, sides, (width, height) => {
        const check = (): unknown => checkedPictureSize(pngHeader(width, height), 'image/png');
        if (width * height > MAX_PIXELS) expect(check).toThrow();
        else expect(check()).toEqual({ width, height });
      }),
    );
  });
});

describe('the pages of a TIFF', () => {
  const page = (width: number, height: number): { width: number; height: number; grey: Uint8Array } => ({
    width,
    height,
    grey: new Uint8Array(width * height).fill(255),
  });

  test.each([false, true])('are found in both byte orders (big-endian: %s)', (bigEndian) => {
    const file = tiffFile([page(3, 4), page(20, 10)], bigEndian);
    expect(tiffPages(file).map(({ width, height }) => [width, height])).toEqual([
      [3, 4],
      [20, 10],
    ]);
    expect(pictureSize(file, 'image/tiff')).toEqual({ width: 20, height: 10 });
  });

  test('can each be made the first, without a change to the file given', () => {
    const file = tiffFile([page(3, 4), page(20, 10)]);
    const before = Buffer.from(file);
    const [, second] = tiffPages(file);
    if (second === undefined) throw new Error('there is no second page');
    expect(tiffPages(tiffPageFile(file, second))[0]).toMatchObject({ width: 20, height: 10 });
    expect(Buffer.from(file).equals(before)).toBe(true);
    const big = tiffFile([page(3, 4), page(20, 10)], true);
    const [, other] = tiffPages(big);
    if (other === undefined) throw new Error('there is no second page');
    expect(tiffPages(tiffPageFile(big, other))).toHaveLength(1);
  });

  test('leave thumbnails out', () => {
    expect(tiffPages(tiffFile([page(30, 40), { ...page(3, 4), subfileType: 1 }]))).toHaveLength(1);
  });

  test('end where the list of them runs in a circle, or out of the file', () => {
    const file = Buffer.from(tiffFile([page(2, 2)]));
    const directory = file.readUInt32LE(4);
    const next = directory + 2 + file.readUInt16LE(directory) * 12;
    file.writeUInt32LE(directory, next);
    expect(tiffPages(file)).toHaveLength(1);
    file.writeUInt32LE(4_000_000_000, next);
    expect(tiffPages(file)).toHaveLength(1);
    file.writeUInt16LE(60_000, directory);
    expect(tiffPages(file)).toHaveLength(0);
  });

  test('of a drawing have its size', () => {
    const canvas = drawnText(['A'], { width: 64, height: 32 });
    expect(tiffPages(tiffFile([greyPage(canvas)]))).toMatchObject([{ width: 64, height: 32 }]);
  });
});
