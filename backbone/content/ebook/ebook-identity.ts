/** The ISBN that a book states of itself. */
import type { JsonObject } from '../model.ts';
import type { NativeIdReader } from '../native-ids.ts';
import { FB2_TYPE, FB2_ZIP_TYPE, MOBI_TYPE } from '../parsing/media-type-hints.ts';
import type { ParserInput } from '../parsing/parser.ts';
import { textLimitOf } from '../parsing/text-limit.ts';
import { openBookFiles } from './book-files.ts';
import { bookMetadata } from './book-metadata.ts';
import { readFb2File } from './fb2/fb2-file.ts';
import { fb2Metadata } from './fb2/fb2-metadata.ts';
import { readMobiHeader } from './mobi/mobi-header.ts';
import { mobiMetadata } from './mobi/mobi-metadata.ts';
import { openPalmDatabase } from './mobi/palm-database.ts';
import { readPackage } from './package-document.ts';

/** ISBN-13 without hyphens; null when there is none whose check digit fits. Errors: as the parser's. */
export const nativeId: NativeIdReader = async (input) => {
  const { isbn } = await detailsOf(input);
  return typeof isbn === 'string' ? isbn : null;
};

async function detailsOf(input: ParserInput): Promise<JsonObject> {
  const { bytes, mediaType } = input;
  if (mediaType === MOBI_TYPE) return mobiMetadata(readMobiHeader(openPalmDatabase(bytes))).details;
  if (mediaType === FB2_TYPE || mediaType === FB2_ZIP_TYPE)
    return fb2Metadata((await readFb2File(bytes, textLimitOf(input))).root).details;
  return bookMetadata(await readPackage(await openBookFiles(bytes))).details;
}
