import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ebookType } from '../../../backbone/content/ebook/ebook-type.ts';
import { withoutBinaries } from '../../../backbone/content/ebook/fb2/binaries.ts';
import { readFb2Tree } from '../../../backbone/content/ebook/fb2/fb2-tree.ts';
import { detectMediaType } from '../../../backbone/content/parsing/media-type.ts';
import { buildFb2, buildFb2Zip, fb2Section, fb2Text, windows1251 } from '../../support/fb2-builder.ts';
import { zipArchive } from '../../support/zip-archive.ts';
import { textsOf } from './read-epub.ts';
import { readFb2 } from './read-fb2.ts';

const FB2 = 'application/x-fictionbook+xml';
const FB2_ZIP = 'application/x-zip-compressed-fb2';
const RUSSIAN = 'Все счастливые семьи похожи друг на друга, каждая несчастливая семья несчастлива по';
const paragraph = (text: string): string => `<section><p>${text}</p></section>`;

describe('the charset', () => {
  const declared = (charset: string): string => `<?xml version="1.0" encoding="${charset}"?>`;
  const russian = (charset: string): string =>
    fb2Text({ declaration: declared(charset), body: paragraph(RUSSIAN) });

  test.each([
    ['windows-1251, as declared', windows1251(russian('windows-1251'))],
    ['windows-1251, declared as UTF-8', windows1251(russian('UTF-8'))],
    ['UTF-8, declared as windows-1251', Buffer.from(russian('windows-1251'))],
    ['UTF-16 with a mark', Buffer.from(`\ufeff${russian('UTF-16')}`, 'utf16le')],
    ['UTF-16 of the other order', Buffer.from(`\ufeff${russian('UTF-16')}`, 'utf16le').swap16()],
  ])('%s is read', async (_name, bytes) => {
    const book = await readFb2(bytes);
    expect(textsOf(book)).toEqual([RUSSIAN]);
    expect(book.warnings).toEqual([]);
  });

  test('that leaves broken characters is warned of', async () => {
    const bytes = Buffer.concat([
      Buffer.from(`<FictionBook><body><section><p>${RUSSIAN}`),
      Buffer.from([0xff]),
      Buffer.from('</p></section></body></FictionBook>'),
    ]);
    expect((await readFb2(bytes)).warnings.map(({ code }) => code)).toEqual(['text_undecodable']);
  });
});

describe('broken files', () => {
  const bodyOf = async (body: string): Promise<readonly string[]> => textsOf(await readFb2({ body }));

  test('keep entities nobody declared, and bare ampersands and brackets', async () => {
    expect(await bodyOf(paragraph('a&nbsp;b &mdash; c &unheardof; d &amp;nbsp; e & f < 3 &lt;'))).toEqual([
      'a b — c &unheardof; d &nbsp; e & f < 3 <',
    ]);
  });

  test('lose their control characters, however they are written', async () => {
    expect(await bodyOf(paragraph('a\u0001b\u001f&#1;&#x1F;&#x0b;&#31;c&#9;d&#65;&#x10;'))).toEqual([
      'abc dA',
    ]);
  });

  test('need no namespaces, and may have prefixes', async () => {
    const bare = `<FictionBook><body><section><p>See<a xlink:href="#n">1</a></p></section></body>
      <body name="notes"><section id="n"><p>Note.</p></section></body></FictionBook>`;
    expect(textsOf(await readFb2(Buffer.from(bare)))).toEqual(['See1', '1 Note.']);
    const prefixed = bare.replaceAll(/<(\/?)(?=\w)/g, '<$1fb:');
    expect(textsOf(await readFb2(Buffer.from(prefixed)))).toEqual(['See1', '1 Note.']);
  });

  test('may lack end tags or have too many', async () => {
    expect(await bodyOf('<section><p>A <strong>b</p><p>c<p>d</strong></section></p></section>')).toEqual([
      'A b',
      'c',
      'd',
    ]);
  });

  test('that end in the middle are read so far, with a warning', async () => {
    const book = await readFb2(Buffer.from('<FictionBook><body><section><p>Begun and'));
    expect(textsOf(book)).toEqual(['Begun and']);
    expect(book.warnings.map(({ code }) => code)).toEqual(['part_missing']);
  });

  test('comments are left out, sections of characters are read', async () => {
    expect(await bodyOf(paragraph('a<!-- b --><![CDATA[<c>]]>'))).toEqual(['a<c>']);
  });

  test.each([
    ['no_text', '<FictionBook/>'],
    ['no_text', '<FictionBook><body><section><p> </p></section></body></FictionBook>'],
    ['file_damaged', '<?xml version="1.0"?><book><p>Text.</p></book>'],
    ['file_damaged', ''.padEnd(100)],
    ['source_empty', ''],
  ])('fail as %s when there is nothing to read', async (code, text) => {
    await expect(readFb2(Buffer.from(text), { mediaType: FB2 })).rejects.toMatchObject({ code });
  });
});

