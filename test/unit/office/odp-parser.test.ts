import { describe, expect, test } from '@jest/globals';
import { parse as parseDocument } from '../../../backbone/content/document/document-parser.ts';
import { parse } from '../../../backbone/content/document/odp-parser.ts';
import { detectMediaType, ODP_TYPE } from '../../../backbone/content/parsing/media-type.ts';
import { odpFile, odtFile, type OdpFile } from '../../support/odf-file.ts';
import { outline, parsed } from '../document/parsed.ts';

const read = (file: OdpFile) => parsed(parse, odpFile(file));
const outlineOf = async (inside: string, more: Partial<OdpFile> = {}) =>
  outline((await read({ pages: page(inside), ...more })).blocks);

const p = (text: string): string => `<text:p>${text}</text:p>`;
const page = (inside: string, attributes = ''): string => `<draw:page ${attributes}>${inside}</draw:page>`;
const frame = (inside: string, attributes = ''): string =>
  `<draw:frame ${attributes}><draw:text-box>${inside}</draw:text-box></draw:frame>`;
const placeholder = (kind: string, inside: string, attributes = ''): string =>
  frame(inside, `presentation:class="${kind}" ${attributes}`);
const title = (text: string): string => placeholder('title', p(text));
const at = (x: string, y: string): string => `svg:x="${x}" svg:y="${y}"`;
const list = (items: string, attributes = ''): string => `<text:list ${attributes}>${items}</text:list>`;
const item = (inside: string): string => `<text:list-item>${inside}</text:list-item>`;

describe('slides', () => {
  test('come in order and are cited by number and title', async () => {
    const { blocks, pageCount, warnings } = await read({
      pages: page(frame(p('Text')) + title('Moon<text:line-break/>and sea')) + page(frame(p('Untitled'))),
    });
    expect(blocks.map(({ kind, text, locator }) => [kind, text, locator])).toEqual([
      ['heading', 'Moon and sea', { slide: 1 }],
      ['paragraph', 'Text', { slide: 1, headingPath: ['Moon and sea'] }],
      ['paragraph', 'Untitled', { slide: 2 }],
    ]);
    expect(pageCount).toBe(2);
    expect(warnings).toEqual([]);
  });

  test('that are hidden are read and named', async () => {
    const styles = `<style:style style:name="dp1"><style:drawing-page-properties presentation:visibility="visible"/></style:style>
      <style:style style:name="dp2"><style:drawing-page-properties presentation:visibility="hidden"/></style:style>
      <style:style><style:drawing-page-properties presentation:visibility="hidden"/></style:style>`;
    const { typeMetadata, blocks } = await read({
      styles,
      pages: page(title('One'), 'draw:style-name="dp1"') + page(title('Backup'), 'draw:style-name="dp2"'),
    });
    expect(typeMetadata).toEqual({ subject: null, keywords: [], hiddenSlides: [2] });
    expect(outline(blocks)).toEqual(['heading1: One', 'heading1: Backup']);
  });

  test('end with their comments and notes, without what repeats on every page', async () => {
    const notes =
      '<draw:page-thumbnail presentation:class="page"/>' +
      placeholder('page-number', p('7')) +
      placeholder('notes', p('') + p('Speak <text:s/>slowly') + list(item(p('Then stop'))));
    const annotation = `<office:annotation><dc:creator>Ann</dc:creator>${p('Why?')}</office:annotation>`;
    const { blocks } = await read({
      pages:
        page(
          `${title('One')}${placeholder('footer', p('Company'))}${annotation}<presentation:notes>${notes}</presentation:notes>`,
        ) + page(title('Two')),
    });
    expect(outline(blocks)).toEqual([
      'heading1: One',
      'footnote: Comment by Ann: Why?',
      'footnote: Notes: Speak slowly',
      'footnote: Then stop',
      'heading1: Two',
    ]);
    expect(blocks[2]?.locator).toEqual({ slide: 1, headingPath: ['One'] });
  });

  test('are read up to a limit', async () => {
    const { warnings, pageCount } = await read({ pages: page(frame(p('x'))).repeat(5001) });
    expect(pageCount).toBe(5001);
    expect(warnings).toEqual([
      { code: 'slides_left_out', message: 'Only 5000 of 5001 slides could be read.' },
    ]);
  });
});

