/**
 * Makes the markup of strangers safe to build a tree from. The HTML algorithm is linear for real pages,
 * but not for these: its stack of open elements is searched at every tag (100,000 nested elements take
 * minutes), attributes are compared with all earlier ones of their tag, and each open formatting element
 * is copied into every later paragraph. Browsers have such limits too.
 */
import { AppError } from '../../errors.ts';

export interface MarkupLimits {
  /** Elements beyond this depth lose their tags; their text stays. Chromium's limit is 512. */
  readonly maxDepth: number;
  /** The same for `<b>`, `<i>`, `<font>` ... alone. */
  readonly maxFormattingDepth: number;
  /** A tag with more attributes keeps none. */
  readonly maxAttributes: number;
  /**
   * Longer attributes in quotes are emptied: pictures within the page. The tree builder appends their characters
   * one by one, which takes 32 times their size in memory.
   */
  readonly maxAttributeLength: number;
  /** More tags than this are refused as `file_unsafe`. The longest real pages have a few hundred thousand. */
  readonly maxTags: number;
}

export const MARKUP_LIMITS: MarkupLimits = {
  maxDepth: 512,
  maxFormattingDepth: 16,
  maxAttributes: 200,
  maxAttributeLength: 65_536,
  maxTags: 800_000,
};

/** Elements whose end tag may be missing or that have no content: they say nothing about depth. */
const UNCOUNTED = new Set(
  (
    'area base br col embed hr img input link meta param source track wbr p li dt dd tr td th tbody thead ' +
    'tfoot colgroup option optgroup rp rt rb rtc html head body'
  ).split(' '),
);
const FORMATTING = new Set('a b big code em font i nobr s small strike strong tt u'.split(' '));
/** Their content is text up to their own end tag. */
const RAW_TEXT = new Set('script style textarea title xmp iframe noembed noframes noscript'.split(' '));
const LONGEST_NAME = 32;

interface Tag {
  readonly name: string;
  readonly closing: boolean;
  /** Past the `>`. */
  readonly end: number;
  readonly attributes: number;
  /** Where long values in quotes begin and end. */
  readonly longValues: readonly (readonly [from: number, to: number])[];
}

/** The same markup within the limits; the very same string when it already is. O(length). */
export function limitMarkup(html: string, limits: MarkupLimits = MARKUP_LIMITS): string {
  const depth = new OpenElements(limits);
  const kept: string[] = [];
  let copied = 0;
  let tags = 0;
  for (let at = html.indexOf('<'); at >= 0; ) {
    const tag = tagAt(html, at, limits);
    if (tag === null) {
      at = html.indexOf('<', afterNonTag(html, at));
      continue;
    }
    tags += 1;
    if (tags > limits.maxTags) throw new AppError('file_unsafe');
    const verdict = depth.see(tag);
    if (verdict !== 'keep') {
      kept.push(html.slice(copied, at));
      if (verdict === 'bare') kept.push(`<${tag.name}>`);
      copied = tag.end;
    } else {
      for (const [from, to] of tag.longValues) {
        kept.push(html.slice(copied, from));
        copied = to;
      }
    }
    at = html.indexOf('<', afterRawText(html, tag));
  }
  if (copied === 0) return html;
  kept.push(html.slice(copied));
  return kept.join('');
}

/** Counts what is open. An end tag closes the nearest element of its name, whatever is open within it. */
class OpenElements {
  readonly #limits: MarkupLimits;
  readonly #open = new Map<string, number>();
  readonly #dropped = new Map<string, number>();
  #depth = 0;
  #formattingDepth = 0;

  constructor(limits: MarkupLimits) {
    this.#limits = limits;
  }

