import { describe, expect, jest, test } from '@jest/globals';
import { parse } from '../../../backbone/content/document/pdf/pdf-parser.ts';
import type { Extraction, JsonObject } from '../../../backbone/content/model.ts';
import { buildPdf, columnOf, type PdfSpec } from '../../support/pdf-builder.ts';

function read(bytes: Uint8Array, options: JsonObject = {}, progress = jest.fn()): Promise<Extraction> {
  const input = { bytes, mediaType: 'application/pdf', declaredCharset: null, baseUrl: null, fileName: null };
  return parse({ ...input, options }, { progress });
}

function readSpec(spec: PdfSpec, options: JsonObject = {}): Promise<Extraction> {
  return read(buildPdf(spec), options);
}

const codes = ({ warnings }: Extraction): readonly string[] => warnings.map(({ code }) => code);
const texts = ({ blocks }: Extraction): readonly string[] => blocks.map(({ text }) => text);
const page = (text: string): { runs: { text: string; x: number; y: number }[] } => ({
  runs: [{ text, x: 70, y: 700 }],
});

const LEFT = [
  'The first column begins here and goes',
  'on over several lines, so that a read-',
  'er can tell it from the second column',
  'when both stand beside each other.',
];
const RIGHT = [
  'The second column is drawn after the',
  'first one, and it has to be read after',
  'the first one too, never line by line',
  'across the gutter between them.',
];

