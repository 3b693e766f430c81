/** Reads the bodies of a FictionBook: sections within sections, each block with its chapter and its place. */
import type { Block, ContentLink, Locator } from '../../model.ts';
import { htmlBlocks, type ReadBlock } from '../../parsing/html-blocks.ts';
import {
  attributeOf,
  childElements,
  isElement,
  labelOf,
  type HtmlElement,
  type HtmlNode,
} from '../../parsing/html-tree.ts';
import { chapterName } from '../xml-names.ts';
import { bodiesOf, Notes, type Note } from './notes.ts';

export interface Chapter {
  readonly title: string;
  /** `#` and the id of the section; empty when it has none. */
  readonly href: string;
  /** From 1. */
  readonly depth: number;
}

export interface Fb2Text {
  readonly blocks: readonly Block[];
  readonly chapters: readonly Chapter[];
  readonly links: readonly ContentLink[];
}

/** What stands above a part of the text. */
interface Scope {
  readonly names: readonly string[];
  readonly locator: Locator;
  readonly level: number;
}

/** Names are repeated in the locator of each block below them. */
const DEEPEST_NAME = 8;
const LONGEST_ID = 200;
const MOST_LINKS = 5000;
const MOST_CHAPTERS = 20_000;
const LOWEST_HEADING = 6;
const TITLE_LIMITS = { maxNodes: 500, maxLength: 1000 };

/** `progress` counts the outermost sections. */
export function readBodies(root: HtmlElement, progress: (done: number, total: number) => void): Fb2Text {
  const { texts, notes } = bodiesOf(root);
  const reader = new BodyReader(new Notes(notes));
  const total = texts.reduce((sum, body) => sum + childElements(body, 'section').length, 0);
  let done = 0;
  reader.onSection = () => progress((done += 1), total);
  for (const body of texts) reader.readBody(body, texts.length > 1);
  reader.readLeftNotes();
  return reader;
}

class BodyReader implements Fb2Text {
  readonly blocks: Block[] = [];
  readonly chapters: Chapter[] = [];
  readonly links: ContentLink[] = [];
  readonly #notes: Notes;
  onSection: () => void = () => undefined;

  constructor(notes: Notes) {
    this.#notes = notes;
  }

  /** The title of the only body is the book's own: no chapter. */
  readBody(body: HtmlElement, isOneOfMany: boolean): void {
    const title = titleOf(body);
    const outside: Scope = { names: [], locator: {}, level: 1 };
    const scope = isOneOfMany && title !== '' ? this.#enter(outside, body, title) : outside;
    const below = { ...scope, level: title === '' ? 1 : 2 };
    this.#read(body, outside, scope, (section) => {
      this.#readSection(section, below);
      this.onSection();
    });
  }

  readLeftNotes(): void {
    for (const note of this.#notes.rest())
      this.#addBlocks([note.element], [note], { names: [], locator: {}, level: 1 });
  }

  #readSection(section: HtmlElement, outer: Scope): void {
    const title = titleOf(section);
    const here = { ...outer, locator: { ...outer.locator, ...hrefOf(section) } };
    const scope = title === '' ? here : this.#enter(here, section, title);
    const below = { ...scope, level: outer.level + 1 };
    this.#read(section, { ...scope, names: outer.names, level: outer.level }, scope, (inner) =>
      this.#readSection(inner, below),
    );
  }

  #enter(outer: Scope, element: HtmlElement, title: string): Scope {
    const name = chapterName(title);
    const depth = outer.names.length + 1;
    const href = hrefOf(element).href ?? '';
    if (this.chapters.length < MOST_CHAPTERS) this.chapters.push({ title: name, href, depth });
    return {
      ...outer,
      names: depth > DEEPEST_NAME ? outer.names : [...outer.names, name],
      locator: { ...outer.locator, chapter: name },
    };
  }

  /** The title belongs under the names above it, the rest under its own as well. */
  #read(element: HtmlElement, title: Scope, scope: Scope, onSection: (section: HtmlElement) => void): void {
    let run: HtmlNode[] = [];
    const close = (): void => {
      this.#readRun(run, scope);
      run = [];
    };
    for (const child of element.children) {
      const name = isElement(child) ? child.name : '';
      if (name !== 'section' && name !== 'title') run.push(child);
      else {
        close();
        if (isElement(child) && name === 'section') onSection(child);
        else this.#readRun([child], title);
      }
    }
    close();
  }

  /** Notes come right behind the part that refers to them. */
  #readRun(nodes: readonly HtmlNode[], scope: Scope): void {
    const roots: HtmlNode[] = [];
    const noted: Note[] = [];
    for (const node of nodes) {
      roots.push(node);
      if (!isElement(node)) continue;
      for (const note of this.#notes.of(node)) {
        noted.push(note);
        roots.push(note.element);
      }
      nameHeading(node, scope.level);
    }
    this.#addBlocks(roots, noted, scope);
  }

  #addBlocks(roots: readonly HtmlNode[], noted: readonly Note[], { names, locator }: Scope): void {
    if (roots.length === 0) return;
    const marks = new Map(noted.map(({ element }, index) => [element, index + 1]));
    const read = htmlBlocks(roots, {
      baseUrl: null,
      locator,
      headingPath: names,
      markOf: (element, outer) => marks.get(element) ?? outer,
    });
    const unsigned = new Set(noted);
    for (const block of read.blocks) this.blocks.push(placed(block, noted[block.mark - 1], unsigned));
    const room = Math.max(0, MOST_LINKS - this.links.length);
    this.links.push(...read.links.slice(0, room).map(({ url, text }) => ({ url, text })));
  }
}

/** The first block of a note begins with its sign, which takes the note from `unsigned`. */
function placed({ block }: ReadBlock, note: Note | undefined, unsigned: Set<Note>): Block {
  if (note === undefined) return block;
  const locator = { ...block.locator, ...(isUsableId(note.id) ? { href: `#${note.id}` } : {}) };
  if (block.kind === 'table' || block.kind === 'image' || block.kind === 'code') return { ...block, locator };
  const sign = unsigned.delete(note) && note.sign !== '' ? `${note.sign} ` : '';
  return { kind: 'footnote', text: sign + block.text, locator };
}

/** A line of stars or dashes is no heading. */
function nameHeading(element: HtmlElement, level: number): void {
  if (element.name === 'title') element.name = `h${Math.min(level, LOWEST_HEADING)}`;
  else if (element.name === 'subtitle')
    element.name = /[\p{L}\p{N}]/u.test(labelOf(element)) ? `h${Math.min(level + 1, LOWEST_HEADING)}` : 'p';
}

function titleOf(element: HtmlElement): string {
  const title = childElements(element, 'title')[0];
  return title === undefined ? '' : labelOf(title, TITLE_LIMITS);
}

function hrefOf(element: HtmlElement): { readonly href?: string } {
  const id = attributeOf(element, 'id');
  return isUsableId(id) ? { href: `#${id}` } : {};
}

function isUsableId(id: string): boolean {
  return id !== '' && id.length <= LONGEST_ID;
}
