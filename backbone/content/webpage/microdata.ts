/**
 * Facts in a page's attributes (`itemscope`, `itemtype`, `itemprop`), in the shape in which JSON-LD gives them. Each
 * element is visited once, texts and counts are bounded, and nothing recurses.
 */
import type { CheerioAPI } from 'cheerio/slim';
import { htmlBlocks } from '../parsing/html-blocks.ts';
import { attributeOf, isElement, labelOf, type HtmlElement, type HtmlNode } from '../parsing/html-tree.ts';
import type { JsonLdNode } from './json-ld.ts';

const MOST_ITEMS = 2000;
const MOST_PROPERTIES = 10_000;
const LONGEST_VALUE = { maxNodes: 300, maxLength: 2000 };
const LONGEST_NAME = 100;
/** Where the value of an element stands when it is not its text. */
const VALUE_ATTRIBUTES: Readonly<Record<string, string>> = {
  a: 'href',
  area: 'href',
  link: 'href',
  img: 'src',
  meta: 'content',
  time: 'datetime',
  data: 'value',
};
/** Its paragraphs and list items are values of their own. */
const IN_BLOCKS = 'recipeInstructions';

interface Item {
  readonly type: string;
  readonly properties: Map<string, unknown[]>;
}

interface Step {
  readonly node: HtmlNode;
  readonly item: Item | null;
}

/** The typed items of the page, outer ones first. */
export function readMicrodata($: CheerioAPI): JsonLdNode[] {
  const reader = new MicrodataReader();
  reader.read($.root().toArray());
  return reader.nodes();
}

class MicrodataReader {
  readonly #items: Item[] = [];
  #propertiesLeft = MOST_PROPERTIES;

  read(roots: readonly HtmlNode[]): void {
    const steps: Step[] = roots.map((node) => ({ node, item: null }));
    for (let step = steps.pop(); step !== undefined; step = steps.pop()) {
      if (!('children' in step.node)) continue;
      const item = isElement(step.node) ? this.#enter(step.node, step.item) : step.item;
      if (item === 'read') continue;
      for (const node of step.node.children.toReversed()) steps.push({ node, item });
    }
  }

  /** Items are made after those they stand in, so going backwards every value is ready when it is needed. */
  nodes(): JsonLdNode[] {
    const made = new Map<unknown, JsonLdNode>();
    for (const item of this.#items.toReversed()) {
      const entries = [...item.properties].map(([name, values]): [string, unknown] => {
        const ready = values.map((value) => made.get(value) ?? value);
        return [name, ready.length === 1 ? ready[0] : ready];
      });
      made.set(item, Object.fromEntries([...entries, ['@type', item.type]]));
    }
    return [...made.values()].toReversed().filter((node) => node['@type'] !== '');
  }

  /** The item that the element's children belong to; `read` when they have been read already. */
  #enter(element: HtmlElement, outer: Item | null): Item | 'read' | null {
    const { itemscope, itemprop } = element.attribs;
    const names = outer === null ? [] : (itemprop ?? '').slice(0, LONGEST_NAME).split(/\s+/).filter(Boolean);
    if (itemscope !== undefined && this.#items.length < MOST_ITEMS) {
      const item: Item = { type: attributeOf(element, 'itemtype').slice(0, 200), properties: new Map() };
      this.#items.push(item);
      for (const name of names) this.#add(outer, name, [item]);
      return item;
    }
    if (names.length === 0) return outer;
    if (names.includes(IN_BLOCKS)) {
      const { blocks } = htmlBlocks([element], { baseUrl: null });
      this.#add(
        outer,
        IN_BLOCKS,
        blocks.map(({ block }) => block.text),
      );
      return 'read';
    }
    for (const name of names) this.#add(outer, name, [valueOf(element)]);
    return outer;
  }

  #add(item: Item | null, name: string, values: readonly unknown[]): void {
    if (item === null || this.#propertiesLeft <= 0) return;
    this.#propertiesLeft -= Math.max(1, values.length);
    const known = item.properties.get(name);
    if (known === undefined) item.properties.set(name, [...values]);
    else for (const value of values) known.push(value);
  }
}

function valueOf(element: HtmlElement): string {
  const content = attributeOf(element, 'content');
  if (content !== '') return content.slice(0, LONGEST_VALUE.maxLength);
  const given = attributeOf(element, VALUE_ATTRIBUTES[element.name] ?? '');
  return given === '' ? labelOf(element, LONGEST_VALUE) : given.slice(0, LONGEST_VALUE.maxLength);
}