describe('reading a PDF', () => {
  test('gives the text with its page', async () => {
    const result = await readSpec({ pages: [page('Hello there.'), page('Second page.')] });
    expect(result.blocks).toEqual([
      { kind: 'paragraph', text: 'Hello there.', locator: { page: 1 } },
      { kind: 'paragraph', text: 'Second page.', locator: { page: 2 } },
    ]);
    expect(result.pageCount).toBe(2);
    expect(result.warnings).toEqual([]);
  });

  test('leaves the bytes it was given as they are', async () => {
    const bytes = buildPdf({ pages: [page('Hello there.')] });
    const length = bytes.length;
    await read(bytes);
    expect(bytes.length).toBe(length);
    expect(bytes[0]).toBe('%'.charCodeAt(0));
  });

  test('reports progress for each page', async () => {
    const progress = jest.fn();
    await read(buildPdf({ pages: [page('One.'), page('Two.'), page('Three.')] }), {}, progress);
    expect(progress.mock.calls).toEqual([
      [1, 3],
      [2, 3],
      [3, 3],
    ]);
  });

  test('reads columns one after the other, without running heads, and mends broken words', async () => {
    const pages = [1, 2, 3, 4].map((number) => ({
      runs: [
        { text: 'Annals of Testing', x: 70, y: 810, size: 8 },
        ...columnOf(LEFT, { x: 70, y: 700 }),
        ...columnOf(RIGHT, { x: 320, y: 700 }),
        { text: String(number + 10), x: 295, y: 40, size: 8 },
      ],
    }));
    const result = await readSpec({ pages });
    const text = texts(result).join(' ');
    expect(text).not.toMatch(/Annals|\b1[1-4]\b/);
    expect(text).toContain('so that a reader can tell');
    expect(text.indexOf('beside each other')).toBeLessThan(text.indexOf('The second column'));
    expect(result.blocks[0]?.locator).toMatchObject({ page: 1, pageLabel: '11' });
  });

  test('keeps text turned against the page apart, after the page', async () => {
    const stamp = { text: 'arXiv:2401.00001v1', x: 30, y: 300, angle: 90 };
    const result = await readSpec({ pages: [{ runs: [stamp, ...columnOf(LEFT, { x: 70, y: 700 })] }] });
    expect(texts(result).at(-1)).toBe('arXiv:2401.00001v1');
    expect(texts(result)[0]).toMatch(/^The first column begins here and goes on over/);
  });

  test('reads a page that is turned as a whole', async () => {
    const runs = LEFT.map((text, index) => ({ text, x: 100 + index * 12, y: 100, angle: 90 }));
    const result = await readSpec({ pages: [{ rotate: 90, runs }] });
    expect(texts(result)).toEqual([expect.stringMatching(/^The first column .* beside each other\.$/)]);
  });

  test('takes headings from the outline, with its depth and path', async () => {
    const result = await readSpec({
      pages: [
        {
          runs: [
            { text: '1 Beginning', x: 70, y: 700, font: 'bold' as const },
            ...columnOf(LEFT, { x: 70, y: 670 }),
            { text: '1.1 Detail', x: 70, y: 600 },
            ...columnOf(RIGHT, { x: 70, y: 570 }),
          ],
        },
      ],
      outline: [{ title: 'Beginning', page: 1, items: [{ title: 'Detail', page: 1 }] }, { title: 'Nowhere' }],
    });
    expect(result.blocks.filter(({ kind }) => kind === 'heading')).toEqual([
      { kind: 'heading', text: '1 Beginning', level: 1, locator: { page: 1 } },
      { kind: 'heading', text: '1.1 Detail', level: 2, locator: { page: 1, headingPath: ['1 Beginning'] } },
    ]);
    expect(result.blocks.at(-1)?.locator.headingPath).toEqual(['1 Beginning', '1.1 Detail']);
    expect(result.typeMetadata['outline']).toEqual([
      { title: 'Beginning', page: 1, items: [{ title: 'Detail', page: 1 }] },
      { title: 'Nowhere', page: null },
    ]);
  });

  test('uses the labels of the document for its pages', async () => {
    const result = await readSpec({
      pages: [page('Preface text.'), page('Chapter text.')],
      labels: '0 << /S /r >> 1 << /S /D /St 7 >>',
    });
    expect(result.blocks.map(({ locator }) => locator.pageLabel)).toEqual(['i', '7']);
    expect(result.typeMetadata['pageLabels']).toEqual([
      { page: 1, label: 'i' },
      { page: 2, label: '7' },
    ]);
  });

  test('reads the facts of the file', async () => {
    const result = await readSpec({
      pages: [page('Some text.')],
      info: {
        Title: 'A Study of Things',
        Author: 'Ada Example; Bob Sample',
        Subject: 'About things',
        Keywords: 'things, studies',
        Producer: 'builder',
        Creator: 'tests',
        CreationDate: "D:20240203040506+01'00'",
        ModDate: 'D:2024',
      },
      language: 'en-GB',
      formFields: ['name', 'street'],
      attachments: ['notes.txt'],
    });
    expect(result.metadata).toMatchObject({
      title: { value: 'A Study of Things', source: 'pdf-info' },
      authors: { value: ['Ada Example', 'Bob Sample'], source: 'pdf-info' },
      language: { value: 'en-GB', source: 'pdf-catalog' },
      publishedAt: { value: '2024-02-03T04:05:06+01:00', source: 'pdf-info' },
      modifiedAt: { value: '2024', source: 'pdf-info' },
      description: { value: 'About things', source: 'pdf-info' },
    });
    expect(result.typeMetadata).toMatchObject({
      pages: 1,
      producer: 'builder',
      creator: 'tests',
      pdfVersion: '1.4',
      encrypted: false,
      keywords: 'things, studies',
      formFields: 2,
      attachments: ['notes.txt'],
      createdAt: '2024-02-03T04:05:06+01:00',
    });
  });

  test('prefers XMP to the Info dictionary', async () => {
    const xmp = `<?xpacket begin=""?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
      <rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/">
      <dc:title><rdf:Alt><rdf:li xml:lang="x-default">Title in XMP</rdf:li></rdf:Alt></dc:title>
      <dc:creator><rdf:Seq><rdf:li>Ada Example</rdf:li><rdf:li>Bob Sample</rdf:li></rdf:Seq></dc:creator>
      <xmp:CreateDate>2023-05-06</xmp:CreateDate></rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>`;
    const result = await readSpec({ pages: [page('Some text.')], info: { Title: 'Title in Info' }, xmp });
    expect(result.metadata).toMatchObject({
      title: { value: 'Title in XMP', source: 'xmp' },
      authors: { value: ['Ada Example', 'Bob Sample'], source: 'xmp' },
      publishedAt: { value: '2023-05-06', source: 'xmp' },
    });
  });

  test('tells notes, tables, lists and code from the text', async () => {
    const rows = [
      ['Name', 'Age'],
      ['Ada', '36'],
      ['Bob', '41'],
    ].flatMap(([name = '', age = ''], index) => [
      { text: name, x: 70, y: 500 - index * 12 },
      { text: age, x: 200, y: 500 - index * 12 },
    ]);
    const result = await readSpec({
      pages: [
        {
          runs: [
            ...columnOf(LEFT, { x: 70, y: 700 }),
            { text: '\u2022 a point', x: 80, y: 620 },
            ...columnOf(['if (ready) {', 'start();', '}'], { x: 70, y: 580, font: 'mono' }),
            ...rows,
            { text: '1', x: 70, y: 93, size: 5 },
            { text: 'A note in small type.', x: 74, y: 90, size: 7 },
          ],
        },
      ],
    });
    expect(result.blocks.map(({ kind }) => kind)).toEqual([
      'paragraph',
      'list_item',
      'code',
      'table',
      'footnote',
    ]);
    expect(texts(result).slice(1)).toEqual([
      'a point',
      'if (ready) {\nstart();\n}',
      'Name\tAge\nAda\t36\nBob\t41',
      '1A note in small type.',
    ]);
  });

  test('collects links with the text they stand on', async () => {
    const links = [
      { url: 'https://example.org/a', box: [68, 695, 200, 712] },
      { url: 'file:///etc/passwd', box: [0, 0, 9, 9] },
    ];
    const result = await readSpec({ pages: [{ ...page('A page about links'), links }] });
    expect(result.links).toEqual([{ url: 'https://example.org/a', text: expect.stringContaining('page') }]);
  });

  test('opens a file encrypted with an empty password and says that it is encrypted', async () => {
    const result = await readSpec({
      pages: [page('No secret.')],
      userPassword: '',
      info: { Title: 'Open Title' },
    });
    expect(texts(result)).toEqual(['No secret.']);
    expect(result.metadata.title?.value).toBe('Open Title');
    expect(result.typeMetadata['encrypted']).toBe(true);
  });

  test('keeps text that stands on every page when there is no other text', async () => {
    const slide = { runs: [{ text: 'The same slide', x: 70, y: 810 }] };
    expect(texts(await readSpec({ pages: [slide, slide, slide, slide] }))).toHaveLength(4);
  });
});

