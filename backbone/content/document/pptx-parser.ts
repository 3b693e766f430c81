/** PPTX: the slides in the order in which they are shown. */
import { AppError } from '../../errors.ts';
import type { Block, ContentLink } from '../model.ts';
import type { Parser } from '../parsing/parser.ts';
import { readProperties } from './ooxml/core-properties.ts';
import { openOoxmlPackage } from './ooxml/ooxml-package.ts';
import { withTitle } from './heading-title.ts';
import { slideContent } from './pptx/slide-blocks.ts';
import { SlideReader } from './pptx/slide-parts.ts';
import { MAX_SLIDES, slidesLeftOut } from './slide-limits.ts';

/**
 * Errors: `file_damaged`, `file_unsafe`, `file_encrypted`, `no_text`. Warning `slides_left_out`. Progress
 * counts slides. Hidden slides are read and named in `typeMetadata`.
 */
export const parse: Parser = async (input, events) => {
  const file = await openOoxmlPackage(input.bytes, 'ppt/presentation.xml');
  const reader = new SlideReader(file);
  const parts = await reader.list();
  const blocks: Block[] = [];
  const links: ContentLink[] = [];
  const hiddenSlides: number[] = [];
  let read = 0;
  for (const [index, part] of parts.slice(0, MAX_SLIDES).entries()) {
    const slide = await reader.read(part, index + 1);
    events.progress(index + 1, parts.length);
    if (slide === null) continue;
    read += 1;
    if (/^(?:0|false)$/.test(slide.slide.attributes.get('show') ?? '')) hiddenSlides.push(slide.number);
    const content = slideContent(slide);
    blocks.push(...content.blocks);
    links.push(...content.links);
  }
  if (!blocks.some(({ kind }) => kind !== 'image')) throw new AppError('no_text');
  const { metadata, facts } = await readProperties(file, 'pptx-core');
  return {
    blocks,
    metadata: withTitle(metadata, blocks),
    typeMetadata: { subject: facts.subject, keywords: facts.keywords, hiddenSlides },
    links,
    pageCount: parts.length,
    warnings: slidesLeftOut(read, parts.length),
  };
};
