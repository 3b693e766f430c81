/** The chapters of a book by name: from its navigation document (EPUB 3) or its NCX (EPUB 2). */
import { childElements, isElement, labelOf, type HtmlElement } from '../parsing/html-tree.ts';
import type { XmlElement } from '../parsing/xml.ts';
import { resolveReference, type BookFiles, type Reference } from './book-files.ts';
import { kindsOf, placesOf, readChapter } from './chapter-document.ts';
import type { PackageDocument, RoleReference } from './package-document.ts';
import { attribute, chapterName, childOf, childrenOf, labelIn, rootOf } from './xml-names.ts';

export interface TocEntry extends Reference {
  readonly label: string;
  /** Labels of the parts it belongs to, outermost first. */
  readonly above: readonly string[];
}

export interface TableOfContents {
  readonly entries: readonly TocEntry[];
  readonly landmarks: readonly RoleReference[];
}

/** Books have some hundreds of entries, five deep at most. */
const MOST_ENTRIES = 20_000;
const DEEPEST = 8;
const EMPTY: TableOfContents = { entries: [], landmarks: [] };

/** Empty when the book has none that can be read. Errors: `file_unsafe`, `file_encrypted`. */
export async function readTableOfContents(
  files: BookFiles,
  { navPath, ncxPath }: PackageDocument,
): Promise<TableOfContents> {
  const nav = navPath === null ? EMPTY : navContents(navPath, await files.read(navPath));
  if (nav.entries.length > 0 || ncxPath === null) return nav;
  return { ...nav, entries: ncxEntries(ncxPath, await files.read(ncxPath)) };
}

function navContents(base: string, bytes: Uint8Array | null): TableOfContents {
  if (bytes === null) return EMPTY;
  const navs = placesOf(readChapter(bytes))
    .all.map(({ element }) => element)
    .filter(({ name }) => name === 'nav');
  const toc = navs.find((nav) => kindsOf(nav).has('toc'));
  const landmarks = navs.find((nav) => kindsOf(nav).has('landmarks'));
  const entries: TocEntry[] = [];
  if (toc !== undefined) collectList(listIn(toc), { base, entries, above: [] });
  return { entries, landmarks: landmarks === undefined ? [] : rolesIn(landmarks, base) };
}

interface Collected {
  readonly base: string;
  readonly entries: TocEntry[];
  readonly above: readonly string[];
}

function collectList(list: HtmlElement | null, to: Collected): void {
  if (list === null || to.above.length >= DEEPEST) return;
  for (const item of childElements(list, 'li')) {
    const title = item.children.filter(isElement).find(({ name }) => name === 'a' || name === 'span');
    const label = title === undefined ? '' : chapterName(labelOf(title));
    addEntry(to, label, title?.attribs['href'] ?? '');
    collectList(listIn(item), { ...to, above: label === '' ? to.above : [...to.above, label] });
  }
}

function addEntry({ base, entries, above }: Collected, label: string, reference: string): void {
  const target = resolveReference(base, reference);
  if (target !== null && label !== '' && entries.length < MOST_ENTRIES)
    entries.push({ ...target, label, above });
}

function listIn(element: HtmlElement): HtmlElement | null {
  return childElements(element, 'ol')[0] ?? null;
}

function rolesIn(landmarks: HtmlElement, base: string): RoleReference[] {
  const items = childElements(listIn(landmarks) ?? landmarks, 'li');
  return items.flatMap((item) =>
    childElements(item, 'a').flatMap((anchor) => {
      const target = resolveReference(base, anchor.attribs['href'] ?? '');
      return target === null ? [] : [...kindsOf(anchor)].map((role) => ({ ...target, role }));
    }),
  );
}

function ncxEntries(base: string, bytes: Uint8Array | null): readonly TocEntry[] {
  const entries: TocEntry[] = [];
  collectPoints(childOf(rootOf(bytes), 'navMap'), { base, entries, above: [] });
  return entries;
}

function collectPoints(parent: XmlElement | null, to: Collected): void {
  if (to.above.length >= DEEPEST) return;
  for (const point of childrenOf(parent, 'navPoint')) {
    const label = chapterName(labelIn(childOf(point, 'navLabel')));
    addEntry(to, label, attribute(childOf(point, 'content'), 'src'));
    collectPoints(point, { ...to, above: [...to.above, label] });
  }
}
