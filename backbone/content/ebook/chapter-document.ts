/** One content document of a book as a tree, and where each of its elements stands. */
import { load } from 'cheerio/slim';
import { Parser } from 'htmlparser2';
import { decodeText } from '../parsing/charset.ts';
import { INLINE } from '../parsing/html-elements.ts';
import { MARKUP_LIMITS } from '../parsing/html-markup.ts';
import {
  attributeOf,
  isElement,
  parseHtml,
  textOf,
  type HtmlElement,
  type HtmlNode,
} from '../parsing/html-tree.ts';
import { withoutDoctype } from '../parsing/xml-doctype.ts';
import { withoutNamedReferences } from '../parsing/xml-references.ts';
import { tokensOf } from './xml-names.ts';

export interface ChapterTree {
  readonly body: HtmlElement;
  /** Whether the tree is the one a reading system builds, so that steps through it mean the same there. */
  readonly isExact: boolean;
}

/** An element of a document, in document order. */
export interface Place {
  readonly element: HtmlElement;
  /** CFI steps from the document's root, with a slash in front; null where they cannot be told. */
  readonly steps: string | null;
  readonly isNote: boolean;
  /** Printed page that the element begins on; null when the book does not say. */
  readonly pageLabel: string | null;
}

export interface Places {
  readonly all: readonly Place[];
  /** Positions in `all`. */
  readonly byElement: ReadonlyMap<HtmlElement, number>;
  readonly byId: ReadonlyMap<string, number>;
}

const PIECE_CHARACTERS = 64 * 1024;
/** Longer identifiers are left out; nobody needs a place that is nested so deep. */
const LONGEST_STEPS = 600;
const ASSERTABLE_ID = /^[\w.:-]{1,64}$/;
const SELF_CLOSED = /<([A-Za-z][\w:-]{0,30})((?:\s[^<>]{0,4000})?)\/>/g;
const VOID = new Set('area base br col embed hr img input link meta param source track wbr'.split(' '));
const NOTE_TYPES = ['footnote', 'endnote', 'rearnote', 'doc-footnote', 'doc-endnote'];
const MOST_ANCESTORS = 4;

/**
 * XHTML is read as XML, as reading systems do; what is not well formed, as HTML. Errors: `file_unsafe`.
 * O(length).
 */
export function readChapter(bytes: Uint8Array): ChapterTree {
  const text = withoutDoctype(decodeText(bytes, { declared: null, kind: 'xml' }).text);
  if (isWellFormed(text)) {
    const document = load(withoutNamedReferences(text), { xml: true }).root()[0];
    const root = document?.children.find(isElement);
    const body = root?.children.find((node) => isElement(node) && node.name === 'body');
    if (body !== undefined && isElement(body)) return { body, isExact: true };
  }
  return { body: htmlBody(text), isExact: false };
}

function htmlBody(text: string): HtmlElement {
  // HTML knows no self-closing tags: it would put the rest of the chapter into an empty anchor.
  const html = text.replaceAll(SELF_CLOSED, (tag, name: string, attributes: string) =>
    VOID.has(name.toLowerCase()) ? tag : `<${name}${attributes}></${name}>`,
  );
  const body = parseHtml(html)('body')[0];
  if (body === undefined) throw new Error('parse5 always makes a body');
  return body;
}

/** False as well for what is nested or tagged beyond the limits: the reader of HTML knows how to cut that. */
function isWellFormed(text: string): boolean {
  const check = new NestingCheck();
  const parser = new Parser(check, { xmlMode: true });
  for (let at = 0; at < text.length && check.holds; at += PIECE_CHARACTERS)
    parser.write(text.slice(at, at + PIECE_CHARACTERS));
  parser.end();
  return check.holds;
}

class NestingCheck {
  holds = true;
  #depth = 0;
  #tags = 0;
  #isEmpty = false;