describe('shapes', () => {
  test('are read top-down and from the left, the first title with words before all', async () => {
    const shape = `<draw:custom-shape ${at('1in', '2in')}>${p('Shape')}<draw:enhanced-geometry/></draw:custom-shape>`;
    const turned = frame(p('Turned'), 'draw:transform="rotate (0.5) translate (3cm 51mm)"');
    const link = `<draw:a xlink:href="https://example.org/">${frame(p('Linked'), at('300pt', '5.2cm'))}</draw:a>`;
    expect(
      await outlineOf(
        frame(p('Below'), at('0cm', '15cm')) +
          link +
          turned +
          shape +
          frame(p('Odd'), at('1em', '1..2cm')) +
          '<draw:a/>' +
          placeholder('title', '') +
          placeholder('title', p('Title'), at('0cm', '18cm')) +
          placeholder('title', p('Second'), at('0cm', '19cm')),
      ),
    ).toEqual([
      'heading1: Title',
      'paragraph: Odd',
      'paragraph: Shape',
      'paragraph: Turned',
      'paragraph: Linked',
      'paragraph: Below',
      'paragraph: Second',
    ]);
  });

  test('in groups stay together, where the group begins', async () => {
    const inner = `<draw:g>${frame(p('C'), at('0pc', '96px'))}</draw:g>`;
    const group = `<draw:g>${frame(p('B'), at('9cm', '9cm'))}${inner}</draw:g><draw:g/>`;
    expect(await outlineOf(frame(p('D'), at('1cm', '5cm')) + group + frame(p('A')))).toEqual([
      'paragraph: A',
      'paragraph: C',
      'paragraph: B',
      'paragraph: D',
    ]);
    const deep = `${'<draw:g>'.repeat(40)}${frame(p('Deep'))}${'</draw:g>'.repeat(40)}`;
    expect(await outlineOf(deep)).toEqual(['paragraph: Deep']);
  });

  test('hold lists, tables with their header, pictures and links', async () => {
    const styles =
      '<text:list-style style:name="N"><text:list-level-style-number text:level="1" style:num-format="1"/></text:list-style>';
    const outlined = placeholder(
      'outline',
      list(
        item(p('one') + list(item(p('inner')))) +
          item(p('<text:a xlink:href="https://example.org/">two</text:a>')),
        'text:style-name="N"',
      ),
      at('0cm', '1cm'),
    );
    const row = (...cells: readonly string[]): string =>
      `<table:table-row>${cells.map((text) => `<table:table-cell>${p(text)}</table:table-cell>`).join('')}</table:table-row>`;
    const table = `<draw:frame ${at('0cm', '5cm')}><table:table table:use-first-row-styles="true">${row('Port', 'Height')}${row('Brest', '7')}</table:table><draw:image/></draw:frame>`;
    const picture = `<draw:frame ${at('0cm', '9cm')}><draw:image/><svg:desc>A duck</svg:desc></draw:frame>`;
    const { blocks, links } = await read({ styles, pages: page(outlined + table + picture) });
    expect(outline(blocks)).toEqual([
      'list_item1#1: one',
      'list_item2: inner',
      'list_item1#2: two',
      'table: Port\tHeight\nBrest\t7',
      'image: A duck',
    ]);
    expect(blocks[3]).toMatchObject({ headerRows: 1, locator: { slide: 1 } });
    expect(links).toEqual([{ url: 'https://example.org/', text: 'two' }]);
  });

  test('share one limit of cells over all slides', async () => {
    const wide = `<table:table-cell table:number-columns-repeated="999">${p('z')}</table:table-cell>`;
    const table = `<draw:frame><table:table>${`<table:table-row>${wide}</table:table-row>`.repeat(600)}</table:table></draw:frame>`;
    const { blocks } = await read({ pages: page(table).repeat(3) });
    expect(blocks.map(({ rows }) => rows?.length)).toEqual([600, 400]);
  });
});

describe('files', () => {
  test('bring their properties, or are called by their first title', async () => {
    const meta = '<office:meta><dc:title>On tides</dc:title><dc:creator>Ann</dc:creator></office:meta>';
    const { metadata } = await read({ pages: page(title('Moon')), meta });
    expect(metadata.title).toEqual({ value: 'On tides', source: 'odf-meta' });
    expect(metadata.authors?.value).toEqual(['Ann']);
    const bare = await read({ pages: page(title('Moon')) });
    expect(bare.metadata.title).toEqual({ value: 'Moon', source: 'heading' });
  });

  test('that are protected, damaged or without words say so', async () => {
    const entry = '<manifest:file-entry><manifest:encryption-data/></manifest:file-entry>';
    await expect(read({ pages: '', manifest: entry })).rejects.toMatchObject({ code: 'file_encrypted' });
    const picture = '<draw:frame><svg:desc>A duck</svg:desc></draw:frame>';
    await expect(read({ pages: page(picture) })).rejects.toMatchObject({ code: 'no_text' });
    await expect(parsed(parse, odtFile({ text: p('x') }))).rejects.toMatchObject({ code: 'file_damaged' });
  });

  test('are known by their bytes, picked by media type, and report progress', async () => {
    const bytes = odpFile({ pages: page(title('One')) + page(title('Two')) });
    const found = await detectMediaType(bytes, { declared: null, fileName: null });
    expect(found).toEqual({ mediaType: ODP_TYPE, description: 'an OpenDocument presentation' });
    const told: (readonly [number, number])[] = [];
    await parsed(parseDocument, bytes, { mediaType: ODP_TYPE }, (done, total) => told.push([done, total]));
    expect(told).toEqual([
      [1, 2],
      [2, 2],
    ]);
  });
});
