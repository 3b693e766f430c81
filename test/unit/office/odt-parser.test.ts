import { describe, expect, test } from '@jest/globals';
import { parse } from '../../../backbone/content/document/odt-parser.ts';
import { detectMediaType, ODT_TYPE } from '../../../backbone/content/parsing/media-type.ts';
import { odtFile, type OdtFile } from '../../support/odf-file.ts';
import { zipArchive } from '../../support/zip-archive.ts';
import { outline, parsed } from '../document/parsed.ts';

const read = (file: OdtFile) => parsed(parse, odtFile(file));
const outlineOf = async (text: string, more: Partial<OdtFile> = {}) =>
  outline((await read({ text, ...more })).blocks);
const tableOf = async (text: string) =>
  (await read({ text: `<table:table>${text}</table:table>` })).blocks.find(({ kind }) => kind === 'table');

const p = (text: string, attributes = ''): string => `<text:p ${attributes}>${text}</text:p>`;
const h = (text: string, level: string): string => `<text:h text:outline-level="${level}">${text}</text:h>`;
const item = (content: string, attributes = ''): string =>
  `<text:list-item ${attributes}>${content}</text:list-item>`;
const list = (content: string, attributes = ''): string => `<text:list ${attributes}>${content}</text:list>`;
const tr = (...cells: readonly string[]): string =>
  `<table:table-row>${cells.map((cell) => (cell.startsWith('<') ? cell : td(cell))).join('')}</table:table-row>`;
const td = (text: string, attributes = ''): string =>
  `<table:table-cell ${attributes}>${p(text)}</table:table-cell>`;
const COVERED = '<table:covered-table-cell/>';
const note = (text: string): string =>
  `<text:note><text:note-citation>1</text:note-citation><text:note-body>${p(text)}</text:note-body></text:note>`;

describe('paragraphs', () => {
  test('are headings by level and by style, and name the headings above them', async () => {
    const { blocks } = await read({
      text:
        p('Tides', 'text:style-name="P1"') +
        h('Moon', '2') +
        p('Text') +
        h('Odd', 'x') +
        '<text:h>No level</text:h>',
      styles: '<style:style style:name="P1" style:parent-style-name="Title"/><style:style/>',
    });
    expect(outline(blocks)).toEqual([
      'heading1: Tides',
      'heading2: Moon',
      'paragraph: Text',
      'heading1: Odd',
      'heading1: No level',
    ]);
    expect(blocks[2]?.locator).toEqual({ headingPath: ['Tides', 'Moon'] });
  });

  test('keep spaces and breaks as one each, and drop what is hidden or counts pages', async () => {
    const text = `a<text:s text:c="3"/> b<text:tab/>c \n d<text:line-break/> e <text:span>f<text:page-number>3</text:page-number></text:span>
      <text:hidden-text>no</text:hidden-text><office:annotation-end/>`;
    expect(await outlineOf(p(text))).toEqual(['paragraph: a b c d\ne f']);
  });

  test('in sections are read; indices and deleted text are not', async () => {
    const text =
      `<text:section>${p('Inside')}</text:section>` +
      `<text:table-of-content>${p('Contents')}</text:table-of-content><text:tracked-changes>${p('Gone')}</text:tracked-changes>`;
    expect(await outlineOf(text)).toEqual(['paragraph: Inside']);
  });

  test('with styles that refer to themselves end', async () => {
    const styles = '<style:style style:name="A" style:parent-style-name="A"/>';
    expect(await outlineOf(p('x', 'text:style-name="A"'), { styles })).toEqual(['paragraph: x']);
  });

  test('keep the links that lead to the web', async () => {
    const { links } = await read({
      text: p(
        '<text:a xlink:href="https://example.org/">site</text:a><text:a xlink:href="javascript:1">x</text:a><text:a>y</text:a>',
      ),
    });
    expect(links).toEqual([{ url: 'https://example.org/', text: 'site' }]);
  });
});

