/** ODS: every sheet that is shown as a heading and its tables. */
import { AppError } from '../../errors.ts';
import type { Block } from '../model.ts';
import type { Parser } from '../parsing/parser.ts';
import { odfProperties } from './odf/odf-metadata.ts';
import { openOdfPackage } from './odf/odf-package.ts';
import { readOdfSheets } from './odf/sheet-scan.ts';
import { commentBlock, sheetBlocks } from './sheet-blocks.ts';
import { workbookBudget, workbookWarnings } from './sheet-limits.ts';

/**
 * Cells are read as the program showed them last. Errors: `file_damaged`, `file_unsafe`, `file_encrypted`,
 * `no_text`. Warnings: `hidden_sheets_left_out`, `cells_left_out`. Progress counts sheets.
 */
export const parse: Parser = async (input, events) => {
  const file = await openOdfPackage(input.bytes);
  const budget = workbookBudget();
  const sheets = readOdfSheets(await file.contentBytes(), budget);
  if (sheets === null) throw new AppError('file_damaged', { cause: new Error('no spreadsheet inside') });
  // Flattened at the end: the blocks of a large sheet are more than a call may have arguments.
  const parts: (readonly Block[])[] = [];
  for (const [index, { name, rows, comments }] of sheets.entries()) {
    parts.push(sheetBlocks(name, rows));
    parts.push(comments.map((comment) => commentBlock({ ...comment, sheet: name })));
    events.progress(index + 1, sheets.length);
  }
  const blocks = parts.flat();
  if (blocks.length === 0) throw new AppError('no_text');
  const { metadata, subject, keywords } = odfProperties(await file.meta());
  return {
    blocks,
    metadata,
    typeMetadata: { subject, keywords, sheets: sheets.length },
    links: [],
    pageCount: null,
    warnings: workbookWarnings(sheets.filter(({ isHidden }) => isHidden).length, budget),
  };
};
