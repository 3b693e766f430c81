/** Plain text and Markdown. */
import { AppError } from '../../errors.ts';
import { NO_METADATA, type Block, type ContentMetadata, type Extraction } from '../model.ts';
import { inOneGo, type ParserInput } from '../parsing/parser.ts';
import { readFrontMatter } from './text/front-matter.ts';
import { markdownBlocks } from './text/markdown.ts';
import { plainTextBlocks } from './text/plain-text.ts';
import { readTextInput } from './text/text-input.ts';

/** Markdown of tiny blocks takes two hundred times its size in memory; beyond this it is read as plain text. */
const MAX_MARKDOWN_CHARACTERS = 2 * 1024 * 1024;

/** Errors: `source_too_large`, `no_text`. */
export const parse = inOneGo(extract);

function extract(input: ParserInput): Extraction {
  const { text, charset, warnings } = readTextInput(input);
  const isMarkdown = input.mediaType === 'text/markdown' && text.length <= MAX_MARKDOWN_CHARACTERS;
  const front = isMarkdown ? readFrontMatter(text) : { metadata: NO_METADATA, typeMetadata: {}, body: text };
  const { blocks, links } = isMarkdown
    ? markdownBlocks(front.body, input.baseUrl)
    : { blocks: plainTextBlocks(text), links: [] };
  if (blocks.every((block) => block.text.trim() === '')) throw new AppError('no_text');
  return {
    blocks,
    metadata: withTitle(front.metadata, blocks),
    typeMetadata: { ...front.typeMetadata, charset },
    links,
    pageCount: null,
    warnings,
  };
}

/** A heading counts as the title only where the text begins with it. */
function withTitle(metadata: ContentMetadata, [first]: readonly Block[]): ContentMetadata {
  if (metadata.title !== null || first?.kind !== 'heading') return metadata;
  return { ...metadata, title: { value: first.text, source: 'heading' } };
}