describe('lists', () => {
  const namedStyles = `<text:list-style style:name="N"><text:list-level-style-number text:level="1" style:num-format="1" text:start-value="3"/>
    <text:list-level-style-number text:level="2" style:num-format="a"/><text:list-level-style-number text:level="3" style:num-format=""/>
    <text:list-level-style-number text:level="4"/><text:list-level-style-number style:num-format="1" text:start-value="x"/></text:list-style>`;

  test('have signs or numbers, nest, and go on where they are told to', async () => {
    const text =
      list(
        item(p('three') + p('more') + list(item(p('inner')) + item(list(item(p('deep')))))) +
          item(p('seven'), 'text:start-value="7"'),
        'text:style-name="N"',
      ) +
      list(item(p('eight')), 'text:style-name="N" text:continue-numbering="true"') +
      list(item(p('again')), 'text:style-name="N"') +
      list(item(p('first')), 'text:style-name="M" text:continue-numbering="true"') +
      list(`<text:list-header>${p('Head')}</text:list-header>${item(h('Heading', '1') + '<text:x/>')}`);
    expect(await outlineOf(text, { namedStyles })).toEqual([
      'list_item1#3: three',
      'paragraph: more',
      'list_item2#1: inner',
      'list_item3: deep',
      'list_item1#7: seven',
      'list_item1#8: eight',
      'list_item1#3: again',
      'list_item1: first',
      'paragraph: Head',
      'heading1: Heading',
    ]);
  });
});

describe('notes, boxes and pictures', () => {
  test('stand behind the paragraph that refers to them', async () => {
    const text =
      p(`One${note('About one')} two${note('About two')}`) +
      p(
        `x<office:annotation><dc:creator>Ann</dc:creator><dc:date>2024</dc:date>${p('Why?')}</office:annotation>`,
      ) +
      p(`y<office:annotation>${list(item(p('So')))}</office:annotation><text:note/>${note('')}`);
    expect(await outlineOf(text)).toEqual([
      'paragraph: One[1] two[2]',
      'footnote: [1] About one',
      'footnote: [2] About two',
      'paragraph: x',
      'footnote: Comment by Ann: Why?',
      'paragraph: y[3][4]',
      'footnote: Comment: So',
    ]);
  });

  test('are read from frames and shapes, in the text and beside it', async () => {
    const text =
      p(`Text<draw:frame><draw:text-box>${p('Boxed')}</draw:text-box></draw:frame>`) +
      p('<draw:frame><draw:image/><svg:title>Title</svg:title><svg:desc>A duck</svg:desc></draw:frame>') +
      `<draw:frame><svg:title>Only a title</svg:title></draw:frame><draw:custom-shape>${p('Shape')}</draw:custom-shape>`;
    expect(await outlineOf(text)).toEqual([
      'paragraph: Text',
      'paragraph: Boxed',
      'image: A duck',
      'image: Only a title',
      'paragraph: Shape',
    ]);
  });
});

