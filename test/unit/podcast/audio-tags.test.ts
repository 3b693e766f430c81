import { describe, expect, test } from '@jest/globals';
import { readAudioTags } from '../../../backbone/content/podcast/audio-tags.ts';
import {
  buildM4a,
  buildMp3,
  buildWav,
  chapterFrame,
  coverFrame,
  languageFrame,
  textFrame,
  timedFrame,
  type Id3Frame,
} from '../../support/audio-file.ts';

const read = (...frames: readonly Id3Frame[]): ReturnType<typeof readAudioTags> =>
  readAudioTags(buildMp3(frames), 'audio/mpeg');

describe('audio tags', () => {
  test('of an MP3 are read with its duration', async () => {
    const tags = await read(
      textFrame('TIT2', 'Lamps \n of the  coast'),
      textFrame('TPE1', 'Ann Lee'),
      textFrame('TALB', 'Coast talk'),
      textFrame('TCON', 'Podcast'),
      textFrame('TLAN', 'eng'),
      textFrame('TYER', '2024'),
      languageFrame('COMM', '00000000 0000', 'iTunNORM'),
      languageFrame('COMM', 'How a lamp turns.'),
      coverFrame(),
    );
    expect(tags).toMatchObject({
      title: 'Lamps of the coast',
      artists: ['Ann Lee'],
      show: 'Coast talk',
      genres: ['Podcast'],
      language: 'en',
      publishedAt: '2024',
      notes: 'How a lamp turns.',
      codec: 'MPEG 1 Layer 3',
      hasCover: true,
      chapters: [],
      transcript: null,
    });
    expect(tags.durationSeconds).toBeCloseTo(2, 1);
  });

  test('that are missing are null', async () => {
    expect(await readAudioTags(buildWav(3), 'audio/wav')).toMatchObject({
      title: null,
      artists: [],
      show: null,
      genres: [],
      language: null,
      publishedAt: null,
      notes: null,
      durationSeconds: 3,
      hasCover: false,
      chapters: [],
      transcript: null,
    });
  });

  test.each(['und', 'XXX', 'English spoken', '12'])(
    'that call the language %j leave it unknown',
    async (name) => {
      expect((await read(textFrame('TLAN', name))).language).toBeNull();
    },
  );

  test.each([
    ['TDRL', '2020-06-29', '2020-06-29'],
    ['TDRL', '2020-13-45', null],
    ['TDRL', 'soon', null],
  ])('with %s %s give the date %p', async (id, text, date) => {
    expect((await read(textFrame(id, text))).publishedAt).toBe(date);
  });

  test('prefer the long description to comments', async () => {
    const tags = await read(languageFrame('COMM', 'Short.'), textFrame('TDES', 'Long and told.'));
    expect(tags.notes).toBe('Long and told.');
  });

  test('give chapters in order of time, without those that have no name', async () => {
    const tags = await read(
      chapterFrame('b', 61_500, 'Night'),
      chapterFrame('a', 0, 'Dusk'),
      chapterFrame('c', 90_000, null),
      chapterFrame('d', 95_000, ' '),
      chapterFrame('e', 4_294_960_000, 'Beyond'),
    );
    expect(tags.chapters).toEqual([
      { title: 'Dusk', startSeconds: 0 },
      { title: 'Night', startSeconds: 61.5 },
    ]);
  });

  test('of an M4A are read with the chapters of Nero', async () => {
    const tags = await readAudioTags(
      buildM4a('Lamps', [
        ['Dusk', 0],
        ['Night', 42],
      ]),
      'audio/x-m4a',
    );
    expect(tags).toMatchObject({
      title: 'Lamps',
      chapters: [
        { title: 'Dusk', startSeconds: 0 },
        { title: 'Night', startSeconds: 42 },
      ],
    });
  });

  test.each([
    ['no audio at all', Buffer.from('just words')],
    ['an M4A that ends in the middle', buildM4a('Lamps', []).subarray(0, 60)],
    ['atoms of no size', Buffer.from('\0\0\0\x0cftypM4A \0\0\0\x02moov', 'latin1')],
  ])('of %s fail as damaged or are empty', async (_, bytes) => {
    const tags = await readAudioTags(bytes, 'audio/x-m4a').catch((error: unknown) => error);
    expect(tags).toMatchObject(
      tags instanceof Error ? { code: 'file_damaged' } : { title: null, chapters: [], transcript: null },
    );
  });
});

describe('a transcript in the tags', () => {
  const cuesOf = async (...frames: readonly Id3Frame[]): Promise<unknown> =>
    (await read(...frames)).transcript?.cues;
  const cue = (startSeconds: number | null, endSeconds: number | null, text: string): unknown => ({
    startSeconds,
    endSeconds,
    speaker: null,
    text,
  });

  test('as timed words keeps the times, and is preferred', async () => {
    const timed = timedFrame([
      ['The lamp', 500],
      [' turns', 1500],
    ]);
    expect(await cuesOf(languageFrame('USLT', 'The lamp turns'), timed)).toEqual([
      cue(0.5, 1.5, 'The lamp'),
      cue(1.5, null, 'turns'),
    ]);
  });

  test('with times in frames of MPEG has none', async () => {
    expect(await cuesOf(timedFrame([['The lamp', 500]], 1))).toEqual([cue(null, null, 'The lamp')]);
  });

  test('as a text is its lines', async () => {
    expect(await cuesOf(languageFrame('USLT', 'The lamp\r\nturns\n\nby night'))).toEqual([
      cue(null, null, 'The lamp'),
      cue(null, null, 'turns'),
      cue(null, null, 'by night'),
    ]);
  });

  test('as captions is read by them', async () => {
    expect(await cuesOf(languageFrame('USLT', '1\n00:00:01,000 --> 00:00:02,000\nThe lamp'))).toEqual([
      cue(1, 2, 'The lamp'),
    ]);
    expect(await cuesOf(languageFrame('USLT', 'a --> b'))).toEqual([cue(null, null, 'a --> b')]);
  });
});
