/** Draws pages of a PDF for text recognition. */
import { createCanvas } from '@napi-rs/canvas';
import type { PDFDocumentProxy } from 'pdfjs-dist/types/src/display/api.js';
import { MAX_PIXELS } from '../ocr/picture-size.ts';
import type { PagePicture } from '../ocr/recogniser.ts';
import { openDrawable } from './pdf-source.ts';

/** What the engine's models were made for, in dots per point. */
const SCALE = 300 / 72;
/** Of a side; the canvas itself allows hardly more. */
const MAX_SIDE = 20_000;

/**
 * Opens the file a second time when the first page is wanted: reading text skips large pictures, drawing must not.
 */
export class PagePictures {
  readonly #bytes: Uint8Array;
  #opened: ReturnType<typeof openDrawable> | null = null;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** `page` is 1-based. At 300 dots an inch, or fewer where the page is so large that it would be too many pixels. */
  async draw(page: number): Promise<PagePicture> {
    this.#opened ??= openDrawable(this.#bytes);
    const { document } = await this.#opened;
    return drawPage(document, page);
  }

  async close(): Promise<void> {
    const opened = this.#opened;
    this.#opened = null;
    await opened?.then(
      ({ close }) => close(),
      () => undefined,
    );
  }
}

/** Pure. In dots a point: what keeps a page of that size, in points, within the limits. */
export function drawingScale(width: number, height: number): number {
  return Math.min(SCALE, Math.sqrt(MAX_PIXELS / (width * height)), MAX_SIDE / Math.max(width, height));
}

/** Pure. A grey picture file (PGM) of RGBA pixels. */
export function greyPicture(rgba: Uint8ClampedArray, width: number, height: number): PagePicture {
  const header = Buffer.from(`P5 ${width} ${height} 255\n`, 'latin1');
  const bytes = Buffer.alloc(header.length + width * height);
  header.copy(bytes);
  for (let from = 0, to = header.length; to < bytes.length; from += 4, to++) {
    // Weights of red, green and blue in brightness, in 256ths (ITU-R BT.601).
    const grey = 77 * (rgba[from] ?? 0) + 150 * (rgba[from + 1] ?? 0) + 29 * (rgba[from + 2] ?? 0);
    bytes[to] = grey >> 8;
  }
  return { bytes, width, height };
}

async function drawPage(document: PDFDocumentProxy, number: number): Promise<PagePicture> {
  const page = await document.getPage(number);
  try {
    const natural = page.getViewport({ scale: 1 });
    const viewport = page.getViewport({ scale: drawingScale(natural.width, natural.height) });
    const [width, height] = [sidePixels(viewport.width), sidePixels(viewport.height)];
    const context = createCanvas(width, height).getContext('2d');
    await page.render({
      canvas: null,
      canvasContext: context,
      viewport,
      background: '#ffffff',
    }).promise;
    return greyPicture(context.getImageData(0, 0, width, height).data, width, height);
  } finally {
    page.cleanup();
  }
}

function sidePixels(length: number): number {
  return Math.max(1, Math.floor(length));
}
