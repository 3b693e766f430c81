import { describe, expect, test } from '@jest/globals';
import type { Extraction, JsonObject } from '../../../backbone/content/model.ts';
import { parse } from '../../../backbone/content/podcast/podcast-parser.ts';
import { buildMp3, chapterFrame, languageFrame, textFrame, timedFrame } from '../../support/audio-file.ts';

interface Source {
  readonly mediaType?: string;
  readonly fileName?: string;
  readonly baseUrl?: string;
  readonly options?: JsonObject;
}

function read(bytes: Uint8Array | string, source: Source = {}): Promise<Extraction> {
  const { mediaType = 'audio/mpeg', fileName = null, baseUrl = null, options = {} } = source;
  const input = { bytes: Buffer.from(bytes), mediaType, declaredCharset: null, baseUrl, fileName, options };
  return parse(input, { progress: () => undefined });
}

const outlineOf = ({ blocks }: Extraction): unknown =>
  blocks.map(({ kind, text, locator }) => [kind, text, locator.startSeconds, locator.headingPath]);

describe('an audio file', () => {
  test('is read as show notes, then the transcript under its chapters', async () => {
    const notes = '<p>How a <b>lamp</b> turns.</p><h1>Links</h1><p><a href="/more">More</a></p>';
    const mp3 = buildMp3([
      textFrame('TIT2', 'Lamps'),
      textFrame('TPE1', 'Ann Lee'),
      textFrame('TALB', 'Coast talk'),
      textFrame('TDES', notes),
      chapterFrame('a', 0, 'Dusk'),
      chapterFrame('b', 5000, 'Night'),
      timedFrame([
        ['The lamp', 0],
        ['turns.', 1000],
        ['It is dark.', 5000],
      ]),
    ]);
    const extraction = await read(mp3, { baseUrl: 'https://coast.example/1.mp3' });
    expect(outlineOf(extraction)).toEqual([
      ['heading', 'Show notes', undefined, undefined],
      ['paragraph', 'How a lamp turns.', undefined, ['Show notes']],
      ['heading', 'Links', undefined, ['Show notes']],
      ['paragraph', 'More', undefined, ['Show notes', 'Links']],
      ['heading', 'Transcript', 0, undefined],
      ['heading', 'Dusk', 0, ['Transcript']],
      ['paragraph', 'The lamp turns.', 0, ['Transcript', 'Dusk']],
      ['heading', 'Night', 5, ['Transcript']],
      ['paragraph', 'It is dark.', 5, ['Transcript', 'Night']],
    ]);
    expect(extraction.blocks[2]).toMatchObject({ level: 3 });
    expect(extraction.blocks[6]?.locator).toMatchObject({
      href: 'https://coast.example/1.mp3',
      endSeconds: 5,
      chapter: 'Dusk',
    });
    expect(extraction).toMatchObject({
      metadata: {
        title: { value: 'Lamps', source: 'audio-tags' },
        authors: { value: ['Ann Lee'] },
        siteName: { value: 'Coast talk' },
        language: null,
      },
      typeMetadata: {
        show: 'Coast talk',
        audio: { hasCover: false },
        chapters: [
          { title: 'Dusk', startSeconds: 0 },
          { title: 'Night', startSeconds: 5 },
        ],
        transcript: { source: 'audio-tags' },
      },
      links: [{ url: 'https://coast.example/more', text: 'More' }],
      warnings: [],
    });
  });

  test('without a transcript is its show notes', async () => {
    const mp3 = buildMp3([languageFrame('COMM', 'How a lamp turns.\n\nAnd why.')]);
    const extraction = await read(mp3, { fileName: 'lamps.mp3' });
    expect(extraction.blocks.map(({ text }) => text)).toEqual([
      'Show notes',
      'How a lamp turns.',
      'And why.',
    ]);
    expect(extraction).toMatchObject({
      metadata: { title: { value: 'lamps', source: 'file-name' }, authors: null },
      typeMetadata: { transcript: null },
      warnings: [],
    });
  });

  test('with neither has no text yet', async () => {
    expect((await read(buildMp3([]))).blocks).toEqual([]);
    expect((await read(buildMp3([textFrame('TDES', '<p> </p>')]))).blocks).toEqual([]);
  });

  test('that is empty fails', async () => {
    await expect(read('')).rejects.toMatchObject({ code: 'source_empty' });
  });
});

describe('a transcript as a file', () => {
  const SRT = '1\n00:00:01,000 --> 00:00:02,500\nAnn: The lamp turns.\n';

  test('is read with times and speakers', async () => {
    const extraction = await read(SRT, { mediaType: 'application/x-subrip', fileName: 'lamps.srt' });
    expect(extraction.blocks).toEqual([
      {
        kind: 'heading',
        level: 2,
        text: 'Transcript',
        locator: { startSeconds: 1, endSeconds: 2.5, speaker: 'Ann' },
      },
      {
        kind: 'paragraph',
        text: 'The lamp turns.',
        locator: { headingPath: ['Transcript'], startSeconds: 1, endSeconds: 2.5, speaker: 'Ann' },
      },
    ]);
    expect(extraction).toMatchObject({
      metadata: { title: { value: 'lamps' } },
      typeMetadata: { transcript: { source: 'file' } },
      warnings: [],
    });
  });

  test('without captions has no text', async () => {
    await expect(read('WEBVTT\n\nNOTE nothing', { mediaType: 'text/vtt' })).rejects.toMatchObject({
      code: 'no_text',
    });
  });

  test('that is too large fails, and one that is too long is cut off with a warning', async () => {
    const source = { mediaType: 'text/vtt', options: { maxTextBytes: 10 } };
    await expect(read(`WEBVTT\n\n${SRT}`, source)).rejects.toMatchObject({ code: 'source_too_large' });
    const long = `WEBVTT\n\n${'00:01.000 --> 00:02.000\nWords\n\n'.repeat(50_001)}`;
    expect(await read(long, { mediaType: 'text/vtt' })).toMatchObject({
      warnings: [{ code: 'transcript_cut_off' }],
    });
  });
});
