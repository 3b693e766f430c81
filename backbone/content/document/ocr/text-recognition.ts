/** Recognises the text of a document's pages, one after the other, within limits of number and time. */
import { setTimeout as delay } from 'node:timers/promises';
import { AppError } from '../../../errors.ts';
import type { Block, ContentWarning, JsonObject } from '../../model.ts';
import type { OcrSettings } from './ocr-settings.ts';
import { OcrOutcome } from './ocr-outcome.ts';
import { recognisedPage } from './recognised-blocks.ts';
import type { OpenRecogniser, PagePicture, RecognisedLine, Recogniser } from './recogniser.ts';

export interface RecognitionPorts {
  readonly open: OpenRecogniser;
  /** Milliseconds that only go up. */
  readonly now: () => number;
  /** Called once, when the first page is about to be recognised: it takes seconds a page from here on. */
  readonly onBegin: (longestMs: number) => void;
}

type Limits = Pick<OcrSettings, 'maxPages' | 'pageTimeoutMs' | 'totalTimeoutMs'>;

/** One document's. A page that fails costs itself alone: what became of each is told by the warnings. */
export class TextRecognition {
  readonly #limits: Limits;
  readonly #ports: RecognitionPorts;
  readonly #outcome: OcrOutcome;
  #recogniser: Recogniser | null = null;
  /** When all pages together have taken their time; null before the first. */
  #endsAt: number | null = null;
  #begun = 0;

  constructor(limits: Limits, ports: RecognitionPorts) {
    this.#limits = limits;
    this.#ports = ports;
    this.#outcome = new OcrOutcome(limits);
  }

  /**
   * The page's blocks; null when it could not be recognised. Errors: those of `open`, and an `AppError`
   * of `picture`.
   */
  async read(page: number, picture: () => Promise<PagePicture>): Promise<readonly Block[] | null> {
    if (this.#begun >= this.#limits.maxPages) return this.#outcome.leave(page, 'beyondLimit');
    const leftMs = this.#begin();
    if (leftMs <= 0) return this.#outcome.leave(page, 'outOfTime');
    this.#begun += 1;
    try {
      const drawn = await picture();
      const lines = await this.#recognise(drawn, Math.min(leftMs, this.#limits.pageTimeoutMs));
      if (lines === null) return this.#outcome.leave(page, 'tooSlow');
      const read = recognisedPage(lines, drawn, { page });
      this.#outcome.keep(page, read);
      return read.blocks;
    } catch (error) {
      await this.close();
      if (error instanceof AppError) throw error;
      return this.#outcome.leave(page, 'failed');
    }
  }

  get warnings(): readonly ContentWarning[] {
    return this.#outcome.warnings;
  }

  /** For the type's metadata; empty when no page was recognised. */
  get metadata(): JsonObject {
    return this.#outcome.metadata;
  }

  /** Why there is no text, where there is none. */
  get emptyReason(): AppError {
    return this.#outcome.emptyReason;
  }

  async close(): Promise<void> {
    const recogniser = this.#recogniser;
    this.#recogniser = null;
    await recogniser?.close();
  }

  /** Milliseconds that are left for all further pages. */
  #begin(): number {
    if (this.#endsAt === null) {
      this.#endsAt = this.#ports.now() + this.#limits.totalTimeoutMs;
      this.#ports.onBegin(this.#limits.totalTimeoutMs);
    }
    return this.#endsAt - this.#ports.now();
  }

  /** Null when it took too long: the engine cannot be interrupted, so it is ended. */
  async #recognise(picture: PagePicture, timeoutMs: number): Promise<readonly RecognisedLine[] | null> {
    this.#recogniser ??= await this.#ports.open();
    const finished = new AbortController();
    const timer = delay(timeoutMs, null, { signal: finished.signal });
    timer.catch(() => undefined);
    const recognised = this.#recogniser.recognise(picture);
    // When the engine is ended its promise rejects, and nobody listens any more.
    recognised.catch(() => undefined);
    try {
      const lines = await Promise.race([recognised, timer]);
      if (lines === null) await this.close();
      return lines;
    } finally {
      finished.abort();
    }
  }
}
