/** The one entry for files of any kind: picks the parser by media type and loads no other. */
import { AppError } from '../../errors.ts';
import { withFileTitle } from '../parsing/file-title.ts';
import { describeMediaType } from '../parsing/media-type-descriptions.ts';
import {
  DOCX_TYPE,
  ENCRYPTED_OFFICE_TYPE,
  MSG_TYPE,
  ODP_TYPE,
  ODS_TYPE,
  ODT_TYPE,
  PPSX_TYPE,
  PPTX_TYPE,
  RTF_TYPE,
  XLSX_TYPE,
} from '../parsing/media-type.ts';
import type { Parser } from '../parsing/parser.ts';
import { CODE_TYPE, JSON_FILE_TYPE, XML_FILE_TYPE } from '../parsing/code-names.ts';
import { LATEX_TYPE } from '../parsing/latex-signs.ts';
import { MAIL_TYPE } from '../parsing/text-media-type.ts';

interface ParserModule {
  readonly parse: Parser;
}

const PARSERS: ReadonlyMap<string, () => Promise<ParserModule>> = new Map([
  ['application/pdf', () => import('./pdf/pdf-parser.ts')],
  [DOCX_TYPE, () => import('./docx-parser.ts')],
  [PPTX_TYPE, () => import('./pptx-parser.ts')],
  [PPSX_TYPE, () => import('./pptx-parser.ts')],
  [XLSX_TYPE, () => import('./xlsx-parser.ts')],
  [ODT_TYPE, () => import('./odt-parser.ts')],
  [ODS_TYPE, () => import('./ods-parser.ts')],
  [ODP_TYPE, () => import('./odp-parser.ts')],
  [RTF_TYPE, () => import('./rtf-parser.ts')],
  [LATEX_TYPE, () => import('./latex-parser.ts')],
  ['text/plain', () => import('./text-parser.ts')],
  ['text/markdown', () => import('./text-parser.ts')],
  ['text/csv', () => import('./csv-parser.ts')],
  ['text/tab-separated-values', () => import('./csv-parser.ts')],
  [CODE_TYPE, () => import('./code-parser.ts')],
  [JSON_FILE_TYPE, () => import('./code-parser.ts')],
  [XML_FILE_TYPE, () => import('./code-parser.ts')],
  [MAIL_TYPE, () => import('./eml-parser.ts')],
  [MSG_TYPE, () => import('./eml-parser.ts')],
  ['text/html', () => import('./html-file-parser.ts')],
  ['application/xhtml+xml', () => import('./html-file-parser.ts')],
  ['image/png', () => import('./image-parser.ts')],
  ['image/jpeg', () => import('./image-parser.ts')],
  ['image/tiff', () => import('./image-parser.ts')],
  ['image/webp', () => import('./image-parser.ts')],
]);

/** Media types that `parse` reads. */
export const DOCUMENT_MEDIA_TYPES: readonly string[] = [...PARSERS.keys()];

/**
 * Errors: `source_empty`, `unsupported_type`, `file_encrypted`, and those of the parser picked. A document
 * without a title of its own is called by its file's name.
 */
export const parse: Parser = async (input, events) => {
  if (input.bytes.length === 0) throw new AppError('source_empty');
  if (input.mediaType === ENCRYPTED_OFFICE_TYPE) throw new AppError('file_encrypted');
  const load = PARSERS.get(input.mediaType);
  if (load === undefined) {
    throw new AppError('unsupported_type', { params: { actual: describeMediaType(input.mediaType) } });
  }
  const { parse: parseFile } = await load();
  return withFileTitle(await parseFile(input, events), input.fileName);
};
