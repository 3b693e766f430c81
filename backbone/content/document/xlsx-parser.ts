/** XLSX: every sheet that is shown as a heading and its tables. */
import { AppError } from '../../errors.ts';
import type { Block } from '../model.ts';
import type { Parser } from '../parsing/parser.ts';
import { readProperties } from './ooxml/core-properties.ts';
import { openOoxmlPackage } from './ooxml/ooxml-package.ts';
import { sheetBlocks } from './sheet-blocks.ts';
import { workbookBudget, workbookWarnings } from './sheet-limits.ts';
import { sheetComments } from './xlsx/comments.ts';
import { readSheetRows } from './xlsx/sheet-rows.ts';
import { readWorkbook } from './xlsx/workbook.ts';

/**
 * Formulas are read as the values the program computed last. Errors: `file_damaged`, `file_unsafe`,
 * `file_encrypted`, `no_text`. Warnings: `hidden_sheets_left_out`, `cells_left_out`. Progress counts sheets.
 */
export const parse: Parser = async (input, events) => {
  const file = await openOoxmlPackage(input.bytes, 'xl/workbook.xml');
  const workbook = await readWorkbook(file);
  const budget = workbookBudget();
  // Flattened at the end: the blocks of a large sheet are more than a call may have arguments.
  const parts: (readonly Block[])[] = [];
  const read = new Set<string>();
  for (const [index, sheet] of workbook.sheets.entries()) {
    const { part } = sheet;
    // Many sheets that refer to one large part must not multiply the work.
    const bytes = sheet.isHidden || read.has(part) ? null : await file.bytes(part);
    read.add(part);
    if (bytes !== null) {
      const rows = readSheetRows(bytes, { ...workbook, budget });
      parts.push(sheetBlocks(sheet.name, rows), await sheetComments(file, sheet));
    }
    events.progress(index + 1, workbook.sheets.length);
  }
  const hidden = workbook.sheets.filter(({ isHidden }) => isHidden).length;
  const blocks = parts.flat();
  if (blocks.length === 0) throw new AppError('no_text');
  const { metadata, facts } = await readProperties(file, 'xlsx-core');
  return {
    blocks,
    metadata,
    typeMetadata: { subject: facts.subject, keywords: facts.keywords, sheets: workbook.sheets.length },
    links: [],
    pageCount: null,
    warnings: workbookWarnings(hidden, budget),
  };
};