  onopentag(): void {
    this.#depth += 1;
    this.#tags += 1;
    this.#isEmpty = true;
    if (this.#depth > MARKUP_LIMITS.maxDepth || this.#tags > MARKUP_LIMITS.maxTags) this.holds = false;
  }

  ontext(): void {
    this.#isEmpty = false;
  }

  onclosetag(_name: string, isImplied: boolean): void {
    // A self-closing tag closes itself; any other end that has to be guessed is a fault.
    if (isImplied && !this.#isEmpty) this.holds = false;
    this.#depth -= 1;
    this.#isEmpty = false;
  }
}

interface OpenPlace {
  readonly element: HtmlElement;
  readonly steps: string | null;
  readonly isNote: boolean;
}

/** Every element from the body on. Shows notes that a reading system would hide until they are asked for. O(elements). */
export function placesOf({ body, isExact }: ChapterTree): Places {
  const all: Place[] = [];
  const byElement = new Map<HtmlElement, number>();
  const byId = new Map<string, number>();
  let pageLabel: string | null = null;
  const stack: OpenPlace[] = [{ element: body, steps: isExact ? bodySteps(body) : null, isNote: false }];
  for (let open = stack.pop(); open !== undefined; open = stack.pop()) {
    const { element } = open;
    const isNote = open.isNote || isNoteElement(element);
    if (isNote) delete element.attribs['hidden'];
    if (isPageBreak(element)) pageLabel = pageLabelOf(element) ?? pageLabel;
    const id = attributeOf(element, 'id') || attributeOf(element, 'name');
    if (id !== '' && !byId.has(id)) byId.set(id, all.length);
    byElement.set(element, all.length);
    all.push({ element, steps: open.steps, isNote, pageLabel });
    const children = element.children.filter(isElement);
    for (const [index, child] of [...children.entries()].reverse())
      stack.push({ element: child, steps: stepsTo(child, index, open.steps), isNote });
  }
  return { all, byElement, byId };
}

function bodySteps(body: HtmlElement): string | null {
  const siblings: readonly HtmlNode[] = body.parent?.children ?? [];
  return stepsTo(body, siblings.filter(isElement).indexOf(body), '');
}

function stepsTo(element: HtmlElement, index: number, outer: string | null): string | null {
  if (outer === null) return null;
  const id = element.attribs['id'] ?? '';
  const steps = `${outer}/${2 * (index + 1)}${ASSERTABLE_ID.test(id) ? `[${id}]` : ''}`;
  return steps.length > LONGEST_STEPS ? null : steps;
}

/**
 * Steps to the element that holds the text which begins at a position: the paragraph rather than the
 * emphasis around its first word. Null where they cannot be told.
 */
export function stepsAt(places: Places, at: number): string | null {
  let position = at;
  for (let up = 0; up < MOST_ANCESTORS; up += 1) {
    const element = places.all[position]?.element;
    const parent = element !== undefined && beginsItsParent(element) ? element.parent : null;
    const above = parent && isElement(parent) ? places.byElement.get(parent) : undefined;
    if (above === undefined) break;
    position = above;
  }
  return places.all[position]?.steps ?? null;
}

function beginsItsParent(element: HtmlElement): boolean {
  if (!INLINE.has(element.name)) return false;
  for (let node: HtmlNode | null = element.prev; node !== null; node = node.prev)
    if (isElement(node) || (textOf(node) ?? '').trim() !== '') return false;
  return true;
}

function isNoteElement(element: HtmlElement): boolean {
  const kinds = kindsOf(element);
  return NOTE_TYPES.some((type) => kinds.has(type));
}

/** Marks where a printed page begins; its number is no part of the text. */
export function isPageBreak(element: HtmlElement): boolean {
  const kinds = kindsOf(element);
  return kinds.has('pagebreak') || kinds.has('doc-pagebreak');
}

function pageLabelOf(element: HtmlElement): string | null {
  const first = element.children[0];
  const text = first !== undefined && 'data' in first ? first.data.trim() : '';
  const label = attributeOf(element, 'title') || attributeOf(element, 'aria-label') || text;
  return label === '' || label.length > 32 ? null : label;
}

const NO_KINDS: ReadonlySet<string> = new Set();

/** What the book says the element is, by `epub:type` and `role`. */
export function kindsOf(element: HtmlElement): ReadonlySet<string> {
  const given = `${element.attribs['epub:type'] ?? ''} ${element.attribs['role'] ?? ''}`;
  return given === ' ' ? NO_KINDS : tokensOf(given);
}

/** Where the part that a reference names begins: with the whole heading, when it names something inside one. */
export function startOf(places: Places, fragment: string | null): number | null {
  if (fragment === null) return 0;
  const at = places.byId.get(fragment);
  let node: HtmlNode | null | undefined = at === undefined ? null : places.all[at]?.element;
  for (let up = 0; up < MOST_ANCESTORS && node && isElement(node); up += 1) {
    if (/^h[1-6]$/.test(node.name)) return places.byElement.get(node) ?? null;
    node = node.parent;
  }
  return at ?? null;
}
