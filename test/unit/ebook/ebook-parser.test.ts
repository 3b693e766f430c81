import { describe, expect, test } from '@jest/globals';
import { buildEpub, navItem, navPoint, type EpubChapter } from '../../support/epub-builder.ts';
import { textAtCfi } from '../../support/epub-cfi.ts';
import { zipArchive } from '../../support/zip-archive.ts';
import { chaptersOf, readEpub, textsOf } from './read-epub.ts';

const chapter = (name: string, body: string, more: Partial<EpubChapter> = {}): EpubChapter => ({
  name,
  body,
  ...more,
});
const one = chapter('one.xhtml', '<h1>One</h1><p>First text.</p>');
const two = chapter('two.xhtml', '<h1>Two</h1><p>Second text.</p>');

describe('the order of a book', () => {
  test('is that of the spine, with what is beside it last', async () => {
    const onProgress: string[] = [];
    const book = await readEpub(
      { chapters: [chapter('notes.xhtml', '<p>Aside.</p>', { linear: 'no' }), one, two] },
      { onProgress },
    );
    expect(textsOf(book)).toEqual(['One', 'First text.', 'Two', 'Second text.', 'Aside.']);
    expect(onProgress).toEqual(['1/3', '2/3', '3/3']);
    expect(book.typeMetadata['sections']).toEqual([
      { href: 'OPS/one.xhtml', linear: true, role: 'text' },
      { href: 'OPS/two.xhtml', linear: true, role: 'text' },
      { href: 'OPS/notes.xhtml', linear: false, role: 'text' },
    ]);
  });

  test('names each file once, and no picture', async () => {
    const picture = chapter('map.svg', '<p>Map</p>', { mediaType: 'image/svg+xml' });
    const again = chapter('one.xhtml', '<p>Again</p>');
    const book = await readEpub({ chapters: [one, picture, again] });
    expect(textsOf(book)).toEqual(['One', 'First text.']);
  });
});

