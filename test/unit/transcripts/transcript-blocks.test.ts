import { describe, expect, test } from '@jest/globals';
import { canonicalText } from '../../../backbone/content/model.ts';
import { linkTo } from '../../../backbone/content/search-hits.ts';
import { chunkText } from '../../../backbone/content/steps/chunk.ts';
import { mergeRepeats } from '../../../backbone/content/transcripts/merged-cues.ts';
import { transcriptBlocks } from '../../../backbone/content/transcripts/transcript-blocks.ts';
import type { Cue } from '../../../backbone/content/transcripts/transcript.ts';

const PLACE = { chapters: [], headingPath: [], chapterLevel: 3, href: null };
const cue = (startSeconds: number, text: string, more: Partial<Cue> = {}): Cue => ({
  startSeconds,
  endSeconds: startSeconds + 1,
  speaker: null,
  text,
  ...more,
});

describe('captions that repeat', () => {
  test('lines as they roll up say each line once', () => {
    const rolling = [
      cue(0, 'the lamp'),
      cue(1, 'the lamp\nturns by night'),
      cue(2, 'turns by night', { endSeconds: 2.01 }),
      cue(2.01, 'turns by night\nand rests'),
      cue(3.01, 'and rests', { endSeconds: 9 }),
    ];
    expect(mergeRepeats(rolling)).toEqual([
      cue(0, 'the lamp'),
      cue(1, 'turns by night', { endSeconds: 2.01 }),
      cue(2.01, 'and rests', { endSeconds: 9 }),
    ]);
  });

  test('a line that grows say each word once', () => {
    const growing = [cue(0, 'the'), cue(1, 'the lamp'), cue(2, 'the lamp turns\nby night')];
    expect(mergeRepeats(growing).map(({ text }) => text)).toEqual(['the', 'lamp', 'turns\nby night']);
  });

  test('after a pause, from another voice or without times are kept', () => {
    const said = [
      cue(0, 'No.'),
      cue(5, 'No.'),
      cue(6, 'No.', { speaker: 'Bob' }),
      cue(7, 'No.', { speaker: 'Bob', startSeconds: null, endSeconds: null }),
      cue(8, 'No.', { speaker: 'Bob', endSeconds: null }),
      cue(8, 'No.', { speaker: 'Bob' }),
    ];
    expect(mergeRepeats(said)).toEqual(said);
  });
});

describe('a transcript as blocks', () => {
  test('begins a paragraph where the speaker changes and after a pause', () => {
    const cues = [
      cue(0, 'The lamp', { speaker: 'Ann' }),
      cue(1, 'turns.', { speaker: 'Ann' }),
      cue(2, 'Why?', { speaker: 'Bob' }),
      cue(5, 'Say.', { speaker: 'Bob', endSeconds: null }),
    ];
    expect(transcriptBlocks(cues, { ...PLACE, href: 'https://coast.example/1.mp3' })).toEqual([
      {
        kind: 'paragraph',
        text: 'The lamp turns.',
        locator: { href: 'https://coast.example/1.mp3', startSeconds: 0, endSeconds: 2, speaker: 'Ann' },
      },
      {
        kind: 'paragraph',
        text: 'Why?',
        locator: { href: 'https://coast.example/1.mp3', startSeconds: 2, endSeconds: 3, speaker: 'Bob' },
      },
      {
        kind: 'paragraph',
        text: 'Say.',
        locator: { href: 'https://coast.example/1.mp3', startSeconds: 5, speaker: 'Bob' },
      },
    ]);
  });

  test('has the chapters as headings, each above what is said in it', () => {
    const chapters = [
      { title: 'Night', startSeconds: 2 },
      { title: 'Silence', startSeconds: 3 },
      { title: 'Day', startSeconds: 4 },
    ];
    const cues = [cue(0, 'Before.'), cue(2, 'Dark.'), cue(4, 'Bright.')];
    const blocks = transcriptBlocks(cues, { ...PLACE, chapters, headingPath: ['Transcript'] });
    expect(
      blocks.map(({ kind, text, locator }) => [kind, text, locator.headingPath, locator.chapter]),
    ).toEqual([
      ['paragraph', 'Before.', ['Transcript'], undefined],
      ['heading', 'Night', ['Transcript'], 'Night'],
      ['paragraph', 'Dark.', ['Transcript', 'Night'], 'Night'],
      ['heading', 'Day', ['Transcript'], 'Day'],
      ['paragraph', 'Bright.', ['Transcript', 'Day'], 'Day'],
    ]);
    expect(blocks[1]).toMatchObject({ level: 3, locator: { startSeconds: 2 } });
  });

  test('ends a long paragraph with its sentence, and one without sentences all the same', () => {
    const long = (text: string): readonly number[] =>
      transcriptBlocks(
        Array.from({ length: 40 }, (_, at) => cue(at, text)),
        PLACE,
      ).map(({ text: all }) => all.length);
    expect(Math.max(...long('twenty characters ok.'))).toBeLessThan(270);
    expect(Math.max(...long('twenty characters ok'))).toBeLessThan(640);
  });

  test('puts spaces between words, but not where the script has none', () => {
    const joined = (...texts: readonly string[]): string =>
      transcriptBlocks(
        texts.map((text) => cue(0, text, { endSeconds: null, startSeconds: null })),
        PLACE,
      )
        .map(({ text }) => text)
        .join('|');
    expect(joined('one\ntwo', 'three')).toBe('one two three');
    expect(joined('灯台は', '回る')).toBe('灯台は回る');
  });

  test('keeps the times in its chunks', () => {
    const words =
      'Something is said about the lamp and how it turns at night, in twenty words or a few more.';
    const cues = Array.from({ length: 200 }, (_, at) => cue(at, words));
    const chunks = chunkText(canonicalText(transcriptBlocks(cues, PLACE)), { title: null, language: 'en' });
    expect(chunks.length).toBeGreaterThan(5);
    for (const [at, { locator }] of chunks.entries()) {
      expect(locator.startSeconds).toBe(at === 0 ? 0 : chunks[at - 1]?.locator.endSeconds);
    }
  });
});

describe('the link to a moment', () => {
  const row = { text: 'Words', url: 'https://coast.example/feed.xml#x' };

  test('leads to the recording at that second', () => {
    const locator = { startSeconds: 83.9, href: 'https://coast.example/1.mp3' };
    expect(linkTo({ ...row, locator })).toBe('https://coast.example/1.mp3#t=83');
    expect(linkTo({ ...row, url: null, locator })).toBe('https://coast.example/1.mp3#t=83');
  });

  test('leads to the address of the content when the recording has none of its own', () => {
    expect(linkTo({ ...row, locator: { startSeconds: 0 } })).toBe('https://coast.example/feed.xml#t=0');
    expect(linkTo({ ...row, url: null, locator: { startSeconds: 0 } })).toBeNull();
  });
});
