import { describe, expect, test } from '@jest/globals';
import { parse } from '../../../backbone/content/document/docx-parser.ts';
import { zipArchive } from '../../support/zip-archive.ts';
import { p, r, styled, wordFile, type WordFile } from '../../support/word-file.ts';
import { outline, parsed } from './parsed.ts';

const read = (file: WordFile) => parsed(parse, wordFile(file));
const outlineOf = async (file: WordFile) => outline((await read(file)).blocks);

const NUMBERING = `
<w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/><w:lvlText w:val="•"/></w:lvl>
  <w:lvl w:ilvl="1"><w:numFmt w:val="bullet"/><w:lvlText w:val="o"/></w:lvl></w:abstractNum>
<w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0"><w:start w:val="3"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl>
  <w:lvl w:ilvl="1"><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="%2)"/></w:lvl></w:abstractNum>
<w:abstractNum w:abstractNumId="2"><w:lvl w:ilvl="0"><w:numFmt w:val="upperRoman"/><w:lvlText w:val="%1"/></w:lvl>
  <w:lvl w:ilvl="1"><w:numFmt w:val="decimal"/><w:lvlText w:val="%1.%2"/></w:lvl></w:abstractNum>
<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>
<w:num w:numId="3"><w:abstractNumId w:val="2"/></w:num>`;

const numbered = (numId: number, level: number, text: string, more = ''): string =>
  p(text, `${more}<w:numPr><w:ilvl w:val="${level}"/><w:numId w:val="${numId}"/></w:numPr>`);

const cell = (text: string, properties = ''): string =>
  `<w:tc><w:tcPr>${properties}</w:tcPr>${p(text)}</w:tc>`;
const box = (text: string): string => `<w:txbxContent>${text}</w:txbxContent>`;