describe('the chapters', () => {
  test('of a navigation document may begin in the middle of a file and run on in the next', async () => {
    const book = await readEpub({
      chapters: [
        chapter('preface.xhtml', '<p>Before all.</p>'),
        chapter(
          'a.xhtml',
          '<p>Opening.</p><h2>Sea <a id="sea"/></h2><p>Waves.</p><div id="sky"><p>Clouds.</p></div>',
        ),
        chapter('b.xhtml', '<p>More clouds.</p>'),
        two,
      ],
      nav:
        navItem('Part I', 'a.xhtml', navItem('The sea', 'a.xhtml#sea') + navItem('The sky', 'a.xhtml#sky')) +
        navItem('Two', 'two.xhtml'),
    });
    expect(chaptersOf(book)).toEqual([
      ['Before all.', undefined],
      ['Opening.', 'Part I'],
      ['Sea', 'The sea'],
      ['Waves.', 'The sea'],
      ['Clouds.', 'The sky'],
      ['More clouds.', 'The sky'],
      ['Two', 'Two'],
      ['Second text.', 'Two'],
    ]);
    expect(book.blocks.map(({ locator }) => locator.headingPath)).toEqual([
      undefined,
      ['Part I'],
      ['Part I', 'The sea'],
      ['Part I', 'The sea', 'Sea'],
      ['Part I', 'The sky', 'Sea'],
      ['Part I', 'The sky'],
      undefined,
      ['Two'],
    ]);
    expect(book.typeMetadata['chapters']).toContainEqual({ title: 'The sky', href: 'OPS/a.xhtml', depth: 2 });
  });

  test('of an NCX are read when there is no navigation document', async () => {
    const book = await readEpub({
      version: '2.0',
      chapters: [one, two],
      ncx: navPoint('Book one', 'one.xhtml', navPoint('Its end', 'two.xhtml')),
      spineAttributes: 'toc="ncx"',
    });
    expect(chaptersOf(book)).toEqual([
      ['One', 'Book one'],
      ['First text.', 'Book one'],
      ['Two', 'Its end'],
      ['Second text.', 'Its end'],
    ]);
  });

  test('of an NCX are read when the navigation document is empty or missing', async () => {
    const ncx = navPoint('From the NCX', 'one.xhtml');
    for (const without of [[], ['OPS/nav.xhtml']]) {
      const book = await readEpub({ chapters: [one], nav: '', ncx, without });
      expect(chaptersOf(book)[0]).toEqual(['One', 'From the NCX']);
    }
  });

  test('group under names that lead nowhere', async () => {
    const nav = `<li><span>Volume</span><ol>${navItem('One', 'one.xhtml')}</ol></li><li><ol>${navItem('Two', 'two.xhtml')}</ol></li>`;
    const book = await readEpub({ chapters: [one, two], nav });
    expect(book.blocks.map(({ locator }) => locator.headingPath)).toEqual([
      ['Volume'],
      ['Volume', 'One'],
      undefined,
      ['Two'],
    ]);
  });

  test('whose place is missing count from the beginning of their file, and only the first', async () => {
    const nav =
      navItem('First', 'one.xhtml#gone') +
      navItem('Second', 'one.xhtml#lost') +
      navItem('Out', 'https://example.org/');
    expect(chaptersOf(await readEpub({ chapters: [one], nav }))).toEqual([
      ['One', 'First'],
      ['First text.', 'First'],
    ]);
  });

  test('that begin behind the last text of a file run on in the next', async () => {
    const nav = navItem('First', 'a.xhtml') + navItem('Late', 'a.xhtml#end');
    const chapters = [
      chapter('a.xhtml', '<p>Text.</p><div id="end"></div>'),
      chapter('b.xhtml', '<p>Next.</p>'),
    ];
    expect(chaptersOf(await readEpub({ chapters, nav }))).toEqual([
      ['Text.', 'First'],
      ['Next.', 'Late'],
    ]);
  });

  test('nested without an end are cut off', async () => {
    const deep = Array.from({ length: 60 }).reduce<string>(
      (inner, _, at) => navItem(`L${at}`, 'one.xhtml', inner),
      '',
    );
    const points = Array.from({ length: 60 }).reduce<string>(
      (inner, _, at) => navPoint(`L${at}`, 'one.xhtml', inner),
      '',
    );
    for (const contents of [{ nav: deep }, { ncx: points }]) {
      const { typeMetadata } = await readEpub({ chapters: [one], ...contents });
      expect(typeMetadata['chapters']).toHaveLength(8);
    }
  });
});

