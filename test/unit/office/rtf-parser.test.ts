import { describe, expect, test } from '@jest/globals';
import { parse } from '../../../backbone/content/document/rtf-parser.ts';
import { documentType } from '../../../backbone/content/document/document-type.ts';
import { detectMediaType, RTF_TYPE } from '../../../backbone/content/parsing/media-type.ts';
import { par, row, rtfFile, type RtfFile } from '../../support/rtf-file.ts';
import { outline, parsed } from '../document/parsed.ts';

const read = (file: RtfFile) => parsed(parse, rtfFile(file));
const outlineOf = async (body: string, more: Partial<RtfFile> = {}) =>
  outline((await read({ body, ...more })).blocks);
const textOf = async (body: string, more: Partial<RtfFile> = {}) =>
  (await read({ body, ...more })).blocks.map(({ text }) => text).join('|');

describe('an RTF file', () => {
  test('is known by its beginning and by the end of an address', async () => {
    const hints = { declared: 'text/plain', fileName: 'letter.doc' };
    expect((await detectMediaType(rtfFile({ body: 'x' }), hints)).mediaType).toBe(RTF_TYPE);
    expect(documentType.claimsUrl(new URL('https://example.org/a.rtf'))).toBe(true);
  });

  test('has its title, authors, dates and keywords', async () => {
    const info = `{\\title The \\'e9tude}{\\subject Light}{\\author Ann; Bob}{\\keywords lamp, sea}{\\doccomm Of lamps.}{\\company X}
      {\\creatim\\yr2026\\mo3\\dy2\\hr9\\min5\\sec7}{\\revtim\\yr2026\\mo13\\dy2}{\\printim\\yr2020\\mo1\\dy1}{\\nofpages3}`;
    const { metadata, typeMetadata, pageCount } = await read({ body: 'Text', info });
    expect(metadata).toMatchObject({
      title: { value: 'The étude', source: 'rtf-info' },
      authors: { value: ['Ann', 'Bob'], source: 'rtf-info' },
      publishedAt: { value: '2026-03-02T09:05:07', source: 'rtf-info' },
      modifiedAt: null,
      description: { value: 'Of lamps.', source: 'rtf-info' },
    });
    expect(typeMetadata).toEqual({ subject: 'Light', keywords: ['lamp', 'sea'] });
    expect(pageCount).toBe(3);
  });

  test('without any takes its first heading for the title', async () => {
    const { metadata, typeMetadata, pageCount, warnings } = await read({
      body: par('Tides', '\\outlinelevel0'),
      info: '{\\title Document1}{\\author user}{\\nofpages0}',
    });
    expect(metadata).toMatchObject({
      title: { value: 'Tides', source: 'heading' },
      authors: null,
      publishedAt: null,
    });
    expect({ typeMetadata, pageCount, warnings }).toEqual({
      typeMetadata: { subject: null, keywords: [] },
      pageCount: null,
      warnings: [],
    });
  });

  test('of pictures alone has no text', async () => {
    await expect(read({ body: '{\\pict\\wmetafile8 0123abcd}\\par' })).rejects.toMatchObject({
      code: 'no_text',
    });
  });
});

