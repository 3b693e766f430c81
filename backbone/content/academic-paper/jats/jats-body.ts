/** The text of a JATS article as blocks, and its sections. Pure. */
import type { Block, BlockKind, ContentLink, Locator } from '../../model.ts';
import { elementAt, elementsOf, type XmlElement, type XmlNode } from '../../parsing/xml.ts';
import type { PaperSection } from '../paper-structure.ts';
import { sectionName, sectionRole } from '../section-names.ts';
import { tableBlock } from './jats-table.ts';
import { descendantsOf, lineOf, rawText } from './jats-text.ts';

export interface JatsText {
  readonly blocks: readonly Block[];
  readonly sections: readonly PaperSection[];
}

const MOST_LINKS = 500;
const LOWEST_HEADING = 6;
/** Elements that stand for themselves also where they are written inside a paragraph. */
const OF_THEIR_OWN = new Set(
  'list def-list table-wrap table-wrap-group fig fig-group disp-formula disp-formula-group disp-quote code preformat boxed-text supplementary-material verse-group statement'.split(
    ' ',
  ),
);
/** Captions are read, what else tells of a thing is not. */
const UNREAD = new Set([
  'title',
  'label',
  'sec-meta',
  'object-id',
  'graphic',
  'media',
  'attrib',
  'permissions',
]);
const KINDS: Readonly<Record<string, BlockKind>> = {
  p: 'paragraph',
  attrib: 'paragraph',
  'disp-formula': 'paragraph',
  'verse-line': 'paragraph',
  term: 'paragraph',
  code: 'code',
  preformat: 'code',
};

/** Sections, paragraphs, lists, formulas, tables and the captions of figures, in document order. O(nodes). */
export function readText(roots: readonly XmlElement[]): JatsText {
  const reader = new TextReader();
  for (const root of roots) reader.readChildren(root, { path: [], depth: 1, kind: null, listLevel: 0 });
  return { blocks: reader.blocks, sections: reader.sections };
}

/** Addresses in the text, each once. */
export function linksOf(roots: readonly XmlElement[]): readonly ContentLink[] {
  const links = roots.flatMap((root) => [...descendantsOf(root, 'ext-link'), ...descendantsOf(root, 'uri')]);
  const found = new Map<string, ContentLink>();
  for (const link of links) {
    const url = URL.parse(link.attributes.get('xlink:href') ?? lineOf(link));
    if (url === null || !/^https?:$/.test(url.protocol) || found.size >= MOST_LINKS) continue;
    if (!found.has(url.href))
      found.set(url.href, { url: url.href, text: lineOf(link).slice(0, 200).toWellFormed() });
  }
  return [...found.values()];
}

interface Scope {
  /** Headings above, outermost first. */
  readonly path: readonly string[];
  /** Of the next heading, 1-6. */
  readonly depth: number;
  /** What paragraphs are within quotes, lists and notes; null: paragraphs. */
  readonly kind: BlockKind | null;
  readonly listLevel: number;
}

class TextReader {
  readonly blocks: Block[] = [];
  readonly sections: PaperSection[] = [];

  readChildren(element: XmlElement, scope: Scope): void {
    for (const child of elementsOf(element)) this.#read(child, scope);
  }

