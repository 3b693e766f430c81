import { describe, expect, test } from '@jest/globals';
import { parse } from '../../../backbone/content/document/xlsx-parser.ts';
import { readSharedStrings } from '../../../backbone/content/document/xlsx/shared-strings.ts';
import { readSheetRows } from '../../../backbone/content/document/xlsx/sheet-rows.ts';
import { detectMediaType, XLSX_TYPE } from '../../../backbone/content/parsing/media-type.ts';
import { row, workbookFile, type WorkbookFile } from '../../support/workbook-file.ts';
import { zipArchive } from '../../support/zip-archive.ts';
import { outline, parsed } from '../document/parsed.ts';

const read = (file: WorkbookFile) => parsed(parse, workbookFile(file));
const rowsOf = async (rows: string, more: Partial<WorkbookFile> = {}, after = '') =>
  (await read({ sheets: [{ name: 'S', rows, after }], ...more })).blocks.flatMap((block) => block.rows ?? []);

describe('sheets', () => {
  test('are headings and tables that are cited by sheet and cell', async () => {
    const { blocks } = await read({
      sheets: [
        { name: 'Tides', rows: row('Port', 'Height') + row('Brest', 7.2) },
        { name: 'Empty', rows: row('') },
        { name: 'More', rows: `<row r="3"><c r="C3" t="str"><v>Note</v></c></row>` },
      ],
    });
    expect(blocks).toEqual([
      { kind: 'heading', text: 'Tides', level: 1, locator: { sheet: 'Tides' } },
      {
        kind: 'table',
        text: 'Port\tHeight\nBrest\t7.2',
        rows: [
          ['Port', 'Height'],
          ['Brest', '7.2'],
        ],
        headerRows: 1,
        locator: { sheet: 'Tides', cell: 'A2', headingPath: ['Tides'] },
      },
      { kind: 'heading', text: 'More', level: 1, locator: { sheet: 'More' } },
      { kind: 'paragraph', text: 'Note', locator: { sheet: 'More', cell: 'C3', headingPath: ['More'] } },
    ]);
  });

  test('that are hidden are left out, and it is told', async () => {
    const shown = { name: 'A', rows: row('x', 'y') };
    const hidden = { name: 'B', rows: row('secret'), state: 'veryHidden' };
    const one = await read({ sheets: [shown, hidden] });
    expect(outline(one.blocks).join()).not.toContain('secret');
    expect(one.warnings).toEqual([
      { code: 'hidden_sheets_left_out', message: '1 sheet is hidden in the workbook and left out.' },
    ]);
    const two = await read({ sheets: [shown, hidden, { ...hidden, state: 'hidden' }] });
    expect(two.warnings[0]?.message).toContain('2 sheets are hidden');
  });

  test('repeat their header in every block, and part tables at empty rows', async () => {
    const many = Array.from({ length: 60 }, (_, index) => row(`p${index}`, index)).join('');
    const { blocks } = await read({
      sheets: [
        { name: 'S', rows: row('Name', 'Count') + many + row('') + row('Other', '', '', 'x') + row(1) },
      ],
    });
    const tables = blocks.filter(({ kind }) => kind === 'table');
    expect(tables.map(({ rows, headerRows, locator }) => [rows?.[0], headerRows, locator.cell])).toEqual([
      [['Name', 'Count'], 1, 'A2'],
      [['Name', 'Count'], 1, 'A52'],
      [['Other', '', '', 'x'], 1, 'A64'],
    ]);
  });

  test('without names of columns have no header', async () => {
    const { blocks } = await read({
      sheets: [
        { name: '', rows: row(1, 2) + row('a', 'b') + row('') + row('only', '', '', '', 'two') + row('x') },
      ],
    });
    expect(blocks.map(({ kind, headerRows, locator }) => [kind, headerRows, locator])).toEqual([
      ['table', 0, { sheet: '', cell: 'A1' }],
      ['table', 0, { sheet: '', cell: 'A4' }],
    ]);
  });

  test('name columns beyond Z', async () => {
    const { blocks } = await read({
      sheets: [{ name: 'S', rows: '<row r="2"><c r="AB2"><v>5</v></c></row>' }],
    });
    expect(blocks[1]?.locator.cell).toBe('AB2');
  });
});

