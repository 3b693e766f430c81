/** Web pages and feeds: stored bytes in, text and metadata out. Loaded by a parse worker; opens no address. */
import { AppError } from '../../errors.ts';
import type { ContentWarning, Extraction } from '../model.ts';
import type { DecodedText } from '../parsing/charset.ts';
import { htmlBlocks, type HtmlBlocks, type ReadBlock } from '../parsing/html-blocks.ts';
import { parseHtml } from '../parsing/html-tree.ts';
import type { Parser, ParserEvents, ParserInput } from '../parsing/parser.ts';
import { isFeed } from './feed-check.ts';
import { textIn } from './json-ld.ts';
import { findMainText } from './main-text.ts';
import { pageMetadata } from './metadata.ts';
import { blockedPage } from './page-check.ts';
import { pageFacts, type PageFacts } from './page-facts.ts';
import { pageSigns } from './page-signs.ts';
import { chooseText, pageStructure } from './chosen-text.ts';
import { readText } from './page-text.ts';
import { readingOptions, type ReadingOptions } from './reading-options.ts';
import { regionOf } from './regions.ts';
import { typeMetadata } from './type-metadata.ts';

/** A shorter body in JSON-LD is a teaser. */
const SHORTEST_ARTICLE_BODY = 200;
const STEPS = 4;

/**
 * Reads an HTML page or file, or a feed. Throws `source_empty`, `source_too_large`, `file_unsafe`,
 * `file_damaged` (feeds), `page_needs_login`, `page_is_captcha`, `page_is_cookie_wall`, `page_not_found`,
 * `page_needs_scripts` and `no_text`.
 */
export const parse: Parser = async (input, events) => {
  const options = readingOptions(input.options);
  const decoded = readText(input, options);
  if (!isFeed(decoded.text)) return readPage(input, { decoded, options }, events);
  // Loaded for feeds alone: their library takes longer to load than most pages take to read.
  const { parseFeed } = await import('./feed/feed-parser.ts');
  return parseFeed({ decoded, baseUrl: input.baseUrl, options }, events);
};

interface PageText {
  readonly decoded: DecodedText;
  readonly options: ReadingOptions;
}

function readPage(input: ParserInput, { decoded, options }: PageText, events: ParserEvents): Extraction {
  const facts = pageFacts(parseHtml(decoded.text), input.baseUrl);
  events.progress(1, STEPS);
  const page = htmlBlocks(facts.$('body').toArray(), { baseUrl: facts.baseUrl, markOf: regionOf });
  const metadata = pageMetadata(facts, page.blocks, options.now);
  events.progress(2, STEPS);
  const structure = pageStructure(facts, page, options.now);
  const articleBody = articleBodyOf(facts);
  const body = articleBody === null ? [] : paragraphs(articleBody);
  const standIn = page.blocks.length === 0 && articleBody !== null;
  if (!standIn) refuseBlocked(facts, page);
  events.progress(3, STEPS);
  const { kind } = structure;
  const postCount = kind === 'discussion' ? structure.posts.length : 0;
  const main = standIn
    ? null
    : findMainText(facts.$, page.blocks, { kind, url: input.baseUrl, articleBody, postCount });
  const title = metadata.title?.value ?? null;
  const text = main === null ? null : chooseText({ facts, page, main, structure, title, articleBody: body });
  const blocks = (text?.candidate.blocks ?? body).map(({ block }) => block);
  events.progress(STEPS, STEPS);
  return {
    blocks,
    metadata,
    typeMetadata: typeMetadata({ blocks, kind, charset: decoded.charset, main, text, metadata, options }),
    links: text?.candidate.links ?? [],
    pageCount: null,
    warnings: [...decoded.warnings, ...paywallWarnings(facts)],
  };
}

function articleBodyOf({ mainNode }: PageFacts): string | null {
  const body = textIn(mainNode?.['articleBody'] ?? mainNode?.['text']);
  if (body === null || body.length < SHORTEST_ARTICLE_BODY) return null;
  const { blocks } = htmlBlocks(parseHtml(body).root().toArray(), { baseUrl: null });
  return body.includes('<') ? blocks.map(({ block }) => block.text).join('\n') : body;
}

function paragraphs(text: string): ReadBlock[] {
  return text
    .split(/\n+/)
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) => ({
      block: { kind: 'paragraph', text: line.toWellFormed(), locator: {} },
      linkLength: 0,
      mark: 0,
    }));
}

function refuseBlocked(facts: PageFacts, page: HtmlBlocks): void {
  const code = blockedPage(pageSigns(facts, page.blocks));
  if (code !== null) throw new AppError(code);
  if (page.blocks.every(({ block }) => block.text === '')) throw new AppError('no_text');
}

function paywallWarnings({ mainNode }: PageFacts): ContentWarning[] {
  const free = mainNode?.['isAccessibleForFree'];
  if (free !== false && !(typeof free === 'string' && /(?:^|\/)false$/i.test(free))) return [];
  return [
    {
      code: 'partial_text',
      message: 'The site says that the page must be paid for: perhaps only the free preview could be read.',
    },
  ];
}
