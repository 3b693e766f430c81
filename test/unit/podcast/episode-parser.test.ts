import { describe, expect, test } from '@jest/globals';
import type { Extraction } from '../../../backbone/content/model.ts';
import { EPISODE_TYPE, type StoredEpisode } from '../../../backbone/content/podcast/episode.ts';
import { parse } from '../../../backbone/content/podcast/podcast-parser.ts';
import { readAnyTranscript, readChapters } from '../../../backbone/content/transcripts/companion-files.ts';

const EPISODE: StoredEpisode['episode'] = {
  guid: 'g',
  title: 'Lamps',
  show: 'Coast talk',
  authors: ['Ann'],
  persons: [{ name: 'Bob', role: null }],
  language: 'en',
  publishedAt: '2024-01-01',
  season: 1,
  number: 2,
  durationSeconds: 60,
  pageUrl: null,
  imageUrl: null,
  notes: null,
  baseUrl: null,
  audio: { url: 'https://coast.example/1.mp3', type: 'audio/mpeg' },
  transcripts: [],
  chapters: null,
};

const read = (stored: Partial<Omit<StoredEpisode, 'episode'>>, more = {}): Promise<Extraction> =>
  parse(
    {
      bytes: Buffer.from(
        JSON.stringify({
          transcript: null,
          chapters: null,
          warnings: [],
          ...stored,
          episode: { ...EPISODE, ...more },
        }),
      ),
      mediaType: EPISODE_TYPE,
      declaredCharset: null,
      baseUrl: 'https://coast.example/feed.xml',
      fileName: null,
      options: {},
    },
    { progress: () => undefined },
  );
const file = (text: string): { url: string; text: string } => ({ url: 'https://coast.example/x', text });

describe('a stored episode', () => {
  test('is read with transcript and chapters, at moments of its recording', async () => {
    const extraction = await read({
      transcript: file('WEBVTT\n\n00:01.000 --> 00:02.000\n<v Ann>The lamp turns.'),
      chapters: file('{"chapters": [{"startTime": 1, "title": "Dusk"}]}'),
    });
    expect(extraction.blocks.at(-1)).toEqual({
      kind: 'paragraph',
      text: 'The lamp turns.',
      locator: {
        headingPath: ['Transcript', 'Dusk'],
        href: 'https://coast.example/1.mp3',
        startSeconds: 1,
        endSeconds: 2,
        speaker: 'Ann',
        chapter: 'Dusk',
      },
    });
    expect(extraction).toMatchObject({
      metadata: { title: { value: 'Lamps', source: 'feed' }, canonicalUrl: null },
      typeMetadata: { guid: 'g', episode: 2, transcript: { url: 'https://coast.example/x' } },
      warnings: [],
    });
  });

  test('with show notes alone is read, and says what could not be', async () => {
    const extraction = await read(
      {
        transcript: file('{}'),
        chapters: file('[]'),
        warnings: [{ code: 'companion_missing', message: 'x' }],
      },
      { notes: '<p>About lamps.</p>', authors: [] },
    );
    expect(extraction.blocks.map(({ text }) => text)).toEqual(['Show notes', 'About lamps.']);
    expect(extraction.metadata.authors).toBeNull();
    expect(extraction.warnings.map(({ code }) => code)).toEqual([
      'companion_missing',
      'companion_unreadable',
      'companion_unreadable',
    ]);
  });

  test('without a recording has times but no place', async () => {
    const extraction = await read({ transcript: file('00:01.000 --> 00:02.000\nHi') }, { audio: null });
    expect(extraction.blocks.at(-1)?.locator).toEqual({
      headingPath: ['Transcript'],
      startSeconds: 1,
      endSeconds: 2,
    });
    expect(extraction.typeMetadata).toMatchObject({ audio: null });
  });

  test('with nothing has no text yet', async () => {
    expect((await read({})).blocks).toEqual([]);
  });
});

describe('a transcript beside a recording', () => {
  test.each([
    ['{"segments": [{"startTime": 1, "body": "Hi"}]}', 1],
    ['\n1\n00:00:01,000 --> 00:00:02,000\nHi', 1],
    ['WEBVTT\n\n00:01.000 --> 00:02.000\nHi', 1],
    ['<time>0:01</time><p>Hi --></p>', 1],
    ['[music]\nHi', null],
    ['a --> b', null],
  ])('is told by its text: %j', (text, startSeconds) => {
    expect(readAnyTranscript(text).cues.at(-1)).toMatchObject({ startSeconds });
  });

  test.each(['{"cues": []}', 'WEBVTT\n\nNOTE a --> b', ''])('has no cues when there are none: %j', (text) => {
    expect(readAnyTranscript(text).cues).toEqual([]);
  });

  test('has chapters in order of time', () => {
    const chapters = [
      { startTime: 9, title: ' Night\n ' },
      { startTime: 0, title: 'Dusk' },
      { startTime: 5, title: 'Advert', toc: false },
      { startTime: 'x', title: 'No' },
      { startTime: 6 },
      null,
    ];
    expect(readChapters(JSON.stringify({ chapters }))).toEqual([
      { title: 'Dusk', startSeconds: 0 },
      { title: 'Night', startSeconds: 9 },
    ]);
  });

  test.each(['', 'null', '{"chapters": 5}', '[]'])('has no chapters in %j', (text) => {
    expect(readChapters(text)).toEqual([]);
  });
});

describe('an episode of a page', () => {
  test('names the page as the source of what it says', async () => {
    const bytes = Buffer.from(
      JSON.stringify({ origin: 'page', episode: EPISODE, transcript: null, chapters: null, warnings: [] }),
    );
    const { metadata } = await parse(
      {
        bytes,
        mediaType: EPISODE_TYPE,
        declaredCharset: null,
        baseUrl: null,
        fileName: null,
        options: {},
      },
      { progress: () => undefined },
    );
    expect(metadata).toMatchObject({ title: { source: 'page' }, authors: { source: 'page' } });
  });
});
