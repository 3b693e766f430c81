/** RTF: the text with its headings, lists, tables, notes and comments. */
import { AppError } from '../../errors.ts';
import type { ContentWarning, Extraction } from '../model.ts';
import { inOneGo, type ParserInput } from '../parsing/parser.ts';
import { textLimitOf } from '../parsing/text-limit.ts';
import { withTitle } from './heading-title.ts';
import { RtfReader } from './rtf/rtf-reader.ts';

const CUT: ContentWarning = {
  code: 'partial_text',
  message: 'The file ends in the middle of its text; what is there was read.',
};

/** Errors: `file_damaged`, `source_too_large` (its text, by MAX_TEXT_MB), `no_text`. */
export const parse = inOneGo(extract);

function extract(input: ParserInput): Extraction {
  const reader = new RtfReader(input.bytes, textLimitOf(input));
  const { blocks, links, isCut } = reader.read();
  if (blocks.length === 0) throw new AppError('no_text');
  const { info } = reader;
  return {
    blocks,
    metadata: withTitle(info.metadata, blocks),
    typeMetadata: info.facts,
    links,
    pageCount: info.pages,
    warnings: isCut ? [CUT] : [],
  };
}