describe('cover, contents and index', () => {
  const cover = chapter('cover.xhtml', '<p>A book</p>');
  const toc = chapter('toc.xhtml', '<p><a href="one.xhtml">One</a></p>');
  const index = chapter('index.xhtml', '<p>whales, 3</p>');

  test.each([
    [
      'by the guide',
      {
        guide:
          '<reference type="cover" href="cover.xhtml"/><reference type="toc" href="toc.xhtml"/><reference type="index" href="index.xhtml"/><reference type="text" href="https://example.org/"/>',
      },
      [cover, toc, one, index],
    ],
    [
      'by the landmarks',
      {
        nav: navItem('One', 'one.xhtml'),
        landmarks:
          '<li><a epub:type="cover" href="cover.xhtml">C</a></li><li><a epub:type="toc" href="toc.xhtml">T</a></li><li><a epub:type="index" href="index.xhtml">I</a></li><li><a epub:type="x" href="mailto:a@b">X</a></li>',
      },
      [cover, toc, one, index],
    ],
    [
      'by the files themselves',
      {},
      [
        { ...cover, bodyAttributes: 'epub:type="cover"' },
        { ...toc, body: `<section role="doc-toc">${toc.body}</section>` },
        one,
        { ...index, body: `<section epub:type="index">${index.body}</section>` },
      ],
    ],
  ])('are named %s and are no text', async (_, parts, chapters) => {
    const book = await readEpub({ chapters, ...parts });
    expect(textsOf(book)).toEqual(['One', 'First text.']);
    const roles = (book.typeMetadata['sections'] as { role: string }[]).map(({ role }) => role);
    expect(roles).toEqual(['cover', 'contents', 'text', 'index']);
  });

  test('are text where the guide is plainly wrong', async () => {
    const long = chapter('all.xhtml', `<p>${'The whole story. '.repeat(100)}</p>`);
    const guide =
      '<reference type="cover" href="all.xhtml"/><reference type="toc" href="one.xhtml"/><reference type="index" href="two.xhtml#x"/>';
    expect(await readEpub({ chapters: [long, one, two], guide })).toMatchObject({
      blocks: { length: 5 },
    });
  });

  test('are read when there is nothing else', async () => {
    const guide = '<reference type="cover" href="cover.xhtml"/>';
    expect(textsOf(await readEpub({ chapters: [cover], guide }))).toEqual(['A book']);
  });

  test('include the navigation document when it stands in the spine', async () => {
    const nav = chapter(
      'toc.xhtml',
      '<nav epub:type="toc"><ol><li><a href="one.xhtml">One</a></li></ol></nav>',
      {
        properties: 'nav',
      },
    );
    expect(textsOf(await readEpub({ chapters: [nav, one] }))).toEqual(['One', 'First text.']);
  });
});

describe('the text', () => {
  test('keeps notes as footnotes, even hidden ones, and leaves page numbers out', async () => {
    const body = `<p>Claim<a epub:type="noteref" href="#n1">1</a>.</p><span epub:type="pagebreak" title="12"/>
      <p>On twelve.</p><div role="doc-pagebreak" aria-label="13"/><p>On <span epub:type="pagebreak">14</span>fourteen.</p><p>Late.</p>
      <div epub:type="pagebreak"/><aside epub:type="footnote" id="n1" hidden="hidden"><h2>Note</h2><p>Proof.</p></aside>`;
    const { blocks } = await readEpub({ chapters: [chapter('a.xhtml', body)] });
    expect(blocks.map(({ kind, text, locator }) => [kind, text, locator.pageLabel])).toEqual([
      ['paragraph', 'Claim1.', undefined],
      ['paragraph', 'On twelve.', '12'],
      ['paragraph', 'On fourteen.', '13'],
      ['paragraph', 'Late.', '14'],
      ['heading', 'Note', '14'],
      ['footnote', 'Proof.', '14'],
    ]);
  });

  test('knows the names of characters that old books use', async () => {
    const body = '<p>caf&eacute;&nbsp;&mdash; caf&eacute; &amp; &zzz; &LT;b&gt;</p>';
    expect(textsOf(await readEpub({ chapters: [chapter('a.xhtml', body)] }))).toEqual([
      'café — café & &zzz; <b>',
    ]);
  });

  test('stops decoding names when a file makes up hundreds', async () => {
    const names = Array.from({ length: 320 }, (_, at) => `&name${at};`).join(' ');
    const [text] = textsOf(await readEpub({ chapters: [chapter('a.xhtml', `<p>${names}</p>`)] }));
    expect(text).toContain('&name319;');
  });

  test.each([
    ['mixed-up tags', '<p>One <b>bold</p><p>Two</b> <a id="x"/><br/>three</p>', ['One bold', 'Two\nthree']],
    ['no body', undefined, ['Bare']],
  ])('of a file with %s is read as HTML, without places', async (_, body, texts) => {
    const raw =
      body === undefined
        ? '<html><p>Bare</p></html>'
        : `<html><head><title/></head><body>${body}</body></html>`;
    const { blocks } = await readEpub({ chapters: [chapter('a.xhtml', '', { raw })] });
    expect(blocks.map(({ text }) => text)).toEqual(texts);
    for (const { locator } of blocks) expect(locator).toEqual({ href: 'OPS/a.xhtml' });
  });

  test('gives links to the web', async () => {
    const body = '<p><a href="https://example.org/x">Out</a> <a href="two.xhtml">In</a></p>';
    const { links } = await readEpub({ chapters: [chapter('a.xhtml', body)] });
    expect(links).toEqual([{ url: 'https://example.org/x', text: 'Out' }]);
  });
});