  see(tag: Tag): 'keep' | 'bare' | 'drop' {
    if (UNCOUNTED.has(tag.name) || RAW_TEXT.has(tag.name)) return this.#attributesOf(tag);
    if (tag.closing) return this.#close(tag.name);
    const formatting = FORMATTING.has(tag.name);
    const full = this.#depth >= this.#limits.maxDepth;
    if (full || (formatting && this.#formattingDepth >= this.#limits.maxFormattingDepth)) {
      this.#dropped.set(tag.name, (this.#dropped.get(tag.name) ?? 0) + 1);
      return 'drop';
    }
    this.#open.set(tag.name, (this.#open.get(tag.name) ?? 0) + 1);
    this.#depth += 1;
    if (formatting) this.#formattingDepth += 1;
    return this.#attributesOf(tag);
  }

  #close(name: string): 'keep' | 'drop' {
    const dropped = this.#dropped.get(name) ?? 0;
    if (dropped > 0) {
      this.#dropped.set(name, dropped - 1);
      return 'drop';
    }
    const open = this.#open.get(name) ?? 0;
    if (open > 0) {
      this.#open.set(name, open - 1);
      this.#depth -= 1;
      if (FORMATTING.has(name)) this.#formattingDepth -= 1;
    }
    return 'keep';
  }

  #attributesOf(tag: Tag): 'keep' | 'bare' {
    return tag.attributes > this.#limits.maxAttributes && !tag.closing ? 'bare' : 'keep';
  }
}

function tagAt(html: string, at: number, limits: MarkupLimits): Tag | null {
  const closing = html[at + 1] === '/';
  const nameStart = at + (closing ? 2 : 1);
  if (!isLetter(html.charCodeAt(nameStart))) return null;
  let nameEnd = nameStart + 1;
  while (nameEnd < html.length && !isNameEnd(html.charCodeAt(nameEnd))) nameEnd += 1;
  const name = html.slice(nameStart, Math.min(nameEnd, nameStart + LONGEST_NAME)).toLowerCase();
  return { name, closing, ...attributesFrom(html, nameEnd, limits) };
}

/** Past the tag's attributes: quotes hide a `>`, as they do for the tree builder. */
function attributesFrom(
  html: string,
  from: number,
  { maxAttributeLength }: MarkupLimits,
): Pick<Tag, 'end' | 'attributes' | 'longValues'> {
  const longValues: [number, number][] = [];
  let attributes = 0;
  let inWord = false;
  let afterEquals = false;
  for (let at = from; at < html.length; at += 1) {
    const code = html.charCodeAt(at);
    if (code === 0x3e) return { end: at + 1, attributes, longValues };
    if (code === 0x3d) {
      afterEquals = true;
    } else if (afterEquals && (code === 0x22 || code === 0x27)) {
      const close = html.indexOf(html.charAt(at), at + 1);
      if (close < 0) break;
      if (close - at > maxAttributeLength) longValues.push([at + 1, close]);
      at = close;
      afterEquals = false;
      inWord = false;
    } else if (isSpace(code) || code === 0x2f) {
      if (!afterEquals) inWord = false;
    } else {
      if (!inWord && !afterEquals) attributes += 1;
      inWord = true;
      afterEquals = false;
    }
  }
  return { end: html.length, attributes, longValues };
}

/** Past a comment, a declaration or a lone `<`. */
function afterNonTag(html: string, at: number): number {
  if (!html.startsWith('<!--', at)) return at + 1;
  const end = html.indexOf('-->', at + 2);
  return end < 0 ? html.length : end + 3;
}

function afterRawText(html: string, tag: Tag): number {
  if (tag.closing || !RAW_TEXT.has(tag.name)) return tag.end;
  const wanted = `</${tag.name}`;
  for (let at = html.indexOf('</', tag.end); at >= 0; at = html.indexOf('</', at + 2)) {
    if (html.slice(at, at + wanted.length).toLowerCase() === wanted) return at;
  }
  return html.length;
}

function isLetter(code: number): boolean {
  return (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a);
}

function isNameEnd(code: number): boolean {
  return isSpace(code) || code === 0x2f || code === 0x3e;
}

function isSpace(code: number): boolean {
  return code === 0x20 || (code >= 0x09 && code <= 0x0d);
}