describe('cells', () => {
  test('hold shared, direct and computed texts, numbers, dates, truths and errors', async () => {
    const strings =
      '<si><t>One</t></si><si><r><t>T</t></r><r><t>wo</t></r><rPh sb="0"><t>sound</t></rPh></si><si/>';
    const cells = row(
      '<c t="s"><v>0</v></c>',
      '<c t="s"><v>1</v></c>',
      '<c t="s"><v>9</v></c>',
      '<c t="b"><v>1</v></c>',
      '<c t="b"><v>0</v></c>',
      '<c t="e"><v>#REF!</v></c>',
      '<c t="str"><f>A1&amp;"x"</f><v>x</v></c>',
      '<c s="1"><v>0.5</v></c>',
      '<c s="2"><v>45292</v></c>',
      '<c s="77"><v>3</v></c>',
      '<c><v>odd</v></c>',
      '<c t="inlineStr"><is><t>a\n b</t><rPh><t>sound</t></rPh></is></c>',
    );
    expect(await rowsOf(cells, { strings, formats: ['0%'] })).toEqual([
      ['One', 'Two', '', 'TRUE', 'FALSE', '#REF!', 'x', '50%', '2024-01-01', '3', 'odd', 'a b'],
    ]);
  });

  test('count days from 1904 where the workbook says so', async () => {
    const cells = row('<c s="1"><v>43830</v></c>', 'x');
    for (const properties of ['date1904="1"', 'date1904="true"'])
      expect(await rowsOf(cells, { formats: ['yyyy'], properties })).toEqual([['2024-01-01', 'x']]);
    expect(await rowsOf(cells, { formats: ['yyyy'], properties: '' })).toEqual([['2019-12-31', 'x']]);
  });

  test('that are merged are repeated when they are short', async () => {
    const rows = row('Both', '', 'C') + row('a', 'b', '') + row('x'.repeat(90), '');
    const merges = ['A1:B1', 'C1:C9', 'A3:B3', 'A9:B9', 'odd', 'A1:!'].map(
      (ref) => `<mergeCell ref="${ref}"/>`,
    );
    const after = `<mergeCells>${merges.join('')}<mergeCell/></mergeCells>`;
    expect(await rowsOf(rows, {}, after)).toEqual([
      ['Both', 'Both', 'C'],
      ['a', 'b', 'C'],
      ['x'.repeat(90), '', 'C'],
    ]);
  });

  test('beyond the limits are left out, and it is told', async () => {
    const wide = await read({
      sheets: [{ name: 'S', rows: '<row><c r="A1"><v>1</v></c><c r="IW1"><v>2</v></c></row>' }],
    });
    expect(wide.blocks[1]?.text).toBe('1');
    expect(wide.warnings).toEqual([
      {
        code: 'cells_left_out',
        message: 'The workbook is too large: only its first rows and columns were read.',
      },
    ]);
    const budget = { characters: 5, rows: 10, repeats: 0, exceeded: false };
    const bytes = Buffer.from(
      `<worksheet><sheetData>${row('12345', '')}${row('more')}${row('x')}</sheetData></worksheet>`,
    );
    const context = { strings: [], formats: [], is1904: false, budget };
    expect(readSheetRows(bytes, context)).toEqual([{ number: 1, cells: ['12345', ''] }]);
    expect(budget.exceeded).toBe(true);
    const few = { ...context, budget: { characters: 100, rows: 1, repeats: 0, exceeded: false } };
    expect(readSheetRows(bytes, few)).toHaveLength(1);
  });

  test('hold for merged cells that name millions of rows, and for depth', () => {
    const budget = { characters: 100, rows: 10, repeats: 100_000, exceeded: false };
    const context = { strings: [], formats: [], is1904: false, budget };
    const merges = '<mergeCells><mergeCell ref="B1:A9999999"/></mergeCells>';
    const sheet = `<worksheet><sheetData>${row('a', 'b')}</sheetData>${merges}</worksheet>`;
    expect(readSheetRows(Buffer.from(sheet), context)).toEqual([{ number: 1, cells: ['a', 'b'] }]);
    expect(budget.repeats).toBe(0);
    const deep = Buffer.from('<x>'.repeat(600));
    expect(() => readSheetRows(deep, context)).toThrow(expect.objectContaining({ code: 'file_unsafe' }));
  });

  test('hold at most what a cell can hold', async () => {
    const [[text] = []] = await rowsOf(row('y'.repeat(100_000), 'z'));
    expect(text).toHaveLength(32_767);
  });
});

test('shared strings end where nobody could use more', () => {
  expect(readSharedStrings(null)).toEqual([]);
  expect(readSharedStrings(Buffer.from('<x:sst xmlns:x="y"><x:si><x:t>a</x:t></x:si></x:sst>'))).toEqual([
    'a',
  ]);
});

