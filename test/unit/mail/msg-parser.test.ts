import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { attachedFiles } from '../../../backbone/content/document/mail/attached-files.ts';
import { parse } from '../../../backbone/content/document/document-parser.ts';
import { documentType } from '../../../backbone/content/document/document-type.ts';
import { decompressRtf } from '../../../backbone/content/document/msg/compressed-rtf.ts';
import { openCompoundFile } from '../../../backbone/content/document/ole/compound-file.ts';
import type { Extraction } from '../../../backbone/content/model.ts';
import { detectMediaType, MSG_TYPE } from '../../../backbone/content/parsing/media-type.ts';
import { AppError } from '../../../backbone/errors.ts';
import { compoundFile } from '../../support/compound-builder.ts';
import { embeddedMsg, msgFile, type MsgContent } from '../../support/msg-file.ts';
import { outline, parsed } from '../document/parsed.ts';

const readMsg = (bytes: Uint8Array, options: Record<string, number> = {}): Promise<Extraction> =>
  parsed(parse, bytes, { mediaType: MSG_TYPE, options });
const reading = async (content: MsgContent): Promise<readonly string[]> =>
  outline((await readMsg(msgFile(content))).blocks);
const limit = (): AppError => new AppError('source_too_large', { params: { limit: '1 MB', setting: 'X' } });

const LETTER: MsgContent = {
  properties: {
    0x0037: 'Tides of Größe',
    0x0042: 'Lovelace, Ada',
    0x0039: new Date('2026-03-02T09:00:00Z'),
    0x1000: 'High water at noon.\r\n\r\nLow water at six.',
    0x1035: '<1@example.org>',
    0x5d02: 'ada@example.org',
  },
  recipients: [
    { 0x3001: 'Grace Hopper', 0x39fe: 'grace@example.org', 0x0c15: 1 },
    { 0x3001: 'Bob', 0x3003: '/o=Exchange/cn=bob', 0x0c15: 2 },
    { 0x3001: 'Hidden', 0x39fe: 'hidden@example.org', 0x0c15: 3 },
  ],
};

