import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { deflateSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { AppError } from '../../../backbone/errors.ts';
import { bytesSource, withFileBytes } from '../../../backbone/content/video/film/byte-source.ts';
import { captionAddresses } from '../../../backbone/content/video/film/captions-beside.ts';
import { chosenSubtitles, type Film } from '../../../backbone/content/video/film/film.ts';
import { readFilm, type FilmInput } from '../../../backbone/content/video/film/film-parser.ts';
import { dateOf, labelOf, languageOf, textOf } from '../../../backbone/content/video/film/film-values.ts';
import { readMatroskaFilm } from '../../../backbone/content/video/film/matroska-film.ts';
import { readMp4Film } from '../../../backbone/content/video/film/mp4-film.ts';
import { sampleText } from '../../../backbone/content/video/film/mp4-text.ts';
import { buildMatroska, element, unsigned } from '../../support/matroska-file.ts';
import { box, buildMp4, uint32, type TimedLine } from '../../support/mp4-file.ts';

const FIXTURES = path.resolve(import.meta.dirname, '../../fixtures/video');
const SAMPLES = path.resolve(import.meta.dirname, '../../../backbone/samples');
const LINES: readonly TimedLine[] = [
  [1000, 2000, 'Put out the <i>flame</i>.'],
  [4000, 1000, 'Then wait.'],
];
const WORDS = ['Put out the flame.', 'Then wait.'];

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'films-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const mp4 = (bytes: Buffer): Film => readMp4Film(bytesSource(bytes), 'mp4');
const matroska = (bytes: Buffer): Film => readMatroskaFilm(bytesSource(bytes), 'matroska');
const textsOf = ({ subtitles }: Film, at = 0): readonly string[] =>
  (subtitles[at]?.transcript.cues ?? []).map(({ text }) => text);
const startsOf = ({ subtitles }: Film): readonly (number | null)[] =>
  (subtitles[0]?.transcript.cues ?? []).map(({ startSeconds }) => startSeconds);

describe('files that ffmpeg wrote', () => {
  test.each([
    [
      'film.mkv',
      'S_TEXT/UTF8',
      (file: string) => withFileBytes(file, (s) => readMatroskaFilm(s, 'matroska')),
    ],
    [
      'film.webm',
      'D_WEBVTT/SUBTITLES',
      (file: string) => withFileBytes(file, (s) => readMatroskaFilm(s, 'webm')),
    ],
    ['film.mov', 'text', (file: string) => withFileBytes(file, (s) => readMp4Film(s, 'quicktime'))],
  ])('%s is read with its facts, chapters and subtitles', (name, codec, read) => {
    const film = read(path.join(FIXTURES, name));
    expect(film).toMatchObject({
      title: 'Keepers',
      artists: ['Vera Lens'],
      publishedAt: '2024-05-01',
      chapters: [
        { title: 'By the sea', startSeconds: 0 },
        { title: 'At the hives', startSeconds: 4 },
      ],
    });
    expect(film.durationSeconds).toBeGreaterThan(7.9);
    expect(film.tracks.map(({ kind }) => kind)).toEqual(['video', 'audio', 'subtitles']);
    expect(film.tracks[0]).toMatchObject({ width: 64, height: 48 });
    expect(film.subtitles[0]).toMatchObject({ codec });
    expect(textsOf(film)).toEqual(['The keeper polished the lenses.', 'Bees dance to tell of nectar.']);
  });

  test('the bundled film is read', () => {
    const film = withFileBytes(path.join(SAMPLES, 'film.mp4'), (source) => readMp4Film(source, 'mp4'));
    expect(film).toMatchObject({ title: 'How to Trim a Wick', artists: ['Olav Brand'], durationSeconds: 17 });
    expect(textsOf(film)).toHaveLength(5);
    expect(startsOf(film)).toEqual([0, 1.735, 4.92, 8.48, 13.27]);
  });
});

describe('an MP4 file', () => {
  test.each(['tx3g', 'text', 'wvtt'] as const)('has texts as %s', (codec) => {
    const film = mp4(buildMp4({ texts: [{ codec, language: 'deu', lines: LINES }] }));
    expect(film.subtitles[0]).toMatchObject({ language: 'de', codec, isDefault: true });
    expect(textsOf(film)).toEqual(WORDS);
    expect(startsOf(film)).toEqual([1, 4]);
  });

  test('has texts in UTF-16, and none in samples that are too short', () => {
    const utf16 = Buffer.concat([Buffer.from([0, 4]), Buffer.from('\ufeffé', 'utf16le').swap16()]);
    expect(sampleText('tx3g', utf16)).toBe('é');
    expect(sampleText('tx3g', Buffer.alloc(1))).toBe('');
    expect(sampleText('avc1', utf16)).toBe('');
  });

  test.each([
    ['an empty edit', [0, 1, 500, 0xffff_ffff, 0x1_0000], [1.5, 4.5]],
    ['a later start', [0, 1, 60_000, 1000, 0x1_0000], [0, 3]],
  ])('is shown later or earlier by %s', (_name, edits, starts) => {
    const film = mp4(buildMp4({ texts: [{ lines: LINES, edits: Buffer.concat(edits.map(uint32)) }] }));
    expect(startsOf(film)).toEqual(starts);
  });

  test('has subtitles of an unread kind as a track alone', () => {
    const film = mp4(buildMp4({ texts: [{ codec: 'stpp', lines: LINES }] }));
    expect(film.tracks.at(-1)).toMatchObject({ kind: 'subtitles', codec: 'stpp' });
    expect(film.subtitles).toEqual([]);
  });

  test('has 64-bit headers', () => {
    const long = (...values: readonly number[]): Buffer =>
      Buffer.concat(
        values.map((value) => {
          const bytes = Buffer.alloc(8);
          bytes.writeBigUInt64BE(BigInt(value));
          return bytes;
        }),
      );
    const header = box('mvhd', uint32(0x0100_0000), long(0, 0), uint32(1000), long(61_000), Buffer.alloc(80));
    const index = Buffer.concat([uint32(1), Buffer.from('moov'), long(16 + header.length), header]);
    expect(mp4(index)).toMatchObject({ durationSeconds: 61, tracks: [] });
    const open = Buffer.concat([uint32(0), Buffer.from('moov'), header]);
    expect(mp4(open)).toMatchObject({ durationSeconds: 61 });
  });

  test('without an index is damaged', () => {
    for (const bytes of [
      Buffer.alloc(0),
      Buffer.from('short'),
      box('ftyp'),
      box('moov'),
      uint32(5),
      uint32(1),
    ])
      expect(() => mp4(bytes)).toThrow(new AppError('file_damaged'));
  });
});

describe('a Matroska file', () => {
  const ssa = (text: string): Buffer =>
    Buffer.from(`0,0,Default,Ann,0,0,0,,${text.replaceAll('<i>', '{\\i1}').replaceAll('</i>', '{\\i0}')}`);
  const vtt = (text: string): Buffer => Buffer.from(`id\nalign:start\n${text}`);
  const compressed = (...inner: readonly Buffer[]): readonly Buffer[] => [
    element('6d80', element('6240', element('5034', ...inner))),
  ];

  test.each([
    ['S_TEXT/UTF8', {}],
    ['S_TEXT/WEBVTT', { isSimple: true }],
    ['S_TEXT/ASS', { packed: ssa }],
    ['D_WEBVTT/SUBTITLES', { packed: vtt }],
    ['S_TEXT/UTF8', { packed: (text: string) => deflateSync(text), extra: compressed() }],
    [
      'S_TEXT/UTF8',
      {
        packed: (text: string) => Buffer.from(text.slice(1)),
        extra: compressed(unsigned('4254', 3), element('4255', Buffer.from('P'))),
        lines: LINES.slice(0, 1),
      },
    ],
  ])('has texts as %s %#', (codec, how) => {
    const film = matroska(buildMatroska({ texts: [{ codec, lines: LINES, ...how }] }));
    expect(textsOf(film)).toEqual(WORDS.slice(0, 'lines' in how ? 1 : 2));
    expect(startsOf(film)[0]).toBe(1);
  });

  test.each([
    ['packed in another way', compressed(unsigned('4254', 1))],
    ['encrypted', [element('6d80', element('6240', element('5035')))]],
  ])('has no texts that are %s', (_name, extra) => {
    expect(matroska(buildMatroska({ texts: [{ lines: LINES, extra }] })).subtitles).toEqual([]);
  });

  test('leaves out what does not unpack', () => {
    const film = matroska(buildMatroska({ texts: [{ lines: LINES, extra: compressed() }] }));
    expect(textsOf(film)).toEqual([]);
  });

  test('of a live stream has no lengths', () => {
    const lines: readonly TimedLine[] = [...LINES, [40_000, 1000, 'Light it.']];
    const film = matroska(buildMatroska({ isLive: true, texts: [{ lines }] }));
    expect(textsOf(film)).toEqual([...WORDS, 'Light it.']);
    expect(startsOf(film).at(-1)).toBe(40);
  });

  test('that breaks off is read as far as it goes', () => {
    const lines: readonly TimedLine[] = [...LINES, [40_000, 1000, 'Light it.']];
    const whole = buildMatroska({ texts: [{ lines }] });
    expect(textsOf(matroska(whole.subarray(0, whole.length - 30)))).toEqual(WORDS);
  });

  test('has facts, chapters that are shown, and tags of its own', () => {
    const film = matroska(
      buildMatroska({
        tags: { TITLE: 'Wicks', DIRECTOR: 'Ann Lee', SUMMARY: 'How to', DATE: '2020' },
        chapters: [
          [10, 'Cut'],
          [0, 'Put out'],
          [20, 'Hidden', true],
        ],
        texts: [{ language: 'ger', isForced: true, isDefault: false, lines: LINES }],
      }),
    );
    expect(film).toMatchObject({
      title: 'Wicks',
      artists: ['Ann Lee'],
      description: 'How to',
      publishedAt: '2020',
      durationSeconds: 60,
      subtitles: [{ isForced: true, isDefault: false, language: 'de' }],
    });
    expect(film.chapters.map(({ title }) => title)).toEqual(['Put out', 'Cut']);
  });

  test('without tracks is damaged', () => {
    expect(() => matroska(element('1a45dfa3'))).toThrow(AppError);
  });
});

test('cut or changed files are read or refused, nothing else', () => {
  const files = [
    buildMp4({
      title: 'A',
      chapters: [[0, 'x']],
      texts: [{ lines: LINES }, { codec: 'wvtt', lines: LINES }],
    }),
    buildMatroska({
      title: 'A',
      chapters: [[0, 'x']],
      texts: [{ lines: LINES }, { codec: 'S_TEXT/ASS', lines: LINES }],
    }),
  ] as const;
  const change = fc.record({ at: fc.double({ min: 0, max: 1, noNaN: true }), byte: fc.nat(255) });
  fc.assert(
    fc.property(
      fc.nat(1),
      fc.array(change, { maxLength: 8 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (which, changes, cut) => {
        const bytes = Buffer.from(files[which] ?? files[0]).subarray(
          0,
          Math.ceil((files[which] ?? files[0]).length * (0.5 + cut)),
        );
        for (const { at, byte } of changes) bytes[Math.floor(at * bytes.length)] = byte;
        try {
          const film = which === 0 ? mp4(bytes) : matroska(bytes);
          expect(film.subtitles.length).toBeLessThanOrEqual(2);
        } catch (error) {
          expect(error).toMatchObject({ code: 'file_damaged' });
        }
      },
    ),
    { numRuns: 500 },
  );
});

describe('subtitles', () => {
  const of = (
    language: string | null,
    isDefault: boolean,
    isForced = false,
    text = 'x',
  ): Film['subtitles'][number] => ({
    language,
    codec: 'tx3g',
    isDefault,
    isForced,
    transcript: {
      cues: text === '' ? [] : [{ startSeconds: 0, endSeconds: 1, speaker: null, text }],
      isCutOff: false,
    },
  });

  test.each([
    [[of('en', false), of('de', true)], [], 'de'],
    [[of('en', false), of('de', true)], ['fr', 'en-GB'], 'en'],
    [[of('en', true, true), of('de', false)], ['en'], 'de'],
    [[of('en', true, false, ''), of(null, false)], [], null],
  ])('are chosen by language, then as the file says %#', (subtitles, wanted, language) => {
    expect(chosenSubtitles(subtitles, wanted)).toMatchObject({ language });
  });

  test('are none where nothing is said', () => {
    expect(chosenSubtitles([of('en', true, false, '')], [])).toBeNull();
  });
});

describe('a film as an extraction', () => {
  const read = async (
    bytes: Buffer,
    given: Partial<FilmInput> = {},
  ): Promise<ReturnType<typeof readFilm>> => {
    const file = path.join(folder, 'film');
    await writeFile(file, bytes);
    return readFilm({
      file,
      mediaType: 'video/mp4',
      fileName: 'a film.mp4',
      url: null,
      languages: [],
      captions: null,
      ...given,
    });
  };

  test('has its file’s name as title, and the language of its sound where nothing is written', async () => {
    const extraction = await read(await readFile(path.join(SAMPLES, 'film.mp4')), {
      mediaType: 'video/x-m4v',
    });
    expect(extraction.metadata.language).toEqual({ value: 'en', source: 'video-file' });
    const bare = await read(buildMatroska({ docType: 'webm' }), { mediaType: 'video/webm' });
    expect(bare).toMatchObject({ blocks: [], metadata: { title: { value: 'a film' }, language: null } });
    const mov = await read(buildMp4({ brand: 'qt  ' }), { mediaType: 'video/quicktime' });
    expect(mov.typeMetadata).toMatchObject({ container: 'quicktime', transcript: null });
  });

  test('is read by captions beside it, unless there are some in it', async () => {
    const captions = '1\n00:00:01,000 --> 00:00:02,000\nBeside.\n';
    const url = 'https://films.example/a.mkv';
    const beside = await read(buildMatroska({}), { mediaType: 'video/matroska', captions, url });
    expect(beside.blocks.at(-1)).toMatchObject({ text: 'Beside.', locator: { startSeconds: 1, href: url } });
    const within = await read(buildMp4({ texts: [{ lines: LINES }] }), { captions });
    expect(within.blocks.map(({ text }) => text).join(' ')).not.toContain('Beside');
  });

  test('without tracks is damaged, and of another type nothing that comes here', async () => {
    const index = box('moov', box('mvhd', Buffer.alloc(100)));
    await expect(read(index)).rejects.toMatchObject({ code: 'file_damaged' });
    await expect(read(index, { mediaType: 'video/avi' })).rejects.toThrow('No film is read');
  });
});

test('values are made safe', () => {
  expect([labelOf(' a\0\nb '), labelOf(' '), labelOf(null)]).toEqual(['a b', null, null]);
  expect([textOf(' a\n\0b '), textOf('\0')]).toEqual(['a\nb', null]);
  expect(['eng', 'und', 'pt-BR', 'x', '!!', null, 'en-a-b'].map(languageOf)).toEqual([
    'en',
    null,
    'pt-BR',
    null,
    null,
    null,
    null,
  ]);
  expect(['2024', '2024-05-01', 'May', '2024-99-01', undefined].map(dateOf)).toEqual([
    '2024',
    '2024-05-01',
    null,
    null,
    null,
  ]);
});

test('captions beside a film have its name', () => {
  expect(captionAddresses('https://a.example/b/film.MP4?sig=1#t=5')).toEqual([
    'https://a.example/b/film.vtt',
    'https://a.example/b/film.srt',
  ]);
  expect(captionAddresses('https://a.example/watch')).toEqual([]);
});
