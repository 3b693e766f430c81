import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readAudioTags, type AudioTags } from '../../../backbone/content/podcast/audio-tags.ts';
import { AppError } from '../../../backbone/errors.ts';
import {
  buildM4a,
  buildMp3,
  buildWav,
  chapterFrame,
  textFrame,
  timedFrame,
} from '../../support/audio-file.ts';

const DAMAGED = 'file_damaged';
/** Far more than any of them takes, for machines that are busy. */
const PATIENCE_MS = 60_000;

const uint32 = (value: number, order: 'big' | 'little' = 'big'): Buffer => {
  const bytes = Buffer.alloc(4);
  if (order === 'big') bytes.writeUInt32BE(value);
  else bytes.writeUInt32LE(value);
  return bytes;
};
const joined = (...parts: readonly (Buffer | string | readonly number[])[]): Buffer =>
  Buffer.concat(
    parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : Buffer.from(part))),
  );

/** An ID3v2.3 tag that says it has `size` bytes, then whatever follows. */
const tagged = (size: number, ...parts: readonly Buffer[]): Buffer =>
  joined(
    'ID3',
    [3, 0, 0],
    [21, 14, 7, 0].map((shift) => (size >> shift) & 0x7f),
    ...parts,
  );
/** A frame that says it has `size` bytes. */
const frame = (id: string, size: number, body: Buffer): Buffer => joined(id, uint32(size), [0, 0], body);
const chunk = (id: string, size: number, body: Buffer = Buffer.alloc(0)): Buffer =>
  joined(id, uint32(size, 'little'), body);
const atom = (name: string, size: number, body: Buffer = Buffer.alloc(0)): Buffer =>
  joined(uint32(size), name, body);

const SOUND = buildMp3([], 1).subarray(10);
const CHAPTER = joined(
  'a\0',
  uint32(0),
  uint32(1),
  uint32(0),
  uint32(0),
  frame('TIT2', 0x7fffffff, joined('\0x')),
);
const FTYP = atom('ftyp', 20, joined('M4A \0\0\0\0M4A '));
const STREAM_INFO = joined('fLaC', [0, 0, 0, 34], Buffer.alloc(34));

const TINY = frame('TXXX', 1, Buffer.from([0]));
const NESTED = Array.from({ length: 3000 }).reduce<Buffer>((inner) => {
  const body = joined('a\0', uint32(0), uint32(1), uint32(0), uint32(0), inner);
  return frame('CHAP', body.length, body);
}, TINY);

const titleIn = (read: AudioTags | string): string | null => (typeof read === 'string' ? read : read.title);

/** The tags, or the code of the error. */
async function outcome(bytes: Buffer, mediaType: string): Promise<AudioTags | string> {
  try {
    return await readAudioTags(bytes, mediaType);
  } catch (error) {
    if (error instanceof AppError) return error.code;
    throw error;
  }
}

describe('an audio file that lies', () => {
  test.each([
    ['a tag larger than the file', tagged(0x0fffffff, frame('TIT2', 5, joined('\0Lamp')), SOUND)],
    [
      'a tag of words without an end',
      tagged(2_000_010, frame('SYLT', 2_000_000, joined('\0eng\x02\x01\0', Buffer.alloc(2_000_000, 65)))),
    ],
  ])('about %s is damaged', async (_, bytes) => {
    expect(await outcome(bytes, 'audio/mpeg')).toBe(DAMAGED);
  });

  test.each([
    ['a frame larger than its tag', tagged(30, frame('TIT2', 0xffffffff, Buffer.alloc(20)), SOUND)],
    ['a frame of no size', tagged(30, frame('TIT2', 0, Buffer.alloc(20)), SOUND)],
    [
      'a title larger than its chapter',
      tagged(CHAPTER.length + 10, frame('CHAP', CHAPTER.length, CHAPTER), SOUND),
    ],
  ])('about %s is read without it', async (_, bytes) => {
    expect(await outcome(bytes, 'audio/mpeg')).toMatchObject({
      title: null,
      durationSeconds: expect.any(Number) as unknown,
    });
  });

  test.each([
    [
      'audio/x-m4a',
      'atoms larger than the file',
      joined(FTYP, atom('moov', 0xfffffff0, atom('mvhd', 0xffffff00))),
    ],
    ['audio/x-m4a', 'atoms beyond numbers', joined(FTYP, atom('moov', 1, Buffer.alloc(8, 0xff)))],
    [
      'audio/flac',
      'the number of its comments',
      joined(STREAM_INFO, [0x84, 0, 0, 12], uint32(0), uint32(0xffffffff), uint32(0)),
    ],
  ])('(%s) about %s is damaged', async (mediaType, _, bytes) => {
    expect(await outcome(bytes, mediaType)).toBe(DAMAGED);
  });

  test.each([
    [
      'audio/wav',
      'the size of its format',
      joined(chunk('RIFF', 0xffffffff), 'WAVE', chunk('fmt ', 0xfffffff0)),
    ],
    [
      'audio/flac',
      'the size of its comments',
      joined(STREAM_INFO, [0x84, 0xff, 0xff, 0xff], uint32(0xfffffff0, 'little')),
    ],
  ])('(%s) about %s has no tags', async (mediaType, _, bytes) => {
    expect([DAMAGED, null]).toContain(titleIn(await outcome(bytes, mediaType)));
  });
});