  #read(element: XmlElement, scope: Scope): void {
    if (UNREAD.has(element.name)) return;
    switch (element.name) {
      case 'sec':
      case 'app':
      case 'ack':
      case 'boxed-text':
      case 'statement': {
        this.#readSection(element, scope);
        return;
      }
      case 'list': {
        this.#readList(element, scope);
        return;
      }
      case 'fig':
      case 'table-wrap':
      case 'supplementary-material': {
        this.#readFloat(element, scope);
        return;
      }
      case 'disp-quote': {
        this.readChildren(element, { ...scope, kind: 'quote' });
        return;
      }
      case 'fn': {
        this.readChildren(element, { ...scope, kind: 'footnote' });
        return;
      }
      default: {
        this.#readPlain(element, scope);
        return;
      }
    }
  }

  #readPlain(element: XmlElement, scope: Scope): void {
    const kind = KINDS[element.name];
    if (kind === undefined) this.readChildren(element, scope);
    else if (kind === 'code') this.#add('code', rawText(element).trim(), scope);
    else this.#readParagraph(element, scope.kind ?? kind, scope);
  }

  #readSection(section: XmlElement, scope: Scope): void {
    const title = titleOf(section);
    if (title === '') {
      this.readChildren(section, { ...scope, depth: Math.min(scope.depth + 1, LOWEST_HEADING) });
      return;
    }
    const role = section.name === 'app' ? 'appendix' : sectionRole(title);
    this.sections.push({ title: sectionName(title), role, level: scope.depth, page: null });
    const path = [...scope.path, title];
    this.blocks.push({ kind: 'heading', text: title, level: scope.depth, locator: locatorOf(scope.path) });
    this.readChildren(section, { ...scope, path, depth: Math.min(scope.depth + 1, LOWEST_HEADING) });
  }

  /** What stands for itself parts the text around it. */
  #readParagraph(paragraph: XmlElement, kind: BlockKind, scope: Scope): void {
    let run: XmlNode[] = [];
    const close = (): void => {
      this.#add(kind, lineOf({ ...paragraph, children: run }), scope);
      run = [];
    };
    for (const child of paragraph.children) {
      if (typeof child === 'string' || !OF_THEIR_OWN.has(child.name)) run.push(child);
      else {
        close();
        this.#read(child, scope);
      }
    }
    close();
  }

  #readList(list: XmlElement, scope: Scope): void {
    const isOrdered = /^(?:order|roman|alpha)/.test(list.attributes.get('list-type') ?? '');
    const listLevel = scope.listLevel + 1;
    for (const [index, item] of elementsOf(list, 'list-item').entries()) {
      const own = elementsOf(item).filter(({ name }) => name !== 'list' && name !== 'label');
      const text = own.map(lineOf).join(' ').trim();
      const ordinal = isOrdered ? { ordinal: index + 1 } : {};
      if (text !== '')
        this.blocks.push({
          kind: 'list_item',
          text,
          level: listLevel,
          ...ordinal,
          locator: locatorOf(scope.path),
        });
      for (const inner of elementsOf(item, 'list')) this.#readList(inner, { ...scope, listLevel });
    }
  }

  /** The caption, then what it is of. */
  #readFloat(float: XmlElement, scope: Scope): void {
    const label = elementAt(float, 'label');
    const captions = elementsOf(float, 'caption').flatMap((caption) => elementsOf(caption));
    const parts = [...(label === null ? [] : [label]), ...captions].map(lineOf).filter((text) => text !== '');
    this.#add('caption', parts.join(' '), scope);
    for (const table of descendantsOf(float, 'table')) {
      const block = tableBlock(table, locatorOf(scope.path));
      if (block !== null) this.blocks.push(block);
    }
    for (const foot of elementsOf(float, 'table-wrap-foot'))
      this.readChildren(foot, { ...scope, kind: 'footnote' });
  }

  #add(kind: BlockKind, text: string, scope: Scope): void {
    if (text === '') return;
    const level = kind === 'list_item' ? { level: Math.max(scope.listLevel, 1) } : {};
    this.blocks.push({ kind, text, ...level, locator: locatorOf(scope.path) });
  }
}

/** With its number: some publishers number sections and name none. */
function titleOf(section: XmlElement): string {
  const parts = ['label', 'title'].map((name) => elementAt(section, name));
  return parts
    .map((part) => (part === null ? '' : lineOf(part)))
    .filter((text) => text !== '')
    .join(' ');
}

function locatorOf(path: readonly string[]): Locator {
  return path.length === 0 ? {} : { headingPath: path };
}
