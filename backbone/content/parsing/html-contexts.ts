/** What kind of block the texts within an element make. Pure. */
import type { TextContext } from './block-writer.ts';
import { codeLanguageOf, headingLevelOf } from './html-elements.ts';
import { isElement, type HtmlElement } from './html-tree.ts';

/** Headings, captions and code stay one block whatever stands in them. */
export function isWhole(context: TextContext): boolean {
  return context.kind === 'heading' || context.kind === 'caption' || context.kind === 'code';
}

/** What texts within the element are; the outer context itself when the element changes nothing. */
export function contextOf(element: HtmlElement, outer: TextContext): TextContext {
  if (isWhole(outer)) return outer;
  const level = headingLevelOf(element.name, element.attribs);
  if (level !== null) return { kind: 'heading', level };
  if (element.name === 'figcaption' || element.name === 'caption') return { kind: 'caption' };
  if (element.name === 'blockquote') return { kind: 'quote' };
  return element.name === 'pre' || element.name === 'listing' || element.name === 'xmp'
    ? codeContext(element)
    : outer;
}

/** Highlighters name the language on `pre`, on the `code` within or on an element around it. */
function codeContext(pre: HtmlElement): TextContext {
  const inner = pre.children.filter(isElement).slice(0, 3);
  const around = [pre.parent, pre.parent?.parent].filter(
    (node): node is HtmlElement => node !== null && node !== undefined && 'attribs' in node,
  );
  for (const element of [pre, ...inner, ...around]) {
    const codeLanguage = codeLanguageOf(element.attribs);
    if (codeLanguage !== null) return { kind: 'code', preformatted: true, codeLanguage };
  }
  return { kind: 'code', preformatted: true };
}
