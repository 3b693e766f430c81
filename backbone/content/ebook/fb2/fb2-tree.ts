/**
 * A FictionBook as a tree that the reader of HTML understands: its elements by the names that HTML has for
 * them, whatever prefix they carry. `section`, and the `title` and `subtitle` of sections and bodies, keep
 * their names for those who know how deep they stand. What is not well formed is read as far as it makes sense.
 */
import { DomHandler, Parser } from 'htmlparser2';
import { AppError } from '../../../errors.ts';
import { MARKUP_LIMITS, type MarkupLimits } from '../../parsing/html-markup.ts';
import { isElement, type HtmlDocument, type HtmlElement } from '../../parsing/html-tree.ts';
import { localName } from '../xml-names.ts';

export interface Fb2Tree {
  readonly root: HtmlElement;
}

type TreeLimits = Pick<MarkupLimits, 'maxDepth' | 'maxTags'>;

/** One tree holds the whole book. One of 750 KB has some 3,400 tags; 800,000 can take more than 512 MB. */
const LIMITS: TreeLimits = { maxDepth: MARKUP_LIMITS.maxDepth, maxTags: 500_000 };
const PIECE_CHARACTERS = 64 * 1024;
const HTML_NAMES: Readonly<Record<string, string>> = {
  cite: 'blockquote',
  'empty-line': 'hr',
  emphasis: 'em',
  epigraph: 'blockquote',
  image: 'img',
  strikethrough: 's',
  style: 'span',
  'text-author': 'p',
  v: 'span',
};
/** Those that something is made of; what else elements carry would mean other things in HTML. */
const ATTRIBUTES = new Set('alt colspan content-type href id name number rowspan type value'.split(' '));

/** Errors: `file_damaged` when it is no FictionBook, `file_unsafe` when it is nested or tagged beyond the limits. O(length). */
export function readFb2Tree(text: string, limits: TreeLimits = LIMITS): Fb2Tree {
  const builder = new TreeBuilder(limits);
  const parser = new Parser(builder, { xmlMode: true });
  for (let at = 0; at < text.length; at += PIECE_CHARACTERS)
    parser.write(text.slice(at, at + PIECE_CHARACTERS));
  parser.end();
  // The nodes of cheerio are those of another release of the same library: alike but for their types.
  const built: unknown = builder.root;
  const document = built as HtmlDocument;
  const root = document.children.filter(isElement).find(({ name }) => name === 'fictionbook');
  if (root === undefined) throw new AppError('file_damaged', { cause: new Error('no FictionBook element') });
  return { root };
}

interface OpenElement {
  readonly name: string;
  hasVerse: boolean;
}

class TreeBuilder extends DomHandler {
  readonly #open: OpenElement[] = [];
  readonly #limits: TreeLimits;
  #tags = 0;

  constructor(limits: TreeLimits) {
    super();
    this.#limits = limits;
  }

  override onopentag(rawName: string, rawAttributes: Record<string, string>): void {
    this.#tags += 1;
    if (this.#open.length >= this.#limits.maxDepth || this.#tags > this.#limits.maxTags)
      throw new AppError('file_unsafe');
    const name = localName(rawName).toLowerCase();
    const parent = this.#open.at(-1);
    if (name === 'v') this.#breakBefore(parent);
    this.#open.push({ name, hasVerse: false });
    super.onopentag(htmlName(name, parent?.name ?? ''), attributesOf(rawAttributes));
  }

  override onclosetag(): void {
    this.#open.pop();
    super.onclosetag();
  }

  override oncomment(): void {
    // Nobody reads them.
  }

  override oncommentend(): void {
    // As above.
  }

  /** Verses are lines of one stanza. */
  #breakBefore(stanza: OpenElement | undefined): void {
    if (stanza?.hasVerse === true) {
      super.onopentag('br', {});
      super.onclosetag();
    }
    if (stanza !== undefined) stanza.hasVerse = true;
  }
}

function htmlName(name: string, parent: string): string {
  if (name !== 'title' && name !== 'subtitle') return HTML_NAMES[name] ?? name;
  return parent === 'section' || parent === 'body' ? name : 'div';
}

function attributesOf(raw: Readonly<Record<string, string>>): Record<string, string> {
  const known: Record<string, string> = {};
  for (const [rawName, value] of Object.entries(raw)) {
    const name = localName(rawName).toLowerCase();
    if (ATTRIBUTES.has(name)) known[name] ??= value;
  }
  return known;
}