describe('tables', () => {
  test('are rows with their header', async () => {
    const table = await tableOf(
      `<table:table-column/><table:table-header-rows>${tr('Port', 'Height')}</table:table-header-rows>` +
        `<table:table-rows>${tr('Brest', `<table:table-cell>${p('7')}${p('m<text:line-break/>high')}</table:table-cell>`)}</table:table-rows>${tr('', '')}`,
    );
    expect(table).toMatchObject({
      headerRows: 1,
      rows: [
        ['Port', 'Height'],
        ['Brest', '7 m high'],
      ],
    });
  });

  test('repeat short merged cells to the right and below', async () => {
    const long = 'x'.repeat(81);
    const table = await tableOf(
      tr(td('Both', 'table:number-columns-spanned="2"'), COVERED, td('C')) +
        tr(
          td('Square', 'table:number-columns-spanned="2" table:number-rows-spanned="2"'),
          COVERED,
          td(long, 'table:number-rows-spanned="2"'),
        ) +
        tr(COVERED, COVERED, COVERED, '<table:x/>') +
        tr(td('e', 'table:number-columns-repeated="2"'), td('f', 'table:number-columns-spanned="x"')),
    );
    expect(table?.rows).toEqual([
      ['Both', 'Both', 'C'],
      ['Square', 'Square', long],
      ['Square', 'Square', ''],
      ['e', 'e', 'f'],
    ]);
  });

  test('of a header alone have none, and empty ones are left out', async () => {
    expect(await tableOf(`<table:table-header-rows>${tr('a')}</table:table-header-rows>`)).toMatchObject({
      headerRows: 0,
    });
    expect(await outlineOf(`<table:table/>${p('x')}`)).toEqual(['paragraph: x']);
  });

  test('keep their notes behind them and end at the limits', async () => {
    const long = 'y'.repeat(100);
    const wide = td(long, 'table:number-columns-repeated="999999"');
    const blocks = (await read({ text: `<table:table>${tr(wide, td(note('N')))}</table:table>` })).blocks;
    expect(blocks[0]?.rows?.[0]).toHaveLength(200);
    expect(blocks[0]?.rows?.[0]?.slice(0, 2)).toEqual([long, '']);
    expect(blocks[1]?.text).toBe('[1] N');
    const many = await tableOf(tr(td('z', 'table:number-columns-repeated="200"')).repeat(1100));
    expect(many?.rows).toHaveLength(1000);
    const tall = await tableOf(tr('q').repeat(10_050));
    expect(tall?.rows).toHaveLength(10_000);
  });
});

describe('files', () => {
  test('bring their properties', async () => {
    const meta = `<office:meta><dc:title>On tides</dc:title><meta:initial-creator>Ann</meta:initial-creator><dc:creator>Bob</dc:creator>
      <meta:creation-date>2024-01-02T03:04:05.123456789</meta:creation-date><dc:date>soon</dc:date><dc:subject>Sea</dc:subject>
      <meta:keyword>moon</meta:keyword><meta:keyword> </meta:keyword><meta:document-statistic meta:page-count="3"/></office:meta>`;
    const { metadata, typeMetadata, pageCount } = await read({ text: p('x'), meta });
    expect(metadata).toMatchObject({
      title: { value: 'On tides', source: 'odf-meta' },
      authors: { value: ['Ann'], source: 'odf-meta' },
      publishedAt: { value: '2024-01-02T03:04:05.123456789', source: 'odf-meta' },
      modifiedAt: null,
    });
    expect(typeMetadata).toEqual({ subject: 'Sea', keywords: ['moon'] });
    expect(pageCount).toBe(3);
  });

  test('without properties are called by their first heading', async () => {
    const { metadata, pageCount } = await read({ text: h('Moon', '1'), meta: '<office:meta/>' });
    expect(metadata.title).toEqual({ value: 'Moon', source: 'heading' });
    expect(metadata.authors).toBeNull();
    expect(pageCount).toBeNull();
  });

  test('that are protected, damaged or empty say so', async () => {
    const entry = '<manifest:file-entry><manifest:encryption-data/></manifest:file-entry>';
    await expect(read({ text: '', manifest: entry })).rejects.toMatchObject({ code: 'file_encrypted' });
    await expect(read({ text: '', manifest: '<manifest:file-entry/>' })).rejects.toMatchObject({
      code: 'no_text',
    });
    await expect(parsed(parse, zipArchive([]))).rejects.toMatchObject({ code: 'file_damaged' });
    const other = zipArchive([{ name: 'content.xml', content: '<x/>' }]);
    await expect(parsed(parse, other)).rejects.toMatchObject({ code: 'file_damaged' });
  });

  test('are known by their bytes, and report progress', async () => {
    const bytes = odtFile({ text: p('One') + p('Two') });
    const found = await detectMediaType(bytes, { declared: null, fileName: null });
    expect(found.mediaType).toBe(ODT_TYPE);
    const told: (readonly [number, number])[] = [];
    await parsed(parse, bytes, {}, (done, total) => told.push([done, total]));
    expect(told).toEqual([
      [1, 2],
      [2, 2],
    ]);
  });
});