describe('characters', () => {
  test.each([
    ['of the code page of the document', "\\plain\\f9 \\'ef\\'f0", { head: '\\ansi\\ansicpg1251' }, 'пр'],
    [
      'of the font’s character set',
      "\\f1 \\'ef\\f0 \\'ef",
      { fonts: '{\\f0\\fcharset0 A;}{\\f1\\fcharset204 B;}' },
      'пï',
    ],
    ['of the font’s code page', "\\f1 \\'ef", { fonts: '{\\f1\\fcharset0\\cpg1253 B;}' }, 'ο'],
    [
      'of two bytes',
      "\\f1 \\'93\\'fa\\'96{\\b\\'7b}\\'83\\\\",
      { fonts: '{\\f1\\fcharset128 B;}' },
      '日�{ソ',
    ],
    ['of two bytes, the second a letter', "\\f1 \\'83A\\'83C", { fonts: '{\\f1\\fcharset128 B;}' }, 'アイ'],
    ['of DOS', "a\\'82", { head: '\\pc', fonts: '' }, 'aé'],
    ['of the later DOS', "\\'9b", { head: '\\pca', fonts: '' }, 'ø'],
    ['of the Macintosh', "\\'8e", { head: '\\mac', fonts: '' }, 'é'],
    ['of ISO 8859-2', "\\'b1", { head: '\\ansicpg28592', fonts: '' }, 'ą'],
    ['of UTF-8', "\\'c3\\'a9", { head: '\\ansicpg65001', fonts: '' }, 'é'],
    ['of a page nobody knows', "\\'e9", { head: '\\ansicpg28602', fonts: '' }, 'é'],
    ['of signs', "\\f1 \\'b7a\\u-3913 ?\\u-4000 ?", { fonts: '{\\f1\\fcharset2 Symbol;}' }, '•a•`'],
    ['as bytes', 'caf\u00e9', {}, 'café'],
    ['of the font of the document', "\\'ef", { head: '\\deff1', fonts: '{\\f1\\fcharset204 B;}' }, 'п'],
  ])('are those %s', async (_, body, more, expected) => {
    expect((await textOf(body, more)).startsWith(expected)).toBe(true);
  });

  test('of Unicode stand for what follows them', async () => {
    expect(await textOf("\\u8217 ?\\u8217\\'92\\uc2\\u26085\\'93\\'fax\\uc0\\u8217 y\\uc-1\\u233 z")).toBe(
      '’’日x’yéz',
    );
    expect(await textOf('a\\u8212\\emdash b{\\u233}c\\u8212\\~d\\u233\\par ef')).toBe('a—béc—dé|ef');
    expect(await textOf('\\u-10179 ?\\u-8694 ?\\u128522 ?\\u-10179 ?')).toBe('😊😊\ufffd');
  });

  test('have names', async () => {
    const names =
      '\\lquote a\\rquote\\~\\ldblquote b\\rdblquote\\emdash\\endash\\bullet c\\_d\\-e\\|\\{\\}\\\\';
    expect(await textOf(names)).toBe('‘a’ “b”—–•c-de{}\\');
  });

  test('given in two ways are read as Unicode', async () => {
    expect(await textOf('{\\upr{a?b}{\\*\\ud{a\\u8217 ?b}}}')).toBe('a’b');
  });

  test('that mean nothing are passed over', async () => {
    expect(await textOf("a\\'zzb\\?")).toBe('azzb');
  });
});

