import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parse } from '../../../backbone/content/ebook/ebook-parser.ts';
import { nativeId } from '../../../backbone/content/ebook/ebook-identity.ts';
import { createHuffmanUnpacker } from '../../../backbone/content/ebook/mobi/huff-cdic.ts';
import { readIndex } from '../../../backbone/content/ebook/mobi/index-records.ts';
import { languageOf } from '../../../backbone/content/ebook/mobi/languages.ts';
import { unpackPalmdoc } from '../../../backbone/content/ebook/mobi/palmdoc.ts';
import { withoutTrailingEntries } from '../../../backbone/content/ebook/mobi/trailing-entries.ts';
import { AppError } from '../../../backbone/errors.ts';
import { describeThrown } from '../../../backbone/content/parsing/parse-protocol.ts';
import type { Extraction } from '../../../backbone/content/model.ts';
import type { ParserInput } from '../../../backbone/content/parsing/parser.ts';
import {
  buildMobi,
  huffmanRecords,
  indexOf,
  numberBytes,
  packedPhrase,
  palmDatabase,
  plainPhrase,
  type MobiSpec,
} from '../../support/mobi-builder.ts';

const inputOf = (bytes: Uint8Array, options = {}): ParserInput => ({
  bytes,
  mediaType: 'application/x-mobipocket-ebook',
  declaredCharset: null,
  baseUrl: null,
  fileName: 'book.mobi',
  options,
});
const read = (spec: MobiSpec, options = {}): Promise<Extraction> =>
  parse(inputOf(buildMobi(spec), options), { progress: () => undefined });
const refused = (bytes: Uint8Array): Promise<Extraction> =>
  parse(inputOf(bytes), { progress: () => undefined });
const lines = ({ blocks }: Extraction): readonly string[] =>
  blocks.map(({ text, locator }) => `${locator.chapter ?? '-'}: ${text}`);

const PREFACE = '<html><head></head><body><p>Before all.</p><mbp:pagebreak/>';
const SEA = '<h1>The sea</h1><p>Waves &amp; wind – for ever.</p><mbp:pagebreak/>';
const ICE = '<h2>The ice</h2><p>It melts.</p></body></html>';
const TEXT = PREFACE + SEA + ICE;
const iceAt = Buffer.byteLength(PREFACE + SEA);
const CONTENTS = [
  { label: 'The sea', offset: PREFACE.length },
  { label: 'The ice', offset: iceAt, parent: 0 },
];
const WANTED = [
  '-: Before all.',
  'The sea: The sea',
  'The sea: Waves & wind – for ever.',
  'The ice: The ice',
  'The ice: It melts.',
];

describe('a book of the old form', () => {
  test.each(['none', 'palmdoc', 'huffman'] as const)(
    'packed by %s is read by chapters',
    async (compression) => {
      const extraction = await read({ text: TEXT, contents: CONTENTS, compression });
      expect(lines(extraction)).toEqual(WANTED);
      expect(extraction.typeMetadata['chapters']).toEqual([
        { title: 'The sea', depth: 1 },
        { title: 'The ice', depth: 2 },
      ]);
    },
  );

  test('in windows-1252 with trailing entries is decoded', async () => {
    const trailing = { flags: 0b11, bytes: Buffer.of(0, 1, 0x82) };
    const extraction = await read({ text: '<p>Caf\u00e9</p>', encoding: 'windows-1252', trailing });
    expect(lines(extraction)).toEqual(['-: Café']);
  });

  test('without an index takes its chapters from the page of contents, which is no text', async () => {
    const page = (at: number): string =>
      `<p><a filepos="${`${at}`.padStart(6, '0')}">By <b>the</b> sea</a> <a filepos=1></a></p><mbp:pagebreak/>`;
    const head = (at: number): string =>
      `<html><head><guide><reference type="text" filepos=5><reference type="toc" filepos=${`${at}`.padStart(6, '0')} /></guide></head><body><mbp:pagebreak/>`;
    const pageAt = head(0).length;
    const seaAt = pageAt + page(0).length;
    const extraction = await read({ text: `${head(pageAt)}${page(seaAt)}<p>Waves.</p>` });
    expect(lines(extraction)).toEqual(['By the sea: Waves.']);
  });

  test('says who wrote it, when and in which language', async () => {
    const { metadata, typeMetadata } = await read({
      text: TEXT,
      title: 'Name in the header',
      exth: [
        [100, 'Ann &amp; Bo'],
        [101, 'Coast Press'],
        [103, '<p>About <i>waves</i>.</p>'],
        [104, '0-306-40615-2'],
        [105, 'sea'],
        [106, '2008-06-27T00:00:00+00:00'],
        [108, 'A Program'],
        [109, 'free'],
        [113, 'B00X'],
        [503, 'Of waves'],
        [524, 'en-gb'],
      ],
    });
    expect(metadata).toMatchObject({
      title: { value: 'Of waves', source: 'exth' },
      authors: { value: ['Ann & Bo'] },
      language: { value: 'en-gb' },
      publishedAt: { value: '2008-06-27' },
      description: { value: 'About waves.' },
    });
    expect(typeMetadata).toMatchObject({
      titles: ['Of waves', 'Name in the header'],
      publisher: 'Coast Press',
      isbn: '9780306406157',
      subjects: ['sea'],
      rights: 'free',
      identifiers: [{ isbn: '9780306406157' }, { scheme: 'ASIN', value: 'B00X' }],
      creators: [{ name: 'Ann & Bo', role: 'aut' }, { name: 'A Program' }],
    });
  });

  test('without such a block has the title and language of its header', async () => {
    const { metadata } = await read({ text: TEXT, title: 'Plain', languageCode: 0x0407 });
    expect(metadata).toMatchObject({
      title: { value: 'Plain' },
      language: { value: 'de' },
      authors: null,
      publishedAt: null,
    });
    expect(
      (await read({ text: TEXT, title: '', languageCode: 0, exth: [[106, 'soon']] })).metadata,
    ).toMatchObject({
      title: { value: 'book' },
      language: null,
      publishedAt: null,
    });
    expect(languageOf(500)).toBeNull();
  });
});

