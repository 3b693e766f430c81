import { AppError } from '../../../errors.ts';
import type { ContentLink, ContentWarning, Extraction, JsonObject } from '../../model.ts';
import type { Parser, ParserEvents } from '../../parsing/parser.ts';
import { layout } from './layout/layout.ts';
import { pageLines } from './layout/lines.ts';
import type { PageLines } from './layout/page-text.ts';
import { declaredPages, isPdf } from './pdf-bytes.ts';
import { pdfFileFacts, pdfMetadata, readFacts, statedFacts } from './pdf-facts.ts';
import { healthWarnings, isPictureOnly, pageHealth, type PageHealth } from './page-health.ts';
import { pageItems } from './page-items.ts';
import { documentParts } from './pdf-parts.ts';
import { outlineJson, outlineTargets } from './pdf-outline.ts';
import { openPdf, type PdfSource } from './pdf-source.ts';

const DEFAULT_MAX_PAGES = 5000;
const MAX_LINKS = 5000;

interface ReadPages {
  readonly pages: readonly PageLines[];
  readonly health: readonly PageHealth[];
  readonly links: readonly ContentLink[];
  readonly lost: readonly number[];
}

/**
 * Reads a PDF: text by page in reading order without running heads, structure, outline and metadata.
 *
 * `options.maxPages`: the most pages that are read, 5,000 unless given. Throws `source_empty`, `file_damaged`,
 * `file_encrypted`, `too_many_pages`, `no_text_layer` (nothing but pictures) and `no_text` (blank pages).
 * Warnings: `pages_lost`, `pages_without_text`, `undecodable_glyphs`, `page_text_cut`.
 */
export const parse: Parser = async ({ bytes, options }, events) => {
  if (bytes.length === 0) throw new AppError('source_empty');
  if (!isPdf(bytes)) throw new AppError('file_damaged');
  const source = await openPdf(bytes);
  try {
    return await extract(source, bytes, maxPagesOf(options), events);
  } finally {
    await source.close();
  }
};

async function extract(
  source: PdfSource,
  bytes: Uint8Array,
  maxPages: number,
  events: ParserEvents,
): Promise<Extraction> {
  checkPageCount(source.pageCount, maxPages);
  const read = await readPages(source, events);
  checkText(read);
  const parts = await documentParts(source.document);
  const facts = await readFacts(source.bytes);
  const { blocks, labels } = layout(
    read.pages,
    outlineTargets(parts.outline),
    parts.labels,
    statedFacts(facts),
  );
  return {
    blocks,
    metadata: pdfMetadata(facts, blocks),
    typeMetadata: {
      pages: source.pageCount,
      ...pdfFileFacts(facts),
      outline: outlineJson(parts.outline),
      pageLabels: [...labels].map(([page, label]) => ({ page, label })),
      formFields: parts.formFields,
      attachments: parts.attachments,
    },
    links: read.links,
    pageCount: source.pageCount,
    warnings: [...healthWarnings(read.health, read.lost), ...missingPages(bytes, source.pageCount)],
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
async function readPages(source: PdfSource, events: ParserEvents): Promise<ReadPages> {
  const pages: PageLines[] = [];
  const health: PageHealth[] = [];
  const links: ContentLink[] = [];
  const lost: number[] = [];
  for (let number = 1; number <= source.pageCount; number++) {
    const page = await source.readPage(number).catch(() => null);
    if (page === null) lost.push(number);
    else {
      pages.push(pageLines(pageItems(page, source.fonts)));
      health.push(
        pageHealth(
          page,
          page.items.map((item) => item.str),
        ),
      );
      links.push(...page.links.slice(0, MAX_LINKS - links.length));
    }
    events.progress(number, source.pageCount);
  }
  return { pages, health, links, lost };
}

function checkText({ pages, health, lost }: ReadPages): void {
  if (pages.length === 0) throw new AppError('file_damaged');
  if (pages.some((page) => page.lines.length > 0 || page.rotated.length > 0)) return;
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