describe('paragraphs', () => {
  test('carry headings by outline level, by style, by based-on style and by name', async () => {
    const styles = `
      <w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>
      <w:style w:type="paragraph" w:styleId="T"><w:name w:val="Title"/></w:style>
      <w:style w:type="paragraph" w:styleId="Ueberschrift"><w:name w:val="heading 1"/></w:style>
      <w:style w:type="paragraph" w:styleId="Own"><w:name w:val="My own"/><w:pPr><w:outlineLvl w:val="1"/></w:pPr></w:style>
      <w:style w:type="paragraph" w:styleId="Child"><w:name w:val="Child"/><w:basedOn w:val="Own"/></w:style>
      <w:style w:type="paragraph" w:styleId="Loop"><w:name w:val="Loop"/><w:basedOn w:val="Loop"/></w:style>
      <w:style w:type="character" w:styleId="Char"><w:name w:val="heading 3"/></w:style>`;
    const body =
      styled('T', 'Title') +
      styled('Ueberschrift', 'One') +
      styled('Own', 'Two') +
      styled('Child', 'Also two') +
      p('Direct', '<w:outlineLvl w:val="2"/>') +
      p('Body', '<w:pStyle w:val="Own"/><w:outlineLvl w:val="9"/>') +
      styled('Loop', 'Plain') +
      styled('Heading4', 'Undefined style') +
      p('Text');
    const { blocks, metadata } = await read({ body, styles });
    expect(outline(blocks)).toEqual([
      'heading1: Title',
      'heading1: One',
      'heading2: Two',
      'heading2: Also two',
      'heading3: Direct',
      'paragraph: Body',
      'paragraph: Plain',
      'heading4: Undefined style',
      'paragraph: Text',
    ]);
    expect(blocks.at(-1)?.locator.headingPath).toEqual(['One', 'Also two', 'Direct', 'Undefined style']);
    expect(metadata.title).toEqual({ value: 'Title', source: 'heading' });
  });

  test('carry quotes, captions and code, and leave out the table of contents', async () => {
    const body =
      styled('Quote', 'Said') +
      styled('Caption', 'Figure 1') +
      styled('SourceCode', 'let a;') +
      styled('SourceCode', 'let b;') +
      styled('TOC1', 'Contents line') +
      `<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj></w:sdtPr><w:sdtContent>${p('More contents')}</w:sdtContent></w:sdt>` +
      `<w:sdt><w:sdtContent>${p('In a control')}</w:sdtContent></w:sdt>`;
    expect(await outlineOf({ body })).toEqual([
      'quote: Said',
      'caption: Figure 1',
      'code: let a;\nlet b;',
      'paragraph: In a control',
    ]);
  });

  test('keep insertions and moved text, drop deletions and hidden text', async () => {
    const body = `<w:p>${r('a')}<w:ins>${r('b')}</w:ins><w:del><w:r><w:delText>c</w:delText></w:r></w:del>
      <w:moveFrom>${r('d')}</w:moveFrom><w:moveTo>${r('e')}</w:moveTo>
      <w:r><w:rPr><w:vanish/></w:rPr><w:t>f</w:t></w:r><w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t>g</w:t></w:r></w:p>
      <w:ins>${p('inserted')}</w:ins>`;
    expect(await outlineOf({ body })).toEqual(['paragraph: abeg', 'paragraph: inserted']);
  });

  test('keep tabs, breaks, hyphens, symbols, field results and ruby bases', async () => {
    const body = `<w:p><w:r><w:t>a</w:t><w:tab/><w:t>b</w:t><w:br/><w:t>c</w:t><w:br w:type="page"/><w:noBreakHyphen/>
      <w:softHyphen/><w:t>d</w:t><w:sym w:font="Symbol" w:char="2264"/><w:sym w:font="Wingdings" w:char="F0E0"/></w:r>
      <w:fldSimple w:instr="PAGE">${r('7')}</w:fldSimple><w:r><w:instrText>IGNORED</w:instrText></w:r>
      <w:r><w:ruby><w:rt>${r('reading')}</w:rt><w:rubyBase>${r('base')}</w:rubyBase></w:ruby></w:r></w:p>`;
    expect(await outlineOf({ body })).toEqual(['paragraph: a b\nc\u2011d≤7base']);
  });

  test('keep links', async () => {
    const body = `<w:p><w:hyperlink r:id="x">${r('the table')}</w:hyperlink><w:hyperlink w:anchor="here">${r(' inside')}</w:hyperlink></w:p>`;
    const { links, blocks } = await read({ body, links: { x: 'https://example.org/tides?a=1&amp;b=2' } });
    expect(links).toEqual([{ url: 'https://example.org/tides?a=1&b=2', text: 'the table' }]);
    expect(outline(blocks)).toEqual(['paragraph: the table inside']);
  });

  test('with characters that XML cannot hold lose only those', async () => {
    expect(await outlineOf({ body: p('a&#x1;b &lt;i&gt; &amp; "c" 🌊') })).toEqual([
      'paragraph: ab <i> & "c" 🌊',
    ]);
  });
});

describe('lists and numbers', () => {
  test('items keep their level, and their number across an interruption', async () => {
    const body =
      numbered(1, 0, 'bullet') +
      numbered(1, 1, 'inner') +
      numbered(2, 0, 'three') +
      p('Between.') +
      numbered(2, 0, 'four') +
      numbered(2, 1, 'a') +
      numbered(9, 0, 'no such list') +
      numbered(0, 0, 'switched off');
    expect(await outlineOf({ body, numbering: NUMBERING })).toEqual([
      'list_item1: bullet',
      'list_item2: inner',
      'list_item1#3: three',
      'paragraph: Between.',
      'list_item1#4: four',
      'list_item2#1: a',
      'paragraph: no such list',
      'paragraph: switched off',
    ]);
  });

  test('headings and clauses show the number that is printed', async () => {
    const heading = '<w:outlineLvl w:val="0"/>';
    const body =
      numbered(3, 0, 'Scope', heading) +
      numbered(3, 1, 'The keeper shall') +
      numbered(3, 1, 'The keeper may');
    expect(await outlineOf({ body, numbering: NUMBERING })).toEqual([
      'heading1: I Scope',
      'paragraph: I.1 The keeper shall',
      'paragraph: I.2 The keeper may',
    ]);
  });
});

