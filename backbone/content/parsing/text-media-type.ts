/** Which kind of text a text is. Pure; looks at the beginning only. */
import { CODE_TYPE, isCode } from './code-names.ts';
import { isLatex, LATEX_TYPE } from './latex-signs.ts';
import { isMail } from './mail-signs.ts';
import {
  FB2_TYPE,
  JATS_TYPE,
  bareMediaType,
  extensionOf,
  isHintedFb2,
  type MediaTypeHints,
} from './media-type-hints.ts';

export const MAIL_TYPE = 'message/rfc822';
export const SRT_TYPE = 'application/x-subrip';

const MARKUP_CHARACTERS = 8192;
const SAMPLE_LINES = 20;
/** Fewer lines than this prove nothing about a table. */
const TABLE_MIN_LINES = 3;

const EXTENSIONS: Readonly<Record<string, string>> = {
  html: 'text/html',
  htm: 'text/html',
  xhtml: 'application/xhtml+xml',
  md: 'text/markdown',
  markdown: 'text/markdown',
  mdown: 'text/markdown',
  csv: 'text/csv',
  tsv: 'text/tab-separated-values',
  tab: 'text/tab-separated-values',
  txt: 'text/plain',
  text: 'text/plain',
  json: 'application/json',
  xml: 'application/xml',
};
/** Declarations of servers that say more than "some text", and the types we use for them. */
const DECLARATIONS: Readonly<Record<string, string>> = {
  'text/html': 'text/html',
  'application/xhtml+xml': 'application/xhtml+xml',
  'text/markdown': 'text/markdown',
  'text/x-markdown': 'text/markdown',
  'text/csv': 'text/csv',
  'application/csv': 'text/csv',
  'text/tab-separated-values': 'text/tab-separated-values',
};

const LATEX_NAMES = new Set(['tex', 'latex', 'ltx']);
const LATEX_DECLARATIONS = new Set([LATEX_TYPE, 'application/x-tex', 'text/x-tex']);

