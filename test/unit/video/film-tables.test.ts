import { describe, expect, test } from '@jest/globals';
import { bytesSource } from '../../../backbone/content/video/film/byte-source.ts';
import type { Film } from '../../../backbone/content/video/film/film.ts';
import { languageOf } from '../../../backbone/content/video/film/film-values.ts';
import { readMp4Film } from '../../../backbone/content/video/film/mp4-film.ts';
import { samplesIn } from '../../../backbone/content/video/film/mp4-samples.ts';
import { box, uint32 } from '../../support/mp4-file.ts';

const numbers = (...values: readonly number[]): Buffer => Buffer.concat(values.map(uint32));
const long = (value: number): Buffer => numbers(Math.floor(value / 2 ** 32), value % 2 ** 32);
const VERSION_1 = 0x0100_0000;

/** Two texts behind each other, in one chunk. */
const TEXTS = Buffer.from('\0\x03One\0\x03Two', 'latin1');
const HEAD = box('mdat', TEXTS);
const TABLE = [
  box('stsd', numbers(0, 1), box('text', Buffer.alloc(8))),
  box('stts', numbers(0, 1, 2, 1000)),
  box('stsc', numbers(0, 1, 1, 2, 1)),
  box('stsz', numbers(0, 5, 2)),
];

interface LongTrack {
  readonly id: number;
  readonly handler: string;
  readonly extra?: readonly Buffer[];
  readonly language?: string;
}

/** With the 64-bit headers that long films have. */
function longTrack({ id, handler, extra = [], language = '' }: LongTrack): Buffer {
  const header = box(
    'tkhd',
    numbers(VERSION_1 + 1),
    long(0),
    long(0),
    uint32(id),
    Buffer.alloc(64),
    numbers(64 << 16, 48 << 16),
  );
  const media = box('mdhd', uint32(VERSION_1), long(0), long(0), uint32(1000), long(2000), numbers(0));
  const extended = language === '' ? [] : [box('elng', uint32(0), Buffer.from(`${language}\0`))];
  const table = box('stbl', ...TABLE, box('co64', numbers(0, 1), long(8)));
  const handled = box('hdlr', numbers(0, 0), Buffer.from(handler));
  return box('trak', header, ...extra, box('mdia', media, ...extended, handled, box('minf', table)));
}

function filmOf(...parts: readonly Buffer[]): Film {
  const index = box('moov', box('mvhd', numbers(0, 0, 0, 1000, 2000), Buffer.alloc(80)), ...parts);
  return readMp4Film(bytesSource(Buffer.concat([HEAD, index])), 'quicktime');
}

describe('the index of an MP4 file', () => {
  test('may count in 64 bits, and name a language in full', () => {
    const edits = box(
      'edts',
      box(
        'elst',
        numbers(VERSION_1, 2),
        long(500),
        long(2 ** 64 - 2048),
        numbers(1),
        long(9),
        long(0),
        numbers(1),
      ),
    );
    const film = filmOf(
      longTrack({ id: 1, handler: 'vide' }),
      longTrack({ id: 2, handler: 'sbtl', language: 'pt-BR', extra: [edits] }),
    );
    expect(film.tracks[0]).toMatchObject({ kind: 'video', width: 64, height: 48 });
    expect(film.subtitles).toMatchObject([
      {
        language: 'pt-BR',
        transcript: {
          cues: [
            { startSeconds: 0.5, text: 'One' },
            { startSeconds: 1.5, text: 'Two' },
          ],
        },
      },
    ]);
  });

  test('names a track whose texts are chapters, and no subtitles', () => {
    const film = filmOf(
      longTrack({
        id: 1,
        handler: 'vide',
        extra: [box('tref', box('chap', numbers(7)), box('hint', numbers(8)))],
      }),
      longTrack({ id: 7, handler: 'text' }),
    );
    expect(film.chapters).toEqual([
      { title: 'One', startSeconds: 0 },
      { title: 'Two', startSeconds: 1 },
    ]);
    expect(film.subtitles).toEqual([]);
    expect(film.tracks).toHaveLength(1);
  });

  test('has tags as QuickTime writes them', () => {
    const name = Buffer.concat([Buffer.from([0, 5, 0, 0]), Buffer.from('Wicks and more')]);
    expect(filmOf(longTrack({ id: 1, handler: 'soun' }), box('udta', box('\xa9nam', name))).title).toBe(
      'Wicks',
    );
  });

  test('has chapters by an old list', () => {
    const entry = Buffer.concat([long(50_000_000), Buffer.from([3]), Buffer.from('End')]);
    const list = box('chpl', uint32(0), Buffer.from([2]), entry);
    expect(filmOf(box('udta', list)).chapters).toEqual([{ title: 'End', startSeconds: 5 }]);
    expect(filmOf(box('udta', box('chpl', uint32(0)))).chapters).toEqual([]);
  });

  test('lacks what tracks need', () => {
    const header = box('tkhd', Buffer.alloc(84));
    expect(
      filmOf(box('trak'), box('trak', header), box('trak', header, box('mdia', box('hdlr', Buffer.alloc(4)))))
        .tracks,
    ).toEqual([]);
    const bare = box('trak', header, box('mdia', box('hdlr', numbers(0, 0), Buffer.from('sbtl'))));
    expect(filmOf(bare).tracks).toMatchObject([{ kind: 'subtitles', codec: 'unknown', language: null }]);
  });
});

describe('the samples of a track', () => {
  const sizes = (...of: readonly number[]): Buffer => box('stsz', numbers(0, 0, of.length, ...of));
  const durations = box('stts', numbers(0, 2, 2, 10, 9, 20));
  const placesOf = (...table: readonly Buffer[]): readonly number[] =>
    [...samplesIn(Buffer.concat(table))].map(({ offset }) => offset);

  test('stand in chunks of different numbers', () => {
    const chunks = box('stsc', numbers(0, 2, 1, 2, 1, 3, 1, 1));
    const offsets = box('stco', numbers(0, 3, 100, 200, 300));
    const table = [sizes(1, 2, 3, 4, 5), chunks, offsets, durations];
    expect(placesOf(...table)).toEqual([100, 101, 200, 203, 300]);
    expect([...samplesIn(Buffer.concat(table))].map(({ start }) => start)).toEqual([0, 10, 20, 40, 60]);
  });

  test('end where a list does', () => {
    const chunks = box('stsc', numbers(0, 1, 1, 1, 1));
    const offsets = box('stco', numbers(0, 2, 100, 200));
    expect(placesOf(sizes(1, 2, 3), chunks, offsets, durations)).toEqual([100, 200]);
    expect(placesOf(sizes(1, 2, 3), chunks, offsets)).toEqual([]);
    expect(placesOf(sizes(1), box('stsc', numbers(0, 1, 1, 0, 1)), offsets, durations)).toEqual([]);
    expect(placesOf(sizes(1), chunks, box('co64', numbers(0, 1)), durations)).toEqual([]);
    expect(placesOf(box('stsz', numbers(0, 0, 5)), chunks, offsets, durations)).toEqual([]);
    expect(placesOf(chunks, offsets)).toEqual([]);
    expect(placesOf(sizes(1))).toEqual([]);
  });
});

test('a language tag that is none is left out', () => {
  expect(languageOf('en-ab-cd-ef')).toBeNull();
});
