/** FictionBook 2, bare or in a ZIP archive, as an extraction. */
import { AppError } from '../../../errors.ts';
import { withFileTitle } from '../../parsing/file-title.ts';
import type { Parser } from '../../parsing/parser.ts';
import { textLimitOf } from '../../parsing/text-limit.ts';
import { readBodies } from './body-reader.ts';
import { readFb2File } from './fb2-file.ts';
import { fb2Metadata } from './fb2-metadata.ts';

const MOST_LISTED = 2000;

/**
 * Option `maxTextBytes` (setting MAX_TEXT_MB), for the file without its pictures. Progress counts the
 * outermost sections. Errors: `file_damaged`, `file_encrypted`, `file_unsafe`, `source_empty`,
 * `source_too_large`, `no_text`, `unsupported_type`.
 */
export const parseFb2: Parser = async (input, events) => {
  if (input.bytes.length === 0) throw new AppError('source_empty');
  const { root, warnings } = await readFb2File(input.bytes, textLimitOf(input));
  const { blocks, chapters, links } = readBodies(root, (done, total) => events.progress(done, total));
  if (blocks.length === 0) throw new AppError('no_text');
  const { metadata, details } = fb2Metadata(root);
  return withFileTitle(
    {
      blocks,
      metadata,
      typeMetadata: {
        ...details,
        chapters: chapters.slice(0, MOST_LISTED).map(({ title, href, depth }) => ({ title, href, depth })),
      },
      links,
      pageCount: null,
      warnings,
    },
    input.fileName?.replace(/\.fb2\.zip$/i, '.fb2') ?? null,
  );
};
