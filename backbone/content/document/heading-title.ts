import type { Block, ContentMetadata } from '../model.ts';

/** The first heading as the title where the file names none: people often leave the property empty. */
export function withTitle(metadata: ContentMetadata, blocks: readonly Block[]): ContentMetadata {
  if (metadata.title !== null) return metadata;
  const heading = blocks.find(({ kind }) => kind === 'heading');
  return heading === undefined
    ? metadata
    : { ...metadata, title: { value: heading.text, source: 'heading' } };
}
