import type { Block, ContentLink, Extraction } from '../../../backbone/content/model.ts';
import { NO_METADATA } from '../../../backbone/content/model.ts';

export function heading(text: string, page = 1, level = 1): Block {
  return { kind: 'heading', text, level, locator: { page } };
}

export function paragraph(text: string, page = 1): Block {
  return { kind: 'paragraph', text, locator: { page } };
}

export function numbered(ordinal: number, text: string, page = 9): Block {
  return { kind: 'list_item', text, level: 1, ordinal, locator: { page } };
}

export function pdfOf(blocks: readonly Block[], links: readonly ContentLink[] = []): Extraction {
  return { blocks, metadata: NO_METADATA, typeMetadata: { pages: 9 }, links, pageCount: 9, warnings: [] };
}
