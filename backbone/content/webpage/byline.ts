/** Authors and dates that stand only in the visible part of a page. */
import type { CheerioAPI } from 'cheerio';
import { attributeOf, isElement, labelOf, type HtmlElement } from '../parsing/html-tree.ts';
import { isIn, regionOf } from './regions.ts';

const MOST_CANDIDATES = 200;
/** A name with "by" is short; longer texts are about the author. */
const LONGEST_BYLINE = 120;

const AUTHOR_MICRODATA =
  '[itemprop~="author" i] [itemprop~="name" i], [itemprop~="author" i], a[rel~="author" i]';
const AUTHOR_CLASSES =
  '[class*="author" i] [class*="name" i], .byline, .author, .author-name, .authorname, .article-author, .post-author, ' +
  '.entry-author, .vcard .fn, [class*="byline" i], [class*="author" i], [data-testid*="author" i]';
const DATE_CLASSES =
  '[class*="publish" i], [class*="date" i], [class*="posted" i], [class*="timestamp" i], [class*="byline" i], ' +
  '[class*="meta" i], [id*="date" i]';

/** Author names by microdata, `rel=author`, then by class; texts as they stand, best kind first. */
export function microdataAuthors($: CheerioAPI): string[] {
  const found = nearMain($, AUTHOR_MICRODATA);
  const named = found.filter((element) => attributeOf(element, 'itemprop').toLowerCase().includes('name'));
  return (named.length > 0 ? named : found).map(textOrContent).filter(isBylineLength);
}

export function visibleAuthors($: CheerioAPI): string[] {
  const [first] = nearMain($, AUTHOR_CLASSES)
    .map((element) => labelOf(element))
    .filter(isBylineLength);
  return first === undefined ? [] : [first];
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

function isApart(element: HtmlElement): boolean {
  let node: HtmlElement | null = element;
  for (let depth = 0; node !== null && depth < 40; depth += 1) {
    const region = regionOf(node, 0);
    if (
      (['comments', 'related', 'aside', 'footer', 'navigation'] as const).some((name) => isIn(region, name))
    )
      return true;
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