describe('hostile files', () => {
  test.each([
    ['entities', '<!DOCTYPE f [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]>', paragraph('&b;')],
    ['nesting', '', '<section>'.repeat(600)],
  ])('with %s beyond the limits are refused', async (_name, doctype, body) => {
    await expect(readFb2({ doctype, body }, { mediaType: FB2 })).rejects.toMatchObject({
      code: 'file_unsafe',
    });
  });

  test('with tags beyond the limits are refused', () => {
    const text = fb2Text({ body: '<p/>'.repeat(100) });
    const limits = { maxDepth: 10, maxTags: 100 };
    expect(() => readFb2Tree(text, limits)).toThrow(expect.objectContaining({ code: 'file_unsafe' }));
  });

  test('a DOCTYPE without entities does no harm', async () => {
    const doctype = '<!DOCTYPE FictionBook SYSTEM "FictionBook2.dtd">';
    expect(textsOf(await readFb2({ doctype }))).toEqual(['Text.']);
  });

  test('of much text are refused, pictures not counted', async () => {
    const options = { maxTextBytes: 2000 };
    const more = `<binary id="a.png" content-type="image/png">${'QUJD'.repeat(10_000)}</binary>`;
    expect(textsOf(await readFb2({ more }, { options }))).toEqual(['Text.']);
    const long = readFb2({ body: paragraph('x'.repeat(2000)) }, { options });
    await expect(long).rejects.toMatchObject({ code: 'source_too_large' });
  });

  test('a note that thousands refer to is read once', async () => {
    const body = `<section>${'<p><a l:href="#n">1</a></p>'.repeat(3000)}</section>`;
    const { blocks } = await readFb2({ body, notes: fb2Section('1', '<p>Long.</p>'.repeat(3000), 'id="n"') });
    expect(blocks).toHaveLength(6000);
  });

  test('attributes with the names of object properties are nothing special', async () => {
    expect(
      textsOf(await readFb2({ body: '<section __proto__="x"><p hidden="" id="__proto__">A</p></section>' })),
    ).toEqual(['A']);
  });

  test('whatever the markup, the outcome is blocks or a typed failure', async () => {
    const piece = fc.constantFrom(
      ...['<section id="a">', '</section>', '<title>', '</title>', '<p>', '</p>', '<v>', '</v>', '<poem>'],
      ...['<table>', '<tr>', '<td>', '</table>', '<a l:href="#a">', '</a>', '<body name="notes">', '</body>'],
      ...['<binary>', '</binary>', '<', '&', '&#1;', 'text', '<!--', '-->', '<![CDATA[', ']]>', '<subtitle>'],
    );
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 40 }), async (pieces) => {
        const bytes = Buffer.from(`<FictionBook><body>${pieces.join('')}`);
        const outcome = await readFb2(bytes, { mediaType: FB2 }).catch((error: unknown) => error);
        if ('blocks' in (outcome as object)) return;
        expect(outcome).toMatchObject({
          code: expect.stringMatching(/^(?:no_text|file_damaged|file_unsafe)$/),
        });
      }),
      { numRuns: 300 },
    );
  });
});

describe('pictures', () => {
  const binary = '<binary id="a.png" content-type="image/png">';

  test('are emptied, and their start tags kept', () => {
    const bytes = Buffer.from(
      `<FictionBook>${binary}QUJD\n</binary><binary/><binary\n>RA==</binary></FictionBook>`,
    );
    const lean = `<FictionBook>${binary}</binary><binary/><binary\n></binary></FictionBook>`;
    expect(Buffer.from(withoutBinaries(bytes)).toString()).toBe(lean);
  });

  test('with 500,000 start tags that end together are read once', () => {
    const head = `<FictionBook>${'<binary '.repeat(500_000)}>`;
    const emptied = withoutBinaries(Buffer.from(`${head}QUJD</binary></FictionBook>`));
    expect(Buffer.from(emptied).equals(Buffer.from(`${head}</binary></FictionBook>`))).toBe(true);
  });

  test('are found under a prefix, and not where names only begin alike', () => {
    const lean = (text: string): string => Buffer.from(withoutBinaries(Buffer.from(text))).toString();
    expect(lean('<fb:FictionBook><fb:binary>QUJD</fb:binary>')).toBe(
      '<fb:FictionBook><fb:binary></fb:binary>',
    );
    expect(lean('<FictionBook><binaryTree>QUJD</binaryTree>')).toBe(
      '<FictionBook><binaryTree>QUJD</binaryTree>',
    );
    expect(lean('<FictionBook><binary id="x"')).toBe('<FictionBook><binary id="x"');
    expect(lean('<FictionBook><binary>QUJD')).toBe('<FictionBook><binary>QUJD');
  });

  test('stay out of the text in any Unicode charset, and text stays in', async () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'б', '漢', ' ', 'binary'), maxLength: 30 });
    const encoding = fc.constantFrom<(given: string) => Buffer>(
      (given) => Buffer.from(given),
      (given) => Buffer.from(`\ufeff${given}`, 'utf16le'),
      (given) => Buffer.from(`\ufeff${given}`, 'utf16le').swap16(),
      (given) => utf32(`\ufeff${given}`),
    );
    await fc.assert(
      fc.asyncProperty(text, encoding, async (words, encode) => {
        const book = fb2Text({
          body: paragraph(`x${words}`),
          more: `${binary}${'QUJD'.repeat(500)}</binary>`,
        });
        const bytes = encode(book);
        const lean = withoutBinaries(bytes);
        expect(bytes.length - lean.length).toBe(
          encode(`<a>${'QUJD'.repeat(500)}`).length - encode('<a>').length,
        );
        expect(textsOf(await readFb2(lean))).toEqual([`x${words}`.replaceAll(/ +/g, ' ').trim()]);
      }),
    );
  });
});

