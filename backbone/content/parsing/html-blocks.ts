/**
 * Reads a tree of HTML as blocks: headings, paragraphs, list items, tables, code, quotes, captions and
 * images in reading order. Text of neighbouring blocks is never glued together. For web pages, e-books
 * and whatever else becomes HTML on its way.
 */
import type { ContentLink } from '../model.ts';
import {
  BlockWriter,
  type BlockOptions,
  type ListMarker,
  type ReadBlock,
  type TextContext,
} from './block-writer.ts';
import { contextOf, isWhole } from './html-contexts.ts';
import { DROPPED, INLINE, isCodeDecoration, isHidden } from './html-elements.ts';
import { imageOf, linkOf, mathOf } from './html-references.ts';
import { readTable } from './html-tables.ts';
import { isElement, textOf, type HtmlDocument, type HtmlElement, type HtmlNode } from './html-tree.ts';

export type { BlockOptions, ReadBlock } from './block-writer.ts';

export interface HtmlBlockOptions extends BlockOptions {
  /** For relative links and images; null leaves them out. */
  readonly baseUrl: string | null;
  /** Further elements to leave out with all below them. */
  readonly isDropped?: (element: HtmlElement) => boolean;
  /** A number noted for the texts below an element, made from the number of its parent. */
  readonly markOf?: (element: HtmlElement, parentMark: number) => number;
}

export interface ReadLink extends ContentLink {
  /** Index of the block the link stands in, or of the next one when it makes no text. */
  readonly blockIndex: number;
}

export interface HtmlBlocks {
  readonly blocks: readonly ReadBlock[];
  readonly links: readonly ReadLink[];
}

const MOST_LINKS = 5000;
const PARAGRAPH: TextContext = { kind: 'paragraph' };

/** Reads everything below the roots. The roots themselves are read even when hidden. O(nodes); no recursion. */
export function htmlBlocks(roots: readonly HtmlNode[] | HtmlDocument, options: HtmlBlockOptions): HtmlBlocks {
  const reader = new HtmlReader(options);
  reader.read('children' in roots ? roots.children : roots);
  return { blocks: reader.blocks, links: reader.links };
}

interface Scope {
  readonly context: TextContext;
  readonly inLink: boolean;
  readonly listDepth: number;
  readonly mark: number;
}

/** An open list: the number its next item gets, null when it has none. */
interface OpenList {
  next: number | null;
}

type Step =
  | { readonly node: HtmlNode; readonly scope: Scope; readonly list: OpenList | null }
  | { readonly leave: HtmlElement; readonly context: TextContext; readonly opened: boolean };

class HtmlReader {
  readonly #writer: BlockWriter;
  readonly #options: HtmlBlockOptions;
  readonly #steps: Step[] = [];
  readonly links: ReadLink[] = [];
  #roots: ReadonlySet<HtmlNode> = new Set();
  #marker: ListMarker | null = null;

  constructor(options: HtmlBlockOptions) {
    this.#options = options;
    this.#writer = new BlockWriter(options);
  }

  get blocks(): readonly ReadBlock[] {
    return this.#writer.blocks;
  }

  read(roots: readonly HtmlNode[]): void {
    this.#roots = new Set(roots);
    const scope: Scope = { context: PARAGRAPH, inLink: false, listDepth: 0, mark: 0 };
    this.#push(roots, scope, null);
    for (let step = this.#steps.pop(); step !== undefined; step = this.#steps.pop()) {
      if ('leave' in step) this.#leave(step.leave, step.context, step.opened);
      else this.#enter(step.node, step.scope, step.list);
    }
    this.#close(PARAGRAPH);
  }