describe('a PDF that cannot be read in full', () => {
  test('without bytes is an empty source', async () => {
    await expect(read(new Uint8Array(0))).rejects.toMatchObject({ code: 'source_empty' });
  });

  test('that is another kind of file counts as damaged', async () => {
    await expect(read(new TextEncoder().encode('<html>Hello</html>'))).rejects.toMatchObject({
      code: 'file_damaged',
    });
  });

  test('that is a header and nothing else is damaged', async () => {
    await expect(read(new TextEncoder().encode('%PDF-1.7\n'))).rejects.toMatchObject({
      code: 'file_damaged',
    });
  });

  test('with a password is encrypted', async () => {
    const spec = { pages: [page('Secret.')], userPassword: 'sesame' };
    await expect(readSpec(spec)).rejects.toMatchObject({ code: 'file_encrypted', kind: 'terminal' });
  });

  test('without any page is damaged', async () => {
    await expect(readSpec({ pages: [] })).rejects.toMatchObject({ code: 'file_damaged' });
  });

  test('with more pages than the limit names both and the setting', async () => {
    const pages = [page('One.'), page('Two.'), page('Three.')];
    await expect(readSpec({ pages }, { maxPages: 2 })).rejects.toMatchObject({
      code: 'too_many_pages',
      message: expect.stringContaining('3 pages, more than the limit of 2'),
      hint: expect.stringContaining('MAX_PAGES'),
    });
    await expect(readSpec({ pages }, { maxPages: 'many' })).resolves.toMatchObject({ pageCount: 3 });
  });

  test('that claims millions of pages is read for what it holds or refused, and quickly', async () => {
    const outcome = await readSpec({ pages: [page('Only one.')], declaredPages: 9_000_000 }).then(
      (result) => texts(result).join(),
      (error: unknown) => (error as { code: string }).code,
    );
    expect(['Only one.', 'too_many_pages']).toContain(outcome);
  });

  test('with nothing but pictures has no text layer', async () => {
    const pages = [{ picture: true }, { picture: true }];
    await expect(readSpec({ pages })).rejects.toMatchObject({ code: 'no_text_layer' });
  });

  test('with blank pages only has no text', async () => {
    await expect(readSpec({ pages: [{}, {}] })).rejects.toMatchObject({ code: 'no_text' });
  });

  test('with some pages of pictures names them', async () => {
    const result = await readSpec({
      pages: [page('Written.'), { picture: true }, { picture: true }, page('Written too.'), {}],
    });
    expect(result.warnings).toEqual([
      {
        code: 'pages_without_text',
        message: expect.stringMatching(/^Pages 2-3 are pictures without text\./),
      },
    ]);
  });

  test('with broken cross references is mended', async () => {
    const text = Buffer.from(buildPdf({ pages: [page('Still here.')] })).toString('latin1');
    const broken = text.replace(/startxref\n\d+/, 'startxref\n7');
    expect(texts(await read(new Uint8Array(Buffer.from(broken, 'latin1'))))).toEqual(['Still here.']);
  });

  test('that was cut off keeps the pages that are left and warns', async () => {
    const pages = Array.from({ length: 6 }, (_, index) => page(`This is page number ${index + 1} of six.`));
    const bytes = buildPdf({ pages });
    const cut = bytes.slice(0, Buffer.from(bytes).indexOf('15 0 obj'));
    const result = await read(cut);
    expect(texts(result)[0]).toBe('This is page number 1 of six.');
    expect(codes(result)).toContain('pages_lost');
  });

  test('that was cut off behind its catalogue is damaged', async () => {
    const stump = new TextEncoder().encode('%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>');
    await expect(read(stump)).rejects.toMatchObject({ code: 'file_damaged' });
  });

  test('with a page that is not there is never silent', async () => {
    const whole = Buffer.from(buildPdf({ pages: [page('One.'), page('Two.'), page('Three.')] })).toString(
      'latin1',
    );
    const broken = whole.replace('8 0 R 10 0 R 12 0 R', '8 0 R 99 0 R 12 0 R');
    const result = await read(new Uint8Array(Buffer.from(broken, 'latin1')));
    expect(texts(result)).toContain('One.');
    expect(codes(result)).toContain('pages_lost');
  });

  test('with no page that can be found is damaged', async () => {
    const whole = Buffer.from(buildPdf({ pages: [page('One.')] })).toString('latin1');
    const broken = new Uint8Array(Buffer.from(whole.replace('/Kids [8 0 R]', '/Kids [9 0 R]'), 'latin1'));
    await expect(read(broken)).rejects.toMatchObject({ code: 'file_damaged' });
  });

  test('with endless text on a page keeps the beginning and warns', async () => {
    const runs = Array.from({ length: 41_000 }, (_, index) => ({
      text: `n${index}`,
      x: 20 + (index % 10) * 55,
      y: 830 - Math.floor(index / 10) * 0.2,
      size: 2,
    }));
    expect(codes(await readSpec({ pages: [{ runs }] }))).toContain('page_text_cut');
  });

  test('with undecodable letters on a page warns', async () => {
    const garbage = Array.from({ length: 20 }, (_, index) => String.fromCharCode(1 + (index % 7))).join('');
    const result = await readSpec({
      pages: [page('Readable text.'), { runs: [{ text: `a${garbage}`, x: 70, y: 700 }] }],
    });
    expect(codes(result)).toContain('undecodable_glyphs');
  });
});
