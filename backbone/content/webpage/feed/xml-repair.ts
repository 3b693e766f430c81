/**
 * Writes the XML of a feed anew so that a strict reader can take it: one root, every element closed,
 * every text escaped, no DOCTYPE, no control characters, markup within texts turned into text. Entities
 * that XML does not know stay as written, for the reader of HTML behind. Pure.
 */
import { Parser } from 'htmlparser2';
import { AppError } from '../../../errors.ts';
import { withoutDoctype } from '../../parsing/xml-doctype.ts';
import { escapeXml } from '../../parsing/xml-escape.ts';
import { MOST_READ_ENTRIES } from './feed-model.ts';

export interface RepairedXml {
  readonly xml: string;
  /** Local name of the root in lower case: `rss`, `feed`, `rdf` ... Empty when there is no element. */
  readonly root: string;
  /** The file ends before its root does. An entry that was open then is left out. */
  readonly isCutOff: boolean;
  /** It holds more entries than are read. */
  readonly hasMore: boolean;
}

const PIECE_CHARACTERS = 64 * 1024;
const MAX_DEPTH = 256;
/** Five thousand entries have some 200,000. */
const MAX_ELEMENTS = 1_000_000;
const MAX_ATTRIBUTES = 100;
/** Of one text in characters; several times what is kept of an entry. Escaping can make five of each. */
const LONGEST_TEXT = 1_000_000;
/** XML 1.0 has no place for them, not even as references. */
const CONTROLS = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;
const NAME = /^[a-z_][\w.-]*(?::[a-z_][\w.-]*)?$/i;
/** Names that objects have anyway. */
const RESERVED = new Set(['__proto__', 'constructor', 'prototype']);
const ENTRIES = new Set(['item', 'entry']);
/** Elements that hold text, perhaps with markup. Those of Media RSS are left alone: its `content` holds elements. */
const TEXTS =
  /^(?:(?:atom|a|rss|itunes|content|dc):)?(?:title|description|summary|content|encoded|subtitle|tagline)$/;
const VOID = new Set(['br', 'hr', 'img', 'input', 'wbr', 'source', 'embed', 'col']);

/** Throws `file_unsafe` for a DOCTYPE with entities, and for nesting or elements without end. O(length). */
export function repairXml(text: string): RepairedXml {
  const start = text.indexOf('<');
  const source = withoutDoctype(text.slice(Math.max(start, 0)).replaceAll(CONTROLS, ''));
  const writer = new FeedWriter();
  const parser = new Parser(
    {
      onopentag: (name, attributes) => writer.open(name, attributes),
      ontext: (piece) => writer.text(piece),
      onclosetag: () => writer.close(),
    },
    { xmlMode: true },
  );
  for (let at = 0; at < source.length && !writer.hasMore; at += PIECE_CHARACTERS)
    parser.write(source.slice(at, at + PIECE_CHARACTERS));
  writer.end();
  parser.end();
  return writer.result();
}

/** `element`: written; `text`: written, with all below it as text; `inner`: below a text; `closed`: no more to do. */
interface Frame {
  readonly name: string;
  readonly isEntry: boolean;
  kind: 'element' | 'text' | 'inner' | 'closed';
}

class FeedWriter {
  readonly #frames: Frame[] = [];
  #parts: string[] = [];
  #root = '';
  #entryStart = -1;
  #entryCount = 0;
  #elements = 0;
  #isEnding = false;
  #isCutOff = false;
  #isDone = false;
  /** Pieces of the open text. */
  #mixed: { text: string; readonly isMarkup: boolean }[] = [];
  #opening = '';
  /** Of the open text, with what is inside of it. */
  #textLength = 0;
  hasMore = false;