  #push(nodes: readonly HtmlNode[], scope: Scope, list: OpenList | null): void {
    for (let at = nodes.length - 1; at >= 0; at -= 1) {
      const node = nodes[at];
      if (node !== undefined) this.#steps.push({ node, scope, list });
    }
  }

  #enter(node: HtmlNode, scope: Scope, list: OpenList | null): void {
    const text = textOf(node);
    if (text !== null) this.#text(text, scope);
    else if (isElement(node)) this.#element(node, scope, list);
    else if ('children' in node) this.#push(node.children, scope, null);
  }

  #text(text: string, scope: Scope): void {
    if (scope.context.preformatted === true) this.#writer.verbatim(text, scope.mark);
    else this.#writer.inline(text, scope.inLink, scope.mark);
  }

  #element(element: HtmlElement, scope: Scope, list: OpenList | null): void {
    const math = mathOf(element);
    if (math !== null) {
      this.#writer.inline(` ${math} `, false, scope.mark);
      return;
    }
    if (this.#isLeftOut(element, scope)) return;
    const mark = this.#options.markOf?.(element, scope.mark) ?? scope.mark;
    const here = mark === scope.mark ? scope : { ...scope, mark };
    if (INLINE.has(element.name) || element.name === 'button') {
      this.#inline(element, here);
      return;
    }
    switch (element.name) {
      case 'br': {
        this.#lineBreak(here);
        return;
      }
      case 'img': {
        this.#image(element, here);
        return;
      }
      case 'table': {
        this.#table(element, here);
        return;
      }
      case 'ul':
      case 'ol':
      case 'menu': {
        this.#list(element, here);
        return;
      }
      case 'li':
      case 'dt':
      case 'dd': {
        this.#item(element, here, list);
        return;
      }
      default: {
        this.#block(element, here, contextOf(element, here.context));
        return;
      }
    }
  }

  #isLeftOut(element: HtmlElement, scope: Scope): boolean {
    if (this.#roots.has(element)) return false;
    const isHeadingButton = element.name === 'button' && scope.context.kind === 'heading';
    if (DROPPED.has(element.name) && !isHeadingButton) return true;
    if (isHidden(element.name, element.attribs) || isCodeDecoration(element.attribs)) return true;
    return this.#options.isDropped?.(element) === true;
  }

  #inline(element: HtmlElement, scope: Scope): void {
    if (element.name !== 'a') {
      this.#push(element.children, scope, null);
      return;
    }
    this.#link(element);
    this.#push(element.children, { ...scope, inLink: true }, null);
  }

  #link(anchor: HtmlElement): void {
    const link = this.links.length < MOST_LINKS ? linkOf(anchor, this.#options.baseUrl) : null;
    if (link !== null) this.links.push({ ...link, blockIndex: this.blocks.length });
  }

  #lineBreak({ context, mark }: Scope): void {
    if (isWhole(context)) this.#separate(context, mark);
    else if (this.#writer.endsInLineBreak) this.#close(context);
    else this.#writer.lineBreak();
  }

  #image(element: HtmlElement, scope: Scope): void {
    const image = imageOf(element, this.#options.baseUrl);
    if (image === null) return;
    if (image.isMath) this.#writer.inline(` ${image.text} `, false, scope.mark);
    else this.#writer.image(image.source, image.text, scope.mark);
  }

  #table(element: HtmlElement, scope: Scope): void {
    const table = isWhole(scope.context) ? null : readTable(element);
    if (table === null) {
      this.#block(element, scope, scope.context);
      return;
    }
    this.#close(scope.context);
    if (table.caption !== null) {
      this.#writer.inline(table.caption, false, scope.mark);
      this.#writer.close({ kind: 'caption' }, null);
    }
    for (const anchor of table.anchors) this.#link(anchor);
    this.#writer.table(table.rows, table.headerRows, table.linkLength, scope.mark);
  }

  #list(element: HtmlElement, scope: Scope): void {
    const start = Number.parseInt(element.attribs['start'] ?? '1', 10);
    const next = element.name === 'ol' ? (Number.isSafeInteger(start) ? start : 1) : null;
    this.#boundary(scope.context, scope.mark);
    this.#steps.push({ leave: element, context: scope.context, opened: false });
    this.#push(element.children, { ...scope, listDepth: scope.listDepth + 1 }, { next });
  }

  #item(element: HtmlElement, scope: Scope, list: OpenList | null): void {
    if (isWhole(scope.context)) {
      this.#block(element, scope, scope.context);
      return;
    }
    this.#close(scope.context);
    const level = Math.max(1, scope.listDepth) + (element.name === 'dd' ? 1 : 0);
    const ordinal = list === null ? null : ordinalOf(element, list);
    this.#marker = ordinal === null ? { level } : { level, ordinal };
    this.#steps.push({ leave: element, context: PARAGRAPH, opened: true });
    this.#push(element.children, { ...scope, context: PARAGRAPH, listDepth: level }, null);
  }

  #block(element: HtmlElement, outer: Scope, context: TextContext): void {
    this.#boundary(outer.context, outer.mark);
    this.#steps.push({ leave: element, context, opened: context !== outer.context });
    this.#push(element.children, { ...outer, context }, null);
  }

  #leave(element: HtmlElement, context: TextContext, opened: boolean): void {
    if (opened) this.#close(context);
    else this.#boundary(context, 0);
    if (element.name === 'li' || element.name === 'dt' || element.name === 'dd') this.#marker = null;
  }

  #boundary(context: TextContext, mark: number): void {
    if (isWhole(context)) this.#separate(context, mark);
    else this.#close(context);
  }

  /** Parts words in a heading and lines in code where other text would become two blocks. */
  #separate(context: TextContext, mark: number): void {
    if (context.preformatted !== true) this.#writer.inline(' ', false, mark);
    else if (!this.#writer.endsInLineBreak) this.#writer.verbatim('\n', mark);
  }

  #close(context: TextContext): void {
    if (this.#writer.close(context, this.#marker)) this.#marker = null;
  }
}

function ordinalOf(item: HtmlElement, list: OpenList): number | null {
  if (list.next === null) return null;
  const given = Number.parseInt(item.attribs['value'] ?? '', 10);
  const ordinal = Number.isSafeInteger(given) ? given : list.next;
  list.next = ordinal + 1;
  return ordinal;
}