const utf32 = (text: string): Buffer =>
  Buffer.from(Uint32Array.from(text, (point) => point.codePointAt(0) ?? 0).buffer);

describe('archives', () => {
  test('hold one book, beside other files', async () => {
    const zip = zipArchive([
      { name: 'readme.txt', content: 'Read me' },
      { name: '__MACOSX/._book.fb2', content: 'x' },
      { name: 'dir/Book.FB2', content: buildFb2({}) },
    ]);
    expect(textsOf(await readFb2(zip))).toEqual(['Text.']);
  });

  test.each([
    [
      'unsupported_type',
      [
        { name: 'a.fb2', content: buildFb2({}) },
        { name: 'b.fb2', content: buildFb2({}) },
      ],
    ],
    ['file_damaged', [{ name: 'a.txt', content: 'text' }]],
    ['file_encrypted', [{ name: 'a.fb2', content: buildFb2({}), encrypted: true }]],
    ['file_unsafe', [{ name: 'a.fb2', content: buildFb2({}), claimedSize: 1024 ** 3 }]],
  ])('fail as %s', async (code, members) => {
    await expect(readFb2(zipArchive(members), { mediaType: FB2_ZIP })).rejects.toMatchObject({ code });
  });
});

describe('the media type', () => {
  const typeOf = async (bytes: Buffer, fileName: string | null, declared: string | null): Promise<string> =>
    (await detectMediaType(bytes, { declared, fileName })).mediaType;
  const unseen = Buffer.from(`<?xml version="1.0"?><!--${'x'.repeat(9000)}--><FictionBook/>`);
  const empty = zipArchive([{ name: 'a.txt', content: 'text' }]);

  test.each([
    ['text/xml', buildFb2({}), null, 'text/xml', FB2],
    ['nothing said', buildFb2({ declaration: '' }), null, null, FB2],
    ['a prefix', Buffer.from('<fb:FictionBook><fb:body/></fb:FictionBook>'), null, null, FB2],
    ['windows-1251', windows1251(fb2Text({ body: paragraph(RUSSIAN) })), 'a.xml', null, FB2],
    ['a root too far down, by its name', unseen, 'a.fb2', null, FB2],
    ['a root too far down, as declared', unseen, null, 'application/x-fictionbook+xml', FB2],
    [
      'another root, whatever its name',
      Buffer.from('<?xml version="1.0"?><a/>'),
      'a.fb2',
      null,
      'application/xml',
    ],
    ['an archive', buildFb2Zip({}), null, 'application/zip', FB2_ZIP],
    ['an archive by its name', empty, 'a.fb2.zip', null, FB2_ZIP],
    ['an archive as declared', empty, null, 'application/fb2+zip', FB2_ZIP],
    ['any archive', empty, 'a.zip', null, 'application/zip'],
    ['an archive cut off in a header', buildFb2Zip({}).subarray(0, 20), 'a.zip', null, 'application/zip'],
  ])('is told with %s', async (_name, bytes, fileName, declared, expected) => {
    expect(await typeOf(bytes, fileName, declared)).toBe(expected);
  });

  test.each([
    ['https://example.org/a.fb2', true],
    ['https://example.org/a.fb2.zip', true],
    ['https://example.org/a.FBZ', true],
    ['https://example.org/a.zip', false],
  ])('%s looks like an e-book: %s', (url, expected) => {
    expect(ebookType.claimsUrl(new URL(url))).toBe(expected);
  });
});
