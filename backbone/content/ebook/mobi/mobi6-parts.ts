/** The old form of a book: one run of HTML with page breaks, whose links name offsets (`filepos`). Pure. */
import { labelOf, parseHtml } from '../../parsing/html-tree.ts';
import { chapterName } from '../xml-names.ts';
import type { BookPart, ChapterPlace } from './parts.ts';

const PAGE_BREAK = /<\s{0,9}\/?\s{0,9}mbp:pagebreak[^<>]{0,200}>/gi;
const GUIDE_REFERENCE = /<reference\s[^<>]{0,500}>/gi;
const PLACE = /\sfilepos\s{0,9}=\s{0,9}["']?(\d{1,10})/i;
const LINK = /<a\s[^<>]{0,500}>/gi;
const LONGEST_LINK = 500;
const MOST_LINKS = 5000;

/** The parts between page breaks that hold anything. O(bytes). */
export function mobi6Parts(text: Buffer): readonly BookPart[] {
  const parts: BookPart[] = [];
  let start = 0;
  const add = (end: number): void => {
    if (end > start) parts.push({ start, markup: text.subarray(start, end) });
  };
  for (const match of text.toString('latin1').matchAll(PAGE_BREAK)) {
    add(match.index);
    start = match.index + match[0].length;
  }
  add(text.length);
  return parts;
}

/** Where the page of contents begins, as the guide says; null when there is none. */
export function contentsPageAt(text: Buffer): number | null {
  for (const [reference] of text.toString('latin1').matchAll(GUIDE_REFERENCE)) {
    if (/\stype\s{0,9}=\s{0,9}["']?toc\b/i.test(reference)) return placeIn(reference);
  }
  return null;
}

/** The chapters that the links of the page of contents lead to. */
export function linkedChapters(page: Buffer, decode: (bytes: Buffer) => string): readonly ChapterPlace[] {
  const links = [...page.toString('latin1').matchAll(LINK)].slice(0, MOST_LINKS);
  return links.flatMap((match) => {
    const at = placeIn(match[0]);
    const from = match.index + match[0].length;
    const label = chapterName(labelUntilEnd(decode(page.subarray(from, from + LONGEST_LINK))));
    return at === null || label === '' ? [] : [{ label, above: [], at }];
  });
}

function labelUntilEnd(markup: string): string {
  const end = markup.search(/<\/a\b/i);
  const body = parseHtml(end < 0 ? '' : markup.slice(0, end))('body')[0];
  return body === undefined ? '' : labelOf(body);
}

function placeIn(tag: string): number | null {
  const place = PLACE.exec(tag)?.[1];
  return place === undefined ? null : Number(place);
}