describe('tables', () => {
  test('keep rows, merged cells and the header', async () => {
    const body = `<w:tbl><w:tblPr><w:tblLook w:firstRow="1"/></w:tblPr>
      <w:tr>${cell('Port')}${cell('Tide', '<w:gridSpan w:val="2"/>')}</w:tr>
      <w:tr>${cell('Dover', '<w:vMerge w:val="restart"/>')}${cell('high')}${cell('6.8')}</w:tr>
      <w:tr>${cell('', '<w:vMerge/>')}${cell('low')}<w:sdt><w:sdtContent>${cell('0.8')}</w:sdtContent></w:sdt></w:tr>
      <w:tr><w:trPr><w:del/></w:trPr>${cell('gone')}</w:tr></w:tbl>`;
    const [table] = (await read({ body })).blocks;
    expect(table).toMatchObject({ kind: 'table', headerRows: 1 });
    expect(table?.rows?.map((row) => row.filter((value) => value !== ''))).toEqual([
      ['Port', 'Tide'],
      expect.arrayContaining(['Dover', 'high', '6.8']),
      expect.arrayContaining(['low', '0.8']),
    ]);
    expect(table?.text).not.toContain('gone');
  });

  test.each([
    ['<w:tblPr><w:tblLook w:val="04A0"/></w:tblPr>', '', 1],
    ['', '<w:trPr><w:tblHeader/></w:trPr>', 1],
    ['<w:tblPr><w:tblLook w:val="0400"/></w:tblPr>', '', 0],
  ])('know their header by %s%s', async (tableProperties, rowProperties, headerRows) => {
    const rows = `<w:tr>${rowProperties}${cell('a')}${cell('b')}</w:tr><w:tr>${cell('1')}${cell('2')}</w:tr>`;
    const [table] = (await read({ body: `<w:tbl>${tableProperties}${rows}</w:tbl>` })).blocks;
    expect(table?.headerRows).toBe(headerRows);
  });

  test('notes in a cell are told behind the table', async () => {
    const note = '<w:r><w:footnoteReference w:id="1"/></w:r>';
    const body = `<w:tbl><w:tr><w:tc><w:p>${r('a')}${note}</w:p></w:tc>${cell('b')}</w:tr><w:tr>${cell('c')}${cell('d')}</w:tr></w:tbl>${p('After')}`;
    const footnotes = `<w:footnote w:id="1">${p('The note.')}</w:footnote>`;
    expect((await outlineOf({ body, footnotes })).map((line) => line.replaceAll(/\s+/g, ' '))).toEqual([
      'table: a[1] b c d',
      'footnote: [1] The note.',
      'paragraph: After',
    ]);
  });
});