describe('an audio file without end', () => {
  test.each([
    ['audio/mpeg', 'frames that never begin', Buffer.alloc(300_000, 0xff)],
    ['audio/mpeg', 'frames that are none', Buffer.alloc(300_000, Buffer.from([0xff, 0xfb]))],
    [
      'audio/flac',
      'blocks of nothing',
      joined(STREAM_INFO, Buffer.alloc(2_000_000, Buffer.from([1, 0, 0, 0]))),
    ],
    ['audio/x-m4a', 'atoms of nothing', joined(FTYP, Buffer.alloc(1_600_000, atom('free', 8)))],
  ])(
    '(%s) of %s is given up',
    async (mediaType, _, bytes) => {
      expect(await outcome(bytes, mediaType)).toBe(DAMAGED);
    },
    PATIENCE_MS,
  );

  test.each([
    ['frames of a tag', 'audio/mpeg', tagged(11 * 100_000, Buffer.alloc(11 * 100_000, TINY), SOUND)],
    ['chapters within chapters', 'audio/mpeg', tagged(NESTED.length, NESTED, SOUND)],
    [
      'chunks of nothing',
      'audio/wav',
      joined(chunk('RIFF', 0xffffffff), 'WAVE', Buffer.alloc(800_000, chunk('junk', 0))),
    ],
  ])(
    'of %s is read to its end, or given up',
    async (_, mediaType, bytes) => {
      expect([DAMAGED, null]).toContain(titleIn(await outcome(bytes, mediaType)));
    },
    PATIENCE_MS,
  );

  test('that is long, but sound, is read: minutes with a rate that changes at each frame', async () => {
    const quiet = joined([0xff, 0xf3, 0x14, 0xc4], Buffer.alloc(20));
    const loud = joined([0xff, 0xf3, 0x24, 0xc4], Buffer.alloc(44));
    const tags = await readAudioTags(Buffer.alloc(7500 * 72, joined(quiet, loud)), 'audio/mpeg');
    expect(tags.durationSeconds).toBeCloseTo(360, 0);
  });
});

test('an audio file with any of its bytes changed, or cut anywhere, has tags or is damaged', async () => {
  const files: readonly (readonly [string, Buffer])[] = [
    [
      'audio/mpeg',
      buildMp3(
        [textFrame('TIT2', 'Lamps'), chapterFrame('a', 0, 'Dusk'), timedFrame([['The lamp', 500]])],
        0.2,
      ),
    ],
    ['audio/x-m4a', buildM4a('Lamps', [['Dusk', 0]])],
    ['audio/wav', buildWav(1).subarray(0, 500)],
  ];
  const change = fc.record({ at: fc.nat(400), byte: fc.nat(255) });
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...files),
      fc.array(change, { maxLength: 8 }),
      fc.nat(3000),
      async ([mediaType, whole], changes, length) => {
        const bytes = Buffer.from(whole);
        for (const { at, byte } of changes) bytes[at % bytes.length] = byte;
        const read = await outcome(bytes.subarray(0, length), mediaType);
        expect(typeof read === 'string' ? read : DAMAGED).toBe(DAMAGED);
      },
    ),
    { numRuns: 300 },
  );
});
