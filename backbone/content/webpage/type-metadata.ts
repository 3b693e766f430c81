/** The facts that only web pages have, in the shape in which they are stored. Pure. */
import type { Block, ContentMetadata, JsonObject } from '../model.ts';
import type { MainText } from './main-text.ts';
import type { PageKind } from './page-kind.ts';
import type { KindedText } from './chosen-text.ts';
import type { ReadingOptions } from './reading-options.ts';

export interface PageReading {
  readonly blocks: readonly Block[];
  readonly kind: PageKind | 'feed';
  readonly charset: string;
  /** Null when the text came from JSON-LD. */
  readonly main: MainText | null;
  /** Null when there was nothing to choose from. */
  readonly text: KindedText | null;
  readonly metadata: ContentMetadata;
  readonly options: ReadingOptions;
}

const MOST_IMAGES = 50;
/** Scripts without spaces count by character, as word counters do. */
const WORD =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]|(?:(?![\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}])[\p{L}\p{N}])+(?:['’](?=\p{L})\p{L}+)?/gu;

export function typeMetadata(reading: PageReading): JsonObject {
  const { blocks, kind, charset, main, text: chosen, metadata, options } = reading;
  return {
    pageKind: kind,
    wordCount: blocks.reduce((sum, { text }) => sum + (text.match(WORD)?.length ?? 0), 0),
    images: blocks
      .flatMap(({ kind: blockKind, source, text }) =>
        blockKind === 'image' && source !== undefined ? [{ url: source, alt: text }] : [],
      )
      .slice(0, MOST_IMAGES),
    extraction: extractionOf(main, chosen),
    ...chosen?.kindFacts,
    reading: { charset, maxPageBytes: options.maxPageBytes },
    metadataSources: Object.fromEntries(
      Object.entries(metadata).flatMap(([name, value]) =>
        value === null ? [] : [[name, (value as { readonly source: string }).source]],
      ),
    ),
  };
}

function extractionOf(main: MainText | null, chosen: KindedText | null): JsonObject {
  if (main === null) return { method: 'json-ld', reason: 'the page shows no text of its own' };
  return {
    candidate: chosen?.candidate.name ?? null,
    method: main.method,
    reason: main.reason,
    readabilityLength: main.readabilityLength,
    defuddleLength: main.defuddleLength,
    defuddleReason: main.askedDefuddle,
  };
}