describe('what stands beside the text', () => {
  test('footnotes, endnotes and comments follow the paragraph that refers to them, once', async () => {
    const reference = (kind: string, id: number): string => `<w:r><w:${kind}Reference w:id="${id}"/></w:r>`;
    const body =
      `<w:p>${r('First')}${reference('footnote', 2)}${reference('endnote', 2)}${reference('comment', 0)}${reference('comment', 1)}</w:p>` +
      `<w:p>${r('Second')}${reference('footnote', 2)}${reference('footnote', 3)}${reference('footnote', 77)}</w:p>`;
    const footnotes = `<w:footnote w:id="0" w:type="separator">${p('---')}</w:footnote>
      <w:footnote w:id="2">${p('Note two.')}${p('Goes on.')}</w:footnote>
      <w:footnote w:id="3" w:type="normal"><w:p><w:r><w:footnoteRef/></w:r>${r('Refers to ')}${reference('footnote', 3)}</w:p></w:footnote>`;
    const endnotes = `<w:endnote w:id="2">${p('At the end.')}</w:endnote>`;
    const comments = `<w:comment w:id="0" w:author="Ida">${p('Really?')}</w:comment><w:comment w:id="1">${p('Yes.')}</w:comment>`;
    expect(await outlineOf({ body, footnotes, endnotes, comments })).toEqual([
      'paragraph: First[1][i]',
      'footnote: [1] Note two.',
      'footnote: Goes on.',
      'footnote: [i] At the end.',
      'footnote: Comment by Ida: Really?',
      'footnote: Comment: Yes.',
      'paragraph: Second[1][2]',
      'footnote: [2] Refers to [2]',
    ]);
  });

  test('text boxes are told behind their paragraph, from one branch only', async () => {
    const both = `<mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wp:docPr descr="A frame"/>${box(p('Boxed'))}</w:drawing></mc:Choice>
      <mc:Fallback><w:pict>${box(p('Boxed'))}</w:pict></mc:Fallback></mc:AlternateContent>`;
    const fallbackOnly = `<mc:AlternateContent><mc:Choice Requires="x"><w:drawing/></mc:Choice><mc:Fallback><w:pict>${box(p('Old box'))}</w:pict></mc:Fallback></mc:AlternateContent>`;
    const empty =
      '<mc:AlternateContent><mc:Choice Requires="x"/></mc:AlternateContent><mc:AlternateContent/>';
    const nested = `<w:drawing><mc:AlternateContent><mc:Choice Requires="wpg">${box(p('Outer') + `<w:p><w:r><w:pict>${box(p('Inner'))}</w:pict></w:r></w:p>`)}</mc:Choice></mc:AlternateContent></w:drawing>`;
    const body = `<w:p>${r('Around')}<w:r>${both}</w:r><w:r>${fallbackOnly}${empty}</w:r><w:r>${nested}</w:r></w:p>`;
    expect(await outlineOf({ body })).toEqual([
      'paragraph: Around',
      'paragraph: Boxed',
      'paragraph: Old box',
      'paragraph: Outer',
      'paragraph: Inner',
    ]);
  });

  test('paragraphs and runs in alternatives are read from one branch', async () => {
    const either = (content: string): string =>
      `<mc:AlternateContent><mc:Choice Requires="x">${content}</mc:Choice><mc:Fallback>${content}</mc:Fallback></mc:AlternateContent>`;
    expect(await outlineOf({ body: `${either(p('One'))}<w:p>${either(r('Two'))}</w:p>` })).toEqual([
      'paragraph: One',
      'paragraph: Two',
    ]);
  });

  test('pictures tell their description', async () => {
    const body = `<w:p>${r('See')}<w:r><w:drawing><wp:inline><wp:docPr id="1" descr="A tower in a storm"/></wp:inline></w:drawing></w:r>
      <w:r><w:pict><v:shape alt="A bell"/></w:pict></w:r><w:r><w:drawing><wp:docPr descr=" "/></w:drawing></w:r></w:p>`;
    expect(await outlineOf({ body })).toEqual([
      'paragraph: See',
      'image: A tower in a storm',
      'image: A bell',
    ]);
  });

  test('headers and footers are told once, at the end and under no heading', async () => {
    const section = (...names: string[]): string =>
      `<w:sectPr>${names.map((name) => `<w:${name.replace(/\d/, '')}Reference r:id="${name}"/>`).join('')}</w:sectPr>`;
    const margins = {
      header1: p('Northern Lights Board'),
      header2: p('Northern Lights Board'),
      footer1: p('Confidential'),
      footer2: p('12'),
    };
    const body = `${styled('Heading1', 'Report')}<w:p><w:pPr>${section('header1', 'footer1')}</w:pPr>${r('Text')}</w:p>${section('footer2', 'header2', 'header9')}`;
    const { blocks } = await read({ body, margins });
    expect(outline(blocks)).toEqual([
      'heading1: Report',
      'paragraph: Text',
      'paragraph: Northern Lights Board',
      'paragraph: Confidential',
    ]);
    expect(blocks.at(-1)?.locator).toEqual({});
  });

  test('formulas stand in the line', async () => {
    const body = `<w:p>${r('Range')}<m:oMath><m:sSup><m:e><m:r><m:t>r</m:t></m:r></m:e><m:sup><m:r><m:t>2</m:t></m:r></m:sup></m:sSup></m:oMath>${r('holds')}</w:p>`;
    expect(await outlineOf({ body })).toEqual(['paragraph: Range r^2 holds']);
  });
});