describe('the place of each block', () => {
  test('leads back to its text', async () => {
    const table = '<table><tr><th>a</th><th>b</th></tr><tr><td>c</td><td>d</td></tr></table>';
    const book = buildEpub({
      chapters: [
        one,
        chapter(
          'deep.xhtml',
          `<h1 id="top">Deep</h1><div><section id="s.1"><p>Plain <i>and</i> slanted.</p><ul><li>Item</li><li id="[odd]"><p>Other</p></li></ul></section>${table}</div><blockquote><p> <span><b>Quo</b>ted</span> words.</p></blockquote><p><br/><i>Slanted.</i></p>`,
        ),
      ],
    });
    const { blocks } = await readEpub(book);
    expect(blocks).toHaveLength(9);
    for (const { text, locator, kind } of blocks) {
      const found = await textAtCfi(book, locator.cfi ?? '');
      expect(found).toBe(kind === 'table' ? 'abcd' : text);
    }
    expect(blocks[3]?.locator.cfi).toBe('epubcfi(/6/4!/4/4/2[s.1]/2)');
  });

  test('is left out where it would be longer than anybody needs', async () => {
    const body = `${'<div>'.repeat(400)}<p>Deep.</p>${'</div>'.repeat(400)}`;
    const { blocks } = await readEpub({ chapters: [chapter('a.xhtml', body)] });
    expect(blocks[0]?.locator).toEqual({ href: 'OPS/a.xhtml' });
  });
});

