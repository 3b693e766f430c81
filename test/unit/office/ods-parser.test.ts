import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parse as parseDocument } from '../../../backbone/content/document/document-parser.ts';
import { readOdfSheets } from '../../../backbone/content/document/odf/sheet-scan.ts';
import { parse } from '../../../backbone/content/document/ods-parser.ts';
import { workbookBudget } from '../../../backbone/content/document/sheet-limits.ts';
import { detectMediaType, ODS_TYPE } from '../../../backbone/content/parsing/media-type.ts';
import { odsFile, odtFile, type OdsFile } from '../../support/odf-file.ts';
import { zipArchive } from '../../support/zip-archive.ts';
import { outline, parsed } from '../document/parsed.ts';

const read = (file: OdsFile) => parsed(parse, odsFile(file));
const p = (text: string): string => `<text:p>${text}</text:p>`;
const cell = (inside = '', attributes = ''): string =>
  `<table:table-cell ${attributes}>${inside}</table:table-cell>`;
const row = (cells: readonly string[], attributes = ''): string =>
  `<table:table-row ${attributes}>${cells.map((text) => (text.startsWith('<') ? text : cell(p(text)))).join('')}</table:table-row>`;
const sheet = (name: string, inside: string, attributes = ''): string =>
  `<table:table table:name="${name}" ${attributes}>${inside}</table:table>`;
const COVERED = '<table:covered-table-cell/>';
const gap = (columns: number): string => cell('', `table:number-columns-repeated="${columns}"`);
const emptyRows = (count: number): string => row([gap(16_384)], `table:number-rows-repeated="${count}"`);
const HIDDEN = `<style:style style:name="ta1" style:family="table"><style:table-properties table:display="true"/></style:style>
  <style:style style:name="ta2" style:family="table"><style:table-properties table:display="false"/></style:style>
  <style:style style:family="table"><style:table-properties table:display="false"/></style:style>
  <style:style style:name="ta1" style:family="graphic"><style:table-properties table:display="false"/></style:style>`;

/** The rows of a single sheet, and the cell at which each table is cited. */
async function tablesOf(inside: string) {
  const { blocks } = await read({ sheets: sheet('S', inside) });
  return blocks.filter(({ kind }) => kind === 'table');
}
const rowsOf = async (...rows: readonly string[]) => (await tablesOf(rows.join('')))[0]?.rows;

describe('sheets', () => {
  test('are headings with their tables behind them, cited by sheet and cell', async () => {
    const inside =
      `<table:table-column table:number-columns-repeated="16384"/><table:table-header-rows>${row([gap(1), 'Port', 'Height'])}</table:table-header-rows>` +
      row([gap(1), 'Brest', '7.1', gap(16_381)]) +
      emptyRows(3) +
      `<table:table-row-group>${row(['Alone'])}</table:table-row-group>${emptyRows(1_048_570)}`;
    const { blocks, pageCount, typeMetadata } = await read({
      sheets: sheet('Tides', inside) + sheet('Empty', emptyRows(1_048_576)) + sheet('', row(['x', 'y'])),
    });
    expect(outline(blocks)).toEqual([
      'heading1: Tides',
      'table: Port\tHeight\nBrest\t7.1',
      'paragraph: Alone',
      'table: x\ty',
    ]);
    expect(blocks.map(({ locator }) => locator)).toEqual([
      { sheet: 'Tides' },
      { sheet: 'Tides', cell: 'B2', headingPath: ['Tides'] },
      { sheet: 'Tides', cell: 'A6', headingPath: ['Tides'] },
      { sheet: '', cell: 'A1' },
    ]);
    expect(blocks[1]?.headerRows).toBe(1);
    expect(pageCount).toBeNull();
    expect(typeMetadata).toMatchObject({ sheets: 3 });
  });

  test('that are hidden are left out and told; copies out of other files are no sheets', async () => {
    const source = '<table:table-source table:mode="copy-results-only"/>';
    const { blocks, warnings, typeMetadata } = await read({
      styles: HIDDEN,
      sheets:
        sheet('Shown', `${source}${row(['a', 'b'])}`, 'table:style-name="ta1"') +
        sheet('Secret', row(['c', 'd']), 'table:style-name="ta2"') +
        sheet('Copy', `${source}${row(['e', 'f'])}`, 'table:style-name="ta2"') +
        `<table:dde-links><table:dde-link>${sheet('Link', row(['g', 'h']))}</table:dde-link></table:dde-links>`,
    });
    expect(outline(blocks)).toEqual(['heading1: Shown', 'table: a\tb']);
    expect(warnings).toEqual([
      { code: 'hidden_sheets_left_out', message: '1 sheet is hidden in the workbook and left out.' },
    ]);
    expect(typeMetadata).toMatchObject({ sheets: 2 });
  });
});

