/** E-books as an extraction. Of an EPUB, cover, contents and index are named in the metadata, not read as text. */
import { AppError } from '../../errors.ts';
import type { Block, Extraction, JsonObject } from '../model.ts';
import { withFileTitle } from '../parsing/file-title.ts';
import { FB2_TYPE, FB2_ZIP_TYPE, MOBI_TYPE } from '../parsing/media-type-hints.ts';
import type { Parser } from '../parsing/parser.ts';
import { textLimitOf } from '../parsing/text-limit.ts';
import { bookMetadata } from './book-metadata.ts';
import { readBook, type Book, type Section } from './book-reader.ts';
import { parseFb2 } from './fb2/fb2-parser.ts';
import { parseMobi } from './mobi/mobi-parser.ts';

const MOST_LISTED = 2000;

/**
 * EPUB 2 and 3; FictionBook 2 and Kindle books have readers of their own. Option `maxTextBytes` (setting MAX_TEXT_MB), for
 * all chapters together. Progress counts files of the spine. Errors: `encrypted_drm`, `file_damaged`,
 * `file_encrypted`, `file_unsafe`, `source_empty`, `source_too_large`, `no_text`.
 */
export const parse: Parser = (input, events) => {
  if (input.mediaType === MOBI_TYPE) return parseMobi(input, events);
  const isFb2 = input.mediaType === FB2_TYPE || input.mediaType === FB2_ZIP_TYPE;
  return isFb2 ? parseFb2(input, events) : parseEpub(input, events);
};

const parseEpub: Parser = async (input, events) => {
  if (input.bytes.length === 0) throw new AppError('source_empty');
  const book = await readBook(input.bytes, {
    maxTextBytes: textLimitOf(input),
    progress: (done, total) => events.progress(done, total),
  });
  const blocks = textBlocks(book.sections);
  if (blocks.length === 0) throw new AppError('no_text');
  const { metadata, details } = bookMetadata(book.package);
  const extraction: Extraction = {
    blocks,
    metadata,
    typeMetadata: { ...details, ...outlineOf(book) },
    links: book.links,
    pageCount: null,
    warnings: book.warnings,
  };
  return withFileTitle(extraction, input.fileName);
};

/** A book of nothing but a table of contents is still that. */
function textBlocks(sections: readonly Section[]): readonly Block[] {
  const hasText = ({ text }: Block): boolean => text.trim() !== '';
  const all = sections.map((section) => ({ ...section, blocks: section.blocks.filter(hasText) }));
  const texts = all.filter(({ role, blocks }) => role === null && blocks.length > 0);
  return (texts.length > 0 ? texts : all).flatMap(({ blocks }) => blocks);
}

function outlineOf({ entries, sections }: Book): JsonObject {
  return {
    chapters: entries
      .slice(0, MOST_LISTED)
      .map(({ label, path, above }) => ({ title: label, href: path, depth: above.length + 1 })),
    sections: sections
      .slice(0, MOST_LISTED)
      .map(({ path, isLinear, role }) => ({ href: path, linear: isLinear, role: role ?? 'text' })),
  };
}
