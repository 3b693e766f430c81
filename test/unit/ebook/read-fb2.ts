import { parse } from '../../../backbone/content/ebook/ebook-parser.ts';
import type { Extraction, JsonObject } from '../../../backbone/content/model.ts';
import { detectMediaType } from '../../../backbone/content/parsing/media-type.ts';
import { buildFb2, type Fb2Spec } from '../../support/fb2-builder.ts';

/** As the backbone does: the bytes decide what it is. */
export async function readFb2(
  book: Fb2Spec | Uint8Array,
  input: {
    readonly fileName?: string;
    readonly options?: JsonObject;
    readonly onProgress?: string[];
    readonly mediaType?: string;
  } = {},
): Promise<Extraction> {
  const bytes = book instanceof Uint8Array ? book : buildFb2(book);
  const { mediaType } = await detectMediaType(bytes, { declared: 'text/xml', fileName: null });
  return parse(
    {
      bytes,
      mediaType: input.mediaType ?? mediaType,
      declaredCharset: null,
      baseUrl: null,
      fileName: input.fileName ?? null,
      options: input.options ?? {},
    },
    { progress: (done, total) => input.onProgress?.push(`${done}/${total}`) },
  );
}
