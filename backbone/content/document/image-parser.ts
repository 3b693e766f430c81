/** Pictures as documents: photographs and scans, whose words are recognised. */
import { AppError } from '../../errors.ts';
import { NO_METADATA, type Block, type Extraction } from '../model.ts';
import type { Parser, ParserEvents, ParserInput } from '../parsing/parser.ts';
import { isSideways, jpegOrientation, withPlainOrientation } from './ocr/jpeg-orientation.ts';
import { ocrSettings } from './ocr/ocr-settings.ts';
import { checkedPictureSize } from './ocr/picture-size.ts';
import type { OpenRecogniser, PagePicture } from './ocr/recogniser.ts';
import { openTesseract } from './ocr/tesseract-recogniser.ts';
import { TextRecognition } from './ocr/text-recognition.ts';
import { tiffPageFile, tiffPages } from './ocr/tiff-pages.ts';

/**
 * PNG, JPEG, WebP and TIFF with all its pages; a moving picture is its first frame. Options as `ocrSettings` reads
 * them. Errors: `no_text_layer` (recognition is off), `file_damaged`, `picture_too_large`, `ocr_language_missing`,
 * `no_words_recognised`, `ocr_failed`. Warnings are those of the recognition. Progress counts pages.
 */
export const parse: Parser = (input, events) =>
  parseImage(input, events, () => openTesseract(ocrSettings(input.options)));

export async function parseImage(
  { bytes, mediaType, options }: ParserInput,
  events: ParserEvents,
  open: OpenRecogniser,
): Promise<Extraction> {
  const settings = ocrSettings(options);
  if (settings.mode === 'never') throw new AppError('no_text_layer');
  const size = checkedPictureSize(bytes, mediaType);
  const pages = mediaType === 'image/tiff' ? pagesOfTiff(bytes) : [() => upright(bytes, mediaType, size)];
  const recognition = new TextRecognition(settings, {
    open,
    now: () => performance.now(),
    onBegin: (longestMs) => events.moreTime?.(longestMs),
  });
  try {
    const blocks: Block[] = [];
    for (const [index, picture] of pages.entries()) {
      blocks.push(...((await recognition.read(index + 1, () => Promise.resolve(picture()))) ?? []));
      events.progress(index + 1, pages.length);
    }
    if (blocks.length === 0) throw recognition.emptyReason;
    return {
      blocks,
      metadata: NO_METADATA,
      typeMetadata: { ...size, ...recognition.metadata },
      links: [],
      pageCount: pages.length,
      warnings: recognition.warnings,
    };
  } finally {
    await recognition.close();
  }
}

function pagesOfTiff(bytes: Uint8Array): readonly (() => PagePicture)[] {
  return tiffPages(bytes).map((page) => () => ({
    bytes: tiffPageFile(bytes, page),
    width: page.width,
    height: page.height,
  }));
}

function upright(
  bytes: Uint8Array,
  mediaType: string,
  { width, height }: { readonly width: number; readonly height: number },
): PagePicture {
  const orientation = mediaType === 'image/jpeg' ? jpegOrientation(bytes) : 1;
  const file = withPlainOrientation(bytes, orientation);
  return isSideways(orientation)
    ? { bytes: file, width: height, height: width }
    : { bytes: file, width, height };
}
