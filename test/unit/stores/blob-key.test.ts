import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  checkBlobKey,
  checkBlobPrefix,
  fileNameOf,
  MAX_KEY_LENGTH,
  MAX_SEGMENT_LENGTH,
  segmentOf,
} from '../../../backbone/stores/blobs/blob-key.ts';

const segments = fc.stringMatching(/^[A-Za-z0-9._=-]{1,40}$/).filter((segment) => !segment.endsWith('.'));

describe('file names of key segments', () => {
  test('lead back to the segment', () => {
    fc.assert(fc.property(segments, (segment) => segmentOf(fileNameOf(segment)) === segment));
  });

  test('differ also where case is ignored', () => {
    fc.assert(
      fc.property(segments, segments, (one, other) => {
        fc.pre(one !== other);
        return fileNameOf(one).toLowerCase() !== fileNameOf(other).toLowerCase();
      }),
    );
  });

  test('are never those of a device on Windows', () => {
    for (const name of ['con', 'nul.txt', 'com1', 'lpt9.a.b', 'aux', 'prn']) {
      expect(fileNameOf(name)).toBe(`+_${name}`);
      expect(segmentOf(fileNameOf(name))).toBe(name);
    }
    expect(fileNameOf('console')).toBe('console');
  });

  test('fit into 255 bytes', () => {
    expect(fileNameOf('A'.repeat(MAX_SEGMENT_LENGTH)).length).toBeLessThanOrEqual(255);
  });

  test.each(['+.incoming', '+_a', 'A', 'ä', '+1', 'a+', '.', '..', 'x.', ''])(
    '%j is none of ours',
    (name) => {
      expect(segmentOf(name)).toBeNull();
    },
  );
});

describe('keys', () => {
  test('of allowed segments pass, and so does each of their beginnings', () => {
    fc.assert(
      fc.property(fc.array(segments, { minLength: 1, maxLength: 8 }), fc.nat(), (parts, cut) => {
        const key = parts.join('/');
        checkBlobKey(key);
        checkBlobPrefix(key.slice(0, cut % (key.length + 1)));
      }),
    );
  });

  test('whatever they are, either are refused or stay below the folder', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('.', '/', 'a', '\\', '..', 'A', '\0'), { maxLength: 12 }),
        (parts) => {
          const key = parts.join('');
          try {
            checkBlobKey(key);
          } catch (error) {
            expect(error).toMatchObject({ code: 'invalid_request', fields: [{ field: 'key' }] });
            return;
          }
          expect(key.split('/').every((segment) => /^[\w.=-]*[\w=-]$/.test(segment))).toBe(true);
        },
      ),
    );
  });

  test('and prefixes have a longest length', () => {
    const longest = `${'a'.repeat(100)}/`.repeat(5) + 'a'.repeat(MAX_KEY_LENGTH - 505);
    expect(() => checkBlobKey(longest)).not.toThrow();
    expect(() => checkBlobKey(`${longest}a`)).toThrow();
    expect(() => checkBlobPrefix(longest)).not.toThrow();
    expect(() => checkBlobPrefix(`${longest}a`)).toThrow();
  });
});