describe('cells', () => {
  test('say what the program showed, whatever value is behind it', async () => {
    expect(
      await rowsOf(
        row([
          cell(p('1,234.50'), 'office:value-type="float" office:value="1234.5" calcext:value-type="float"'),
          cell(p('02/01/24'), 'office:value-type="date" office:date-value="2024-01-02"'),
          cell(p('12.5 %'), 'office:value-type="percentage" office:value="0.125"'),
          cell(p('€ 3.00'), 'office:value-type="currency" office:currency="EUR" office:value="3"'),
          cell(p('TRUE'), 'office:value-type="boolean" office:boolean-value="true"'),
        ]),
      ),
    ).toEqual([['1,234.50', '02/01/24', '12.5 %', '€ 3.00', 'TRUE']]);
  });

  test.each([
    ['office:value-type="float" office:value="1234.5"', '1234.5'],
    ['office:value-type="percentage" office:value="0.07"', '7%'],
    ['office:value-type="percentage" office:value="half"', 'half'],
    ['office:value-type="percentage"', ''],
    ['office:value-type="currency" office:value="3" office:currency="EUR"', '3 EUR'],
    ['office:value-type="currency" office:value="3"', '3'],
    ['office:value-type="date" office:date-value="2024-01-02T03:04:05"', '2024-01-02 03:04:05'],
    ['office:value-type="date"', ''],
    ['office:value-type="time" office:time-value="PT1H02M03.5S"', '01:02:03'],
    ['office:value-type="time" office:time-value="P1D"', 'P1D'],
    ['office:value-type="time"', ''],
    ['office:value-type="boolean" office:boolean-value="false"', 'FALSE'],
    ['office:value-type="boolean"', ''],
    ['office:value-type="string" office:string-value="words"', 'words'],
    ['', ''],
  ])('without text say their value: %s', async (attributes, shown) => {
    expect(await rowsOf(row(['a', cell('', attributes), 'z']))).toEqual([['a', shown, 'z']]);
  });

  test('have one line, without drawings, tables inside and sounds above words', async () => {
    const drawing = `<draw:frame><draw:text-box>${p('Boxed')}</draw:text-box></draw:frame>`;
    const nested = `<table:table>${row(['inner'])}</table:table>`;
    const lines = `${p('one<text:s text:c="2"/>two<text:line-break/>three')}${p('four<text:span>teen</text:span> <text:sheet-name>S</text:sheet-name>')}`;
    const ruby =
      '<text:ruby><text:ruby-base>字</text:ruby-base><text:ruby-text>ji</text:ruby-text></text:ruby>';
    const list = `<text:list><text:list-item>${p('item')}</text:list-item></text:list>`;
    expect(await rowsOf(row([cell(drawing + lines + nested), cell(p(ruby + drawing)), cell(list)]))).toEqual([
      ['one two three fourteen S', '字', 'item'],
    ]);
  });

  test('hold at most what a cell can hold', async () => {
    const [[text] = []] = (await rowsOf(row(['y'.repeat(100_000), 'z']))) ?? [];
    expect(text).toHaveLength(32_766);
  });

  test('that are merged are repeated when short; what lies below them is not shown', async () => {
    const long = 'x'.repeat(81);
    const hidden = `<table:covered-table-cell>${p('below')}</table:covered-table-cell>`;
    expect(
      await rowsOf(
        row([cell(p('Both'), 'table:number-columns-spanned="2"'), hidden, 'C']),
        row([
          cell(p('Square'), 'table:number-columns-spanned="2" table:number-rows-spanned="2"'),
          COVERED,
          cell(p(long), 'table:number-rows-spanned="2"'),
        ]),
        row([COVERED, COVERED, COVERED, '1']),
        row([cell('', 'table:number-columns-spanned="2" table:number-rows-spanned="0"'), COVERED, 'e']),
      ),
    ).toEqual([
      ['Both', 'Both', 'C'],
      ['Square', 'Square', long],
      ['Square', 'Square', '', '1'],
      ['', '', 'e'],
    ]);
  });

  test('and rows that are repeated for ever are written out so many times', async () => {
    const wide = cell(p('x'), 'table:number-columns-repeated="256"');
    const tables = await tablesOf(row([wide], 'table:number-rows-repeated="10000"'));
    const rows = tables.flatMap((table) => table.rows ?? []);
    expect(rows.length).toBeLessThan(1000);
  });

  test('and rows that are repeated are written out', async () => {
    const twice = cell(p('2'), 'table:number-columns-repeated="2"');
    expect(await rowsOf(row(['a', twice], 'table:number-rows-repeated="2"'), row(['b']))).toEqual([
      ['a', '2', '2'],
      ['a', '2', '2'],
      ['b'],
    ]);
  });

  test('bring their comments behind the sheet, with author and cell', async () => {
    const date = '<dc:date>2024-01-02</dc:date>';
    const told = `<office:annotation><dc:creator>Ann</dc:creator>${date}${p('Why')}${p('so?')}</office:annotation>`;
    const plain = `<office:annotation><text:list><text:list-item>${p('Odd')}</text:list-item></text:list></office:annotation>`;
    const inside =
      row(['a', 'b']) + row([cell(told + p('7')), gap(30), cell(plain), cell('<office:annotation/>')]);
    const { blocks } = await read({ sheets: sheet('S', inside) });
    expect(blocks.slice(1).map(({ kind, text, locator }) => [kind, text, locator.cell])).toEqual([
      ['table', 'a\tb\n7', 'A2'],
      ['footnote', 'Comment by Ann: Why so?', 'A2'],
      ['footnote', 'Comment: Odd', 'AF2'],
    ]);
  });
});

