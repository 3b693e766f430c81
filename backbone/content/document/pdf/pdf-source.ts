import { createRequire } from 'node:module';
import { dirname, join, sep } from 'node:path';
import * as pdfjs from 'pdfjs-dist/legacy/build/pdf.mjs';
import type {
  PDFDocumentLoadingTask,
  PDFDocumentProxy,
  PDFPageProxy,
} from 'pdfjs-dist/types/src/display/api.js';
import { AppError } from '../../../errors.ts';
import { MAX_PIXELS } from '../ocr/picture-size.ts';
import { isWhole, withTrailer } from './pdf-bytes.ts';
import { fontFacts, type FontFacts, type RawItem, type RawPage } from './page-items.ts';

/** More runs of text than any honest page has: a page of a telephone directory has about 5,000. */
const MAX_ITEMS_A_PAGE = 40_000;
const MAX_LINKS_A_PAGE = 500;
/** Pictures of more pixels are skipped, not decoded: only fonts and the fact that pictures exist matter. */
const MAX_PICTURE_PIXELS = 250_000;
const PICTURE_OPERATIONS: ReadonlySet<number> = new Set([
  pdfjs.OPS.paintImageXObject,
  pdfjs.OPS.paintInlineImageXObject,
  pdfjs.OPS.paintImageMaskXObject,
  pdfjs.OPS.paintInlineImageXObjectGroup,
  pdfjs.OPS.paintImageXObjectRepeat,
  pdfjs.OPS.paintSolidColorImageMask,
  pdfjs.OPS.shadingFill,
  pdfjs.OPS.constructPath,
  pdfjs.OPS.transform,
]);

export interface PdfLink {
  readonly url: string;
  readonly text: string;
}

export interface PdfPage extends RawPage {
  /** More text than the limit: the rest of the page was left out. */
  readonly cut: boolean;
  /** Something is drawn on the page besides text. Looked at only where there is hardly any text. */
  readonly hasPictures: boolean;
  readonly links: readonly PdfLink[];
}

/** An open PDF. Pages are read one at a time, and each is let go before the next. */
export interface PdfSource {
  /** The file as it could be opened: the bytes given, or those mended. */
  readonly bytes: Uint8Array;
  readonly pageCount: number;
  readonly document: PDFDocumentProxy;
  /** Facts of the fonts met so far, by pdf.js's own name for them. */
  readonly fonts: ReadonlyMap<string, FontFacts>;
  /** Rejects when the page cannot be found. `page` is 1-based. */
  readPage(page: number): Promise<PdfPage>;
  close(): Promise<void>;
}

type LoadOptions = NonNullable<Extract<Parameters<typeof pdfjs.getDocument>[0], { verbosity?: unknown }>>;

/** Settings for pdf.js, which also suit `PDFParse`: no scripts, no network, no fonts of the machine. */
export function loadOptions(bytes: Uint8Array): LoadOptions {
  const root = packageFolder();
  return {
    // pdf.js empties the buffer it is given.
    data: new Uint8Array(bytes),
    verbosity: pdfjs.VerbosityLevel.ERRORS,
    isEvalSupported: false,
    enableXfa: false,
    useSystemFonts: false,
    disableFontFace: true,
    useWorkerFetch: false,
    isOffscreenCanvasSupported: false,
    isImageDecoderSupported: false,
    maxImageSize: MAX_PICTURE_PIXELS,
    cMapUrl: join(root, 'cmaps') + sep,
    cMapPacked: true,
    standardFontDataUrl: join(root, 'standard_fonts') + sep,
  };
}

function packageFolder(): string {
  return dirname(createRequire(import.meta.url).resolve('pdfjs-dist/package.json'));
}

/**
 * Opens a PDF, one that was cut off as well. Throws `file_encrypted` when a password is wanted and
 * `file_damaged` when the file cannot be read.
 */
export async function openPdf(bytes: Uint8Array): Promise<PdfSource> {
  const opened = await load(bytes).catch((error: unknown) => {
    const mended = isWhole(bytes) ? null : withTrailer(bytes);
    if (mended === null) throw asOpeningError(error);
    return load(mended).catch((again: unknown) => {
      throw asOpeningError(again);
    });
  });
  const document = await opened.task.promise;
  const fonts = new Map<string, FontFacts>();
  return {
    bytes: opened.bytes,
    pageCount: document.numPages,
    document,
    fonts,
    readPage: (page) => readPage(document, page, fonts),
    close: () => opened.task.destroy(),
  };
}