describe('a faulty book', () => {
  test('is read without the parts that are missing, with a warning each', async () => {
    const chapters = [one, two, chapter('pic.xhtml', '', { href: 'https://example.org/pic.xhtml' })];
    const book = await readEpub({ chapters, without: ['OPS/two.xhtml'] });
    expect(textsOf(book)).toEqual(['One', 'First text.']);
    expect(book.warnings).toEqual([
      { code: 'part_missing', message: 'The book names a part that is missing or damaged: OPS/two.xhtml.' },
    ]);
  });

  test('is read without the parts that are damaged, with twenty warnings at most', async () => {
    const chapters = Array.from({ length: 25 }, (_, at) => chapter(`x${at}.xhtml`, ''));
    const bytes = buildEpub({
      chapters: [...chapters, one],
      without: chapters.map(({ name }) => `OPS/${name}`),
    });
    expect((await readEpub(bytes)).warnings).toHaveLength(20);
    const damaged = buildEpub({
      chapters: [one, chapter('two.xhtml', '', { raw: 'Stored text '.repeat(9) })],
    });
    const at = damaged.indexOf('OPS/two.xhtml') + 'OPS/two.xhtml'.length;
    damaged.fill(0xff, at, at + 8);
    expect(await readEpub(damaged)).toMatchObject({ warnings: { length: 1 }, blocks: { length: 2 } });
  });

  test('may have a wrong mimetype, other cases in its names and no container', async () => {
    const chapters = [
      chapter('Ch 1é.xhtml', '<p>Found.</p>', { href: 'ch%201e%CC%81.xhtml' }),
      { ...one, href: '/OPS/./x/../one.xhtml?v=1' },
    ];
    const book = await readEpub({ chapters, mimetype: 'text/plain', without: ['META-INF/container.xml'] });
    expect(textsOf(book)).toEqual(['Found.', 'One', 'First text.']);
  });

  test('may have a file type wrong or a contents file that is none', async () => {
    const chapters = [{ ...one, mediaType: 'text/plain' }];
    const files = { 'META-INF/encryption.xml': 'no xml', 'OPS/toc.ncx': 'no xml' };
    const items = '<item id="n" href="toc.ncx" media-type="application/x-dtbncx+xml"/><item id="o" href=""/>';
    expect(textsOf(await readEpub({ chapters, files, items }))).toHaveLength(2);
  });

  test.each<[string, () => Promise<unknown>, string]>([
    ['is empty', () => readEpub(new Uint8Array()), 'source_empty'],
    ['is no archive', () => readEpub(Buffer.from('PK no more')), 'file_damaged'],
    [
      'has no package document',
      () => readEpub({ chapters: [one], without: ['OPS/book.opf'] }),
      'file_damaged',
    ],
    [
      'has another thing as package document',
      () => readEpub(zipArchive([{ name: 'a.opf', content: '<x/>' }])),
      'file_damaged',
    ],
    ['names no chapter', () => readEpub({ chapters: [] }), 'file_damaged'],
    [
      'holds pictures alone',
      () => readEpub({ chapters: [chapter('a.xhtml', '<img src="a.png"/>')] }),
      'no_text',
    ],
    [
      'is larger than the limit',
      () => readEpub({ chapters: [one] }, { options: { maxTextBytes: 100 } }),
      'source_too_large',
    ],
    [
      'declares entities',
      () =>
        readEpub({ chapters: [chapter('a.xhtml', '', { raw: '<!DOCTYPE x [<!ENTITY a "b">]><html/>' })] }),
      'file_unsafe',
    ],
    [
      'nests its package without an end',
      () => readEpub({ chapters: [one], metadata: '<x>'.repeat(600) }),
      'file_unsafe',
    ],
    [
      'is locked by a password',
      () => readEpub(zipArchive([{ name: 'a.opf', content: '<x/>', encrypted: true }])),
      'file_encrypted',
    ],
    ['is a bomb', () => readEpub({ chapters: [chapter('a.xhtml', '0'.repeat(3_000_000))] }), 'file_unsafe'],
  ])('that %s says so', async (_, read, code) => {
    await expect(read()).rejects.toMatchObject({ code, kind: 'terminal' });
  });

  test('nested beyond measure is read as far as browsers read it', async () => {
    const body = `${'<div>'.repeat(5000)}Deep${'</div>'.repeat(5000)}`;
    expect(textsOf(await readEpub({ chapters: [chapter('a.xhtml', body)] }))).toEqual(['Deep']);
  });
});

describe('protection', () => {
  const encryption = (method: string, target: string): Readonly<Record<string, string>> => ({
    'META-INF/encryption.xml': `<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container" xmlns:enc="http://www.w3.org/2001/04/xmlenc#"><enc:EncryptedData><enc:EncryptionMethod Algorithm="${method}"/><enc:CipherData><enc:CipherReference URI="${target}"/></enc:CipherData></enc:EncryptedData></encryption>`,
  });
  const AES = 'http://www.w3.org/2001/04/xmlenc#aes128-cbc';

  test.each([
    ['encrypted chapters', encryption(AES, 'OPS/one.xhtml')],
    ['a file of rights', { 'META-INF/rights.xml': '<rights/>' }],
  ])('by %s is recognised as DRM', async (_, files) => {
    await expect(readEpub({ chapters: [one], files })).rejects.toMatchObject({
      code: 'encrypted_drm',
      kind: 'terminal',
    });
  });

  test.each([
    ['http://www.idpf.org/2008/embedding', 'OPS/font'],
    ['http://ns.adobe.com/pdf/enc#RC', 'OPS/font'],
    [AES, 'OPS/font.otf'],
  ])('of fonts alone harms nobody: %s', async (method, target) => {
    expect(textsOf(await readEpub({ chapters: [one], files: encryption(method, target) }))).toHaveLength(2);
  });
});
