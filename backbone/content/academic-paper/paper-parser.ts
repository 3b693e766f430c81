/** Papers as an extraction. */
import type { Parser } from '../parsing/parser.ts';
import { withFileTitle } from '../parsing/file-title.ts';
import { parse as parsePdf } from '../document/pdf/pdf-parser.ts';
import { readPaper } from './paper-reader.ts';
import { parseScholarlyId, type ScholarlyId } from './scholarly-ids.ts';

/** A PDF: options and errors are those of the reader of PDFs. */
export const parse: Parser = async (input, events) => {
  const pdf = await parsePdf(input, events);
  return withFileTitle(readPaper(pdf, idOfAddress(input.baseUrl)).extraction, input.fileName);
};

/** The address that the file came from may name the paper. */
function idOfAddress(url: string | null): ScholarlyId | null {
  return url === null ? null : parseScholarlyId(url);
}
