import { AppError } from '../../../errors.ts';
import type { Block, ContentLink, ContentWarning, Extraction, JsonObject } from '../../model.ts';
import type { Parser, ParserEvents, ParserInput } from '../../parsing/parser.ts';
import { ocrSettings, type OcrMode } from '../ocr/ocr-settings.ts';
import type { OpenRecogniser } from '../ocr/recogniser.ts';
import { openTesseract } from '../ocr/tesseract-recogniser.ts';
import { TextRecognition } from '../ocr/text-recognition.ts';
import { layout } from './layout/layout.ts';
import { pageLines } from './layout/lines.ts';
import type { PageLines } from './layout/page-text.ts';
import { declaredPages, isPdf } from './pdf-bytes.ts';
import { pdfFileFacts, pdfMetadata, readFacts, statedFacts } from './pdf-facts.ts';
import { healthWarnings, isPictureOnly, lacksText, pageHealth, type PageHealth } from './page-health.ts';
import { pageItems } from './page-items.ts';
import { PagePictures } from './page-pictures.ts';
import { documentParts } from './pdf-parts.ts';
import { outlineJson, outlineTargets } from './pdf-outline.ts';
import { openPdf, type PdfPage, type PdfSource } from './pdf-source.ts';
import { withRecognised } from './recognised-pages.ts';

const DEFAULT_MAX_PAGES = 5000;
const MAX_LINKS = 5000;

interface ReadPages {
  readonly pages: readonly PageLines[];
  readonly health: readonly PageHealth[];
  readonly links: readonly ContentLink[];
  readonly lost: readonly number[];
  /** Blocks of the pages whose pictures were read, by page. */
  readonly recognised: ReadonlyMap<number, readonly Block[]>;
}

/** Recognises a page's text; null when it is left as it is. */
type RecognisePage = (health: PageHealth) => Promise<readonly Block[] | null>;

/**
 * Reads a PDF: text by page in reading order without running heads, structure, outline and metadata.
 *
 * `options.maxPages`: the most pages that are read, 5,000 unless given. Throws `source_empty`, `file_damaged`,
 * `file_encrypted`, `too_many_pages`, `no_text_layer` (nothing but pictures) and `no_text` (blank pages).
 * Warnings: `pages_lost`, `pages_without_text`, `undecodable_glyphs`, `page_text_cut`.
 *
 * Pages without usable text are recognised when `ocrSettings` says so. Then `no_words_recognised` and `ocr_failed`
 * stand for `no_text_layer`, `ocr_language_missing` may be thrown, and the recognition has warnings of its own.
 */
export const parse: Parser = (input, events) =>
  parsePdf(input, events, () => openTesseract(ocrSettings(input.options)));

export async function parsePdf(
  { bytes, options }: Pick<ParserInput, 'bytes' | 'options'>,
  events: ParserEvents,
  open: OpenRecogniser,
): Promise<Extraction> {
  if (bytes.length === 0) throw new AppError('source_empty');
  if (!isPdf(bytes)) throw new AppError('file_damaged');
  const source = await openPdf(bytes);
  const pictures = new PagePictures(source.bytes);
  const settings = ocrSettings(options);
  const recognition = new TextRecognition(settings, {
    open,
    now: () => performance.now(),
    onBegin: (longestMs) => events.moreTime?.(longestMs),
  });
  try {
    checkPageCount(source.pageCount, maxPagesOf(options));
    const read = await readPages(source, events, async (health) =>
      isRecognised(settings.mode, health)
        ? recognition.read(health.page, () => pictures.draw(health.page))
        : null,
    );
    checkText(read, settings.mode, recognition);
    return await extract(source, bytes, read, recognition);
  } finally {
    await Promise.all([recognition.close(), pictures.close()]);
    await source.close();
  }
}

function isRecognised(mode: OcrMode, health: PageHealth): boolean {
  return mode === 'always' || (mode === 'auto' && lacksText(health));
}

async function extract(
  source: PdfSource,
  bytes: Uint8Array,
  read: ReadPages,
  recognition: TextRecognition,
): Promise<Extraction> {
  const parts = await documentParts(source.document);
  const facts = await readFacts(source.bytes);
  const written = layout(read.pages, outlineTargets(parts.outline), parts.labels, statedFacts(facts));
  const blocks = withRecognised(written.blocks, read.recognised, written.labels);
  return {
    blocks,
    metadata: pdfMetadata(facts, blocks),
    typeMetadata: {
      pages: source.pageCount,
      ...pdfFileFacts(facts),
      outline: outlineJson(parts.outline),
      pageLabels: [...written.labels].map(([page, label]) => ({ page, label })),
      formFields: parts.formFields,
      attachments: parts.attachments,
      ...recognition.metadata,
    },
    links: read.links,
    pageCount: source.pageCount,
    warnings: [
      ...healthWarnings(read.health, read.lost),
      ...recognition.warnings,
      ...missingPages(bytes, source.pageCount),
    ],
  };
}

function maxPagesOf(options: JsonObject): number {
  const { maxPages } = options;
  return typeof maxPages === 'number' && Number.isFinite(maxPages) && maxPages >= 1
    ? maxPages
    : DEFAULT_MAX_PAGES;
}

function checkPageCount(pages: number, limit: number): void {
  if (pages < 1) throw new AppError('file_damaged');
  if (pages > limit) throw new AppError('too_many_pages', { params: { pages, limit, setting: 'MAX_PAGES' } });
}

/** One page after the other, so that memory holds the lines of all pages but the drawing of one. */
async function readPages(
  source: PdfSource,
  events: ParserEvents,
  recognise: RecognisePage,
): Promise<ReadPages> {
  const pages: PageLines[] = [];
  const health: PageHealth[] = [];
  const links: ContentLink[] = [];
  const lost: number[] = [];
  const recognised = new Map<number, readonly Block[]>();
  for (let number = 1; number <= source.pageCount; number++) {
    const page = await source.readPage(number).catch(() => null);
    if (page === null) lost.push(number);
    else {
      const healthOfPage = healthOf(page);
      const found = (await recognise(healthOfPage)) ?? [];
      const lines = pageLines(pageItems(page, source.fonts));
      pages.push(found.length === 0 ? lines : { ...lines, lines: [], rotated: [] });
      if (found.length === 0) health.push(healthOfPage);
      else recognised.set(number, found);
      links.push(...page.links.slice(0, MAX_LINKS - links.length));
    }
    events.progress(number, source.pageCount);
  }
  return { pages, health, links, lost, recognised };
}

function healthOf(page: PdfPage): PageHealth {
  return pageHealth(
    page,
    page.items.map((item) => item.str),
  );
}

function checkText(
  { pages, health, lost, recognised }: ReadPages,
  mode: OcrMode,
  recognition: TextRecognition,
): void {
  if (pages.length === 0) throw new AppError('file_damaged');
  if (recognised.size > 0) return;
  if (pages.some((page) => page.lines.length > 0 || page.rotated.length > 0)) return;
  if (mode !== 'never' && health.some(isPictureOnly)) throw recognition.emptyReason;
  if (health.some(isPictureOnly)) throw new AppError('no_text_layer');
  throw new AppError(lost.length > 0 ? 'file_damaged' : 'no_text');
}

/** A file that was cut off opens with the pages that are left: the page tree still says how many there were. */
function missingPages(bytes: Uint8Array, found: number): readonly ContentWarning[] {
  const declared = declaredPages(bytes);
  if (declared === null || declared <= found) return [];
  const message = `The file is damaged: it should have ${declared} pages, but only ${found} could be found.`;
  return [{ code: 'pages_lost', message }];
}
