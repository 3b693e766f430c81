import { AppError } from '../../errors.ts';

/** Of a whole key: S3 allows 1,024 bytes, a path on Windows 260 characters without its long form. */
export const MAX_KEY_LENGTH = 512;
export const MAX_KEY_SEGMENTS = 16;
/** Each capital costs two bytes on disk (see below), and a file name has 255. */
export const MAX_SEGMENT_LENGTH = 120;

const SEGMENT = /^[A-Za-z0-9._=-]+$/;
const PREFIX = /^[A-Za-z0-9._=/-]*$/;
/** Names of devices on Windows, with any extension. */
const RESERVED = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/;
const RESERVED_MARK = '+_';

/**
 * Slash-separated segments of `A-Z a-z 0-9 . _ = -`, none of them empty or ending in a dot (so neither
 * `.` nor `..`; Windows drops trailing dots).
 * @throws AppError invalid_request
 */
export function checkBlobKey(key: string): void {
  const segments = key.length > MAX_KEY_LENGTH ? [] : key.split('/');
  if (segments.length === 0 || segments.length > MAX_KEY_SEGMENTS || !segments.every(isSegment)) {
    throw unusable('key', key);
  }
}

/**
 * Any beginning of a key, so also one that ends within a segment.
 * @throws AppError invalid_request
 */
export function checkBlobPrefix(prefix: string): void {
  const whole = prefix.split('/').slice(0, -1);
  const isPrefix = prefix.length <= MAX_KEY_LENGTH && PREFIX.test(prefix) && whole.length < MAX_KEY_SEGMENTS;
  if (!isPrefix || !whole.every(isSegment)) throw unusable('prefix', prefix);
}

/**
 * A segment as a file name. File systems that ignore case would make one file of `Qw` and `qW`, so a
 * capital is written as `+` and its small letter; `+` is in no key.
 */
export function fileNameOf(segment: string): string {
  const name = segment.replaceAll(/[A-Z]/g, (capital) => `+${capital.toLowerCase()}`);
  return RESERVED.test(name) ? RESERVED_MARK + name : name;
}

/** The segment of a file name, or null when `fileNameOf` does not make that name. */
export function segmentOf(fileName: string): string | null {
  const name = fileName.startsWith(RESERVED_MARK) ? fileName.slice(RESERVED_MARK.length) : fileName;
  const segment = name.replaceAll(/\+[a-z]/g, (escaped) => escaped.slice(1).toUpperCase());
  return isSegment(segment) && fileNameOf(segment) === fileName ? segment : null;
}

function isSegment(segment: string): boolean {
  return segment.length <= MAX_SEGMENT_LENGTH && SEGMENT.test(segment) && !segment.endsWith('.');
}

function unusable(field: 'key' | 'prefix', value: string): AppError {
  return new AppError('invalid_request', {
    fields: [
      { field, message: `${JSON.stringify(value.slice(0, 100))} cannot be a ${field} of the blob store` },
    ],
  });
}
