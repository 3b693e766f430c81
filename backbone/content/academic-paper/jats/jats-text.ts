/** Text of elements of JATS in a line. Pure. */
import type { XmlElement } from '../../parsing/xml.ts';

/** Names as the tags of JATS spell them; formulas keep their prefix. */
export const JATS_NAMESPACES = {
  'http://www.w3.org/1999/xlink': 'xlink',
  'http://www.w3.org/1998/Math/MathML': 'mml',
  'http://www.w3.org/XML/1998/namespace': 'xml',
};

/** What is nobody's text: pictures' names, indexing, and what is read elsewhere. */
const UNREAD = new Set(['graphic', 'inline-graphic', 'media', 'object-id', 'index-term', 'processing-meta']);
/** A formula may be given in several ways; the first of these is read. */
const FORMULAS = ['tex-math', 'mml:math', 'textual-form'];
const TEX_BODY = /\\begin\{document\}(.*?)\\end\{document\}/s;

/** In one line, white space collapsed. O(text); the reader of XML bounds the depth. */
export function lineOf(element: XmlElement): string {
  return rawText(element).replaceAll(/\s+/g, ' ').trim().toWellFormed();
}

/** As it stands there, for code. */
export function rawText(element: XmlElement): string {
  const parts: string[] = [];
  collect(element, parts);
  return parts.join('');
}

/** The elements of one name, at any depth, in document order. O(nodes). */
export function descendantsOf(element: XmlElement, name: string): readonly XmlElement[] {
  const found: XmlElement[] = [];
  const look = (at: XmlElement): void => {
    for (const child of at.children) {
      if (typeof child === 'string') continue;
      if (child.name === name) found.push(child);
      look(child);
    }
  };
  look(element);
  return found;
}

function collect(element: XmlElement, parts: string[]): void {
  for (const child of element.children) {
    if (typeof child === 'string') parts.push(child);
    else if (child.name === 'break') parts.push(' ');
    else if (child.name === 'alternatives') collectBest(child, parts);
    else if (child.name === 'tex-math') parts.push(texOf(child));
    else if (!UNREAD.has(child.name)) {
      collect(child, parts);
      if (child.name === 'label') parts.push(' ');
    }
  }
}

function collectBest(alternatives: XmlElement, parts: string[]): void {
  const elements = alternatives.children.filter((child) => typeof child !== 'string');
  const formula = FORMULAS.map((name) => elements.find((child) => child.name === name)).find(Boolean);
  const best = formula ?? elements.find(({ name }) => !UNREAD.has(name));
  if (best?.name === 'tex-math') parts.push(texOf(best));
  else if (best !== undefined) collect(best, parts);
}

/** Many publishers wrap each formula into a document of its own. */
function texOf(formula: XmlElement): string {
  const tex = formula.children.filter((child) => typeof child === 'string').join('');
  return (TEX_BODY.exec(tex)?.[1] ?? tex).trim();
}