describe('paragraphs', () => {
  const styles = `{\\ql Normal;}{\\s1\\sbasedon0 heading 1;}{\\s2\\sbasedon1 Mine;}{\\s3\\outlinelevel2 \\'dcberschrift;}{\\s4 Title;}
    {\\s5 Quote;}{\\s6 caption;}{\\s7 HTML Preformatted;}{\\s8 toc 1;}{\\s9\\sbasedon9 Loop;}{\\*\\cs10 heading 5;}{\\s11 heading 9;}`;

  test('are what their style or their outline level says', async () => {
    const body = [
      par('Four', '\\s4'),
      par('One', '\\s1'),
      par('Two', '\\s2'),
      par('Three', '\\s3'),
      par('Body', '\\s1\\outlinelevel9'),
      par('Own', '\\outlinelevel1'),
      par('Deep', '\\s11'),
      par('Said', '\\s5\\outlinelevel1'),
      par('Figure', '\\s6'),
      par('Contents\\tab 3', '\\s8'),
      par('Loop', '\\s9'),
      par('Plain'),
      par('  if x:', '\\s7'),
      par('    y', '\\s7'),
      par('Unknown', '\\s99'),
    ].join('');
    const { blocks } = await read({ body, styles });
    expect(outline(blocks)).toEqual([
      'heading1: Four',
      'heading1: One',
      'heading1: Two',
      'heading3: Three',
      'paragraph: Body',
      'heading2: Own',
      'heading6: Deep',
      'quote: Said',
      'caption: Figure',
      'paragraph: Loop',
      'paragraph: Plain',
      'code:   if x:\n    y',
      'paragraph: Unknown',
    ]);
    expect(blocks[3]?.locator).toEqual({ headingPath: ['Two'] });
  });

  test('end at sections, pages and line ends behind a backslash, and may break', async () => {
    expect(await outlineOf('a\\line  b\\tab c\\sect d\\page e\\\nf')).toEqual(
      ['a\nb c', 'd', 'e', 'f'].map((text) => `paragraph: ${text}`),
    );
  });

  test('are without what is hidden, deleted, or stands at the margin', async () => {
    const body = `{\\header Head\\par}a{\\v no\\par}{\\deleted gone\\par}\\v no\\v0 b\\v no\\plain c{\\xe{\\v Index}}{\\*\\unknown no}
      {\\footer {\\field{\\*\\fldinst PAGE}{\\fldrslt 1}}}{\\*\\bkmkstart x}{\\shppict{\\pict 00}}`;
    expect(await outlineOf(body)).toEqual(['paragraph: abc']);
  });

  test('of lists have their numbers', async () => {
    const item = (marker: string, text: string, words = ''): string =>
      par(`{\\listtext\\pard\\plain ${marker}\\tab}${text}`, words);
    const body = [
      item('3.', 'Three', '\\ls1'),
      item('\\bullet', 'Inner', '\\ls1\\ilvl1'),
      item('2.1', 'Both', '\\ls2\\ilvl99'),
      item('a)', 'Letter'),
      par('{\\pntext (4)\\tab}Old'),
      par('Bare', '\\ls3'),
      par('None', '\\ls0'),
      item('1.2', 'Scope', '\\outlinelevel0'),
      item('\\bullet', 'Sign', '\\outlinelevel0'),
      item('5.', ''),
    ].join('');
    expect(await outlineOf(body)).toEqual([
      'list_item1#3: Three',
      'list_item2: Inner',
      'list_item10: 2.1 Both',
      'list_item1: a) Letter',
      'list_item1#4: Old',
      'list_item1: Bare',
      'paragraph: None',
      'heading1: 1.2 Scope',
      'heading1: Sign',
    ]);
  });

  test('hold the results of fields, and links', async () => {
    const link = (instruction: string, text: string): string =>
      `{\\field{\\*\\fldinst {${instruction}}}{\\fldrslt {\\ul ${text}}}}`;
    const body =
      `a ${link('HYPERLINK "https://example.org/a"', 'site')} ${link(' HYPERLINK https://example.org/b \\\\o "x"', 'two')} ` +
      `${link('HYPERLINK \\\\l "place"', 'here')} ${link('HYPERLINK "javascript:1"', 'no')} ${link('DATE', 'today')}` +
      `${link('TOC \\\\o', 'Contents\\par 1')}{\\fldrslt  lone}{\\*\\fldinst lost}`;
    const { blocks, links } = await read({ body });
    expect(outline(blocks)).toEqual(['paragraph: a site two here no today lone']);
    expect(links).toEqual([
      { url: 'https://example.org/a', text: 'site' },
      { url: 'https://example.org/b', text: 'two' },
    ]);
  });

  test('are followed by their notes, comments and text boxes', async () => {
    const body =
      'Light{\\super\\chftn}{\\footnote\\pard\\plain\\chftn  Of the lamp.\\par Two.} and{\\footnote\\ftnalt  End.}{\\footnote } sea' +
      '{\\v{\\*\\atnid A}{\\*\\atnauthor Ann}\\chatn{\\*\\annotation\\pard\\plain Really?}}{\\*\\annotation }' +
      '{\\shp{\\*\\shpinst\\shpleft0{\\sp{\\sn x}{\\sv 1}}{\\shptxt \\pard In a box\\par Below\\cell Beside\\row}}{\\shprslt old}}.\\par Next';
    expect(await outlineOf(body)).toEqual([
      'paragraph: Light[1] and[2] sea.',
      'footnote: [1] Of the lamp. Two.',
      'footnote: [2] End.',
      'footnote: Comment by Ann: Really?',
      'paragraph: In a box',
      'paragraph: Below',
      'paragraph: Beside',
      'paragraph: Next',
    ]);
    expect(await outlineOf('a{\\*\\annotation Why?}')).toEqual(['paragraph: a', 'footnote: Comment: Why?']);
  });

  test('may hold formulas and objects', async () => {
    const body =
      'x{\\mmath{\\*\\moMath{\\mf{\\mfPr{\\mctrlPr no}}{\\mr y=2}}}}{\\mmathPict no}{\\object{\\*\\objdata 00}{\\result  seen}}';
    expect(await outlineOf(body)).toEqual(['paragraph: xy=2 seen']);
  });
});

describe('tables', () => {
  test('are rows, with the header as such', async () => {
    const body =
      par('Before') +
      row(['Harbour', 'Height{\\footnote In metres.}'], '\\trhdr') +
      row(['Brest', 'a\\par b \\nestcell c\\nestrow ']) +
      row(['', '']) +
      par('After') +
      row(['Alone']) +
      '\\pard\\intbl Open\\cell';
    const { blocks } = await read({ body });
    expect(outline(blocks)).toEqual([
      'paragraph: Before',
      'table: Harbour\tHeight[1]\nBrest\ta b c',
      'footnote: [1] In metres.',
      'paragraph: After',
      'table: Alone\nOpen',
    ]);
    expect(blocks[1]).toMatchObject({ headerRows: 1 });
    expect(blocks[4]).toMatchObject({ headerRows: 0, rows: [['Alone'], ['Open']] });
  });

  test('behind code and lists begin anew', async () => {
    const body =
      par('x = 1', '\\s7') +
      row(['{\\listtext 1.\\tab}one']) +
      par('text') +
      '\\pard\\itap1 y\\cell\\row\\pard\\itap0 z';
    expect(await outlineOf(body, { styles: '{\\s7 Source Code;}' })).toEqual([
      'code: x = 1',
      'table: one',
      'paragraph: text',
      'table: y',
      'paragraph: z',
    ]);
  });
});