test('an empty format hides the number, a missing one too', async () => {
  const cells = row('x', '<c s="1"><v>2</v></c>', '<c s="2"><v>2</v></c>', 'y');
  expect(await rowsOf(cells, { formats: ['', null] })).toEqual([['x', '', '', 'y']]);
});

describe('comments', () => {
  const authors = '<authors><author>Ann</author><author>tc={1}</author></authors>';
  const list = `<commentList><comment ref="A1" authorId="0"><text><r><t>Why </t></r><r><t>so?</t></r></text></comment>
    <comment ref="B1" authorId="1"><text><t>[Threaded comment] for old programs. Comment: High</t></text></comment>
    <comment authorId="0"><text/></comment><comment><text><t>Odd</t></text></comment></commentList>`;
  const rows = row('a', 'b');

  test('stand behind their sheet, with author and cell', async () => {
    const { blocks } = await read({ sheets: [{ name: 'S', rows, comments: authors + list }] });
    expect(blocks.slice(2)).toEqual([
      {
        kind: 'footnote',
        text: 'Comment by Ann: Why so?',
        locator: { sheet: 'S', cell: 'A1', headingPath: ['S'] },
      },
      { kind: 'footnote', text: 'Comment: High', locator: { sheet: 'S', cell: 'B1', headingPath: ['S'] } },
      { kind: 'footnote', text: 'Comment: Odd', locator: { sheet: 'S', cell: '', headingPath: ['S'] } },
    ]);
  });

  test('without authors, a list or a name of the sheet are read as far as they go', async () => {
    const { blocks } = await read({
      sheets: [
        { name: '', rows, comments: list },
        { name: 'T', rows, comments: '' },
      ],
    });
    expect(blocks[1]).toMatchObject({ text: 'Comment: Why so?', locator: { sheet: '', cell: 'A1' } });
    expect(blocks.at(-1)?.kind).toBe('table');
  });
});

describe('files', () => {
  test('bring their properties', async () => {
    const { metadata, typeMetadata } = await read({
      sheets: [{ name: 'S', rows: row('a', 'b') }],
      core: '<dc:title>Tide table</dc:title><dc:creator>openpyxl</dc:creator><cp:keywords>sea, port</cp:keywords>',
    });
    expect(metadata.title).toEqual({ value: 'Tide table', source: 'xlsx-core' });
    expect(metadata.authors).toBeNull();
    expect(typeMetadata).toEqual({ subject: null, keywords: ['sea', 'port'], sheets: 1 });
  });

  test('without words or a workbook say so', async () => {
    await expect(read({ sheets: [] })).rejects.toMatchObject({ code: 'no_text' });
    const bare = zipArchive([{ name: 'xl/workbook.xml', content: '<x/>' }]);
    await expect(parsed(parse, bare)).rejects.toMatchObject({ code: 'no_text' });
    await expect(parsed(parse, zipArchive([]))).rejects.toMatchObject({ code: 'file_damaged' });
  });

  test('that list sheets they do not hold are read as far as they go', async () => {
    const names =
      'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"';
    const content = `<workbook ${names}><sheets><sheet r:id="gone"/><sheet/></sheets></workbook>`;
    const bytes = zipArchive([{ name: 'xl/workbook.xml', content }]);
    await expect(parsed(parse, bytes)).rejects.toMatchObject({ code: 'no_text' });
  });

  test('with entities are refused', async () => {
    const bytes = Buffer.from('<!DOCTYPE x [<!ENTITY a "b">]><sst><si><t>&a;</t></si></sst>');
    expect(() => readSharedStrings(bytes)).toThrow(expect.objectContaining({ code: 'file_unsafe' }));
  });

  test('are known by their bytes, with and without macros', async () => {
    const bytes = workbookFile({ sheets: [{ name: 'S', rows: '' }] });
    const hints = { declared: null, fileName: null };
    expect((await detectMediaType(bytes, hints)).mediaType).toBe(XLSX_TYPE);
    const type = 'application/vnd.ms-excel.sheet.macroEnabled';
    const types = `<Types><Override PartName="/xl/workbook.xml" ContentType="${type}.main+xml"/></Types>`;
    const macros = zipArchive([{ name: '[Content_Types].xml', content: types }]);
    expect((await detectMediaType(macros, hints)).description).toBe('an Excel workbook with macros');
  });
});