/** The same file for drawing: its pictures are decoded up to the size that text recognition takes. */
export async function openDrawable(bytes: Uint8Array): Promise<Pick<PdfSource, 'document' | 'close'>> {
  const root = packageFolder();
  const options = { maxImageSize: MAX_PIXELS, wasmUrl: join(root, 'wasm') + sep };
  const { task } = await load(bytes, options);
  return { document: await task.promise, close: () => task.destroy() };
}

/** A task whose document is there. */
async function load(
  bytes: Uint8Array,
  options: LoadOptions = {},
): Promise<{ readonly task: PDFDocumentLoadingTask; readonly bytes: Uint8Array }> {
  const task = pdfjs.getDocument({ ...loadOptions(bytes), ...options });
  try {
    await task.promise;
    return { task, bytes };
  } catch (error) {
    await task.destroy();
    throw error;
  }
}

function asOpeningError(error: unknown): AppError {
  const name = error instanceof Error ? error.name : '';
  return new AppError(name === 'PasswordException' ? 'file_encrypted' : 'file_damaged', { cause: error });
}

async function readPage(
  document: PDFDocumentProxy,
  number: number,
  fonts: Map<string, FontFacts>,
): Promise<PdfPage> {
  const page = await document.getPage(number);
  try {
    const { items, families, cut } = await readText(page);
    const unknown = [...families.keys()].filter((name) => !fonts.has(name));
    const letters = items.reduce((sum, item) => sum + item.str.trim().length, 0);
    const operations = unknown.length > 0 || letters < 10 ? await operationsOf(page) : [];
    for (const name of unknown) fonts.set(name, fontFacts(fontName(page, name), families.get(name) ?? ''));
    return {
      page: number,
      view: page.view,
      rotate: page.rotate,
      items,
      cut,
      hasPictures: operations.some((operation) => PICTURE_OPERATIONS.has(operation)),
      links: await linksOf(page),
    };
  } finally {
    page.cleanup();
  }
}

async function readText(
  page: PDFPageProxy,
): Promise<{ items: readonly RawItem[]; families: ReadonlyMap<string, string>; cut: boolean }> {
  const reader = (page.streamTextContent() as ReadableStream<TextChunk>).getReader();
  const items: RawItem[] = [];
  const families = new Map<string, string>();
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return { items, families, cut: false };
    for (const [name, style] of Object.entries(value.styles)) families.set(name, style.fontFamily);
    for (const item of value.items) if ('str' in item && items.length < MAX_ITEMS_A_PAGE) items.push(item);
    if (items.length >= MAX_ITEMS_A_PAGE) {
      await reader.cancel(new Error('The page has more text than the limit.'));
      return { items, families, cut: true };
    }
  }
}

interface TextChunk {
  readonly items: readonly (RawItem | { readonly type: string })[];
  readonly styles: Readonly<Record<string, { readonly fontFamily: string }>>;
}

/** Loads the page's fonts on the way. A page whose drawing cannot be followed still has its text. */
async function operationsOf(page: PDFPageProxy): Promise<readonly number[]> {
  return (await page.getOperatorList()).fnArray;
}

function fontName(page: PDFPageProxy, name: string): string {
  if (!page.commonObjs.has(name)) return '';
  const font: unknown = page.commonObjs.get(name);
  return typeof font === 'object' && font !== null && 'name' in font ? String(font.name) : '';
}

async function linksOf(page: PDFPageProxy): Promise<readonly PdfLink[]> {
  const annotations: readonly unknown[] = await page.getAnnotations({ intent: 'display' });
  return annotations.slice(0, MAX_LINKS_A_PAGE).flatMap((annotation) => {
    if (typeof annotation !== 'object' || annotation === null || !('url' in annotation)) return [];
    if (typeof annotation.url !== 'string' || !/^https?:/.test(annotation.url)) return [];
    const text = 'overlaidText' in annotation ? annotation.overlaidText : '';
    return [{ url: annotation.url, text: typeof text === 'string' ? text.trim() : '' }];
  });
}