describe('properties', () => {
  test('become metadata', async () => {
    const core = `<dc:title>Keeping a Light</dc:title><dc:creator>Ida Lewis; Grace Darling</dc:creator><dc:language>en-GB</dc:language>
      <dc:description>How it is done.</dc:description><dc:subject>Lights</dc:subject><cp:keywords>lamp, lens; oil</cp:keywords>
      <dcterms:created>2024-03-01T10:00:00Z</dcterms:created><dcterms:modified>yesterday</dcterms:modified>`;
    const { metadata, typeMetadata, pageCount } = await read({
      body: p('Text'),
      core,
      app: '<Pages>12</Pages>',
    });
    expect(metadata).toMatchObject({
      title: { value: 'Keeping a Light', source: 'docx-core' },
      authors: { value: ['Ida Lewis', 'Grace Darling'], source: 'docx-core' },
      language: { value: 'en-GB' },
      description: { value: 'How it is done.' },
      publishedAt: { value: '2024-03-01T10:00:00Z' },
      modifiedAt: null,
    });
    expect(typeMetadata).toEqual({ subject: 'Lights', keywords: ['lamp', 'lens', 'oil'] });
    expect(pageCount).toBe(12);
  });

  test('that a program made up count for nothing', async () => {
    const core = '<dc:title>Microsoft Word - draft7.doc</dc:title><dc:creator>python-docx</dc:creator>';
    const { metadata, pageCount } = await read({ body: p('Text'), core, app: '<Pages>0</Pages>' });
    expect(metadata).toMatchObject({ title: null, authors: null });
    expect(pageCount).toBeNull();
  });

  test('progress counts the blocks of the body', async () => {
    const seen: [number, number][] = [];
    await parsed(parse, wordFile({ body: p('a') + p('b') }), {}, (done, total) => seen.push([done, total]));
    expect(seen).toEqual([
      [1, 2],
      [2, 2],
    ]);
  });
});

describe('bad files', () => {
  test('an empty document has no text', async () => {
    await expect(read({ body: '<w:p/>' })).rejects.toMatchObject({ code: 'no_text' });
  });

  test.each([
    ['no archive', Buffer.from('not a zip')],
    ['an archive of something else', zipArchive([{ name: 'a.txt', content: 'x' }])],
    ['a document without a body', zipArchive([{ name: 'word/document.xml', content: '<w:document/>' }])],
    ['a cut-off archive', wordFile({ body: p('x') }).subarray(0, -40)],
  ])('%s is damaged', async (_name, bytes) => {
    await expect(parsed(parse, bytes)).rejects.toMatchObject({ code: 'file_damaged' });
  });

  test('entities in the XML are refused', async () => {
    const content = '<!DOCTYPE x [<!ENTITY a "aaaa">]><w:document/>';
    await expect(parsed(parse, zipArchive([{ name: 'word/document.xml', content }]))).rejects.toMatchObject({
      code: 'file_unsafe',
    });
  });

  test('a document without relationships of its own is read', async () => {
    const content = `<w:document xmlns:w="http://purl.oclc.org/ooxml/wordprocessingml/main"><w:body>${p('Strict')}</w:body></w:document>`;
    expect(
      outline((await parsed(parse, zipArchive([{ name: 'word/document.xml', content }]))).blocks),
    ).toEqual(['paragraph: Strict']);
  });
});
