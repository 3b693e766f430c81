/**
 * Finds the entries of a page that lists others: siblings of one kind, each with a link. Of several such groups the
 * one with the most text. Linear in the number of elements.
 */
import type { CheerioAPI } from 'cheerio/slim';
import { htmlBlocks } from '../parsing/html-blocks.ts';
import { attributeOf, isElement, textOf, type HtmlElement, type HtmlNode } from '../parsing/html-tree.ts';
import { REGION, regionOf } from './regions.ts';
import { sectionPath, type PageSection } from './sections.ts';

const FEWEST_ENTRIES = 3;
/** Characters an entry has on average; menus have less. */
const SHORTEST_ENTRY = 40;
/** Entries with a link, of all in the group. */
const LINKED_SHARE = 0.8;
/** A group within the largest is preferred when it has so much of its text: cards to the rows they stand in. */
const ENOUGH_TEXT = 0.8;
/** Entries are much alike: one that holds more of all their text is an article with its neighbours. */
const MOST_IN_ONE = 0.5;
const OUTSIDE_LISTS =
  REGION.navigation |
  REGION.footer |
  REGION.header |
  REGION.aside |
  REGION.form |
  REGION.comments |
  REGION.share;
const UNREAD = new Set(['script', 'style', 'template', 'noscript', 'svg', 'head']);
const SHORTEST_TITLE = 3;
const LONGEST_TITLE = 300;
const BUTTON_LENGTH = 40;

interface Measured {
  readonly element: HtmlElement;
  /** Index of the parent among all elements, -1 for the first. */
  readonly parent: number;
  readonly region: number;
  /** Elements within it. */
  inner: number;
  textLength: number;
  hasLink: boolean;
}

interface Group {
  readonly elements: HtmlElement[];
  textLength: number;
  longest: number;
  linked: number;
  /** Index of the last element that stands within the latest one of the group. */
  end: number;
  isNested: boolean;
}

/** In the order of the page; empty when nothing repeats. */
export function findEntries($: CheerioAPI): readonly HtmlElement[] {
  const groups = [...groupsOf(measured($('body').toArray()))].filter(isList);
  const most = groups.reduce((length, group) => Math.max(length, group.textLength), 0);
  const large = groups.filter(({ textLength }) => textLength >= most * ENOUGH_TEXT);
  return large.toSorted((a, b) => b.elements.length - a.elements.length)[0]?.elements ?? [];
}

/** Entries as sections: the title leads to the page, below it the teaser. Those without a title are left out. */
export function entrySections(
  entries: readonly HtmlElement[],
  { title, baseUrl }: { readonly title: string | null; readonly baseUrl: string | null },
): PageSection[] {
  return entries.flatMap((element) => {
    const { blocks, links } = htmlBlocks([element], { baseUrl });
    const named = blocks.find(({ block }) => block.kind === 'heading')?.block.text;
    const link = links.find(({ text }) => text !== '' && text === named) ?? longestOf(links);
    const heading = (named ?? link?.text ?? '')
      .replaceAll(/\s+/g, ' ')
      .slice(0, LONGEST_TITLE)
      .toWellFormed();
    if (heading.length < SHORTEST_TITLE) return [];
    const href = link?.url ?? null;
    const locator = {
      headingPath: sectionPath(title, heading),
      ...(href === null ? {} : { href }),
    };
    const teaser = blocks
      .filter(({ block, linkLength }) => block.text !== heading && !isButton(block.text, linkLength))
      .map((read) => ({ ...read, block: { ...read.block, locator } }));
    return [{ heading, href, blocks: teaser, links }];
  });
}

/** In the order of the page, so that each element comes after its parent. */
function measured(roots: readonly HtmlElement[] | readonly HtmlNode[]): Measured[] {
  const all: Measured[] = [];
  const steps: { readonly node: HtmlNode; readonly parent: number }[] = roots.map((node) => ({
    node,
    parent: -1,
  }));
  for (let step = steps.pop(); step !== undefined; step = steps.pop()) {
    const { node, parent } = step;
    const outer = all[parent];
    const text = textOf(node);
    if (text !== null && outer !== undefined) outer.textLength += text.trim().length;
    if (!isElement(node) || UNREAD.has(node.name)) continue;
    const region = regionOf(node, outer?.region ?? 0);
    const at = all.length;
    all.push({ element: node, parent, region, inner: 0, textLength: 0, hasLink: node.name === 'a' });
    for (const child of node.children.toReversed()) steps.push({ node: child, parent: at });
  }
  for (const { parent, inner, textLength, hasLink } of all.toReversed()) {
    const outer = all[parent];
    if (outer === undefined) continue;
    outer.inner += inner + 1;
    outer.textLength += textLength;
    outer.hasLink ||= hasLink;
  }
  return all;
}

function groupsOf(elements: readonly Measured[]): IterableIterator<Group> {
  const groups = new Map<string, Group>();
  for (const [at, { element, parent, region, inner, textLength, hasLink }] of elements.entries()) {
    const outer = elements[parent];
    if (outer === undefined || (region & OUTSIDE_LISTS) !== 0 || textLength === 0) continue;
    const key = `${signatureOf(outer.element)}>${signatureOf(element)}`;
    const group = groups.get(key) ?? newGroup();
    group.elements.push(element);
    group.textLength += textLength;
    group.longest = Math.max(group.longest, textLength);
    group.isNested ||= at <= group.end;
    group.end = at + inner;
    if (hasLink) group.linked += 1;
    groups.set(key, group);
  }
  return groups.values();
}

function newGroup(): Group {
  return { elements: [], textLength: 0, longest: 0, linked: 0, end: -1, isNested: false };
}

function isList({ elements, textLength, longest, linked, isNested }: Group): boolean {
  const count = elements.length;
  if (isNested || longest > textLength * MOST_IN_ONE) return false;
  return count >= FEWEST_ENTRIES && textLength >= count * SHORTEST_ENTRY && linked >= count * LINKED_SHARE;
}

/** What siblings of one kind have in common: the element and its first class, numbers aside. */
function signatureOf(element: HtmlElement): string {
  const [first = ''] = attributeOf(element, 'class').slice(0, 100).split(/\s/);
  return `${element.name}.${first.replaceAll(/\d+/g, '')}`;
}

function longestOf<T extends { readonly text: string }>(links: readonly T[]): T | undefined {
  return links.reduce<T | undefined>(
    (best, link) => (best === undefined || link.text.length > best.text.length ? link : best),
    undefined,
  );
}

/** "Read more", tags and the like. */
function isButton(text: string, linkLength: number): boolean {
  return text.length < BUTTON_LENGTH && linkLength > text.length * 0.9;
}
