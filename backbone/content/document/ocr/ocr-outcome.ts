/** What became of the pages that were to be recognised. */
import { AppError } from '../../../errors.ts';
import type { ContentWarning, JsonObject } from '../../model.ts';
import { pageRanges } from '../pdf/page-ranges.ts';
import type { OcrSettings } from './ocr-settings.ts';
import { meanOfPages, type RecognisedPage } from './recognised-blocks.ts';

/** Why a page was not recognised. */
export type Omission = 'beyondLimit' | 'outOfTime' | 'tooSlow' | 'failed';

/** A page below this mean has about every tenth word wrong. */
const LOW_CONFIDENCE = 0.7;

type Read = Pick<RecognisedPage, 'confidence' | 'letters'> & { readonly page: number };

export class OcrOutcome {
  readonly #limits: Pick<OcrSettings, 'maxPages' | 'pageTimeoutMs' | 'totalTimeoutMs'>;
  readonly #read: Read[] = [];
  readonly #left: { readonly page: number; readonly why: Omission }[] = [];

  constructor(limits: Pick<OcrSettings, 'maxPages' | 'pageTimeoutMs' | 'totalTimeoutMs'>) {
    this.#limits = limits;
  }

  keep(page: number, { confidence, letters }: RecognisedPage): void {
    this.#read.push({ page, confidence, letters });
  }

  leave(page: number, why: Omission): null {
    this.#left.push({ page, why });
    return null;
  }

  get metadata(): JsonObject {
    const pages = this.#read.filter(({ letters }) => letters > 0);
    if (pages.length === 0) return {};
    return { ocr: { pages: pages.map(({ page }) => page), mean_confidence: meanOfPages(pages) } };
  }

  get emptyReason(): AppError {
    if (this.#left.length === 0) return new AppError('no_words_recognised');
    return new AppError('ocr_failed', {
      params: { reason: this.warnings.map(({ message }) => message).join(' ') },
    });
  }

  get warnings(): readonly ContentWarning[] {
    const { maxPages, pageTimeoutMs, totalTimeoutMs } = this.#limits;
    return [
      ...warning(
        'ocr_low_confidence',
        this.#pages(({ confidence }) => confidence !== null && confidence < LOW_CONFIDENCE),
        'hard to recognise: their text may hold mistakes',
      ),
      ...warning(
        'no_words_recognised',
        this.#pages(({ letters }) => letters === 0),
        'pictures in which no words were recognised',
      ),
      ...warning(
        'ocr_pages_left_out',
        this.#omitted('beyondLimit'),
        `not recognised, since the limit is ${maxPages} pages a document (OCR_MAX_PAGES)`,
      ),
      ...warning(
        'ocr_time_limit',
        this.#omitted('outOfTime'),
        `not recognised, since the pages before took longer than ${totalTimeoutMs / 1000} seconds (OCR_SECONDS)`,
      ),
      ...warning(
        'ocr_page_time_limit',
        this.#omitted('tooSlow'),
        `not recognised within ${pageTimeoutMs / 1000} seconds (OCR_PAGE_SECONDS)`,
      ),
      ...warning('ocr_page_failed', this.#omitted('failed'), 'pictures that could not be read'),
    ];
  }

  #pages(matches: (page: Read) => boolean): readonly number[] {
    return this.#read.filter(matches).map(({ page }) => page);
  }

  #omitted(reason: Omission): readonly number[] {
    return this.#left.filter(({ why }) => why === reason).map(({ page }) => page);
  }
}

/** `what` follows "Pages 3-5 were". */
function warning(code: string, pages: readonly number[], what: string): readonly ContentWarning[] {
  if (pages.length === 0) return [];
  const subject = pages.length === 1 ? 'Page' : 'Pages';
  const verb = pages.length === 1 ? 'was' : 'were';
  return [{ code, message: `${subject} ${pageRanges(pages)} ${verb} ${singular(what, pages.length)}.` }];
}

function singular(what: string, count: number): string {
  if (count !== 1) return what;
  return what
    .replace(/^pictures in/, 'a picture in')
    .replace(/^pictures that/, 'a picture that')
    .replace('their text', 'its text');
}
