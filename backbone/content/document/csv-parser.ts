/** Tables of values parted by commas, semicolons, tabs or bars. */
import { parse as parseCsv } from 'csv-parse/sync';
import { AppError } from '../../errors.ts';
import { NO_METADATA, type ContentWarning } from '../model.ts';
import type { Parser } from '../parsing/parser.ts';
import { tableBlocks, type TableRow } from './table-blocks.ts';
import { sniffDelimiter } from './text/delimiter.ts';
import { readTextInput } from './text/text-input.ts';

const MAX_ROWS = 100_000;
/** As many as spreadsheets have. */
const MAX_COLUMNS = 16_384;
const MAX_RECORD_CHARACTERS = 1024 * 1024;

/**
 * Rows of unequal length are taken as they are, up to 16,384 columns. Option `maxTextBytes`. Errors: `source_too_large`,
 * `no_text`, `file_damaged` when a single row is longer than 1 MiB. Warning `rows_left_out`.
 */
export const parse: Parser = (input, events) =>
  new Promise((resolve) => {
    const { text, charset, warnings } = readTextInput(input);
    const delimiter = input.mediaType === 'text/tab-separated-values' ? '\t' : sniffDelimiter(text);
    const rows = readRows(text, delimiter);
    const kept = rows.slice(0, MAX_ROWS);
    const [first] = kept;
    if (first === undefined) throw new AppError('no_text');
    const header = isHeader(first.cells, kept[1]?.cells) ? first : null;
    const blocks = tableBlocks(header === null ? kept : kept.slice(1), header?.cells ?? null);
    events.progress(kept.length, kept.length);
    const columns = kept.reduce((widest, { cells }) => Math.max(widest, cells.length), 0);
    resolve({
      blocks,
      metadata: NO_METADATA,
      typeMetadata: { charset, delimiter, columns, rows: kept.length - (header === null ? 0 : 1) },
      links: [],
      pageCount: null,
      warnings: rows.length > MAX_ROWS ? [...warnings, rowsLeftOut()] : warnings,
    });
  });

/** Where quotes do not match up they are read as ordinary characters. */
function readRows(text: string, delimiter: string): readonly TableRow[] {
  try {
    return recordsOf(text, delimiter, '"');
  } catch {
    try {
      return recordsOf(text, delimiter, null);
    } catch (error) {
      throw new AppError('file_damaged', { cause: error });
    }
  }
}

function recordsOf(text: string, delimiter: string, quote: '"' | null): readonly TableRow[] {
  const rows: TableRow[] = [];
  parseCsv(text, {
    delimiter,
    quote,
    relax_quotes: true,
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: MAX_RECORD_CHARACTERS,
    to: MAX_ROWS + 1,
    on_record: (record: readonly string[], { lines }) => {
      const cells = record.slice(0, MAX_COLUMNS).map(oneLine);
      if (cells.some((cell) => cell !== '')) rows.push({ cells, locator: { line: lines } });
      return null;
    },
  });
  return rows;
}

function oneLine(cell: string): string {
  return cell.replaceAll(/\s+/g, ' ').trim();
}

/** Names of columns: filled, different from each other, no numbers, and not alone in the file. */
function isHeader(cells: readonly string[], next: readonly string[] | undefined): boolean {
  const isNames = cells.every((cell) => cell !== '' && cell.length <= 100 && !/^[-+\d.,\s%€$£]+$/.test(cell));
  return next !== undefined && isNames && new Set(cells).size === cells.length;
}

function rowsLeftOut(): ContentWarning {
  return { code: 'rows_left_out', message: `Only the first ${MAX_ROWS} rows of the table were read.` };
}
