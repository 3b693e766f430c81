/** What text recognition works on and gives, whichever engine does it. */

/** A picture file (PNG, JPEG, TIFF, WebP, PNM), and its size in pixels as it is looked at. */
export interface PagePicture {
  readonly bytes: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** In pixels from the upper left corner. */
export interface PixelBox {
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
}

export interface RecognisedLine {
  readonly text: string;
  /** 0-1. */
  readonly confidence: number;
  readonly box: PixelBox;
  /** Number of the paragraph in reading order; lines of one paragraph follow each other. */
  readonly paragraph: number;
}

/**
 * One engine at work. `recognise` rejects when the picture cannot be read or the engine died; it is of no
 * use any more after that and must be closed. One picture at a time.
 */
export interface Recogniser {
  /** Lines in reading order; none for a picture without words. */
  recognise(picture: PagePicture): Promise<readonly RecognisedLine[]>;
  /** Stops whatever runs, at once. Resolves when the engine is gone. */
  close(): Promise<void>;
}

/** Errors: `ocr_language_missing`. */
export type OpenRecogniser = () => Promise<Recogniser>;