describe('an Outlook message', () => {
  test('is read with its header, as one of the Internet is', async () => {
    const { blocks, metadata, typeMetadata } = await readMsg(msgFile(LETTER));
    expect(outline(blocks)).toEqual([
      'paragraph: From: Lovelace, Ada <ada@example.org>\nTo: Grace Hopper <grace@example.org>\nCc: Bob\n' +
        'Date: Mon, 02 Mar 2026 09:00:00 GMT\nSubject: Tides of Größe',
      'paragraph: High water at noon.',
      'paragraph: Low water at six.',
    ]);
    expect(metadata.title?.value).toBe('Tides of Größe');
    expect(metadata.authors?.value).toEqual(['Lovelace, Ada']);
    expect(metadata.publishedAt?.value).toMatch(/^2026-03-02T09:00:00/);
    expect(typeMetadata).toMatchObject({ messageId: '1@example.org', cc: ['Bob'] });
  });

  test('may have its text as HTML in a code page, or in RTF alone', async () => {
    const html = Buffer.from('<p>H\xf6he der Flut</p>', 'latin1');
    expect(await reading({ properties: { 0x0037: 'A', 0x1013: html, 0x3fde: 28591 } })).toContain(
      'paragraph: Höhe der Flut',
    );
    expect(await reading({ properties: { 0x0037: 'A', 0x1013: '<p>Flut</p>' } })).toContain(
      'paragraph: Flut',
    );
    const rtf = Buffer.from('{\\rtf1\\ansi The tide.\\par It turns.}');
    const head = Buffer.alloc(16);
    head.writeUInt32LE(rtf.length, 4);
    head.write('MELA', 8, 'latin1');
    expect(await reading({ properties: { 0x1009: Buffer.concat([head, rtf]) } })).toEqual([
      'paragraph: The tide.',
      'paragraph: It turns.',
    ]);
    await expect(
      reading({ properties: { 0x1009: Buffer.alloc(4), 0x1013: Buffer.alloc(0) } }),
    ).rejects.toMatchObject({
      code: 'no_text',
    });
  });

  test('lists its files and holds further messages, whose files are found as well', async () => {
    const inner: MsgContent = {
      properties: { 0x0037: 'Inner', 0x1000: 'Within.' },
      attachments: [{ 0x3704: 'DEEP~1.CSV', 0x3701: Buffer.from('a,b') }],
    };
    const bytes = msgFile({
      ...LETTER,
      attachments: [
        { 0x3707: 'größe "1".csv', 0x370e: 'text/csv', 0x3701: Buffer.from('x'.repeat(5000)) },
        { 0x3701: embeddedMsg(inner) },
        { 0x3707: 'kept.eml', 0x370e: 'message/rfc822', 0x3701: Buffer.from('From: a\n\nb') },
        { 0x370e: 'not a type', 0x3701: { CONTENTS: Buffer.from('an object') } },
      ],
    });
    const { blocks } = await readMsg(bytes);
    expect(outline(blocks).slice(3)).toEqual([
      'heading2: Inner',
      'paragraph: Subject: Inner',
      'paragraph: Within.',
      'heading3: Attachments',
      'list_item1: DEEP~1.CSV (application/octet-stream, 3 bytes)',
      'heading2: Attachments',
      'list_item1: größe "1".csv (text/csv, 5 kB)',
      'list_item1: kept.eml (application/octet-stream, 10 bytes)',
      'list_item1: unnamed (application/octet-stream, 0 bytes)',
    ]);
    const input = { bytes, mediaType: MSG_TYPE, declaredCharset: null, baseUrl: null, fileName: null };
    const { files } = attachedFiles({ ...input, options: { maxFiles: 30, maxBytes: 1e6 } });
    expect(files.map(({ name, bytes: content }) => [name, content.length])).toEqual([
      ['größe "1".csv', 5000],
      ['DEEP~1.CSV', 3],
      ['kept.eml', 10],
    ]);
  });

  test('is known by its bytes, whatever files it carries, and claimed by its name', async () => {
    const bytes = msgFile({ ...LETTER, attachments: [{ 0x3701: Buffer.from('WordDocument', 'utf16le') }] });
    const typeOf = async (fileName: string | null): Promise<string> =>
      (await detectMediaType(bytes, { declared: null, fileName })).mediaType;
    expect([await typeOf(null), await typeOf('a.msg'), await typeOf('a.doc')]).toEqual([
      MSG_TYPE,
      MSG_TYPE,
      'application/msword',
    ]);
    expect(documentType.claimsUrl(new URL('https://example.org/a.msg'))).toBe(true);
  });

  test('has no field or part but its own, whatever its texts say', async () => {
    const properties = {
      0x0037: 'A\r\nBcc: x@example.org\r\n\r\nbody',
      0x0042: '"a" <b@c>, d',
      0x1000: '--part-1-of-message--\r\nText.',
      0x1035: '<a@b>\r\nX: y',
      0x5d02: 'a@b>\r\nX: y',
    };
    const { blocks, typeMetadata } = await readMsg(msgFile({ properties }));
    expect(blocks[0]?.text).toBe('From: "a" <b@c>, d\nSubject: A Bcc: x@example.org body');
    expect(blocks.map(({ text }) => text).join('\n')).toContain('--part-1-of-message--');
    expect(typeMetadata).toMatchObject({ messageId: 'a@b', from: ['"a" <b@c>, d'] });
  });
});

describe('compressed RTF', () => {
  const packed = (size: number, body: readonly number[]): Buffer => {
    const head = Buffer.alloc(16);
    head.writeUInt32LE(size, 4);
    head.write('LZFu', 8, 'latin1');
    return Buffer.concat([head, Buffer.from(body)]);
  };

  test('repeats what stands in its window', () => {
    // The window begins with `{\rtf1`: five characters from its first on, then two from its fifth.
    const body = [0b110, 0x61, 0x00, 0x03, 0x00, 0x40, 0x62];
    expect(decompressRtf(packed(100, body), limit, 1000).toString()).toBe('a{\\rtff1b');
  });

  test('ends where it says so, where it is cut off, or at its size', () => {
    const prelude = 207;
    const end = [0b1, ((prelude << 4) >> 8) & 0xff, (prelude << 4) & 0xff, 0x61];
    expect(decompressRtf(packed(100, end), limit, 1000)).toHaveLength(0);
    expect(decompressRtf(packed(100, [0b1, 0x00]), limit, 1000)).toHaveLength(0);
    expect(decompressRtf(packed(2, [0, 0x61, 0x62, 0x63]), limit, 1000).toString()).toBe('ab');
    expect(() => decompressRtf(packed(0xffffffff, Array<number>(1000).fill(0)), limit, 100)).toThrow(
      AppError,
    );
  });
});