describe('a book of the new form', () => {
  const skeleton = '<?xml version="1.0"?><html><head><title>x</title></head><body></body></html>';
  const at = skeleton.indexOf('</body>');
  const first = '<h1 id="a">The sea</h1><p>Waves.</p>';
  const second = '<p>More waves.</p>';
  const kf8: MobiSpec = {
    kf8: {
      parts: [
        {
          skeleton,
          fragments: [
            { at, markup: first },
            { at: at + first.length, markup: second },
          ],
        },
        { skeleton, fragments: [{ at, markup: '<p>Cold.</p><h2>The ice</h2><p>It melts.</p>' }] },
      ],
    },
    contents: [
      { label: 'The sea', place: [0, 0] },
      { label: 'The ice', place: [2, 12], parent: 0 },
      { label: 'Nowhere', place: [99, 0] },
      { label: 'Without a place' },
    ],
  };
  const wanted = [
    'The sea: The sea',
    'The sea: Waves.',
    'The sea: More waves.',
    'The sea: Cold.',
    'The ice: The ice',
    'The ice: It melts.',
  ];

  test('is put together from skeletons and fragments', async () => {
    const extraction = await read(kf8);
    expect(lines(extraction)).toEqual(wanted);
    expect(extraction.typeMetadata).toMatchObject({ mobiVersion: 8 });
  });

  test('is preferred when the file holds both', async () => {
    expect(lines(await read({ text: TEXT, newer: kf8 }))).toEqual(wanted);
  });
});

