/** Authors and dates that stand only in the visible part of a page. */
import type { CheerioAPI } from 'cheerio/slim';
import type { ReadBlock } from '../parsing/html-blocks.ts';
import { attributeOf, isElement, labelOf, type HtmlElement } from '../parsing/html-tree.ts';
import { isIn, regionOf, type RegionName } from './regions.ts';

const MOST_CANDIDATES = 200;
const MOST_BYLINES = 5;
const LONGEST_LINE = 250;
const LINES_ABOVE = 5;
const LINES_BELOW = 8;
const NAME_PART = "\\p{Lu}[\\p{L}.'’-]{0,30}";
const WRITTEN_BY = new RegExp(
  '(?:^|[\\s|·–—-])(?:[Bb]y|BY|[Vv]on|VON|[Pp]ar|[Pp]or|Di|Door|[Aa]utor(?:in)?:?|[Aa]uthor:?|Auteur:?|Redaktion:|Text:)\\s{1,3}' +
    `(${NAME_PART}(?:\\s(?:(?:von|van|de|der|den|da|di|del|la|le)\\s)?${NAME_PART}){0,3})`,
  'u',
);
/** A name with "by" is short; longer texts are about the author. */
const LONGEST_BYLINE = 120;

const AUTHOR_MICRODATA =
  '[itemprop~="author" i] [itemprop~="name" i], [itemprop~="author" i], a[rel~="author" i]';
const AUTHOR_CLASSES =
  '[class*="author" i] [class*="name" i], .byline, .author, .author-name, .authorname, .article-author, .post-author, ' +
  '.entry-author, .vcard .fn, [class*="byline" i], [data-testid*="byline" i], [class*="author" i], [class*="autor" i], ' +
  'a[href*="/author/" i], a[href*="/autor/" i], a[href*="/authors/" i], a[href*="/autoren/" i], a[href*="/writers/" i], ' +
  'article address, main address, h1 + address';
const DATE_CLASSES =
  '[class*="publish" i], [class*="date" i], [class*="posted" i], [class*="timestamp" i], [class*="byline" i], ' +
  '[class*="meta" i], [id*="date" i]';

/** Author names by microdata, `rel=author`, then by class; texts as they stand, best kind first. */
export function microdataAuthors($: CheerioAPI): string[] {
  const found = nearMain($, AUTHOR_MICRODATA);
  const named = found.filter((element) => attributeOf(element, 'itemprop').toLowerCase().includes('name'));
  return (named.length > 0 ? named : found).map(textOrContent).filter(isBylineLength);
}

/** The first texts by class or address that name an author, those of the article itself first. */
export function visibleAuthors($: CheerioAPI): string[] {
  const near = nearMain($, AUTHOR_CLASSES);
  return (near.length > 0 ? near : outsideComments($, AUTHOR_CLASSES))
    .map((element) => labelOf(element))
    .filter(isBylineLength)
    .slice(0, MOST_BYLINES);
}

/** A name after "by" in a short line around the top heading, in the languages that say so with a word. */
export function writtenByLines(blocks: readonly ReadBlock[]): string[] {
  return linesNearHeading(blocks)
    .filter((line) => line.length <= LONGEST_BYLINE)
    .flatMap((line) => WRITTEN_BY.exec(line)?.[1] ?? []);
}

/** The lines of the blocks around the first h1 of the page; around its beginning when it has none. */
export function linesNearHeading(blocks: readonly ReadBlock[]): string[] {
  const heading = blocks.findIndex(({ block }) => block.kind === 'heading' && block.level === 1);
  const start = Math.max(0, heading - LINES_ABOVE);
  return blocks
    .slice(start, Math.max(heading, 0) + LINES_BELOW)
    .flatMap(({ block }) => block.text.split('\n', 20).map((line) => line.slice(0, LONGEST_LINE)));
}

/** Values of `itemprop`: its content or datetime attribute, else its text. */
export function itempropValues($: CheerioAPI, name: string): string[] {
  return nearMain($, `[itemprop~="${name}" i]`).map(textOrContent);
}

/** `datetime` of the time elements, those that call themselves published and those in the article first. */
export function timeElements($: CheerioAPI): string[] {
  const times = nearMain($, 'time[datetime]');
  const rank = (element: HtmlElement): number =>
    (/publish|entry-date|posted|created/i.test(attributeOf(element, 'class')) ||
    attributeOf(element, 'pubdate') !== ''
      ? 0
      : 2) + (/updat|modif/i.test(attributeOf(element, 'class')) ? 4 : 0);
  return times
    .map((element, at) => ({ element, order: rank(element) * MOST_CANDIDATES + at }))
    .sort((a, b) => a.order - b.order)
    .map(({ element }) => attributeOf(element, 'datetime'));
}

/** Short texts that may hold a date, in the order of the page. */
export function dateLines($: CheerioAPI): string[] {
  const lines = [...nearMain($, 'time'), ...nearMain($, DATE_CLASSES)].map((element) => labelOf(element));
  return lines.filter((line) => line.length > 0 && line.length <= 200);
}

/** Matches outside comments, asides, navigation, footers and lists of other articles. */
function nearMain($: CheerioAPI, selector: string): HtmlElement[] {
  return $(selector)
    .toArray()
    .slice(0, MOST_CANDIDATES)
    .filter((node) => isElement(node))
    .filter((element) => !isApart(element));
}

function outsideComments($: CheerioAPI, selector: string): HtmlElement[] {
  return $(selector)
    .toArray()
    .slice(0, MOST_CANDIDATES)
    .filter((node) => isElement(node))
    .filter((element) => !isApart(element, ['comments', 'footer']));
}

const APART: readonly RegionName[] = ['comments', 'related', 'footer', 'navigation'];

function isApart(element: HtmlElement, regions = APART): boolean {
  let node: HtmlElement | null = element;
  for (let depth = 0; node !== null && depth < 40; depth += 1) {
    const region = regionOf(node, 0);
    if (regions.some((name) => isIn(region, name))) return true;
    node = elementAbove(node);
  }
  return false;
}

function elementAbove({ parent }: HtmlElement): HtmlElement | null {
  return parent !== null && isElement(parent) && parent.name !== 'body' ? parent : null;
}

function textOrContent(element: HtmlElement): string {
  return attributeOf(element, 'content') || attributeOf(element, 'datetime') || labelOf(element);
}

function isBylineLength(text: string): boolean {
  return text.length > 1 && text.length <= LONGEST_BYLINE;
}
