/** DOCX: our own pass over the XML, then mammoth to HTML, then the blocks of that HTML. */
import mammoth from 'mammoth';
import { AppError } from '../../errors.ts';
import type { Block, Extraction } from '../model.ts';
import { htmlBlocks, type ReadBlock } from '../parsing/html-blocks.ts';
import { attributeOf, parseHtml, type HtmlElement } from '../parsing/html-tree.ts';
import type { Parser } from '../parsing/parser.ts';
import { readProperties } from './ooxml/core-properties.ts';
import { openOoxmlPackage, type OoxmlPackage } from './ooxml/ooxml-package.ts';
import { ORDINAL_PREFIX, STYLE_MAP } from './docx/plain-word.ts';
import { normalizeWord } from './docx/word-normalizer.ts';
import { readWordParts } from './docx/word-parts.ts';
import { withTitle } from './heading-title.ts';

const NOTE = 1;
const MARGIN = 2;
const PICTURE = 3;
const MARKS: Readonly<Record<string, number>> = { note: NOTE, margin: MARGIN, picture: PICTURE };

/** Errors: `file_damaged`, `file_unsafe`, `file_encrypted`, `no_text`. Progress counts paragraphs and tables. */
export const parse: Parser = async (input, events) => {
  const file = await openOoxmlPackage(input.bytes, 'word/document.xml');
  const parts = await readWordParts(file);
  if (parts === null) throw new AppError('file_damaged', { cause: new Error('the document has no body') });
  const plain = normalizeWord(parts, (done, total) => events.progress(done, total));
  const html = await mammoth.convertToHtml(
    { buffer: plain },
    { styleMap: [...STYLE_MAP], includeEmbeddedStyleMap: false, externalFileAccess: false },
  );
  return extractionOf(html.value, file, input.baseUrl);
};

async function extractionOf(html: string, file: OoxmlPackage, baseUrl: string | null): Promise<Extraction> {
  const page = parseHtml(html);
  page(`li > a[id^="${ORDINAL_PREFIX}"]`).each((_, anchor) => {
    page(anchor)
      .parent()
      .attr('value', anchor.attribs['id']?.slice(ORDINAL_PREFIX.length) ?? '');
  });
  const read = htmlBlocks(page('body').toArray(), { baseUrl, markOf });
  const blocks = read.blocks.map(blockOf).filter(({ text }) => text.trim() !== '');
  if (blocks.length === 0) throw new AppError('no_text');
  const { metadata, facts } = await readProperties(file, 'docx-core');
  return {
    blocks,
    metadata: withTitle(metadata, blocks),
    typeMetadata: { subject: facts.subject, keywords: facts.keywords },
    links: read.links.map(({ url, text }) => ({ url, text })),
    pageCount: facts.pages,
    warnings: [],
  };
}

function markOf(element: HtmlElement, outer: number): number {
  return MARKS[attributeOf(element, 'class')] ?? outer;
}

function blockOf({ block, mark }: ReadBlock): Block {
  switch (mark) {
    case NOTE:
      return { ...block, kind: 'footnote' };
    case PICTURE:
      return { ...block, kind: 'image' };
    case MARGIN:
      // Stands on every page, so under no heading.
      return { ...block, locator: {} };
    default:
      return block;
  }
}
