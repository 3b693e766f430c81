import { parse } from '../../../backbone/content/ebook/ebook-parser.ts';
import type { Block, Extraction, JsonObject } from '../../../backbone/content/model.ts';
import { buildEpub, type EpubSpec } from '../../support/epub-builder.ts';

export function readEpub(
  book: EpubSpec | Uint8Array,
  input: { readonly fileName?: string; readonly options?: JsonObject; readonly onProgress?: string[] } = {},
): Promise<Extraction> {
  return parse(
    {
      bytes: book instanceof Uint8Array ? book : buildEpub(book),
      mediaType: 'application/epub+zip',
      declaredCharset: null,
      baseUrl: null,
      fileName: input.fileName ?? null,
      options: input.options ?? {},
    },
    { progress: (done, total) => input.onProgress?.push(`${done}/${total}`) },
  );
}

export const textsOf = ({ blocks }: Extraction): readonly string[] => blocks.map(({ text }) => text);

/** Text and chapter of each block. */
export const chaptersOf = ({ blocks }: Extraction): readonly (readonly [string, string | undefined])[] =>
  blocks.map(({ text, locator }: Block) => [text, locator.chapter]);