  open(rawName: string, attributes: Readonly<Record<string, string>>): void {
    this.#elements += 1;
    if (this.#frames.length >= MAX_DEPTH || this.#elements > MAX_ELEMENTS) throw new AppError('file_unsafe');
    const name = rawName.toLowerCase();
    const isEntry = ENTRIES.has(localName(name));
    if (isEntry && this.#entryStart >= 0) this.#closeEntry();
    const kind = this.#kindOf(name, isEntry);
    this.#frames.push({ name: rawName, isEntry: isEntry && kind === 'element', kind });
    if (kind === 'closed') return;
    const opening = `<${rawName}${attributesOf(attributes)}>`;
    if (kind === 'inner') this.#mixed.push({ text: opening, isMarkup: true });
    else if (kind === 'text') {
      this.#opening = opening;
      this.#textLength = 0;
    } else {
      this.#textLength = 0;
      if (isEntry) this.#entryStart = this.#parts.length;
      this.#root ||= localName(name);
      this.#parts.push(opening);
    }
  }

  text(whole: string): void {
    const piece = whole.slice(0, LONGEST_TEXT - this.#textLength);
    this.#textLength += piece.length;
    const kind = this.#frames.findLast((frame) => frame.kind !== 'closed')?.kind;
    if (kind === 'text' || kind === 'inner') this.#addText(piece);
    else if (kind === 'element') this.#parts.push(escapeXml(piece));
  }

  close(): void {
    const frame = this.#frames.pop();
    if (frame === undefined || frame.kind === 'closed') return;
    if (this.#isEnding) this.#isCutOff ||= !this.hasMore;
    if (this.#isEnding && frame.isEntry) this.#dropEntry();
    else this.#write(frame);
    if (this.#frames.length === 0) this.#isDone = true;
  }

  /** Whatever is closed from now on was left open by the file. */
  end(): void {
    this.#isEnding = true;
  }

  result(): RepairedXml {
    return {
      xml: this.#parts.join(''),
      root: this.#root,
      isCutOff: this.#isCutOff,
      hasMore: this.hasMore,
    };
  }

  #kindOf(name: string, isEntry: boolean): Frame['kind'] {
    const above = this.#frames.findLast((frame) => frame.kind !== 'closed')?.kind;
    const isTooMany = isEntry && this.#entryCount >= MOST_READ_ENTRIES;
    if (isTooMany) this.hasMore = true;
    if (this.#isDone || isTooMany || !NAME.test(name) || RESERVED.has(localName(name))) return 'closed';
    if (above === 'text' || above === 'inner') return 'inner';
    return TEXTS.test(name) && this.#frames.length > 0 ? 'text' : 'element';
  }

  #write(frame: Frame): void {
    if (frame.kind === 'inner') {
      if (!VOID.has(localName(frame.name.toLowerCase())))
        this.#mixed.push({ text: `</${frame.name}>`, isMarkup: true });
    } else {
      if (frame.kind === 'text') this.#parts.push(this.#opening + this.#textOut());
      this.#parts.push(`</${frame.name}>`);
    }
    if (frame.isEntry) {
      this.#entryStart = -1;
      this.#entryCount += 1;
    }
  }

  /** The tokenizer gives a reference or a bare ampersand as a piece of its own. */
  #addText(piece: string): void {
    const last = this.#mixed.at(-1);
    if (last === undefined || last.isMarkup) this.#mixed.push({ text: piece, isMarkup: false });
    else last.text += piece;
  }

  /** With markup among it a text was no escaped HTML but HTML: its own `<` and `&` are meant as such. */
  #textOut(): string {
    const isMixed = this.#mixed.some(({ isMarkup }) => isMarkup);
    const html = this.#mixed.map(({ text, isMarkup }) =>
      isMixed && !isMarkup ? escapedLoosely(text) : text,
    );
    this.#mixed = [];
    return escapeXml(html.join(''));
  }

  /** An entry begins within one: the end tag of the outer one is missing. */
  #closeEntry(): void {
    for (let at = this.#frames.length - 1; at >= 0; at -= 1) {
      const frame = this.#frames[at];
      if (frame === undefined || frame.kind === 'closed') continue;
      this.#write(frame);
      frame.kind = 'closed';
      if (frame.isEntry) return;
    }
  }

  #dropEntry(): void {
    this.#parts.length = this.#entryStart;
    this.#entryStart = -1;
    this.#mixed = [];
  }
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

function attributesOf(attributes: Readonly<Record<string, string>>): string {
  return Object.entries(attributes)
    .filter(([name]) => NAME.test(name) && !RESERVED.has(localName(name).toLowerCase()))
    .slice(0, MAX_ATTRIBUTES)
    .map(([name, value]) => ` ${name}="${escapeXml(value)}"`)
    .join('');
}

/** Leaves references as they are: those that XML knows are decoded by now, so these are HTML's own. */
function escapedLoosely(text: string): string {
  return text
    .replaceAll(/&(?![a-z]\w{1,31};)/gi, '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}