const ROOT_TYPES: Readonly<Record<string, string>> = {
  rss: 'application/rss+xml',
  'rdf:rdf': 'application/rss+xml',
  feed: 'application/atom+xml',
  'atom:feed': 'application/atom+xml',
  'a:feed': 'application/atom+xml',
  opml: 'text/x-opml',
  svg: 'image/svg+xml',
  fictionbook: FB2_TYPE,
};
/** Namespaces of RSS 1.0, and of 0.9 and 0.90. */
const RDF_FEED = /purl\.org\/rss\/|netscape\.com\/rdf/i;
const JATS_DOCTYPE = /<!DOCTYPE\s{1,20}article\s[^>[]{0,300}(?:JATS|NLM|journalpublishing|archivearticle)/i;
const JATS_TAG =
  /^<article\s[^>]{0,1000}(?:article-type|dtd-version)=|^<article(?:\s[^>]{0,1000})?>\s{0,200}(?:<processing-meta\b[^>]{0,500}>\s{0,200}(?:<\/processing-meta>\s{0,200})?)?<front>/i;
/** The version may stand behind the items, and slashes may be escaped. */
const JSON_FEED_VERSION = /"version"\s{0,20}:\s{0,20}"https?:(?:\\?\/){2}(?:www\.)?jsonfeed\.org/i;
const JSON_FEED_FIELD = /"(?:feed_url|home_page_url)"\s{0,20}:/;
const JSON_FEED_ITEMS = /"items"\s{0,20}:\s{0,20}\[/;
const RSS_IN_JSON = /^\s{0,100}\{\s{0,100}"rss"\s{0,20}:\s{0,20}\{/;
/** The number of the first caption, and its times in the line below. */
const SRT_START = /^\s{0,100}\d{1,9}[ \t]{0,20}\r?\n[ \t]{0,20}\d{1,3}:\d{2}:\d{2}[,.]\d{1,3}[ \t]{0,20}-->/;
const JSON_CHARACTERS = 64 * 1024;
/** Elements a fragment of HTML may begin with; a Markdown file may too, so its name is asked first. */
const HTML_ELEMENTS = new Set(
  'title meta link script style base div p h1 h2 h3 h4 table ul ol section article main header nav a b i img br font iframe form center span'.split(
    ' ',
  ),
);

/** The media type of a readable text; `text/plain` when nothing else fits. */
export function sniffText(text: string, hints: MediaTypeHints): string {
  const looksLike = shapeOf(text, hints);
  return isCode(text, looksLike, hints.fileName) ? CODE_TYPE : looksLike;
}

function shapeOf(text: string, hints: MediaTypeHints): string {
  return (
    byMarkup(text, hints) ??
    byJson(text, hints) ??
    (SRT_START.test(text) ? SRT_TYPE : null) ??
    byLatex(text, hints) ??
    byMail(text, hints) ??
    hintedType(text, hints) ??
    byShape(text)
  );
}

/** Whether a JSON text is a JSON Feed, or RSS written as JSON. Looks at the first 64 Ki characters. */
export function isJsonFeed(text: string): boolean {
  const head = text.slice(0, JSON_CHARACTERS);
  if (JSON_FEED_VERSION.test(head) || RSS_IN_JSON.test(head)) return true;
  return JSON_FEED_FIELD.test(head) && JSON_FEED_ITEMS.test(head);
}

/** What only one kind of text begins with. */
function byMarkup(text: string, hints: MediaTypeHints): string | null {
  const head = text.slice(0, MARKUP_CHARACTERS);
  const prolog = /^\s*<\?xml\s/.test(head);
  const { doctype, root, rest } = beginningOf(head);
  if (doctype === 'html' || root === 'html' || root === 'head' || root === 'body') {
    const declared = bareMediaType(hints.declared);
    return prolog || declared === 'application/xhtml+xml' ? 'application/xhtml+xml' : 'text/html';
  }
  if (isJats(doctype, root, head, rest)) return JATS_TYPE;
  if (root === 'rdf:rdf' && !RDF_FEED.test(rest)) return 'application/xml';
  const known = ROOT_TYPES[root.endsWith(':fictionbook') ? 'fictionbook' : root];
  if (known !== undefined) return known;
  if (prolog || doctype !== '') return root === '' && isHintedFb2(hints) ? FB2_TYPE : 'application/xml';
  return HTML_ELEMENTS.has(root) && hintedType('', hints) !== 'text/markdown' ? 'text/html' : null;
}

/** HTML has an element `article`, too: the DOCTYPE tells, or what stands in the tag or comes next. */
function isJats(doctype: string, root: string, head: string, rest: string): boolean {
  if (root !== 'article' && root !== 'pmc-articleset') return false;
  if (root === 'pmc-articleset') return true;
  if (doctype === 'article' && JATS_DOCTYPE.test(head)) return true;
  return JATS_TAG.test(rest);
}

interface Beginning {
  /** Name in the DOCTYPE, in lower case; empty when there is none. */
  readonly doctype: string;
  /** Name of the first element, in lower case; empty when there is none. */
  readonly root: string;
  /** The text from the first element on. */
  readonly rest: string;
}

/** Passes over comments, instructions and a DOCTYPE. */
function beginningOf(head: string): Beginning {
  let rest = head.trimStart();
  let doctype = '';
  for (let length = miscLength(rest); length > 0; length = miscLength(rest)) {
    doctype ||= /^<!doctype\s+([\w:.-]+)/i.exec(rest)?.[1]?.toLowerCase() ?? '';
    rest = rest.slice(length).trimStart();
  }
  const root = /^<([a-z][\w:.-]*)[\s/>]/i.exec(rest)?.[1]?.toLowerCase() ?? '';
  return { doctype, root, rest };
}

/** Length of the comment, instruction or DOCTYPE that the text begins with; all of it when it does not end. */
function miscLength(text: string): number {
  const closing = closingOf(text);
  if (closing === null) return 0;
  const end = text.indexOf(closing);
  return end < 0 ? text.length : end + closing.length;
}

function closingOf(text: string): string | null {
  if (text.startsWith('<!--')) return '-->';
  if (text.startsWith('<?')) return '?>';
  if (!/^<!doctype\s/i.test(text)) return null;
  return /^[^>]*\[/.test(text) ? ']>' : '>';
}

function byJson(text: string, hints: MediaTypeHints): string | null {
  const start = text.trimStart();
  if (!start.startsWith('{') && !start.startsWith('[')) return null;
  if (!isWholeJson(text)) {
    const hinted =
      extensionOf(hints.fileName) === 'json' || /[/+]json$/.test(bareMediaType(hints.declared) ?? '');
    if (!hinted && !/^\{\s*"[^"\n]{0,200}"\s*:/.test(start)) return null;
  }
  return isJsonFeed(text) ? 'application/feed+json' : 'application/json';
}

/** Only a file that ended within the bytes seen can be whole. */
function isWholeJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Markdown may begin with fields, too, and a name that is not of a message counts more than they do. */
function byMail(text: string, hints: MediaTypeHints): string | null {
  const extension = extensionOf(hints.fileName);
  const byName = EXTENSIONS[extension];
  if (byName !== undefined && byName !== 'text/plain') return null;
  const isNamed =
    extension === 'eml' || (byName === undefined && bareMediaType(hints.declared) === MAIL_TYPE);
  return isMail(text, isNamed) ? MAIL_TYPE : null;
}

/** A name that is of another kind of text counts more than what the text shows. */
function byLatex(text: string, hints: MediaTypeHints): string | null {
  const extension = extensionOf(hints.fileName);
  const byName = EXTENSIONS[extension];
  if (byName !== undefined && byName !== 'text/plain') return null;
  const declared = bareMediaType(hints.declared) ?? '';
  const isNamed = LATEX_NAMES.has(extension) || (extension === '' && LATEX_DECLARATIONS.has(declared));
  return isLatex(text, isNamed) ? LATEX_TYPE : null;
}

/** A name says more than a server's table of extensions, unless it says nothing. */
function hintedType(text: string, hints: MediaTypeHints): string | null {
  const byName = EXTENSIONS[extensionOf(hints.fileName)];
  const hinted = byName ?? DECLARATIONS[bareMediaType(hints.declared) ?? ''];
  if (hinted === undefined || hinted === 'application/json' || hinted === 'application/xml') return null;
  const claimsMarkup = hinted === 'text/html' || hinted === 'application/xhtml+xml';
  return claimsMarkup && !/<\/?[a-z!]/i.test(text) ? null : hinted;
}

function byShape(text: string): string {
  const lines = text.split('\n', SAMPLE_LINES + 1).slice(0, SAMPLE_LINES);
  const filled = lines.map((line) => line.trimEnd()).filter((line) => line !== '');
  if (isMarkdown(text, filled)) return 'text/markdown';
  if (hasColumns(filled, '\t', 2)) return 'text/tab-separated-values';
  if (hasColumns(filled, ',', 3) || hasColumns(filled, ';', 3)) return 'text/csv';
  return 'text/plain';
}

/** Two different signs of Markdown: one alone also occurs in letters and logs. */
function isMarkdown(text: string, lines: readonly string[]): boolean {
  const head = text.slice(0, MARKUP_CHARACTERS);
  const signs = [
    /^---\r?\n[\w-]{1,64}:/.test(head),
    lines.some((line) => /^#{1,6} \S/.test(line)),
    /^(?:```|~~~)/m.test(head),
    /\[[^\]\n]{1,200}\]\([^)\s]{1,500}\)/.test(head),
    /^\s{0,3}[-*+] \S/m.test(head),
    /(?:\*\*|__)[^\s*_][^*_\n]{0,200}(?:\*\*|__)/.test(head),
    /^\|.{1,500}\|\s*\n\|[\s:|-]+\|/m.test(head),
  ];
  return signs.filter(Boolean).length >= 2;
}

/** Whether every line has the same number of fields, and at least `least`. */
function hasColumns(lines: readonly string[], delimiter: string, least: number): boolean {
  const whole = lines.length >= SAMPLE_LINES ? lines.slice(0, -1) : lines;
  if (whole.length < TABLE_MIN_LINES) return false;
  const widths = whole.map((line) => line.replaceAll(/"[^"]*"/g, '').split(delimiter).length);
  return widths.every((width) => width >= least && width === widths[0]);
}