describe('limits', () => {
  const TOO_LARGE = [expect.objectContaining({ code: 'cells_left_out' })];

  test('hold for cells and rows that a file repeats a million times', async () => {
    const wide = row([cell(p('w'), 'table:number-columns-repeated="16384"')]);
    const tall = row(['7'], 'table:number-rows-repeated="1048576"');
    const { blocks, warnings } = await read({
      sheets: sheet('W', wide) + sheet('T', tall) + sheet('L', tall),
    });
    expect(blocks[1]?.rows?.[0]).toHaveLength(256);
    const rows = blocks.reduce((sum, block) => sum + (block.rows?.length ?? 0), 0);
    expect(rows).toBe(100_000);
    expect(warnings).toEqual(TOO_LARGE);
  });

  test('hold for characters, merged cells, sheets and comments of all sheets together', () => {
    const note = cell(`<office:annotation>${p('n')}</office:annotation>`);
    const merged = row([cell(p('m'), 'table:number-columns-spanned="3"')]);
    const content = (inside: string): Buffer =>
      Buffer.from(`<x><office:spreadsheet>${inside}</office:spreadsheet></x>`);
    const few = { ...workbookBudget(), characters: 3, repeats: 1 };
    const [first, second] =
      readOdfSheets(content(sheet('A', merged + merged) + sheet('B', merged)), few) ?? [];
    expect(first?.rows.map(({ cells }) => cells)).toEqual([['m', 'm', 'm'], ['m']]);
    expect(second?.rows).toEqual([]);
    expect(few.exceeded).toBe(true);
    const many = workbookBudget();
    const sheets = readOdfSheets(content(sheet('N', row([note])).repeat(10_001)), many) ?? [];
    expect(sheets).toHaveLength(10_000);
    expect(many.exceeded).toBe(true);
    const spans = row(Array.from({ length: 10_001 }, () => cell('', 'table:number-rows-spanned="2"')));
    const notes = row(Array.from({ length: 10_001 }, () => note));
    const [crowded] = readOdfSheets(content(sheet('M', spans + notes)), workbookBudget()) ?? [];
    expect(crowded?.comments).toHaveLength(10_000);
  });

  test('hold for depth', async () => {
    const deep = '<text:span>'.repeat(600) + 'x' + '</text:span>'.repeat(600);
    await expect(read({ sheets: sheet('S', row([p(deep)])) })).rejects.toMatchObject({ code: 'file_unsafe' });
  });

  test('numbers that are none count once, and odd elements are passed over', async () => {
    const odd = cell(p('o'), 'table:number-columns-repeated="-5"');
    const strange = '<table:odd/>';
    expect(await rowsOf(row([odd, strange, 'p'], 'table:number-rows-repeated="1.5"'), strange)).toEqual([
      ['o', 'p'],
    ]);
  });
});

