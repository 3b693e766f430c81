/** ODP: the slides of an OpenDocument presentation in the order in which they are shown. */
import { AppError } from '../../errors.ts';
import type { Block, ContentLink } from '../model.ts';
import type { Parser } from '../parsing/parser.ts';
import { elementAt, elementsOf } from '../parsing/xml.ts';
import { withTitle } from './heading-title.ts';
import { odfProperties } from './odf/odf-metadata.ts';
import { readOdfParts } from './odf/odf-package.ts';
import { hiddenSlideStyles, odfSlide } from './odf/odf-slide.ts';
import { odfStyles } from './odf/odf-styles.ts';
import { tableBudget } from './odf/odf-table.ts';
import { MAX_SLIDES, slidesLeftOut } from './slide-limits.ts';

/**
 * Errors: `file_damaged`, `file_unsafe`, `file_encrypted`, `no_text`. Warning `slides_left_out`. Progress
 * counts slides. Hidden slides are read and named in `typeMetadata`.
 */
export const parse: Parser = async (input, events) => {
  const { content, meta, styles } = await readOdfParts(input.bytes);
  const presentation = elementAt(content, 'office:body', 'office:presentation');
  if (presentation === null)
    throw new AppError('file_damaged', { cause: new Error('no presentation inside') });
  const pages = elementsOf(presentation, 'draw:page');
  const hiddenStyles = hiddenSlideStyles(content);
  const shared = { styles: odfStyles(content, styles), tables: tableBudget() };
  const blocks: Block[] = [];
  const links: ContentLink[] = [];
  const hiddenSlides: number[] = [];
  const read = pages.slice(0, MAX_SLIDES);
  for (const [index, page] of read.entries()) {
    const slide = index + 1;
    if (hiddenStyles.has(page.attributes.get('draw:style-name') ?? '')) hiddenSlides.push(slide);
    const found = odfSlide(page, { ...shared, locator: { slide } });
    blocks.push(...found.blocks);
    links.push(...found.links);
    events.progress(slide, pages.length);
  }
  if (!blocks.some(({ kind }) => kind !== 'image')) throw new AppError('no_text');
  const { metadata, subject, keywords } = odfProperties(meta);
  return {
    blocks,
    metadata: withTitle(metadata, blocks),
    typeMetadata: { subject, keywords, hiddenSlides },
    links,
    pageCount: pages.length,
    warnings: slidesLeftOut(read.length, pages.length),
  };
};
