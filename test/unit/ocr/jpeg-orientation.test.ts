import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  isSideways,
  jpegOrientation,
  withPlainOrientation,
} from '../../../backbone/content/document/ocr/jpeg-orientation.ts';
import { drawnText, pictureFile, withExif } from '../../support/pictures.ts';

const jpeg = pictureFile(drawnText(['A'], { width: 20, height: 10 }), 'jpeg').bytes;

describe('the orientation of a JPEG', () => {
  test('is upright when nothing is said', () => {
    expect(jpegOrientation(jpeg)).toBe(1);
    expect(withPlainOrientation(jpeg, 1)).toBe(jpeg);
  });

  test.each([1, 2, 3, 4, 5, 6, 7, 8])('%s is read in both byte orders', (orientation) => {
    expect(jpegOrientation(withExif(jpeg, orientation))).toBe(orientation);
    expect(jpegOrientation(withPlainOrientation(jpeg, orientation))).toBe(orientation);
    expect(isSideways(orientation)).toBe(orientation > 4);
  });

  test.each([0, 9, 700])('%s means nothing', (orientation) => {
    expect(jpegOrientation(withExif(jpeg, orientation))).toBe(1);
  });

  test.each([
    ['of an unknown byte order', 'XX2a0008000000010012010300010000000600'],
    ['whose directory lies outside', '49492a00ff0000000100120103000100000006000000'],
    ['that is cut off', '49492a00'],
    ['without the entry', '49492a00080000000100000103000100000006000000000000'],
  ])('is upright with a note %s', (_what, note) => {
    const exif = Buffer.from(note.replace('XX', '5858'), 'hex');
    const segment = Buffer.concat([Buffer.from('ffe1000045786966000000', 'hex').subarray(0, 10), exif]);
    segment.writeUInt16BE(segment.length - 2, 2);
    const file = Buffer.concat([jpeg.subarray(0, 2), segment, jpeg.subarray(2)]);
    expect(jpegOrientation(file)).toBe(1);
  });

  test('never fails on hostile bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (rest) => {
        for (const start of ['ffd8', 'ffd8ffe1', 'ffd8ffe1002245786966000049492a00']) {
          const found = jpegOrientation(Buffer.concat([Buffer.from(start, 'hex'), rest]));
          expect(found).toBeGreaterThanOrEqual(1);
          expect(found).toBeLessThanOrEqual(8);
        }
      }),
    );
  });
});