describe('a hostile compound file', () => {
  test.each([
    ['no header', Buffer.from('Text that is long enough'.repeat(50))],
    ['a header alone', msgFile(LETTER).subarray(0, 400)],
    ['sectors of another size', Buffer.concat([msgFile(LETTER).subarray(0, 30), Buffer.alloc(3000, 7)])],
    ['nothing behind its header', msgFile(LETTER).subarray(0, 512)],
  ])('with %s is damaged', async (_, bytes) => {
    await expect(readMsg(bytes)).rejects.toMatchObject({ code: 'file_damaged' });
  });

  test('whose streams share their bytes is no larger than others', () => {
    const file = compoundFile(
      Object.fromEntries(
        Array.from({ length: 20 }, (_, at) => [`s${at}`, Buffer.alloc(at === 0 ? 50_000 : 4096, at)]),
      ),
    );
    // All entries get the place and the size of the first.
    const first = file.indexOf(Buffer.from('s0\0', 'utf16le'));
    for (let at = 1; at < 20; at += 1) {
      const entry = file.indexOf(Buffer.from(`s${at}\0`, 'utf16le'));
      file.copy(file, entry + 116, first + 116, first + 124);
    }
    const root = openCompoundFile(file);
    const readAll = (): void => {
      for (let at = 0; at < 20; at += 1) root.stream(`s${at}`);
    };
    expect(readAll).toThrow(expect.objectContaining({ code: 'file_unsafe' }));
  });

  test('of messages without end is read down to a limit', async () => {
    let inner: MsgContent = { properties: { 0x0037: 'Inmost', 0x1000: 'Deep.' } };
    for (let depth = 0; depth < 30; depth += 1)
      inner = {
        properties: { 0x0037: 'Outer', 0x1000: 'Here.' },
        attachments: [{ 0x3701: embeddedMsg(inner) }],
      };
    const { blocks } = await readMsg(msgFile(inner));
    expect(blocks.filter(({ text }) => text === 'Here.').length).toBeLessThan(12);
  });

  test('with any bytes changed makes a text or a failure of ours, in time', async () => {
    const whole = msgFile({
      ...LETTER,
      attachments: [{ 0x3701: embeddedMsg(LETTER) }, { 0x3707: 'a', 0x3701: Buffer.alloc(9000, 1) }],
    });
    const change = fc.tuple(
      fc.nat(whole.length - 5),
      fc.constantFrom(0, 1, 2, 3, 0xff, 0xfe, 0x7fffffff, 0xfffffffe),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 20 }), async (changes) => {
        const bytes = Buffer.from(whole);
        for (const [at, value] of changes) bytes.writeUInt32LE(value, at - (at % 4));
        const start = performance.now();
        const result = await readMsg(bytes).catch((error: unknown) => error);
        expect(result instanceof AppError || (result as Extraction).blocks.length > 0).toBe(true);
        expect(performance.now() - start).toBeLessThan(5000);
      }),
      { numRuns: 300 },
    );
  });

  test('may keep its table in further sectors, and in circles', () => {
    const file = compoundFile({ big: Buffer.alloc(20_000, 5), small: Buffer.from('abc') });
    expect(openCompoundFile(file).stream('big')).toHaveLength(20_000);
    // Sector 0 as a list of sectors that goes on with itself.
    const turning = Buffer.from(file);
    turning.writeUInt32LE(0, 68);
    turning.writeUInt32LE(0, 512 + 508);
    expect(openCompoundFile(turning).has('small')).toBe(true);
    // The table as the chain of the directory turns in a circle.
    const circle = Buffer.from(file);
    const table = 512 + circle.readUInt32LE(76) * 512;
    circle.writeUInt32LE(circle.readUInt32LE(48), table + circle.readUInt32LE(48) * 4);
    expect(openCompoundFile(circle).stream('small')?.toString()).toBe('abc');
    expect(openCompoundFile(circle).stream('absent')).toBeNull();
    expect(openCompoundFile(circle).storage('small')).toBeNull();
  });
});
