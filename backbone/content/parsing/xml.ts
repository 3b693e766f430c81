/**
 * A small tree of an XML document, for office files. Namespaces are resolved to the prefixes the reader
 * asks for, since a file may call them as it likes. Not validating: what is not well formed is read as
 * far as it makes sense.
 */
import { Parser } from 'htmlparser2';
import { AppError } from '../../errors.ts';
import { decodeText } from './charset.ts';
import { withoutDoctype } from './xml-doctype.ts';

export interface XmlElement {
  /** `prefix:name` with the reader's prefix; a name in an unknown namespace stays as written. */
  readonly name: string;
  /** By `prefix:name`, as for elements. */
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlNode[];
}
/** Text is a plain string; neighbouring pieces are one. */
export type XmlNode = XmlElement | string;

export interface XmlOptions {
  /** Prefix by namespace URI. */
  readonly namespaces: Readonly<Record<string, string>>;
  /** Elements and texts together. */
  readonly maxNodes?: number;
  readonly maxDepth?: number;
}

/** An element takes some 300 bytes of memory, so this stays within half a gigabyte. */
const MAX_NODES = 1_500_000;
/** Office files nest tables and drawings some dozens deep. */
const MAX_DEPTH = 512;
const PIECE_CHARACTERS = 64 * 1024;

/** More prefixes than this at one place are no office file. */
const MAX_PREFIXES = 256;
const NO_ATTRIBUTES: ReadonlyMap<string, string> = new Map();

/** Namespace URI by prefix, as the file declares them at a place. */
type Scope = ReadonlyMap<string, string>;

interface OpenElement {
  readonly element: XmlElement & { readonly children: XmlNode[] };
  readonly scope: Scope;
}

/**
 * The document's root element. Errors: `file_damaged` when there is none; `file_unsafe` when the DOCTYPE
 * declares entities or a limit is broken.
 */
export function readXml(bytes: Uint8Array, options: XmlOptions): XmlElement {
  const text = withoutDoctype(decodeText(bytes, { declared: null, kind: 'xml' }).text);
  const builder = new TreeBuilder(options);
  const parser = new Parser(
    {
      onopentag: (name, attributes) => builder.open(name, attributes),
      ontext: (piece) => builder.text(piece),
      onclosetag: () => builder.close(),
    },
    { xmlMode: true },
  );
  for (let at = 0; at < text.length; at += PIECE_CHARACTERS)
    parser.write(text.slice(at, at + PIECE_CHARACTERS));
  parser.end();
  if (builder.root === null) throw new AppError('file_damaged', { cause: new Error('no root element') });
  return builder.root;
}

class TreeBuilder {
  root: XmlElement | null = null;
  readonly #options: XmlOptions;
  readonly #stack: OpenElement[] = [];
  #nodes = 0;

  constructor(options: XmlOptions) {
    this.#options = options;
  }

  open(rawName: string, rawAttributes: Readonly<Record<string, string>>): void {
    this.#count();
    if (this.#stack.length >= (this.#options.maxDepth ?? MAX_DEPTH)) throw new AppError('file_unsafe');
    const parent = this.#stack.at(-1);
    const scope = scopeOf(parent?.scope ?? NO_ATTRIBUTES, rawAttributes);
    const element = {
      name: this.#resolve(rawName, scope, true),
      attributes: this.#attributes(rawAttributes, scope),
      children: [],
    };
    parent?.element.children.push(element);
    this.root ??= element;
    this.#stack.push({ element, scope });
  }

  text(piece: string): void {
    const siblings = this.#stack.at(-1)?.element.children;
    if (siblings === undefined) return;
    const last = siblings.at(-1);
    if (typeof last === 'string') siblings[siblings.length - 1] = last + piece;
    else {
      this.#count();
      siblings.push(piece);
    }
  }

  close(): void {
    this.#stack.pop();
  }

  #count(): void {
    this.#nodes += 1;
    if (this.#nodes > (this.#options.maxNodes ?? MAX_NODES)) throw new AppError('file_unsafe');
  }

  #attributes(raw: Readonly<Record<string, string>>, scope: Scope): ReadonlyMap<string, string> {
    const entries = Object.entries(raw);
    if (entries.length === 0) return NO_ATTRIBUTES;
    return new Map(entries.map(([name, value]) => [this.#resolve(name, scope, false), value]));
  }

  /** Attributes without a prefix are in no namespace; elements without one are in the default namespace. */
  #resolve(name: string, scope: Scope, isElement: boolean): string {
    const colon = name.indexOf(':');
    if (colon < 0 && !isElement) return name;
    const uri = scope.get(colon < 0 ? '' : name.slice(0, colon));
    const prefix = uri === undefined ? undefined : this.#options.namespaces[uri];
    return prefix === undefined ? name : `${prefix}:${name.slice(colon + 1)}`;
  }
}

function scopeOf(outer: Scope, attributes: Readonly<Record<string, string>>): Scope {
  let scope: Map<string, string> | null = null;
  for (const [name, value] of Object.entries(attributes)) {
    if (name !== 'xmlns' && !name.startsWith('xmlns:')) continue;
    scope ??= new Map(outer);
    scope.set(name.slice('xmlns:'.length), value);
    if (scope.size > MAX_PREFIXES) throw new AppError('file_unsafe');
  }
  return scope ?? outer;
}

/** The child elements, all or those of one name. */
export function elementsOf(element: XmlElement, name?: string): readonly XmlElement[] {
  return element.children.filter(
    (child): child is XmlElement => typeof child !== 'string' && (name === undefined || child.name === name),
  );
}

/** The first child element of that name, or null. A path of names goes down from child to child. */
export function elementAt(element: XmlElement, ...path: readonly string[]): XmlElement | null {
  let at: XmlElement | null = element;
  for (const name of path) at = at === null ? null : (elementsOf(at, name)[0] ?? null);
  return at;
}

/** All text inside, in document order. */
export function textOf(element: XmlElement): string {
  return element.children.map((child) => (typeof child === 'string' ? child : textOf(child))).join('');
}