describe('a book that cannot be read', () => {
  test('says why', async () => {
    await expect(read({ text: TEXT, encryption: 2 })).rejects.toMatchObject({ code: 'encrypted_drm' });
    await expect(read({ text: '<p> </p>' })).rejects.toMatchObject({ code: 'no_text' });
    await expect(read({ text: TEXT }, { maxTextBytes: 50 })).rejects.toMatchObject({
      code: 'source_too_large',
    });
    await expect(refused(new Uint8Array())).rejects.toMatchObject({ code: 'source_empty' });
  });

  test.each([
    ['no database', Buffer.from('BOOKMOBI')],
    ['another database', palmDatabase([Buffer.alloc(300)], 'TEXtREAd')],
    ['a list of records that is cut', palmDatabase([Buffer.alloc(300)]).subarray(0, 80)],
    ['no record', palmDatabase([])],
    ['no header', palmDatabase([Buffer.alloc(300)])],
    ['a cut header', palmDatabase([Buffer.from(`${'\0'.repeat(16)}MOBI`)])],
    ['an unknown way of packing', buildMobi({ text: TEXT }).fill(9, 78 + 16, 78 + 18)],
  ])('is damaged: %s', async (_name, bytes) => {
    await expect(refused(bytes)).rejects.toMatchObject({ code: 'file_damaged' });
  });

  test('whose bytes were changed fails with a code or is read, whatever was changed', async () => {
    const books = [
      buildMobi({ text: TEXT, contents: CONTENTS, compression: 'palmdoc', exth: [[100, 'Ann']] }),
      buildMobi({ text: TEXT, compression: 'huffman' }),
    ];
    const change = fc.record({ at: fc.double({ min: 0, max: 0.999, noNaN: true }), byte: fc.nat(255) });
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...books),
        fc.array(change, { minLength: 1, maxLength: 8 }),
        async (book, changes) => {
          const bytes = Buffer.from(book);
          for (const { at, byte } of changes) bytes[Math.floor(at * bytes.length)] = byte;
          const outcome = await refused(bytes).then(
            () => 'read',
            (error: unknown) =>
              error instanceof AppError ? error.code : `crashed: ${describeThrown(error)}`,
          );
          expect([
            'read',
            'file_damaged',
            'encrypted_drm',
            'no_text',
            'file_unsafe',
            'source_too_large',
          ]).toContain(outcome);
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('unpacking', () => {
  test('a pair may copy what it writes itself', () => {
    expect(unpackPalmdoc(Buffer.of(0x61, 0x80, (1 << 3) | 4)).toString()).toBe('aaaaaaaa');
  });

  test.each([
    ['a pair before the beginning', Buffer.of(0x61, 0x80, 5 << 3)],
    ['a pair of no distance', Buffer.of(0x61, 0x80, 0)],
    [
      'a record that is too long',
      Buffer.concat([Buffer.from('a'), ...Array.from({ length: 7000 }, () => Buffer.of(0x80, (1 << 3) | 7))]),
    ],
  ])('refuses %s', (_name, bytes) => {
    expect(() => unpackPalmdoc(bytes)).toThrow(expect.objectContaining({ code: 'file_damaged' }));
  });

  test('phrases may be made of phrases, but not of themselves, and not for ever', () => {
    const of = (...phrases: readonly Buffer[]): ((packed: Uint8Array) => Buffer) =>
      createHuffmanUnpacker(huffmanRecords(phrases));
    const unpack = of(plainPhrase(Buffer.from('ab')), packedPhrase(Buffer.of(255, 255)));
    expect(unpack(Buffer.of(254, 255)).toString()).toBe('ababab');
    expect(unpack(Buffer.of(254)).toString()).toBe('abab');
    expect(() => of(packedPhrase(Buffer.of(255)))(Buffer.of(255))).toThrow(
      expect.objectContaining({ code: 'file_damaged' }),
    );
    const doubling = Array.from({ length: 25 }, (_, index) =>
      packedPhrase(Buffer.of(255 - index, 255 - index)),
    );
    const bomb = of(plainPhrase(Buffer.alloc(1000)), ...doubling);
    expect(() => bomb(Buffer.of(230))).toThrow(expect.objectContaining({ code: 'file_damaged' }));
    expect(() => unpack(Buffer.of(0))).toThrow(expect.objectContaining({ code: 'file_damaged' }));
    expect(() => createHuffmanUnpacker([])).toThrow(expect.objectContaining({ code: 'file_damaged' }));
  });

  test('trailing entries never take more than there is', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), fc.nat(0xffff), (bytes, flags) => {
        const rest = withoutTrailingEntries(bytes, flags);
        expect(Buffer.from(bytes.subarray(0, rest.length))).toEqual(Buffer.from(rest));
      }),
    );
  });

  test('an index keeps values of which the bytes are counted', () => {
    const tags = [{ tag: 7, values: 1, mask: 3 }];
    const records = indexOf(tags, [{ name: 'a', tags: {} }]).map((record) => Buffer.from(record));
    const row = Buffer.from([1, 0x61, 3, ...numberBytes(3), ...numberBytes(200), ...numberBytes(5)]);
    const body = records[1] ?? Buffer.alloc(0);
    const withRow = Buffer.concat([body.subarray(0, 192), row, Buffer.from('IDXT'), Buffer.of(0, 192)]);
    withRow.writeUInt32BE(192 + row.length, 20);
    const { rows, text } = readIndex((at) => [records[0], withRow][at] ?? Buffer.alloc(0), 0, 'utf-8');
    expect(rows).toEqual([{ name: 'a', tags: new Map([[7, [200, 5]]]) }]);
    expect(text(0)).toBeNull();
  });
});

describe('an index', () => {
  const tags = [{ tag: 6, values: 2, mask: 1 }];
  const [head = Buffer.alloc(0), body = Buffer.alloc(0)] = indexOf(tags, [
    { name: 'a', tags: { 6: [1, 2] } },
  ]);
  const opened = (...records: readonly Buffer[]): unknown =>
    readIndex((at) => records[at] ?? Buffer.alloc(0), 0, 'utf-8').rows;
  const changed = (record: Buffer, at: number, value: number): Buffer => {
    const copy = Buffer.from(record);
    copy.writeUInt32BE(value, at);
    return copy;
  };

  test('is read', () => {
    expect(opened(head, body)).toEqual([{ name: 'a', tags: new Map([[6, [1, 2]]]) }]);
  });

  test.each([
    ['is none', [Buffer.from('JUNK')]],
    ['has no rows where they are named', [head]],
    ['does not say how it is laid out', [changed(head, 4, 0), body]],
    ['has more rows than places', [head, changed(body, 24, 70_000)]],
    ['begins its places behind its end', [head, changed(body, 20, 1_000_000)]],
  ])('that %s is damaged', (_name, records) => {
    expect(() => opened(...records)).toThrow(expect.objectContaining({ code: 'file_damaged' }));
  });

  test('that ends within a row has the values before its end', () => {
    const cut = Buffer.concat([
      body.subarray(0, 192),
      Buffer.from('IDXT'),
      Buffer.of(0, 198),
      Buffer.of(1, 0x61, 1),
    ]);
    expect(opened(head, changed(cut, 20, 192))).toMatchObject([{ tags: new Map() }]);
  });
});

test('a Kindle book is called by its ISBN', async () => {
  expect(await nativeId(inputOf(buildMobi({ text: TEXT, exth: [[104, '9780306406157']] })))).toBe(
    '9780306406157',
  );
  expect(await nativeId(inputOf(buildMobi({ text: TEXT })))).toBeNull();
});
