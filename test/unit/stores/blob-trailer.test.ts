import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  decodeTrailer,
  encodeTrailer,
  isMediaType,
  TRAILER_BYTES,
} from '../../../backbone/stores/blobs/blob-trailer.ts';

const facts = { sizeBytes: 12, sha256: 'ab'.repeat(32), mediaType: 'text/plain' };

describe('the trailer of a blob', () => {
  test('has one length, whatever the media type and size', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[ -~]{0,280}$/), fc.nat(), (parameter, sizeBytes) => {
        const mediaType = `text/plain; ${parameter}`;
        fc.pre(isMediaType(mediaType));
        const written = { ...facts, mediaType, sizeBytes };
        const trailer = encodeTrailer(written);
        expect(trailer).toHaveLength(TRAILER_BYTES);
        expect(decodeTrailer(trailer, sizeBytes + TRAILER_BYTES)).toEqual(written);
      }),
    );
  });

  test('is refused when the file is longer or shorter than it was', () => {
    expect(decodeTrailer(encodeTrailer(facts), 12 + TRAILER_BYTES)).toEqual(facts);
    expect(decodeTrailer(encodeTrailer(facts), 11 + TRAILER_BYTES)).toBeNull();
    expect(decodeTrailer(encodeTrailer(facts), 13 + TRAILER_BYTES)).toBeNull();
  });

  test.each([
    ['too few bytes', Buffer.alloc(TRAILER_BYTES - 1, ' ')],
    ['no JSON', Buffer.alloc(TRAILER_BYTES, 'x')],
    ['JSON that is no object', Buffer.from('null'.padEnd(TRAILER_BYTES))],
    ['another format', Buffer.from(JSON.stringify({ ...facts, format: 'blob/2' }).padEnd(TRAILER_BYTES))],
    ['no hash', Buffer.from(JSON.stringify({ ...facts, format: 'blob/1', sha256: 1 }).padEnd(TRAILER_BYTES))],
    [
      'no type',
      Buffer.from(JSON.stringify({ ...facts, format: 'blob/1', mediaType: 1 }).padEnd(TRAILER_BYTES)),
    ],
  ])('is refused when it is %s', (_, bytes) => {
    expect(decodeTrailer(bytes, 12 + TRAILER_BYTES)).toBeNull();
  });

  test('takes common media types', () => {
    for (const mediaType of [
      'application/vnd.oasis.opendocument.text',
      'text/html; charset="utf-8"',
      'a/b;c=d',
    ]) {
      expect(isMediaType(mediaType)).toBe(true);
    }
  });
});