test('every cell stands in its own row and column', async () => {
  const grid = fc.array(fc.array(fc.constantFrom('', 'a', 'b c', '7'), { minLength: 1, maxLength: 6 }), {
    minLength: 1,
    maxLength: 8,
  });
  fc.assert(
    fc.property(grid, (rows) => {
      const inside = rows.map((cells) => row(cells.map((text) => (text === '' ? gap(1) : text)))).join('');
      const content = Buffer.from(`<office:spreadsheet>${sheet('S', inside)}</office:spreadsheet>`);
      const [found] = readOdfSheets(content, workbookBudget()) ?? [];
      const expected = rows.flatMap((cells, index) => {
        const width = cells.findLastIndex((text) => text !== '') + 1;
        return width === 0 ? [] : [{ number: index + 1, cells: cells.slice(0, width) }];
      });
      expect(found?.rows).toEqual(expected);
    }),
  );
});

describe('files', () => {
  test('bring their properties, whatever their prefixes are called', async () => {
    const meta =
      '<office:meta><dc:title>Tide table</dc:title><meta:initial-creator>Ann</meta:initial-creator><meta:keyword>sea</meta:keyword></office:meta>';
    const { metadata, typeMetadata } = await read({ sheets: sheet('S', row(['a', 'b'])), meta });
    expect(metadata.title).toEqual({ value: 'Tide table', source: 'odf-meta' });
    expect(metadata.authors?.value).toEqual(['Ann']);
    expect(typeMetadata).toEqual({ subject: null, keywords: ['sea'], sheets: 1 });
    const content =
      '<x><o:spreadsheet><t:table t:name="S"><t:table-row><t:table-cell><w:p>v</w:p></t:table-cell></t:table-row></t:table></o:spreadsheet></x>';
    const other = await parsed(parse, zipArchive([{ name: 'content.xml', content }]));
    expect(outline(other.blocks)).toEqual(['heading1: S', 'paragraph: v']);
  });

  test('that are protected, damaged or empty say so', async () => {
    const entry = '<manifest:file-entry><manifest:encryption-data/></manifest:file-entry>';
    await expect(read({ sheets: '', manifest: entry })).rejects.toMatchObject({ code: 'file_encrypted' });
    await expect(read({ sheets: sheet('S', '') })).rejects.toMatchObject({ code: 'no_text' });
    await expect(parsed(parse, zipArchive([]))).rejects.toMatchObject({ code: 'file_damaged' });
    await expect(parsed(parse, odtFile({ text: p('x') }))).rejects.toMatchObject({ code: 'file_damaged' });
  });

  test('are known by their bytes, picked by media type, and report progress', async () => {
    const bytes = odsFile({ sheets: sheet('A', row(['x'])) + sheet('B', row(['y'])) });
    const found = await detectMediaType(bytes, { declared: null, fileName: null });
    expect(found).toEqual({ mediaType: ODS_TYPE, description: 'an OpenDocument spreadsheet' });
    const told: (readonly [number, number])[] = [];
    const given = { mediaType: ODS_TYPE, fileName: 'tides.ods' };
    const { metadata } = await parsed(parseDocument, bytes, given, (done, total) => told.push([done, total]));
    expect(metadata.title?.value).toBe('tides');
    expect(told).toEqual([
      [1, 2],
      [2, 2],
    ]);
  });
});
