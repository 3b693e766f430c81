/** Papers as an extraction: PDF, JATS, the page about a paper, or what services know of it. */
import { AppError } from '../../errors.ts';
import type { Extraction } from '../model.ts';
import { parse as parsePdf } from '../document/pdf/pdf-parser.ts';
import { withFileTitle } from '../parsing/file-title.ts';
import { JATS_TYPE } from '../parsing/media-type-hints.ts';
import type { Parser, ParserInput } from '../parsing/parser.ts';
import { parseJats } from './jats/jats-parser.ts';
import { readLandingPage } from './landing-page.ts';
import { HTML_TYPES } from './paper-media-types.ts';
import { readPaper } from './paper-reader.ts';
import { PAPER_RECORD_TYPE, partialPaper } from './partial-paper.ts';
import { parseScholarlyId, type ScholarlyId } from './scholarly-ids.ts';
import { storedRecordSchema } from './stored-record.ts';

/** What the first page holds, for the manager, who takes it out again. In UTF-16 units. */
const BEGINNING_LENGTH = 5000;

/** Of a PDF, options and errors are those of the reader of PDFs. */
export const parse: Parser = async (input, events) => {
  const known = idOfAddress(input.baseUrl);
  if (input.mediaType === JATS_TYPE) return parseJats(input, events);
  if (input.mediaType === PAPER_RECORD_TYPE) return recordPaper(input);
  if (HTML_TYPES.includes(input.mediaType)) return pagePaper(input, known);
  const pdf = await parsePdf(input, events);
  const { extraction } = readPaper(pdf, known);
  const firstPage = pdf.blocks.filter(({ locator }) => locator.page === 1).map(({ text }) => text);
  const beginning = firstPage.join('\n').slice(0, BEGINNING_LENGTH).toWellFormed();
  return withFileTitle(
    { ...extraction, typeMetadata: { ...extraction.typeMetadata, beginning } },
    input.fileName,
  );
};

/** The address that the file came from may name the paper. */
function idOfAddress(url: string | null): ScholarlyId | null {
  return url === null ? null : parseScholarlyId(url);
}

function pagePaper(input: ParserInput, known: ScholarlyId | null): Extraction {
  const page = readLandingPage(input);
  if (page === null) throw new AppError('no_text');
  return partialPaper(page, 'citation-meta', known);
}

function recordPaper({ bytes }: ParserInput): Extraction {
  const { record, source, id } = storedRecordSchema.parse(JSON.parse(Buffer.from(bytes).toString('utf8')));
  return partialPaper(record, source, id);
}
