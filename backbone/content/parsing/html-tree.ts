/**
 * The tree that every reader of HTML here works on: cheerio's, built by parse5 as a browser would build it.
 * They are put together here since cheerio's own main entry loads an HTTP client, too, in each parse thread.
 */
import { load, type CheerioAPI } from 'cheerio/slim';
import { parse, parseFragment, serialize } from 'parse5';
import { adapter as treeAdapter } from 'parse5-htmlparser2-tree-adapter';
import { INLINE } from './html-elements.ts';
import { limitMarkup } from './html-markup.ts';

export type HtmlDocument = CheerioAPI['_root'];
export type HtmlNode = HtmlDocument['children'][number];
export type HtmlElement = Extract<HtmlNode, { readonly attribs: unknown }>;

/**
 * Builds the tree. Always has html, head and body. `noscript` is read as if scripts did not run, so that
 * lazily loaded images are found. O(length); see `limitMarkup` for what hostile markup loses.
 */
export function parseHtml(html: string): CheerioAPI {
  return load(parse(limitMarkup(html), { treeAdapter, scriptingEnabled: false }));
}

/** The text of a piece of markup, its references decoded. For short, tag-free text: it has no limit of depth. */
export function decodeReferences(text: string): string {
  return load(parseFragment(text, { treeAdapter })).text();
}

/** The tree as markup again. */
export function serializeHtml($: CheerioAPI): string {
  return serialize($._root, { treeAdapter });
}

export function isElement(node: HtmlNode): node is HtmlElement {
  return 'attribs' in node;
}

/** The child elements of one name. */
export function childElements(element: HtmlElement, name: string): readonly HtmlElement[] {
  return element.children.filter((node): node is HtmlElement => isElement(node) && node.name === name);
}

/** Text of a text or CDATA child; null for everything else. */
export function textOf(node: HtmlNode): string | null {
  return node.nodeType === 3 && 'data' in node ? node.data : null;
}

/** Lower-case attribute value or the empty string. */
export function attributeOf(element: HtmlElement, name: string): string {
  return element.attribs[name]?.trim() ?? '';
}

/** How many elements a tree has and how deep they stand. O(nodes); no recursion. */
export function treeSize(document: HtmlDocument): { readonly elements: number; readonly depth: number } {
  let elements = 0;
  let depth = 0;
  let level: HtmlNode[] = document.children;
  while (level.length > 0) {
    const next: HtmlNode[] = [];
    for (const node of level) {
      if (!isElement(node)) continue;
      elements += 1;
      for (const child of node.children) next.push(child);
    }
    depth += 1;
    level = next;
  }
  return { elements, depth };
}

export interface PlainTextLimits {
  readonly maxNodes: number;
  readonly maxLength: number;
}

/** The text below a node, white space collapsed, cut off at the limits. For labels, not for content. */
export function labelOf(root: HtmlNode, limits: PlainTextLimits = { maxNodes: 500, maxLength: 300 }): string {
  const parts: string[] = [];
  const stack: HtmlNode[] = [root];
  let length = 0;
  for (let seen = 0; seen < limits.maxNodes && length < limits.maxLength; seen += 1) {
    const node = stack.pop();
    if (node === undefined) break;
    const text = textOf(node);
    if (text !== null) {
      parts.push(text);
      length += text.length;
    } else if ('children' in node && !(isElement(node) && UNREAD.has(node.name))) {
      if (isElement(node) && !INLINE.has(node.name)) parts.push(' ');
      for (let at = Math.min(node.children.length, limits.maxNodes) - 1; at >= 0; at -= 1) {
        const child = node.children[at];
        if (child !== undefined) stack.push(child);
      }
    }
  }
  return parts.join('').replaceAll(/\s+/g, ' ').trim().slice(0, limits.maxLength).toWellFormed();
}

const UNREAD = new Set(['script', 'style', 'template', 'svg', 'noscript']);
