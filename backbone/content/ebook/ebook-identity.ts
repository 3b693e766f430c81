/** The ISBN that a book states of itself. */
import type { NativeIdReader } from '../native-ids.ts';
import { FB2_TYPE, FB2_ZIP_TYPE } from '../parsing/media-type-hints.ts';
import { openBookFiles } from './book-files.ts';
import { bookMetadata } from './book-metadata.ts';
import { textLimitOf } from '../parsing/text-limit.ts';
import { readFb2File } from './fb2/fb2-file.ts';
import { fb2Metadata } from './fb2/fb2-metadata.ts';
import { readPackage } from './package-document.ts';

/** ISBN-13 without hyphens; null when there is none whose check digit fits. Errors: as the parser's. */
export const nativeId: NativeIdReader = async (input) => {
  const isFb2 = input.mediaType === FB2_TYPE || input.mediaType === FB2_ZIP_TYPE;
  const { details } = isFb2
    ? fb2Metadata((await readFb2File(input.bytes, textLimitOf(input))).root)
    : bookMetadata(await readPackage(await openBookFiles(input.bytes)));
  return typeof details['isbn'] === 'string' ? details['isbn'] : null;
};
