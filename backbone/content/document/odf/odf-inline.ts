/** What stands in a line of an OpenDocument text. */
import type { ContentLink } from '../../model.ts';
import { webUrl } from '../../parsing/html-references.ts';
import { elementAt, elementsOf, textOf, type XmlElement } from '../../parsing/xml.ts';

/** What a line refers to and what is told only behind its paragraph. */
export interface OdfInlineSink {
  /** Returns the sign that stands in the line, such as `[1]`. */
  note(note: XmlElement): string;
  comment(annotation: XmlElement): void;
  /** Text boxes and pictures. */
  frame(frame: XmlElement): void;
  link(link: ContentLink): void;
}

const DROPPED = new Set([
  'text:page-number',
  'text:page-count',
  'text:hidden-text',
  'text:ruby-text',
  'text:tracked-changes',
  'text:note-citation',
  'office:annotation-end',
]);
const BREAKS: Readonly<Record<string, string>> = { 'text:s': ' ', 'text:tab': ' ', 'text:line-break': '\n' };

/** White space runs are one space; line breaks are kept. */
export function odfLine(paragraph: XmlElement, sink: OdfInlineSink): string {
  return piecesOf(paragraph, sink)
    .replaceAll(/ +/g, ' ')
    .replaceAll(/ ?\n[ \n]*/g, '\n')
    .trim()
    .toWellFormed();
}

function piecesOf(element: XmlElement, sink: OdfInlineSink): string {
  return element.children
    .map((child) => (typeof child === 'string' ? child.replaceAll(/\s+/g, ' ') : pieceOf(child, sink)))
    .join('');
}

function pieceOf(element: XmlElement, sink: OdfInlineSink): string {
  const lineBreak = BREAKS[element.name];
  if (lineBreak !== undefined) return lineBreak;
  if (DROPPED.has(element.name)) return '';
  switch (element.name) {
    case 'text:note':
      return sink.note(element);
    case 'office:annotation':
      sink.comment(element);
      return '';
    case 'draw:frame':
    case 'draw:custom-shape':
      sink.frame(element);
      return '';
    case 'text:a':
      return linkText(element, sink);
    default:
      return piecesOf(element, sink);
  }
}

function linkText(element: XmlElement, sink: OdfInlineSink): string {
  const text = piecesOf(element, sink);
  const url = webUrl(element.attributes.get('xlink:href') ?? '', null);
  if (url !== null) sink.link({ url, text: text.trim() });
  return text;
}

/** What the author wrote for those who cannot see a picture; empty when there is nothing. */
export function frameDescription(frame: XmlElement): string {
  const description = elementAt(frame, 'svg:desc') ?? elementAt(frame, 'svg:title');
  return description === null ? '' : textOf(description).replaceAll(/\s+/g, ' ').trim().toWellFormed();
}

/** What stands in a frame or a shape: paragraphs, lists, tables. */
export function frameParts(frame: XmlElement): readonly XmlElement[] {
  if (frame.name === 'draw:custom-shape') return elementsOf(frame);
  return elementsOf(frame).flatMap((part) => {
    if (part.name === 'table:table') return [part];
    return part.name === 'draw:text-box' ? elementsOf(part) : [];
  });
}
