/** ODT: the text of an OpenDocument file with its headings, lists, tables and notes. */
import { AppError } from '../../errors.ts';
import type { Parser } from '../parsing/parser.ts';
import { withTitle } from './heading-title.ts';
import { odfBlocks } from './odf/odf-blocks.ts';
import { odfProperties } from './odf/odf-metadata.ts';
import { readOdfParts } from './odf/odf-package.ts';
import { odfStyles, odfText } from './odf/odf-styles.ts';

/** Errors: `file_damaged`, `file_unsafe`, `file_encrypted`, `no_text`. Progress counts paragraphs, lists and tables. */
export const parse: Parser = async (input, events) => {
  const { content, meta, styles } = await readOdfParts(input.bytes);
  const text = odfText(content);
  if (text === null) throw new AppError('file_damaged', { cause: new Error('the document has no text') });
  const { blocks, links } = odfBlocks(text, odfStyles(content, styles), (done, total) =>
    events.progress(done, total),
  );
  if (!blocks.some(({ kind }) => kind !== 'image')) throw new AppError('no_text');
  const { metadata, subject, keywords, pages } = odfProperties(meta);
  return {
    blocks,
    metadata: withTitle(metadata, blocks),
    typeMetadata: { subject, keywords },
    links,
    pageCount: pages,
    warnings: [],
  };
};
